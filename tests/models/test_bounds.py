"""What the other hand leaves a line."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy
from lessons.harmony import Key, mask_of
from lessons.score import LEFT, RIGHT
from models.bounds import NEAREST, SIXTH, bounds, chromatic_neighbours
from tests.lessons.scores import score_of


@pytest.mark.parametrize(
    ("onset", "length", "below", "clashes"),
    [
        (1.0, 0.5, 1.0, True),  # struck together, wherever that is
        (1.0, 0.5, 0.0, False),  # in passing, over a key that is held
        (1.0, 1.0, 0.0, True),
        (2.0, 0.5, 0.0, True),  # on the middle of the bar
    ],
)
def test_a_semitone_is_heard_on_strong_beats_in_long_notes_and_where_both_hands_strike(
    onset: float, length: float, below: float, clashes: bool
) -> None:
    piece = score_of([(onset, length, 76, RIGHT), (below, 4.0 - below, 60, LEFT)], 1)
    line, rest = (piece.notes[piece.notes["hand"] == hand] for hand in (RIGHT, LEFT))
    *_, harsh = bounds(Analogy(piece), line, rest, np.array([line["pitch"]], dtype=np.int64))
    assert harsh.tolist() == [mask_of([11, 1]) if clashes else 0]


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_a_line_stays_outside_of_the_other_voices_of_its_hand_and_within_its_reach(hand: int) -> None:
    way = 1 if hand == RIGHT else -1
    rows = [(beat, 1.0, 60 + way * tune, hand) for beat, tune in ((0.0, 7), (1.0, 5), (2.0, 12))]
    piece = score_of([*rows, (0.0, 1.0, 60, hand), (1.0, 2.0, 60, hand)], 1)
    line = piece.notes[[place for place, note in enumerate(piece.notes) if note["pitch"] != 60]]
    rest = piece.notes[piece.notes["pitch"] == 60]
    low, high, _ = bounds(Analogy(piece), line, rest, np.array([line["pitch"]], dtype=np.int64))
    near, far = (low - 60, high - 60) if hand == RIGHT else (60 - high, 60 - low)
    assert near.tolist() == [NEAREST, NEAREST, 1]
    assert far.tolist() == [SIXTH] * 3


@pytest.mark.parametrize(
    ("key", "heard", "wrong"),
    [
        (Key(0, False), [6], [5, 7]),
        (Key(0, False), [5], [6]),
        (Key(0, False), [5, 6], [7]),
        (Key(0, False), [11, 0, 4], [1, 3, 10]),
        (Key(9, True), [8], [7]),
        (Key(9, True), [7], [6, 8]),
    ],
)
def test_a_semitone_that_is_no_step_of_the_scale_is_a_false_relation(
    key: Key, heard: list[int], wrong: list[int]
) -> None:
    assert chromatic_neighbours(mask_of(np.array(heard)), key.scale) == mask_of(np.array(wrong))


@pytest.mark.parametrize(("ends", "is_heard"), [(1.0, True), (0.75, True), (0.5, False)])
def test_a_tone_that_was_heard_just_before_makes_one_too(ends: float, is_heard: bool) -> None:
    piece = score_of([(1.0, 0.5, 77, RIGHT), (0.0, ends, 54, LEFT)], 1)
    line, rest = (piece.notes[piece.notes["hand"] == hand] for hand in (RIGHT, LEFT))
    *_, harsh = bounds(Analogy(piece), line, rest, np.array([line["pitch"]], dtype=np.int64), Key(0, False).scale)
    assert bool(harsh[0] >> 5 & 1) == is_heard
