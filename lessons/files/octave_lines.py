"""Octave lines as MusicXML elements, which stand among the notes that they move.

Who reads them moves all that follows in the file, whatever its voice. So where a staff has several voices, all of them
are written up to where a line begins or ends before any goes on from there. A note that is tied from before stays on
the side where it was struck.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
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
_Edge = tuple[int, etree._Element]  # the tick where a line begins or ends


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str
    below: bool


class OctaveLines:
    """The octave lines of one player's staves, among the notes of each bar; ``edges``: those of the bars, in ticks."""

    def __init__(self, score: Score, staves: list[int], edges: NDArray[np.int64]):
        rows = score.signs.directions
        rows = rows[(rows["kind"] == OCTAVE) & np.isin(rows["part"], np.unique(score.notes["part"]))]
        self._several = len(staves) > 1
        self._edges: list[list[_Edge]] = [
            [edge for line in _apart(rows[rows["hand"] == hand], int(edges[-1])) for edge in self._ends(staff, line)]
            for staff, hand in enumerate(staves)
        ]

    def among(
        self, staff: int, voices: Mapping[int, Sequence[Item]], start: int, end: int
    ) -> Iterator[tuple[int, Item | etree._Element, int]]:
        """The items of a bar's voices and its lines' ends, in the order to write: each with its tick and its voice."""
        edges = self._in_bar(staff, start, end)
        sides = {number: _sides(items, [tick for tick, _ in edges]) for number, items in voices.items()}
        for side in range(len(edges) + 1):
            here = [
                (item.start, item, number)
                for number, items in voices.items()
                for item, where in zip(items, sides[number], strict=True)
                if where == side
            ]
            yield from _last_at_end(here) if side < len(edges) else here
            yield from ((tick, element, -1) for tick, element in edges[side : side + 1])

    def _in_bar(self, staff: int, start: int, end: int) -> list[_Edge]:
        """Where lines begin and end in a bar; those that end with it belong to it."""
        return [
            (tick, element)
            for place, (tick, element) in enumerate(self._edges[staff])
            if (start <= tick < end if place % 2 == 0 else start < tick <= end)
        ]

    def _ends(self, staff: int, line: _Line) -> list[_Edge]:
        return [(line.start, self._element(staff, line, ends=False)), (line.end, self._element(staff, line, ends=True))]

    def _element(self, staff: int, line: _Line, ends: bool) -> etree._Element:
        turn, size = _SHIFTS[line.text]
        direction = etree.Element("direction", placement="below" if line.below else "above")
        add(add(direction, "direction-type"), "octave-shift", type="stop" if ends else turn, size=size)
        if self._several:
            add(direction, "staff", str(staff + 1))
        return direction


def _sides(items: Sequence[Item], ticks: Sequence[int]) -> list[int]:
    """How many of the ticks each item comes after."""
    sides: list[int] = []
    for item in items:
        before = sides[-1] if sides else 0
        sides.append(before if item.tied_from else max(before, bisect_right(ticks, item.start)))
    return sides


def _last_at_end(items: list[tuple[int, Item, int]]) -> list[tuple[int, Item, int]]:
    """The items, the one that begins latest at the end: a line is drawn to what stands before its end in the file."""
    last = max(reversed(items), key=lambda each: each[0], default=None)
    return [each for each in items if each is not last] + ([last] if last else [])


def _apart(rows: NDArray[np.void], last: int) -> list[_Line]:
    """The lines of a staff, one after the other, up to the last tick."""
    lines: list[_Line] = []
    for row in rows:
        start, end = (round(float(row[name]) * GRID_PER_BEAT) for name in ("start_beat", "end_beat"))
        start, end = max(start, lines[-1].end if lines else start), min(end, last)
        if start < end:
            lines.append(_Line(start, end, str(row["text"]), bool(row["side"] == BELOW)))
    return lines
