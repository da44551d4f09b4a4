"""The units in which a bar is counted: quarters, dotted values where a metre goes in threes, or eighths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.measure_elements import ticks_of
from lessons.files.notation import BEAT
from lessons.score import Score


@dataclass(frozen=True, eq=False)
class Units:
    """All units of a piece in order: where each begins, ascending, and how long it is, in ticks."""

    starts: NDArray[np.int64]
    ticks: NDArray[np.int64]

    def at(self, ticks: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.intp]:
        """The unit of each position; what lies before the first one is in it."""
        return np.maximum(np.searchsorted(self.starts, ticks, side="right") - 1, 0)


def units_of(score: Score, end: int) -> Units:
    """The units of the bars of a score, the last bar's going on beyond ``end``."""
    starts: list[int] = []
    lengths: list[int] = []
    for row, bar in enumerate(score.bars):
        unit = unit_ticks(*score.metre_at(float(bar["start_beat"])))
        last = row == len(score.bars) - 1
        first, stop = int(ticks_of(bar["start_beat"])), int(ticks_of(bar["end_beat"]))
        here = range(first, max(stop, end + unit) if last else stop, unit)
        starts += here
        lengths += [unit] * len(here)
    return Units(np.array(starts, dtype=np.int64), np.array(lengths, dtype=np.int64))


def unit_ticks(numerator: int, denominator: int) -> int:
    """What a metre is counted in, in ticks."""
    if denominator < 8:
        return BEAT
    eighth = 4 * BEAT // denominator
    return 3 * eighth if numerator % 3 == 0 else BEAT if numerator * eighth % BEAT == 0 else eighth
