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

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Sounding:
    """The notes of one hand: the stroke with which each begins and ends, its pitch; and where strokes are, in ticks."""

    first: Rows
    until: Rows
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
    strokes = _Strokes(notes)
    sides = np.array([strokes.side(row) for row in range(len(notes.first))], dtype=np.int64)
    wishes: dict[tuple[int, int, int], list[int]] = {}
    for row in np.flatnonzero(sides).tolist():
        if not strokes.runs_on(row, sides):
            wishes.setdefault((int(notes.first[row]), -int(notes.until[row]), int(sides[row])), []).append(row)
    holds: list[Hold] = []
    latest: dict[int, Hold] = {}
    for (first, until, side), held in sorted(wishes.items()):
        hold = Hold(first, -until, side, tuple(held))
        if not any(strokes.in_the_way(other, hold) for other in latest.values()):
            latest[side] = hold
            holds.append(hold)
    return holds


class _Strokes:
    """The notes of one hand by stroke."""

    def __init__(self, notes: Sounding):
        self.notes = notes
        self.order = np.argsort(notes.first, kind="stable")
        self.starts = np.searchsorted(notes.first[self.order], np.arange(len(notes.edges) + 1))

    def within(self, first: int, until: int) -> Rows:
        """The rows of the notes that begin with the strokes from one to another, the last not included."""
        return self.order[self.starts[first] : self.starts[max(first, until)]]

    def side(self, row: int) -> int:
        """On which side of all that moves beside it a held note is; 0 for neither, and for what is not held."""
        notes, first, until = self.notes, int(self.notes.first[row]), int(self.notes.until[row])
        if until < first + 2 or notes.edges[until] - notes.edges[first] < LEAST_HELD:
            return 0
        beside = self.within(first, first + 1)
        moving = np.concatenate([beside[notes.until[beside] < until], self.within(first + 1, until)])
        pitches = notes.pitch[moving]
        return UPPER if notes.pitch[row] > pitches.max() else LOWER if notes.pitch[row] < pitches.min() else 0

    def runs_on(self, row: int, sides: NDArray[np.int64]) -> bool:
        """Whether a note that begins beside it lasts longer, without being held on the other side itself."""
        until = int(self.notes.until[row])
        beside = self.within(int(self.notes.first[row]) + 1, until)
        return bool(np.any(sides[beside[self.notes.until[beside] > until]] != opposite(int(sides[row]))))

    def in_the_way(self, other: Hold, hold: Hold) -> bool:
        """Whether a hold leaves no room for another that begins with it or later."""
        if hold.first >= other.until:
            return False
        both = self.within(hold.first, min(other.until, hold.until))
        return hold.side == other.side or not set(both.tolist()) <= {*other.rows, *hold.rows}
