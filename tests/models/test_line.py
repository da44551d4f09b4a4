"""A line and the beats that it stands on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Analogy
from lessons.harmony import Key, mask_of
from lessons.score import CHORD_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score, even_bars
from models.line import line_mask, repitched, strong_beats
from models.plan import plan_line
from models.voice_leading import allowed
from tests.lessons.scores import score_of


@pytest.mark.parametrize(
    ("metre", "strong"),
    [
        ((4, 4), [0, 2]),
        ((3, 4), [0]),
        ((2, 4), [0]),
        ((3, 8), [0]),
        ((6, 8), [0, 1.5]),
        ((9, 8), [0, 1.5, 3]),
        ((12, 8), [0, 1.5, 3, 4.5]),
    ],
)
def test_strong_beats_are_those_of_the_metre(metre: tuple[int, int], strong: list[float]) -> None:
    length = metre[0] * 4 / metre[1]
    metres = np.array([(0.0, *metre)], dtype=METRE_DTYPE)
    score = Score(np.zeros(0, NOTE_DTYPE), even_bars(2, length), metres)
    places = np.arange(0, 2 * length, 0.5)
    assert places[strong_beats(score, places)].tolist() == [*strong, *(length + beat for beat in strong)]


def chords_of_shape(*chords: tuple[int, tuple[int, ...]]) -> np.ndarray:
    """Chords of four beats each: a root, and its tones in semitones above it."""
    found = np.zeros(len(chords), CHORD_DTYPE)
    for place, (root, shape) in enumerate(chords):
        found[place] = (4.0 * place, 4.0 * place + 4, root, mask_of(root + np.array(shape)), root)
    return found


def test_what_passes_under_a_raised_third_has_no_second_form_of_it() -> None:
    page = score_of([(0.0, 1.0, 64, LEFT), (1.0, 1.0, 62, LEFT), (2.0, 1.0, 60, LEFT), (3.0, 1.0, 59, LEFT)], count=1)
    old, new = chords_of_shape((9, (0, 3, 7))), chords_of_shape((11, (0, 4, 7)))  # B major in A minor
    moved = repitched(page.notes, old, new, Key(9, True).scale)
    assert not {2, 5} & set((moved["pitch"] % 12).tolist())  # no D beside D sharp, no F beside F sharp


def test_a_tune_over_the_dominant_of_minor_keeps_to_its_leading_note() -> None:
    rows = [(float(beat), 1.0, pitch, RIGHT) for beat, pitch in enumerate((69, 71, 72, 69, 71, 68, 64, 68))]
    named = np.array([(0.0, 0, True)], KEY_DTYPE)
    piece = replace(score_of(rows, count=2), chords=chords_of_shape((9, (0, 3, 7)), (4, (0, 4, 7))), keys=named)
    plan = plan_line(Analogy(piece))
    natural, raised = (plan.scales >> seventh & 1 for seventh in (7, 8))
    assert natural.tolist() == [1] * 4 + [0] * 4
    assert raised.tolist() == [1] * 8
    g, e = allowed(plan, np.tile([67, 64], (8, 1))).T
    assert g.tolist() == [True] * 4 + [False] * 4
    assert e.all()


def test_a_second_voice_that_is_struck_for_half_under_a_dotted_note_is_not_the_tune() -> None:
    dotted = [(0.0, 1.5, 69, RIGHT), (1.5, 0.5, 69, RIGHT), (2.0, 2.0, 67, RIGHT)]
    page = score_of([*dotted, (0.0, 1.0, 67, RIGHT), (1.0, 1.0, 66, RIGHT), (2.0, 2.0, 62, RIGHT)], count=1)
    tune = page.notes[line_mask(page, RIGHT)]
    assert list(zip(tune["onset_beat"], tune["pitch"], strict=True)) == [(at, pitch) for at, _, pitch, _ in dotted]
