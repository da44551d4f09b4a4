"""Which notes the score has where the player is, and when each is due: a note of the score is due once.

A key that was struck rings on, and what rings may look like another stroke; so a note that was just heard is not due
again, and the next one of its key is due when most of the way to it is over, at the tempo of the last few notes.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.verdicts import Judgement

BEFORE_BEATS = 0.5
EARLY = 0.7  # of the way from the last note to the next one
REJOIN_BEATS = 2.0  # as far ahead a beat that leads tells better where the player is than what they last played
AGAIN_BEATS = 2.0  # later than that a note that was heard may be played anew
ONSETS, LEAST_ONSETS = 6, 3  # that the tempo is taken from
CHORD_BEATS, CHORD_SEC = 0.05, 0.06  # the keys of a chord come in any order
TEMPO_RANGE = (0.4, 3.0)  # seconds a beat, against what is written


@dataclass(frozen=True, slots=True)
class DueNote:
    """A written note that is due from a stamp on, about at another one, together with other pitches.

    Before anything was played ``from_sec`` is minus infinity and ``at_sec`` is not a number.
    """

    from_sec: float
    at_sec: float
    together: frozenset[int] = frozenset()


DueNotes = Mapping[int, tuple[DueNote, ...]]
"""The notes of each pitch near the player; none of a pitch that was just heard."""


class Due:
    """What is due of the notes of these hands (codes); starts at ``start_beat``."""

    def __init__(self, score: Score, hands: frozenset[int], start_beat: float):
        self._tempo, self._beat, self._now_sec = score.tempo, start_beat, -math.inf
        self._rows = np.flatnonzero(np.isin(score.notes["hand"], list(hands)))
        self._onset_beats = score.notes["onset_beat"][self._rows]
        self._pitches = score.notes["pitch"][self._rows]
        self._hits: dict[int, tuple[int, float]] = {}
        self._onsets: deque[tuple[float, float]] = deque(maxlen=ONSETS)

    def heard(self, judgements: tuple[Judgement, ...]) -> None:
        """Follow the player."""
        self._beat, self._now_sec = judgements[0].position_beat, judgements[0].time_sec
        for judgement in judgements:
            self._hits.pop(judgement.index, None)
            if judgement.verdict != "hit" or judgement.score_index is None or judgement.onset_beat is None:
                continue
            self._hits[judgement.index] = judgement.score_index, judgement.time_sec
            if not self._onsets or abs(self._onsets[-1][1] - judgement.onset_beat) > CHORD_BEATS:
                self._onsets.append((judgement.time_sec, judgement.onset_beat))
        since = self._now_sec - AGAIN_BEATS * self._beat_sec()
        self._hits = {index: hit for index, hit in self._hits.items() if hit[1] > since}

    def led_to(self, beat: float, now_sec: float) -> None:
        """A beat stands here at this second of the take; who was left far behind rejoins it."""
        if abs(beat - self._beat) > REJOIN_BEATS:
            self._beat, self._now_sec = beat, now_sec

    def notes(self, ahead_beats: float, start_sec: float = 0.0) -> DueNotes:
        """What is near the player; the take, whose seconds the judgements count, began at the stamp ``start_sec``."""
        now_sec = start_sec + self._now_sec
        beat_sec, heard = self._beat_sec(), {row for row, _ in self._hits.values()}
        near = self._near(ahead_beats)
        due: dict[int, tuple[DueNote, ...]] = {int(pitch): () for pitch in self._pitches[near]}
        for place in near:
            if int(self._rows[place]) in heard:
                continue
            ahead_sec = float(self._onset_beats[place] - self._beat) * beat_sec
            from_sec = now_sec - CHORD_SEC + EARLY * ahead_sec
            at_sec = now_sec + ahead_sec if self._onsets else math.nan
            due[int(self._pitches[place])] += (DueNote(from_sec, at_sec, self._together(place)),)
        return due

    def _together(self, place: int) -> frozenset[int]:
        """The other pitches of its chord."""
        chord = self._pitches[np.abs(self._onset_beats - self._onset_beats[place]) <= CHORD_BEATS]
        return frozenset(chord.tolist()) - {int(self._pitches[place])}

    def _near(self, ahead_beats: float) -> NDArray[np.intp]:
        away = self._onset_beats - self._beat
        return np.flatnonzero((away >= -BEFORE_BEATS) & (away <= ahead_beats))

    def _beat_sec(self) -> float:
        """Seconds a beat of the last few notes; what is written before there are some."""
        written = 60 / float(self._tempo.bpm_at(self._beat))
        times, beats = np.array(self._onsets).reshape(-1, 2).T
        steps = np.diff(beats)
        if len(times) < LEAST_ONSETS or not (steps > 0).any():
            return written
        played = float(np.median(np.diff(times)[steps > 0] / steps[steps > 0]))
        return float(np.clip(played, written * TEMPO_RANGE[0], written * TEMPO_RANGE[1]))
