"""What the other hand leaves a line."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy
from lessons.harmony import mask_of
from lessons.score import LEFT, RIGHT
from models.bounds import bounds
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
