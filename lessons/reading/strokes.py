"""Strokes: the notes of a score that were struck together, and which of them are ornaments of the next.

Notes that begin within a blink are one stroke, whichever hand plays them. A short stroke just before a longer one is a
grace; strokes of one hand that are neither that nor a rolled chord are apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT
from lessons.timing import TempoMap

BLINK_SEC, BREADTH_SEC = 0.026, 0.06  # between two notes of a stroke, and from its first to its last
ROLL_SEC = 0.06  # between the notes of a rolled chord
GRACE_GAP_SEC, GRACE_SEC = 0.16, 0.2
GRACES = 3  # at most, before one note
LONGER = 2.0  # the main note, than a grace


@dataclass(frozen=True, eq=False)
class Strokes:
    """``of_note`` (notes,) the stroke of each; ``ticks`` (strokes,) their means; and by stream what follows what.

    ``apart`` (m, 2): strokes that follow one another in a stream, not as a grace; ``graces``: notes that are one.
    """

    of_note: NDArray[np.intp]
    ticks: NDArray[np.float64]
    apart: NDArray[np.intp]
    graces: NDArray[np.bool_]


def strokes_of(
    onsets: NDArray[np.int64], ends: NDArray[np.int64], streams: NDArray[np.intp], tempo: TempoMap
) -> Strokes:
    """Group notes, given by ticks and the stream (the hand of a part) that plays each."""
    begin, stop = tempo.seconds_at(onsets / BEAT), tempo.seconds_at(ends / BEAT)
    of_note = _grouped(begin)
    count = np.bincount(of_note)
    ticks = np.bincount(of_note, weights=onsets) / count
    seconds = np.bincount(of_note, weights=begin) / count
    apart: list[tuple[int, int]] = []
    graces = np.zeros(len(onsets), dtype=np.bool_)
    for stream in np.unique(streams).tolist():
        rows = np.flatnonzero(streams == stream)
        numbers = np.unique(of_note[rows])
        ornaments = _ornaments(numbers, seconds[numbers], _last(of_note[rows], stop[rows], numbers))
        graces[rows] = np.isin(of_note[rows], numbers[ornaments])
        gaps = np.diff(seconds[numbers])
        pairs = np.stack([numbers[:-1], numbers[1:]], axis=1)
        apart += pairs[(gaps > ROLL_SEC) & ~ornaments[:-1]].tolist()
    return Strokes(of_note, ticks, np.array(apart, dtype=np.intp).reshape(-1, 2), graces)


def _grouped(seconds: NDArray[np.float64]) -> NDArray[np.intp]:
    """The number of the stroke of each note, in order of time."""
    numbers = np.zeros(len(seconds), dtype=np.intp)
    number, first, before = -1, -np.inf, -np.inf
    for row in np.argsort(seconds, kind="stable").tolist():
        now = float(seconds[row])
        if now - before > BLINK_SEC or now - first > BREADTH_SEC:
            number, first = number + 1, now
        numbers[row], before = number, now
    return numbers


def _last(of_note: NDArray[np.intp], stop: NDArray[np.float64], numbers: NDArray[np.intp]) -> NDArray[np.float64]:
    """When the last note of each stroke ends."""
    last = np.full(len(numbers), -np.inf)
    np.maximum.at(last, np.searchsorted(numbers, of_note), stop)
    return last


def _ornaments(numbers: NDArray[np.intp], seconds: NDArray[np.float64], stop: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which strokes of a stream are graces of what follows."""
    found = np.zeros(len(numbers), dtype=np.bool_)
    gaps = np.append(np.diff(seconds), np.inf)
    run = 0
    for place in range(len(numbers) - 2, -1, -1):
        gap = gaps[place]
        short = stop[place] - seconds[place] < GRACE_SEC
        leads = (found[place + 1] and run < GRACES) or (not found[place + 1] and gaps[place + 1] >= LONGER * gap)
        found[place] = gap < GRACE_GAP_SEC and short and leads
        run = run + 1 if found[place] else 0
    return found
