"""Which notes of a hand are held while others move, as a second voice: suspended tunes, and basses under a figure.

A held note is higher or lower than all that begins while it sounds. There is one above and one below at a time, and
nothing in between while there are both. Notes that merely run into each other, each held a little into the next, are
one voice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT

UPPER, LOWER = 1, 2
LEAST_HELD = BEAT // 2  # ticks


@dataclass(frozen=True, eq=False)
class Sounding:
    """The notes of one hand: the stroke with which each begins and ends, its pitch; and where strokes are, in ticks."""

    first: NDArray[np.intp]
    until: NDArray[np.intp]
    pitch: NDArray[np.int64]
    edges: NDArray[np.int64]


@dataclass(frozen=True)
class Hold:
    """Notes of one stroke that are held until another, on one side of what moves."""

    first: int
    until: int
    side: int
    rows: tuple[int, ...]


def opposite(side: int) -> int:
    """The other voice."""
    return UPPER + LOWER - side


def holds_of(notes: Sounding) -> list[Hold]:
    """What is held, in order of time; the longer one where two would be on one side."""
    strokes = _by_stroke(notes)
    rows = np.flatnonzero(notes.until > notes.first + 1)
    lengths = notes.edges[notes.until[rows]] - notes.edges[notes.first[rows]]
    rows = rows[lengths >= LEAST_HELD]
    wishes: dict[tuple[int, int, int], list[int]] = {}
    for row in rows.tolist():
        side = _side(notes, strokes, row)
        if side and not _runs_on(notes, strokes, row, side):
            wishes.setdefault((int(notes.first[row]), -int(notes.until[row]), side), []).append(row)
    holds: list[Hold] = []
    for (first, until, side), held in sorted(wishes.items()):
        hold = Hold(first, -until, side, tuple(held))
        if not any(_in_the_way(other, hold, strokes) for other in holds[-4:]):
            holds.append(hold)
    return holds


def _by_stroke(notes: Sounding) -> list[list[int]]:
    strokes: list[list[int]] = [[] for _ in range(len(notes.edges))]
    for row, stroke in enumerate(notes.first.tolist()):
        strokes[stroke].append(row)
    return strokes


def _side(notes: Sounding, strokes: list[list[int]], row: int) -> int:
    """On which side of all that moves beside it a note is; 0 for neither."""
    first, until = int(notes.first[row]), int(notes.until[row])
    moving = [other for other in strokes[first] if notes.until[other] < until]
    moving += [other for stroke in strokes[first + 1 : until] for other in stroke]
    pitches = notes.pitch[moving]
    return UPPER if notes.pitch[row] > pitches.max() else LOWER if notes.pitch[row] < pitches.min() else 0


def _runs_on(notes: Sounding, strokes: list[list[int]], row: int, side: int) -> bool:
    """Whether a note that begins beside it lasts longer, without being held on the other side itself."""
    first, until = int(notes.first[row]), int(notes.until[row])
    beside = [other for stroke in strokes[first + 1 : until] for other in stroke if notes.until[other] > until]
    return any(_side(notes, strokes, other) != opposite(side) for other in beside)


def _in_the_way(other: Hold, hold: Hold, strokes: list[list[int]]) -> bool:
    """Whether a hold leaves no room for another that begins with it or later."""
    if hold.first >= other.until:
        return False
    if hold.side == other.side:
        return True
    both = range(hold.first, min(other.until, hold.until))
    return any(set(strokes[stroke]) - set(other.rows) - set(hold.rows) for stroke in both)
