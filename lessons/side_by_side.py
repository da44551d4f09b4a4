"""Dynamics, words of loudness and wedges side by side, where the engraver sets one upon the other in a row.

Verovio puts them on one line and leaves them at their places there: a *p* and a *crescendo* at one note, or a wedge
that begins there. Letters of dynamics stay at their notes; words go behind them, or as far before as there is room;
wedges are shortened, and where they would be too short they reach over their other end, as far as there is room. Only
what stands at the end of a wedge that has no room at all (*sf* > *p*) is moved on. Lengths are Verovio's units.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from xml.etree.ElementTree import Element

from lessons.lettering import SVG, WIDE, outline

GAP = 90.0
LEAST_WEDGE = 360.0  # two spaces of a staff
SMALLEST_WEDGE = 240.0  # between letters
HIGH = 270.0  # of letters, and half of that lies below their line at most
_PLACE = re.compile(r"translate\((-?[\d.]+), ?(-?[\d.]+)\) scale\(([\d.]+)")
_LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass
class _Mark:
    """Letters of dynamics, or words with a ``text``; where they begin and end, and the line that they stand on."""

    group: Element
    left: float
    right: float
    line: float
    text: Element | None = None

    def move(self, by: float) -> None:
        """Draw it farther to the right."""
        self.left, self.right = self.left + by, self.right + by
        if self.text is not None:
            self.text.set("x", f"{self.left:g}")
            return
        for use in self.group.findall(f"{{{SVG}}}use"):
            if told := _PLACE.match(use.get("transform", "")):
                rest = use.get("transform", "")[told.end(1) :]
                use.set("transform", f"translate({float(told[1]) + by:g}{rest}")


@dataclass
class _Wedge:
    """The lines of a wedge, and what they cover."""

    lines: list[Element]  # two where it is open at both ends, at the end of a system
    left: float
    right: float
    high: float
    low: float

    @classmethod
    def of(cls, lines: list[Element]) -> _Wedge:
        across, down = zip(*(point for line in lines for point in _points(line)), strict=True)
        return cls(lines, min(across), max(across), min(down), max(down))

    def is_beside(self, high: float, low: float) -> bool:
        return self.high < low and self.low > high

    def cover(self, left: float, right: float) -> None:
        """Draw it from left to right, if there is room for one."""
        if (left, right) != (self.left, self.right) and right - left >= SMALLEST_WEDGE:
            scale = (right - left) / (self.right - self.left)
            for line in self.lines:
                moved = [f"{left + (x - self.left) * scale:g},{y:g}" for x, y in _points(line)]
                line.set("points", " ".join(moved))
            self.left, self.right = left, right


def stand_clear(page: Element) -> None:
    """Move what stands upon something else, in place."""
    rows: dict[float, list[_Mark]] = defaultdict(list)
    wedges: list[_Wedge] = []
    for group in page.iter(f"{{{SVG}}}g"):
        kind = group.get("class", "").split()[:1]
        if kind == ["dynam"]:
            for mark in _marks(group):
                rows[mark.line].append(mark)
        elif kind == ["hairpin"]:
            lines = [line for line in group.findall(f"{{{SVG}}}polyline") if _points(line)]
            wedges += [_Wedge.of(lines)] if lines else []
    for row in rows.values():
        _spread(sorted(row, key=lambda mark: (mark.left, mark.text is not None)))
    for wedge in sorted(wedges, key=lambda wedge: wedge.left):
        _shorten(wedge, [mark for row in rows.values() for mark in row])
    for one, other in combinations(sorted(wedges, key=lambda wedge: (wedge.left, wedge.right)), 2):
        _part(one, other)


def _points(line: Element) -> list[tuple[float, float]]:
    pairs = (point.split(",") for point in line.get("points", "").split())
    return [(float(x), float(y)) for x, y in pairs]


def _marks(group: Element) -> Iterator[_Mark]:
    """What stands in the element of a dynamic: its letters, or its words."""
    placed = [
        (float(told[1]), float(told[2]), float(told[3]) * outline(use.get(_LINK, "")[1:5])[1])
        for use in group.findall(f"{{{SVG}}}use")
        if (told := _PLACE.match(use.get("transform", "")))
    ]
    if placed:
        yield _Mark(group, min(x for x, _, _ in placed), max(x + wide for x, _, wide in placed), placed[0][1])
    for text in group.findall(f"{{{SVG}}}text"):
        if text.text and not text.get("text-anchor"):
            left = float(text.get("x", "0"))
            wide = WIDE * float(text.get("font-size", "0px").removesuffix("px")) * len(text.text)
            yield _Mark(group, left, left + wide, float(text.get("y", "0")), text)


def _spread(row: Sequence[_Mark]) -> None:
    """Put the words of a row behind what they stand upon, or before what they run into."""
    for place, mark in enumerate(row):
        before = max((other.right + GAP for other in row[:place]), default=-float("inf"))
        if mark.text is None:
            continue
        after = next((other.left - GAP for other in row[place + 1 :] if other.text is None), float("inf"))
        wide = mark.right - mark.left
        left = max(before, min(mark.left, after - wide))
        if left == mark.left:
            continue
        mark.left, mark.right = left, left + wide
        mark.text.set("x", f"{mark.left:g}")
        for dash in mark.group.findall(f"{{{SVG}}}rect"):
            if float(dash.get("x", "0")) < mark.right + GAP:
                mark.group.remove(dash)


def _shorten(wedge: _Wedge, marks: Sequence[_Mark]) -> None:
    """Let a wedge begin behind what stands at its beginning, and end before what stands at its end."""
    beside = [mark for mark in marks if wedge.is_beside(mark.line - HIGH, mark.line + HIGH / 2)]
    middle = (wedge.left + wedge.right) / 2
    before = [mark for mark in beside if (mark.left + mark.right) / 2 < middle or mark.left <= wedge.left]
    first = max((mark.right + GAP for mark in before), default=-float("inf"))
    after = min((mark for mark in beside if mark not in before), key=lambda mark: mark.left, default=None)
    if after is not None and after.left - GAP - first < SMALLEST_WEDGE:
        after.move(first + SMALLEST_WEDGE + GAP - after.left)
    last = float("inf") if after is None else after.left - GAP
    begin, end = max(wedge.left, first), min(wedge.right, last)
    if end - begin < LEAST_WEDGE:
        end = min(last, max(end, begin + LEAST_WEDGE))
        begin = max(first, min(begin, end - LEAST_WEDGE))
    wedge.cover(begin, end)


def _part(one: _Wedge, other: _Wedge) -> None:
    """Let a wedge end where the next one begins, that of the two whose end comes first."""
    if one.is_beside(other.high, other.low) and one.left < other.left < one.right + GAP and one.right < other.right:
        middle = (other.left + one.right) / 2
        one.cover(one.left, middle - GAP / 2)
        other.cover(middle + GAP / 2, other.right)
