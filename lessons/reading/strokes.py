"""Strokes: the notes of a score that were struck together, and which of them are ornaments of the next.

Notes that begin within a blink are one stroke, whichever hand plays them. A short stroke just before a longer one may
be a grace; one that is clearly shorter than a thirty-second, after a longer one, is. Strokes of one hand that are
neither that nor a rolled chord are apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT
from lessons.timing import TempoMap

BLINK_SEC, BREADTH_SEC = 0.026, 0.06  # between two notes of a stroke, and from its first to its last
ROLL_SEC = 0.06  # between the notes of a rolled chord
GRACE_GAP_SEC, GRACE_SEC = (0.045, 0.16), 0.2  # from a grace to the next stroke, and to its end
LONG_TICKS = 2 * BEAT  # what is longer weighs no more
GRACES = 3  # at most, before one note
LONGER = 2.0  # the main note, than a grace
TINY_TICKS = 50  # from a grace to the next stroke, so near that it has no place of its own

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Strokes:
    """The strokes of a piece, in order of time: ``of_note`` (notes,) says whose is which, ``ticks`` where they are.

    ``aims``: where they mean to be, tiny graces with their main note; ``weights``: how much sounds in them. ``pairs``
    (m, 2): strokes that follow one another in a hand and should not fall together; ``leading`` (m,): whether the first
    may be a grace then; ``graces`` (notes,): which notes may be one.
    """

    of_note: NDArray[np.intp]
    ticks: Floats
    aims: Floats
    weights: Floats
    pairs: NDArray[np.intp]
    leading: NDArray[np.bool_]
    graces: NDArray[np.bool_]


def strokes_of(
    onsets: NDArray[np.int64], ends: NDArray[np.int64], streams: NDArray[np.intp], tempo: TempoMap
) -> Strokes:
    """Group notes, given by ticks and the stream (the hand of a part) that plays each."""
    begin, stop = tempo.seconds_at(onsets / BEAT), tempo.seconds_at(ends / BEAT)
    of_note = _grouped(begin)
    count = np.bincount(of_note)
    ticks, seconds = (np.bincount(of_note, weights=each) / count for each in (onsets, begin))
    weights = np.bincount(of_note, weights=np.clip(ends - onsets, 1, LONG_TICKS)).astype(np.float64)
    aims, graces = ticks.copy(), np.zeros(len(onsets), dtype=np.bool_)
    pairs, leading = [np.zeros((0, 2), dtype=np.intp)], [np.zeros(0, dtype=np.bool_)]
    for stream in np.unique(streams).tolist():
        rows = np.flatnonzero(streams == stream)
        numbers, sizes = np.unique(of_note[rows], return_counts=True)
        ornaments = _ornaments(seconds[numbers], _last(of_note[rows], stop[rows], numbers))
        graces[rows] = np.isin(of_note[rows], numbers[ornaments])
        main = _main(ticks[numbers], ornaments & (sizes == count[numbers]))
        aims[numbers] = np.where(main > np.arange(len(main)), ticks[numbers[main]], aims[numbers])
        apart = (np.diff(seconds[numbers]) > ROLL_SEC) & (np.diff(main) > 0)
        pairs.append(np.stack([numbers[:-1], numbers[1:]], axis=1)[apart])
        leading.append(ornaments[:-1][apart])
    return Strokes(of_note, ticks, aims, weights, np.concatenate(pairs), np.concatenate(leading), graces)


def _grouped(seconds: Floats) -> NDArray[np.intp]:
    """The number of the stroke of each note, in order of time."""
    numbers = np.zeros(len(seconds), dtype=np.intp)
    number, first, before = -1, -np.inf, -np.inf
    for row in np.argsort(seconds, kind="stable").tolist():
        now = float(seconds[row])
        if now - before > BLINK_SEC or now - first > BREADTH_SEC:
            number, first = number + 1, now
        numbers[row], before = number, now
    return numbers


def _last(of_note: NDArray[np.intp], stop: Floats, numbers: NDArray[np.intp]) -> Floats:
    """When the last note of each stroke ends."""
    last = np.full(len(numbers), -np.inf)
    np.maximum.at(last, np.searchsorted(numbers, of_note), stop)
    return last


def _ornaments(seconds: Floats, stop: Floats) -> NDArray[np.bool_]:
    """Which strokes of a hand may be graces of what follows, given when each begins and ends."""
    found = np.zeros(len(seconds), dtype=np.bool_)
    gaps = np.append(np.diff(seconds), np.inf)
    run = 0
    for place in range(len(seconds) - 2, -1, -1):
        short = GRACE_GAP_SEC[0] < gaps[place] < GRACE_GAP_SEC[1] and stop[place] - seconds[place] < GRACE_SEC
        leads = run < GRACES if found[place + 1] else gaps[place + 1] >= LONGER * gaps[place]
        found[place] = short and leads
        run = run + 1 if found[place] else 0
    return found


def _main(ticks: Floats, ornaments: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each stroke of a hand the one that it is a tiny grace of; itself where it is none.

    Nothing else is near before the first grace of a main note.
    """
    main = np.arange(len(ticks))
    gaps = np.append(np.diff(ticks), np.inf)
    tiny = ornaments & (gaps < TINY_TICKS)
    for place in np.flatnonzero(tiny & ~np.insert(tiny[:-1], 0, False)).tolist():
        end = place + int(np.argmin(tiny[place:]))
        if place == 0 or gaps[place - 1] >= LONGER * gaps[place]:
            main[place:end] = end
    return main
