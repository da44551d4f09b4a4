"""How long notes are written that end where no page has an end: up to the next one, or with a rest that says something.

A note that goes on while others of its hand begin is *held*, in a voice of its own above or below these, where it is
higher or lower than all of them. All others end with the next stroke; a gap before it becomes a rest only where it is
an eighth or more and the length would be told wrongly without.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.files.notation import BEAT
from lessons.reading.holding import UPPER, Hold, Sounding, holds_of, opposite

EIGHTH, SIXTEENTH = BEAT // 2, BEAT // 4
_ON_BEAT, _OFF_BEAT, _TIED = 40, 100, 120  # ticks of error that a rest must save, and one that needs a tie
_HALF = 0.5  # of the time between two strokes, beyond which a note is held until the second
_LEGATO = 0.2  # of a note's own length, that it may run into the next one
_SIMPLE = (120, 160, 240, 320, 360, 480, 720, 960, 1440, 1920)

Ticks = NDArray[np.int64]


def written(begin: Ticks, end: NDArray[np.float64], pitch: Ticks, close: int, free: bool) -> tuple[Ticks, Ticks]:
    """The ends, in ticks, and the voices of the notes of one hand, given where each begins and ends as it was played.

    The music ends at ``close``. Of ``free`` music nothing is held beside others, and rests are whole beats.
    """
    strokes, of_note = np.unique(begin, return_inverse=True)
    edges = np.append(strokes, max(close, int(strokes[-1]) + SIXTEENTH))
    sounding = Sounding(of_note, _until(end, of_note, edges), pitch, edges)
    holds = [] if free else holds_of(sounding)
    until = of_note + 1
    for hold in holds:
        until[list(hold.rows)] = hold.until
    last: dict[tuple[int, int], float] = {}
    for stroke, stop, ended in zip(of_note.tolist(), until.tolist(), end.tolist(), strict=True):
        last[stroke, stop] = max(ended, last.get((stroke, stop), -np.inf))
    step = BEAT if free else EIGHTH
    ends = {at: _end(int(edges[at[0]]), int(edges[at[1]]), ended, step) for at, ended in last.items()}
    found = np.array([ends[at] for at in zip(of_note.tolist(), until.tolist(), strict=True)], dtype=np.int64)
    return found, _voices(of_note, holds)


def apart(begin: Ticks, end: Ticks, pitch: Ticks) -> Ticks:
    """The voices of the notes of one hand whose ends are written."""
    strokes, of_note = np.unique(begin, return_inverse=True)
    edges = np.append(strokes, max(int(end.max()), int(strokes[-1]) + 1))
    until = np.maximum(np.searchsorted(edges, end), of_note + 1)
    return _voices(of_note, holds_of(Sounding(of_note, until, pitch, edges)))


def _voices(of_note: NDArray[np.intp], holds: list[Hold]) -> Ticks:
    """What is held in its voice, and what moves beside it in the other; in the upper one what is alone."""
    voices = np.full(len(of_note), UPPER, dtype=np.int64)
    for hold in holds:
        voices[(of_note >= hold.first) & (of_note < hold.until)] = opposite(hold.side)
    for hold in holds:
        voices[list(hold.rows)] = hold.side
    return voices


def mended(begin: Ticks, end: NDArray[np.float64]) -> Ticks:
    """The ends of the notes of one hand, put on the next stroke or sixteenth beside them."""
    near = np.round(end / SIXTEENTH) * SIXTEENTH
    strokes = np.append(np.unique(begin), np.iinfo(np.int64).max)
    after = strokes[np.minimum(np.searchsorted(strokes, end - SIXTEENTH / 2), len(strokes) - 1)]
    return np.where(np.abs(after - end) <= SIXTEENTH / 2, after, near).astype(np.int64)


def _until(end: NDArray[np.float64], of_note: NDArray[np.intp], edges: Ticks) -> NDArray[np.intp]:
    """With which stroke each note ends: that which is nearer, measured by the time between two.

    A note that runs a little into the next one, as in legato, ends there, however soon another follows.
    """
    before = np.clip(np.searchsorted(edges, end, side="right") - 1, 0, len(edges) - 2)
    over = end - edges[before]
    late = over >= _HALF * (edges[before + 1] - edges[before])
    late &= (before > of_note + 1) | (over >= _LEGATO * (edges[before] - edges[of_note]))
    found: NDArray[np.intp] = np.maximum(before + late, of_note + 1)
    return found


def _end(start: int, stop: int, ended: float, step: int) -> int:
    """Where a note is written to end that must not go on beyond ``stop``: there, or before a rest of a step or more."""
    if stop - start < 2 * step:
        return stop
    first = (start // step + 1) * step
    choices = [(max(0.0, stop - ended), stop)]
    choices += [(_cost(start, place, ended), place) for place in range(first, stop - step + 1, step)]
    return min(choices)[1]


def _cost(start: int, place: int, ended: float) -> float:
    """What is told wrongly, in ticks, by a note that ends before a rest, and what the rest costs."""
    on_beat, length = place % BEAT == 0, place - start
    return abs(place - ended) + (_ON_BEAT if on_beat else _OFF_BEAT) + (0 if length in _SIMPLE else _TIED)
