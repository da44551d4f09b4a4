"""Which positions a page has: quarters, thirds, fifths and sevenths of a beat, and the halves and quarters of these."""

from __future__ import annotations

from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from lessons.timing import GRID_PER_BEAT

SIMPLE, FINE, COMMON, RARE = (4, 3), (16, 6), (16, 12), (10, 14)  # of a beat
HAIR_TICKS = 6  # that a file may be off the page all through, such as notes that end a tick early
MOST = 0.5  # of all positions
MANY = 0.25  # of the positions, that are fifths and sevenths by chance where nobody wrote them down

Ticks = NDArray[np.int64]


class Condition(Enum):
    """How positions stand to a page: on it, all but a hair, most of them, or hardly."""

    EXACT = auto()
    NEAR = auto()
    SPOILT = auto()
    ROUGH = auto()


def condition(ticks: Ticks, few: float, spelled: bool) -> Condition:
    """The condition of positions, in ticks, of which a ``few`` (a share) may be anywhere.

    ``spelled``: whether somebody wrote them down.
    """
    if not len(ticks):
        return Condition.EXACT
    off, uncommon = float(off_page(ticks).mean()), float(off_common(ticks).mean())
    off = uncommon if uncommon - off > MANY and not spelled else off
    if off <= few:
        return Condition.EXACT
    near = nearest(ticks)
    if (np.abs(near - ticks) > HAIR_TICKS).mean() <= few and is_simple(near).mean() > MOST:
        return Condition.NEAR
    return Condition.SPOILT if off < MOST and is_simple(ticks).mean() > MOST else Condition.ROUGH


def off_common(ticks: Ticks) -> NDArray[np.bool_]:
    """Which positions are not those of sixty-fourths or triplets of thirty-seconds."""
    return ~_places(*COMMON)[ticks % GRID_PER_BEAT]


def off_page(ticks: Ticks) -> NDArray[np.bool_]:
    """Which positions no page has."""
    return ~_places(*COMMON, *RARE)[ticks % GRID_PER_BEAT]


def is_simple(ticks: Ticks) -> NDArray[np.bool_]:
    """Which positions are those of sixteenths or triplets."""
    return _places(*SIMPLE)[ticks % GRID_PER_BEAT]


def is_fine(ticks: Ticks) -> NDArray[np.bool_]:
    """Which positions are those of sixty-fourths or of triplets of sixteenths."""
    return _places(*FINE)[ticks % GRID_PER_BEAT]


def nearest(ticks: Ticks) -> Ticks:
    """The places of common notes that lie nearest."""
    found = np.append(np.flatnonzero(_places(*COMMON)), GRID_PER_BEAT)
    within = ticks % GRID_PER_BEAT
    after = np.searchsorted(found, within)
    before = np.maximum(after - 1, 0)
    nearer = np.where(found[after] - within < within - found[before], after, before)
    places: Ticks = ticks - within + found[nearer]
    return places


def _places(*shares: int) -> NDArray[np.bool_]:
    """For each tick of a beat whether it is one of these shares of it."""
    places = np.zeros(GRID_PER_BEAT, dtype=np.bool_)
    for share in shares:
        places[np.round(np.arange(share) * GRID_PER_BEAT / share).astype(np.int64)] = True
    return places
