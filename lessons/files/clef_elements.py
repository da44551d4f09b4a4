"""Clefs as MusicXML elements: those of the page, else the one in which the notes of a staff lie best."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from lessons.files.elements import add
from lessons.score import UNKNOWN_HAND, Score
from lessons.timing import GRID_PER_BEAT

_TREBLE, _BASS = ("G", 2, 0), ("F", 4, 0)
_MIDDLE = 59  # the mean pitch from which a staff is better read in the treble
_Clef = tuple[str, int, int]  # sign, line, octave


class ClefElements:
    """The clefs of one player's staves."""

    def __init__(self, score: Score, staves: list[int]):
        self._staves = [_changes(score, hand, len(staves) == 1) for hand in staves]
        self._fitting = [_fitting(score, hand) for hand in staves]

    def add_to(self, attributes: etree._Element, start: int, first: bool) -> None:
        """Add the clefs that a bar begins with; the first bar has one for each staff."""
        for staff, changes in enumerate(self._staves):
            place = bisect_right(changes, start, key=lambda change: change[0]) - 1
            if first:
                _add(attributes, staff, changes[place][1] if place >= 0 else self._fitting[staff])
            elif place >= 0 and changes[place][0] == start:
                _add(attributes, staff, changes[place][1])

    def inside(self, start: int, end: int) -> list[tuple[int, etree._Element]]:
        """The changes within a bar, as <attributes> with their ticks."""
        found = []
        for staff, changes in enumerate(self._staves):
            first = bisect_right(changes, start, key=lambda change: change[0])
            for tick, clef in changes[first : bisect_left(changes, end, key=lambda change: change[0])]:
                attributes = etree.Element("attributes")
                _add(attributes, staff, clef)
                found.append((tick, attributes))
        return found


def _changes(score: Score, hand: int, alone: bool) -> list[tuple[int, _Clef]]:
    clefs = score.signs.clefs
    own = np.isin(clefs["part"], np.unique(score.notes["part"]))
    mine = clefs[own & np.isin(clefs["hand"], [hand, *([UNKNOWN_HAND] if alone else [])])]
    return [
        (round(float(row["start_beat"]) * GRID_PER_BEAT), (str(row["sign"]), int(row["line"]), int(row["octave"])))
        for row in mine
    ]


def _fitting(score: Score, hand: int) -> _Clef:
    pitches = score.notes["pitch"][score.notes["hand"] == hand]
    return _TREBLE if not len(pitches) or pitches.mean() >= _MIDDLE else _BASS


def _add(attributes: etree._Element, staff: int, clef: _Clef) -> None:
    sign, line, octave = clef
    element = add(attributes, "clef", number=str(staff + 1))
    add(element, "sign", sign)
    add(element, "line", str(line))
    if octave:
        add(element, "clef-octave-change", str(octave))
