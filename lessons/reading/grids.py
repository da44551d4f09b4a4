"""The simplest grid for each unit of a piece: plain sixteenths, thirty-seconds, triplets, or sixths.

A place costs the more the less it is one of the beat, an onset costs what it is moved (a square of its distance, as
from a bell curve), and a grid costs something to be entered and less to be kept. It also costs to let notes of one hand
fall together that were not struck together. The cheapest way through all units wins (dynamic programming).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT
from lessons.reading.units import Units

PLAIN, FINE, TRIPLE, SIXTHS = range(4)
_ENTER, _KEEP = np.array([0.3, 2.5, 2.0, 4.0]), np.array([0.0, 1.5, 0.5, 2.5])
_LEVELS = ((2, 0.5), (4, 1.2), (3, 1.2), (8, 2.5), (6, 2.5))  # shares of a beat, the cost of being one of them
_ODD = 3.0  # the cost of any other place
_FARTHEST = 12.0  # no distance costs more
_TOGETHER, _GRACE = 4.0, 2.0  # the cost of two onsets that fall on one place, and of a grace

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Manner:
    """How a piece was played: how much onsets stray, where in a beat its off-beats lie, and whether it had a beat."""

    stray_ticks: float
    swing: float = 0.5
    free: bool = False


@dataclass(frozen=True, eq=False)
class Onsets:
    """What is to be placed: ``ticks`` (n,) ascending, the pairs (m, 2) of them that should not fall together, and
    of each pair whether the first may be a grace then."""

    ticks: Floats
    pairs: NDArray[np.intp]
    leading: NDArray[np.bool_]


def placed(onsets: Onsets, units: Units, manner: Manner) -> NDArray[np.int64]:
    """The place of each onset, in ticks; ascending."""
    unit = units.at(onsets.ticks)
    kinds = (PLAIN, FINE) if manner.free else (PLAIN, FINE, TRIPLE, SIXTHS)
    choices = [_nearest(onsets.ticks, units, unit, kind, manner) for kind in kinds]
    places, costs = (np.stack(each, axis=1) for each in zip(*choices, strict=True))  # (n, kinds)
    total = np.zeros((len(units.starts), len(kinds)))
    np.add.at(total, unit, costs)
    _add_collisions(total, onsets, unit, places)
    kind_of = _cheapest(total)[unit]
    chosen = np.maximum.accumulate(places[np.arange(len(unit)), kind_of])
    steps = np.array([step_of(length, kind) for length, kind in zip(units.ticks[unit], kind_of, strict=True)])
    _part(chosen, onsets, steps)
    return np.maximum.accumulate(chosen)


def _nearest(
    ticks: Floats, units: Units, unit: NDArray[np.intp], kind: int, manner: Manner
) -> tuple[NDArray[np.int64], Floats]:
    """The cheapest place of each onset on a grid, and its cost."""
    places, costs = np.zeros(len(ticks), dtype=np.int64), np.full(len(ticks), np.inf)
    lengths = units.ticks[unit]
    for length in np.unique(lengths).tolist():
        grid = grid_of(length, kind)
        swung = manner.swing if kind in (PLAIN, FINE) and length == BEAT else 0.5
        here = np.flatnonzero(lengths == length)
        starts = units.starts[unit[here]]
        away = (ticks[here] - starts)[:, None] - unbent(grid / length, swung) * length
        cost = np.minimum(away**2 / (2 * manner.stray_ticks**2), _FARTHEST) + level(grid, length)
        best = cost.argmin(axis=1)
        places[here], costs[here] = starts + grid[best], cost[np.arange(len(here)), best]
    return places, costs


def grid_of(length: int, kind: int) -> NDArray[np.int64]:
    """The places of a grid within a unit of so many ticks, its end included."""
    return np.arange(0, length + 1, step_of(length, kind))


def step_of(length: int, kind: int) -> int:
    """How far the places of a grid lie apart, in ticks."""
    step = {PLAIN: 120, FINE: 60, TRIPLE: 160, SIXTHS: 80}[kind]
    if length != BEAT and kind == TRIPLE:
        step = 80
    return step if length % step == 0 else length


def level(grid: NDArray[np.int64], length: int) -> Floats:
    """What each place of a unit costs."""
    costs = np.full(len(grid), _ODD)
    for share, cost in reversed(_LEVELS):
        costs[grid % (BEAT // share) == 0] = cost
    costs[grid % length == 0] = 0.0
    return costs


def bent(shares: Floats, swing: float) -> Floats:
    """Shares of a beat as they are written, of those that were played with off-beats at ``swing``."""
    return np.interp(shares, [0.0, swing, 1.0], [0.0, 0.5, 1.0])


def unbent(shares: Floats, swing: float) -> Floats:
    """The other way round."""
    return np.interp(shares, [0.0, 0.5, 1.0], [0.0, swing, 1.0])


def _add_collisions(total: Floats, onsets: Onsets, unit: NDArray[np.intp], places: NDArray[np.int64]) -> None:
    """Charge the units of pairs that fall together; of the later one's unit, its plain grid is taken."""
    first, second = onsets.pairs.T
    same = unit[first] == unit[second]
    later = np.where(same[:, None], places[second], places[second][:, :1])
    cost = np.where(onsets.leading, _GRACE, _TOGETHER)[:, None]
    np.add.at(total, unit[first], cost * (places[first] >= later))


def _part(places: NDArray[np.int64], onsets: Onsets, steps: NDArray[np.int64]) -> None:
    """Move one of two onsets that still fall together by a step, where there is room and it is near."""
    pairs = onsets.pairs[~onsets.leading]
    before = dict(pairs[:, ::-1].tolist())
    for first, second in sorted(pairs[places[pairs[:, 0]] >= places[pairs[:, 1]]].tolist()):
        place, back, on = int(places[first]), int(steps[first]), int(steps[second])
        moves = [(abs(onsets.ticks[second] - place - on), second, place + on)]
        if first not in before or places[before[first]] < place - back:
            moves.append((abs(onsets.ticks[first] - place + back), first, place - back))
        away, moved, to = min(moves)
        if places[second] <= place and away < back:
            places[moved] = to


def _cheapest(costs: Floats) -> NDArray[np.intp]:
    """The grid of each unit; ``costs`` (units, grids)."""
    kinds = costs.shape[1]
    change = np.tile(_ENTER[:kinds], (kinds, 1))
    change[np.arange(kinds), np.arange(kinds)] = _KEEP[:kinds]
    total, back = costs[0] + _ENTER[:kinds], np.zeros(costs.shape, dtype=np.intp)
    for row in range(1, len(costs)):
        ways = total[:, None] + change
        back[row] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[row]
    path = np.empty(len(costs), dtype=np.intp)
    path[-1] = total.argmin()
    for row in range(len(costs) - 1, 0, -1):
        path[row - 1] = back[row, path[row]]
    return path
