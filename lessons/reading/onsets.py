"""Where notes are written that begin where no page has a note: on the simplest grid, chords together, graces apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.measure_elements import ticks_of
from lessons.reading.grids import Manner, Onsets, placed
from lessons.reading.lattice import is_fine
from lessons.reading.manner import FREE_STRAY, is_free, late_ticks, manner_of, swing_of
from lessons.reading.strokes import Strokes, strokes_of
from lessons.reading.units import Units, units_of
from lessons.score import Score

Ticks = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Written:
    """For each note where it begins, in ticks, and whether it is a grace; and how played time became written time.

    ``free``: whether the music has no beat.
    """

    begin: Ticks
    graces: NDArray[np.bool_]
    played: NDArray[np.float64]  # (strokes,) ascending
    written: Ticks
    free: bool

    def time(self, ticks: Ticks) -> NDArray[np.float64]:
        """Played positions as they are written."""
        after = np.maximum(ticks - self.played[-1], 0.0)
        found: NDArray[np.float64] = np.interp(ticks, self.played, self.written) + after
        return found


def onsets_written(
    score: Score, begin: Ticks, end: Ticks, pitches: NDArray[np.int64], streams: NDArray[np.intp], spoilt: bool
) -> Written:
    """Write the onsets of notes, given in ticks, that the ``streams`` of a score play.

    Where they are but ``spoilt``, those that stand on a usual grid stay as they are.
    """
    strokes = strokes_of(begin, end, streams, score.tempo)
    units = units_of(score, int(end.max()))
    free = not spoilt and is_free(strokes.ticks)
    places = _places(strokes, units, moved=not (spoilt or free), free=free)
    places = np.maximum(places, int(ticks_of(score.bars["start_beat"][0])))
    notes = places[strokes.of_note]
    notes = np.where(is_fine(begin), begin, notes) if spoilt else notes
    return Written(notes, _graces(notes, streams, pitches, strokes), strokes.ticks, places, free)


def _places(strokes: Strokes, units: Units, moved: bool, free: bool) -> Ticks:
    """The place of each stroke, where all of them may be ``moved``."""
    late = late_ticks(strokes.aims, strokes.weights) if moved else 0
    onsets = Onsets(strokes.aims - late, strokes.pairs, strokes.leading)
    manner = Manner(FREE_STRAY, free=True) if free else manner_of(onsets, units, swing_of(onsets.ticks))
    return placed(onsets, units, manner)


def _graces(begin: Ticks, streams: NDArray[np.intp], pitches: NDArray[np.int64], strokes: Strokes) -> NDArray[np.bool_]:
    """Which notes are graces: ornaments that have no place of their own, and a key that is struck anew on one place."""
    ornaments = strokes.graces & _is_early(strokes.of_note, streams, begin)
    in_turn = np.argsort(np.argsort(strokes.of_note, kind="stable"), kind="stable")
    return ornaments | _is_early(in_turn, streams, begin, pitches)


def _is_early(order: NDArray[np.intp], *names: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which notes come before the last one of those that share all names."""
    group = np.unique(np.stack(names, axis=1), axis=0, return_inverse=True)[1].reshape(-1)
    latest = np.full(len(order), -1)
    np.maximum.at(latest, group, order)
    return order < latest[group]
