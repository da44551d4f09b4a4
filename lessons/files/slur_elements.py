"""Where the slurs of a page begin and end among the notes that are written.

A slur of which either note is not there is left out. Numbers tell apart what is open at once in the order of the file,
which within a bar goes staff by staff and voice by voice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.page_signs import ABOVE, BELOW
from lessons.timing import GRID_PER_BEAT

_NUMBERS = 16  # that MusicXML has
_SIDES = {ABOVE: "above", BELOW: "below"}
_Order = tuple[int, int, int, int]  # bar, staff, voice, tick


@dataclass(frozen=True)
class SlurEnd:
    """One end of a slur, at a tick within a note."""

    tick: int
    type: str  # start, stop
    number: int
    side: str  # above, below, or "" where nobody says


def slur_ends(
    slurs: NDArray[np.void], notes: NDArray[np.void], voices: Mapping[int, tuple[int, int]], edges: NDArray[np.int64]
) -> dict[int, list[SlurEnd]]:
    """The slurs' ends by the rows of notes; ``voices``: a row's staff and voice; ``edges``: the bar lines in ticks."""
    found: dict[int, list[SlurEnd]] = defaultdict(list)
    joined = []
    for slur, first, last in _joined(slurs, notes):
        ticks = [round(float(slur[name]) * GRID_PER_BEAT) for name in ("start_beat", "end_beat")]
        bars = (np.searchsorted(edges, ticks, side="right") - 1).tolist()
        begin, end = ((bar, *voices[row], tick) for bar, row, tick in zip(bars, (first, last), ticks, strict=True))
        joined.append((min(begin, end), max(begin, end), slur, (first, last), ticks))
    for number, (_, _, slur, rows, ticks) in _numbered(sorted(joined, key=lambda each: each[:2])):
        side = _SIDES.get(int(slur["side"]), "")
        for row, tick, kind in zip(rows, ticks, ("start", "stop"), strict=True):
            found[row].append(SlurEnd(tick, kind, number, side if kind == "start" else ""))
    return found


_Joined = tuple[_Order, _Order, np.void, tuple[int, int], list[int]]


def _numbered(slurs: list[_Joined]) -> Iterator[tuple[int, _Joined]]:
    """The slurs, in the order in which they begin in the file, with the lowest number that is free there."""
    closed: list[_Order] = [(-1, 0, 0, 0)] * _NUMBERS
    for slur in slurs:
        place = next((place for place, end in enumerate(closed) if end < slur[0]), None)
        if place is not None:
            closed[place] = slur[1]
            yield place + 1, slur


def _joined(slurs: NDArray[np.void], notes: NDArray[np.void]) -> Iterator[tuple[np.void, int, int]]:
    """The slurs whose notes are both there, with the rows of these."""
    places = _Places(notes)
    for slur in slurs:
        first, last = (
            places.row(
                int(slur["part"]), int(slur[f"{end}_pitch"]), float(slur[f"{end}_beat"]), bool(slur[f"{end}_grace"])
            )
            for end in ("start", "end")
        )
        if first is not None and last is not None and first != last:
            yield slur, first, last


class _Places:
    """Finds notes by part, pitch and a beat at which they begin or go on."""

    def __init__(self, notes: NDArray[np.void]):
        self._rows: dict[tuple[int, int, bool], list[tuple[int, int, int]]] = defaultdict(list)
        onsets = np.round(notes["onset_beat"] * GRID_PER_BEAT).astype(int).tolist()
        ends = np.round((notes["onset_beat"] + notes["duration_beat"]) * GRID_PER_BEAT).astype(int).tolist()
        names = notes[["part", "pitch", "grace"]].tolist()
        for row, (name, onset, end) in enumerate(zip(names, onsets, ends, strict=True)):
            self._rows[name].append((onset, end, row))

    def row(self, part: int, pitch: int, beat: float, grace: bool) -> int | None:
        rows, tick = self._rows.get((part, pitch, grace), []), round(beat * GRID_PER_BEAT)
        place = bisect_right(rows, tick, key=lambda each: each[0]) - 1
        if place < 0:
            return None
        onset, end, row = rows[place]
        return row if tick < max(end, onset + 1) else None
