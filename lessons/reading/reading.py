"""The reading of a score: the same notes, written where a page can have them.

A score that stands on a page already, as those of MusicXML, ABC and exact MIDI files do, is its own reading. Judging,
following and the roll keep the time of the file; only the notation is written from this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lessons.files.measure_elements import ticks_of
from lessons.files.notation import BEAT
from lessons.hands import with_hands
from lessons.reading.lattice import Condition, condition, nearest, off_page
from lessons.reading.lengths import apart, mended, written
from lessons.reading.manner import is_free
from lessons.reading.onsets import Written, onsets_written
from lessons.reading.signature import keys_of
from lessons.reading.strokes import strokes_of
from lessons.score import Score

FEW = 0.01  # of the positions, that may be where no page has them
MANY_TUPLETS, SOME = 0.6, 0.1  # of onsets, where somebody spelled the notes, and of ends, more than of onsets
LEAST = BEAT // 8

Ticks = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reading:
    """A score as it is written, and for each of its notes the row that it has in the score as it is played."""

    score: Score
    rows: NDArray[np.intp]


def readable(score: Score) -> Reading:
    """Read a score for the page."""
    notes = np.concatenate([score.notes, score.backing])
    found = _conditions(notes[~notes["grace"]])
    if not len(score.bars) or found == (Condition.EXACT, Condition.EXACT):
        return Reading(score, np.arange(len(score.notes)))
    return _reread(replace(with_hands(score), keys=keys_of(score)), *found)


def has_no_beat(score: Score) -> bool:
    """Whether a score is a recording whose notes keep no beat of their file, so that its bars say nothing."""
    notes = score.notes[~score.notes["grace"]]
    if _conditions(notes)[0] is not Condition.ROUGH:
        return False
    return is_free(strokes_of(*_spans(notes), np.zeros(len(notes), dtype=np.intp), score.tempo).ticks)


def _conditions(notes: NDArray[np.void]) -> tuple[Condition, Condition]:
    """How the onsets and the ends of notes stand to a page; where they were spelled, tuplets may be of any kind."""
    spelled = bool(np.any(notes["step"] != ""))
    begin, end = _spans(notes)
    of_begin = condition(begin, MANY_TUPLETS if spelled else FEW, spelled)
    trusted = spelled and of_begin is Condition.EXACT and len(begin) > 0
    few = float(off_page(begin).mean()) + SOME if trusted else FEW
    return of_begin, condition(end, few, spelled)


def _spans(notes: NDArray[np.void]) -> tuple[Ticks, Ticks]:
    return ticks_of(notes["onset_beat"]), ticks_of(notes["onset_beat"] + notes["duration_beat"])


def _reread(score: Score, of_begin: Condition, of_end: Condition) -> Reading:
    mine, notes = len(score.notes), np.concatenate([score.notes, score.backing])
    graces = notes["grace"]
    plain = notes[~graces]
    streams = _streams(notes, mine)[~graces]
    onsets = _onsets(score, plain, streams, of_begin)
    ends, voices = _ends(score, plain, onsets, streams, of_end)
    read = notes.copy()
    read["onset_beat"][~graces] = onsets.begin / BEAT
    ends = np.where(ends > onsets.begin, ends, nearest(onsets.begin + LEAST))
    read["duration_beat"][~graces] = (ends - onsets.begin) / BEAT
    read["voice"][~graces] = voices
    read["grace"][~graces] = onsets.graces
    read["onset_beat"][graces] = onsets.time(ticks_of(notes["onset_beat"][graces])).round() / BEAT
    return _ordered(score, read[:mine], read[mine:])


def _streams(notes: NDArray[np.void], mine: int) -> NDArray[np.intp]:
    """A number for each hand of each part, of the learner and of others."""
    names = np.stack([np.arange(len(notes)) >= mine, notes["part"], notes["hand"]], axis=1)
    return np.unique(names, axis=0, return_inverse=True)[1].reshape(-1)


def _onsets(score: Score, notes: NDArray[np.void], streams: NDArray[np.intp], found: Condition) -> Written:
    begin, end = _spans(notes)
    if found in (Condition.SPOILT, Condition.ROUGH):
        pitches = notes["pitch"].astype(np.int64)
        return onsets_written(score, begin, end, pitches, streams, found is Condition.SPOILT)
    places = _snapped(begin) if found is Condition.NEAR else begin
    played, first = np.unique(begin, return_index=True)
    return Written(places, np.zeros(len(begin), dtype=np.bool_), played.astype(float), places[first], free=False)


def _ends(
    score: Score, notes: NDArray[np.void], onsets: Written, streams: NDArray[np.intp], found: Condition
) -> tuple[Ticks, Ticks]:
    """The written ends and the voices of notes."""
    end, voices = _spans(notes)[1], notes["voice"].astype(np.int64)
    if found is Condition.EXACT:
        return end, voices
    ends, ended = _snapped(end), onsets.time(end)
    wrong = off_page(end) | (np.abs(ended - end) >= 1)
    close = int(ticks_of(score.bars["end_beat"][-1]))
    for stream in np.unique(streams).tolist():
        rows = np.flatnonzero((streams == stream) & ~onsets.graces)
        begin, pitches = onsets.begin[rows], notes["pitch"][rows].astype(np.int64)
        if found is Condition.SPOILT:
            ends[rows] = np.where(wrong[rows], mended(begin, ended[rows]), end[rows])
        if found is not Condition.ROUGH:
            told = len(np.unique(voices[rows])) > 1
            voices[rows] = voices[rows] if told else apart(begin, ends[rows], pitches)
        else:
            ends[rows], voices[rows] = written(begin, ended[rows], pitches, close, onsets.free)
    return ends, voices


def _snapped(ticks: Ticks) -> Ticks:
    """Positions where a page has them; those that it has stay as they are."""
    return np.where(off_page(ticks), nearest(ticks), ticks)


def _ordered(score: Score, notes: NDArray[np.void], backing: NDArray[np.void]) -> Reading:
    """The score with other notes, which it puts in order."""
    height = np.where(notes["grace"], -1, notes["pitch"])
    rows = np.lexsort((height, notes["onset_beat"]))
    return Reading(replace(score, notes=notes[rows], backing=backing, marks=_moved_marks(score, notes)), rows)


def _moved_marks(score: Score, read: NDArray[np.void]) -> NDArray[np.void]:
    """The marks where their notes are written."""
    names = zip(score.notes["onset_beat"].round(4).tolist(), score.notes["pitch"].tolist(), strict=True)
    places = dict(zip(names, read["onset_beat"].tolist(), strict=True))
    marks = score.marks.copy()
    at = zip(marks["onset_beat"].round(4).tolist(), marks["pitch"].tolist(), strict=True)
    marks["onset_beat"] = [places.get(name, name[0]) for name in at]
    return marks
