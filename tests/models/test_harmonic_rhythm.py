"""Chords from elsewhere change where the left hand of the piece strikes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.analogy import Analogy, Feature
from lessons.score import CHORD_DTYPE, LEFT, RIGHT, Score
from models.harmonic_rhythm import as_the_hand_strikes
from tests.lessons.scores import score_of

TRIAD = 0b10010001
HALVES = np.array([(2.0 * n, 2.0 * n + 2, root, TRIAD, root) for n, root in enumerate((0, 5, 7, 0))], CHORD_DTYPE)


def roots(below: list[tuple[float, float]], closes: bool = False, **asked) -> list[tuple[float, float, int]]:
    tune = [(float(beat), 1.0, 72, RIGHT) for beat in range(8)]
    piece = score_of([*tune, *((onset, length, 48, LEFT) for onset, length in below)], 2)
    found = as_the_hand_strikes(Analogy(piece, **asked), HALVES, closes)
    return found[["start_beat", "end_beat", "root"]].tolist()


def test_a_held_key_has_one_chord() -> None:
    assert roots([(0, 4), (4, 4)]) == [(0, 4, 0), (4, 8, 7)]


def test_where_the_hand_strikes_or_rests_the_chords_change_as_the_donors_do() -> None:
    for below in ([(beat, 2.0) for beat in (0, 2, 4, 6)], [(0.0, 2.0), (4.0, 2.0)], []):
        assert [root for *_, root in roots(below)] == [0, 5, 7, 0]


def test_a_last_held_key_has_the_chord_that_the_donor_comes_home_to() -> None:
    assert roots([(0, 4), (4, 4)], closes=True) == [(0, 4, 0), (4, 8, 0)]


def test_a_hand_that_takes_another_texture_holds_nothing_back() -> None:
    donor: Score = replace(score_of([(0.0, 4.0, 60, RIGHT)], 1), title="donor")
    assert len(roots([(0, 4), (4, 4)], donors={Feature.TEXTURE: donor})) == 4
    assert len(roots([(0, 4), (4, 4)], donors={Feature.RHYTHM: donor}, hand=LEFT)) == 4
