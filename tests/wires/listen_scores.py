"""A small written piece for the tests of listening."""

from __future__ import annotations

import numpy as np

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def scale_score(left: bool = True) -> Score:
    """Two bars of 4/4 at 120: quarter notes up the scale, and a whole note a bar in the left hand."""
    rows = [(beat, 1, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False) for beat, pitch in enumerate(SCALE)]
    if left:
        rows += [(beat, 4, pitch, 60, LEFT, 2, 0, 0, 0, "", 0, False) for beat, pitch in ((0, 48), (4, 43))]
    bars = [(1, 1, 0, 4), (2, 2, 4, 8)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE), tempo=TempoMap.of([(0.0, 120.0)]))
