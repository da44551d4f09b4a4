"""A feature is called another one where a musician would hear that, and only there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scores import Row, score_of

from lessons.analogy import Feature
from lessons.otherness import Passage, apart, differs
from lessons.score import CHORD_DTYPE, KEY_DTYPE, LEFT, RIGHT, Score

SCALE = [60, 62, 64, 65, 67, 65, 64, 62]


def tune(pitches: list[int], onsets: list[float] | None = None, held: float = 1.0, hand: int = RIGHT) -> Score:
    at = onsets or [float(beat) for beat in range(len(pitches))]
    rows: list[Row] = [(beat, held, pitch, hand) for beat, pitch in zip(at, pitches, strict=True)]
    return score_of(rows, count=2)


def other(feature: Feature, one: Score, two: Score, hand: int | None = None) -> bool:
    return differs(feature, Passage(one, (1, 2)), Passage(two, (1, 2)), hand)


def under(*roots: int) -> Score:
    """A tune over major triads on these roots, four beats each."""
    chords = np.zeros(len(roots), CHORD_DTYPE)
    for place, root in enumerate(roots):
        tones = sum(1 << (root + above) % 12 for above in (0, 4, 7))
        chords[place] = (4.0 * place, 4.0 * place + 4, root, tones, root)
    return replace(tune(SCALE), chords=chords, keys=np.array([(0.0, 0, 1)], KEY_DTYPE))


def test_equal_quarters_are_one_rhythm_however_long_keys_are_held() -> None:
    assert apart(Feature.RHYTHM, Passage(tune(SCALE), (1, 2)), Passage(tune(SCALE[::-1], held=0.5), (1, 2))) == 0.0
    assert not other(Feature.RHYTHM, tune(SCALE), tune(SCALE[::-1], held=0.5))


def test_a_dot_in_each_bar_makes_another_rhythm() -> None:
    assert other(Feature.RHYTHM, tune(SCALE), tune(SCALE, [0, 1.5, 2, 3, 4, 5.5, 6, 7]))


@pytest.mark.parametrize("moved", [[pitch + 5 for pitch in SCALE], [60, 62, 63, 65, 67, 65, 63, 62]])
def test_a_tune_that_moved_or_went_into_minor_is_the_same_tune(moved: list[int]) -> None:
    assert not other(Feature.PITCH, tune(SCALE), tune(moved))


def test_a_tune_that_goes_another_way_is_another_tune() -> None:
    assert other(Feature.PITCH, tune(SCALE), tune([67, 65, 64, 62, 60, 62, 64, 65]))


def test_only_the_hand_that_is_asked_about_counts() -> None:
    one, two = (tune(SCALE).with_notes(np.concatenate([tune(SCALE).notes, tune(low, hand=LEFT).notes]))
                for low in ([48] * 8, [48, 55, 48, 55, 43, 55, 43, 48]))  # fmt: skip
    assert not other(Feature.PITCH, one, two)
    assert other(Feature.PITCH, one, two, LEFT)


def test_chords_for_single_notes_are_another_texture_in_the_hand_that_has_them() -> None:
    bass = [(float(beat), 1.0, 48, LEFT) for beat in range(8)]
    fifths = [(float(beat), 1.0, 55, LEFT) for beat in range(8)]
    line: list[Row] = [(float(beat), 1.0, pitch, RIGHT) for beat, pitch in enumerate(SCALE)]
    one, two = score_of([*line, *bass], count=2), score_of([*line, *bass, *fifths], count=2)
    assert other(Feature.TEXTURE, one, two) and other(Feature.TEXTURE, one, two, LEFT)
    assert not other(Feature.TEXTURE, one, two, RIGHT)


def test_chords_are_told_from_the_tonic() -> None:
    assert not other(Feature.CHORDS, under(0, 7), replace(under(2, 9), keys=np.array([(0.0, 2, 1)], KEY_DTYPE)))
    assert other(Feature.CHORDS, under(0, 7), under(5, 0))


def test_as_far_as_both_passages_go_is_compared() -> None:
    short = Passage(tune(SCALE), (1, 1))
    assert apart(Feature.RHYTHM, short, Passage(tune(SCALE[:5], [0, 1, 2, 3, 4.5]), (1, 2))) == 0.0
