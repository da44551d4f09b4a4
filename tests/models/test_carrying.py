"""A donor's chords under a tune that stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import in_mask, mask_of, tones_at
from lessons.score import CHORD_DTYPE, KEY_DTYPE, LEFT, RIGHT, Score
from models.line import strong_beats
from models.rules import RuleComposer
from tests.lessons.scores import score_of

C, D, G, DM = ((0, mask_of([0, 4, 7])), (2, mask_of([2, 6, 9])), (7, mask_of([7, 11, 2])), (2, mask_of([2, 5, 9])))


def under(bars: list[tuple[int, int]], tune: list[int]) -> Score:
    """A tune of four quarters a bar over block chords of a bar each, in C."""
    rows = [(float(beat), 1.0, pitch, RIGHT) for beat, pitch in enumerate(tune)]
    for bar, (root, tones) in enumerate(bars):
        pitches = [48 + root, *(48 + root + step for step in range(3, 12) if tones >> (root + step) % 12 & 1)]
        rows += [(4.0 * bar, 4.0, pitch, LEFT) for pitch in pitches]
    chords = [(4.0 * bar, 4.0 * bar + 4, root, tones, root) for bar, (root, tones) in enumerate(bars)]
    named = replace(score_of(rows, len(bars)), chords=np.array(chords, CHORD_DTYPE))
    return replace(named, keys=np.array([(0.0, 0, False)], KEY_DTYPE))


@pytest.fixture
def piece() -> Score:
    return under([C, DM, G, C], [72, 76, 79, 76, 77, 76, 74, 77, 74, 79, 83, 79, 72, 76, 79, 72])


@pytest.fixture
def donor() -> Score:
    return under([C, D, G, C], [72, 76, 79, 76, 78, 76, 74, 78, 74, 79, 83, 79, 72, 76, 79, 72])


def test_the_tune_keeps_its_strong_notes_in_the_chords_of_a_donor(piece: Score, donor: Score) -> None:
    answer = RuleComposer().vary(Analogy(piece, {Feature.CHORDS: donor}, hand=LEFT))[0]
    tune = answer.score.hands(RIGHT).notes
    assert tune["pitch"].tolist() == piece.hands(RIGHT).notes["pitch"].tolist()
    strong = tune[strong_beats(piece, tune["onset_beat"])]
    assert in_mask(tones_at(answer.score.chords, strong["onset_beat"]), strong["pitch"]).all()
    assert 54 not in answer.score.notes["pitch"]  # the donor's F sharp, under F
    assert "1 of its chords gave way to such as carry the tune" in answer.notices


def test_the_chords_are_measured_against_the_tune_above_them_too(piece: Score) -> None:
    clashing = piece.notes.copy()
    clashing["pitch"][(clashing["hand"] == RIGHT) & (clashing["onset_beat"] == 8)] = 73
    asked = Analogy(piece.with_notes(clashing), strength=0.0, hand=LEFT)
    assert RuleComposer().vary(asked)[0].measures.chord_tones < 1
