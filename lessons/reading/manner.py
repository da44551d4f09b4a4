"""How a piece was played against the beats of its file: how far off all of it lies, swung, or without a beat at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT
from lessons.reading.grids import PLAIN, TRIPLE, Manner, Onsets, grid_of, level, placed
from lessons.reading.units import Units

FEW_ONSETS = 30  # too few to say that there is no beat
BEATEN = 0.3  # how closely onsets go round with the beat or a share of it, below which there is none
LEAST_STRAY, USUAL_STRAY, MOST_STRAY, FREE_STRAY = 12.0, 16.0, 36.0, 72.0  # ticks
_SEARCH_STEP = 8  # ticks
_WORTH = 0.3  # what all onsets must gain, each, for the piece to be moved
_FAR = 0.4  # of that gain, for a whole beat of moving
_FARTHEST = 4.0
SWUNG, OFF_BEATS, AROUND = (0.56, 0.72), (0.4, 0.8), 0.06  # of a beat
_OTHERS = 0.15  # of the off-beats, what may lie elsewhere
_FEW_OFF_BEATS = 12

Floats = NDArray[np.float64]


def is_free(ticks: Floats) -> bool:
    """Whether strokes keep no beat of their file, nor halves, thirds or quarters of it."""
    turns = [abs(np.exp(2j * np.pi * share * ticks / BEAT).mean()) for share in (1, 2, 3, 4)]
    return len(ticks) >= FEW_ONSETS and max(turns) < BEATEN


def late_ticks(ticks: Floats, weights: Floats) -> int:
    """How far all of a piece lies behind the beats of its file; before them where negative, 0 in doubt.

    Strokes that weigh more, with many and long notes, speak more for where the beat is.
    """
    shifts = np.arange(-BEAT // 2, BEAT // 2, _SEARCH_STEP)
    weights = weights / weights.mean()
    costs = np.array([_cost(ticks - shift, weights) for shift in shifts]) + _WORTH * _FAR * np.abs(shifts) / BEAT
    best = int(costs.argmin())
    return int(shifts[best]) if costs[best] + _WORTH < _cost(ticks, weights) else 0


def _cost(ticks: Floats, weights: Floats) -> float:
    """What plain places and those of triplets cost, on the mean."""
    within = ticks % BEAT
    costs = []
    for kind in (PLAIN, TRIPLE):
        grid = grid_of(BEAT, kind)
        away = np.minimum((within[:, None] - grid) ** 2 / (2 * USUAL_STRAY**2), _FARTHEST)
        costs.append((away + weights[:, None] * level(grid, BEAT)).min(axis=1))
    return float(np.minimum(*costs).mean())


def swing_of(ticks: Floats) -> float:
    """Where the off-beats lie in a beat: one half, or later where the piece is swung."""
    within = ticks / BEAT % 1
    late = within[(within > OFF_BEATS[0]) & (within < OFF_BEATS[1])]
    if len(late) < _FEW_OFF_BEATS:
        return 0.5
    swing = float(np.median(late))
    strict = np.abs(late - swing) < AROUND
    early = (within > 0.15) & (within < OFF_BEATS[0])
    usual = SWUNG[0] <= swing <= SWUNG[1] and strict.mean() > 1 - _OTHERS
    return swing if usual and early.sum() < _OTHERS * len(late) else 0.5


def manner_of(onsets: Onsets, units: Units, swing: float) -> Manner:
    """How much the strokes stray, as the grid that fits them says."""
    manner = Manner(USUAL_STRAY, swing)
    missed = onsets.ticks - placed(onsets, units, manner)
    stray = 1.2 * float(np.sqrt(np.minimum(missed**2, MOST_STRAY**2).mean())) if len(missed) else USUAL_STRAY
    return Manner(min(max(stray, LEAST_STRAY), MOST_STRAY), swing)
