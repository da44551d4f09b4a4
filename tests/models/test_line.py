"""A line and the beats that it stands on."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.score import METRE_DTYPE, NOTE_DTYPE, Score, even_bars
from models.line import strong_beats


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
