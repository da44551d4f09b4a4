"""Octave lines as MusicXML elements, which stand among the notes that they move.

Who reads them moves all that follows in the file, whatever its voice. So a line is written only where its staff has one
voice from bar line to bar line; elsewhere the notes stand where they sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.elements import add
from lessons.files.notation import Item
from lessons.page_signs import BELOW, OCTAVE
from lessons.score import Score
from lessons.timing import GRID_PER_BEAT

_SHIFTS = {"8va": ("down", "8"), "8vb": ("up", "8"), "15ma": ("down", "15"), "15mb": ("up", "15")}


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str
    below: bool


class OctaveLines:
    """The octave lines of one player's staves, taken from beginning to end as the notes are written."""

    def __init__(self, score: Score, staves: list[int]):
        rows = score.signs.directions
        rows = rows[(rows["kind"] == OCTAVE) & np.isin(rows["part"], np.unique(score.notes["part"]))]
        self._waiting = [[_line(row) for row in rows[rows["hand"] == hand]] for hand in staves]
        self._running: dict[int, _Line] = {}
        self._several = len(staves) > 1

    def keep_clear(self, staff: int, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Leave out the lines of a staff that reach into one of these stretches, in ticks."""
        self._waiting[staff] = [
            line for line in self._waiting[staff] if not np.any((starts < line.end) & (ends > line.start))
        ]

    def before(self, staff: int, item: Item) -> Iterator[etree._Element]:
        """What ends or begins before an item of the staff's one voice."""
        if staff in self._running and self._running[staff].end <= item.start:
            yield self._element(staff, self._running.pop(staff), ends=True)
        waiting = self._waiting[staff]
        while waiting and staff not in self._running and waiting[0].start <= item.start:
            line = waiting.pop(0)
            if line.end > item.start:
                self._running[staff] = line
                yield self._element(staff, line, ends=False)

    def after(self, staff: int, item: Item) -> Iterator[etree._Element]:
        """What ends with an item."""
        if staff in self._running and self._running[staff].end <= item.end:
            yield self._element(staff, self._running.pop(staff), ends=True)

    def _element(self, staff: int, line: _Line, ends: bool) -> etree._Element:
        turn, size = _SHIFTS[line.text]
        direction = etree.Element("direction", placement="below" if line.below else "above")
        add(add(direction, "direction-type"), "octave-shift", type="stop" if ends else turn, size=size)
        if self._several:
            add(direction, "staff", str(staff + 1))
        return direction


def _line(row: np.void) -> _Line:
    start, end = (round(float(row[name]) * GRID_PER_BEAT) for name in ("start_beat", "end_beat"))
    return _Line(start, end, str(row["text"]), bool(row["side"] == BELOW))
