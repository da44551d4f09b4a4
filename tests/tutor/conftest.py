"""Small scores and fakes that several tests of the tutor share."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap


def plain_score(bars: int = 4, bpm: float = 120.0, left: bool = True) -> Score:
    """Quarter notes up the scale in the right hand, a whole note in the left; 4/4."""
    rows = []
    for beat in range(4 * bars):
        pitch = 60 + (0, 2, 4, 5, 7, 9, 11, 12)[beat % 8]
        rows.append((beat, 1, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False))
        if left and beat % 4 == 0:
            rows.append((beat, 4, 48 if beat % 8 == 0 else 43, 60, LEFT, 2, 0, 0, 0, "", 0, False))
    measures = [(index + 1, index + 1, 4 * index, 4 * index + 4) for index in range(bars)]
    tempo = TempoMap.of([(0.0, bpm)])
    return Score(np.array(rows, NOTE_DTYPE), np.array(measures, BAR_DTYPE), tempo=tempo, title="Steps")


@pytest.fixture
def steps() -> Score:
    return plain_score()


@pytest.fixture
def long_steps() -> Score:
    return plain_score(8)
