"""What the program itself sounds while it listens, so that it is not taken for the learner's: over loudspeakers both
reach the microphone.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from lessons.score import Score
from tutor.accompany import BEFORE, CATCH_UP_SEC
from tutor.course import Course
from tutor.listen.piano import Stroke
from tutor.metronome import Click
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.take_time import TakeTime
from tutor.transport import Transport

BEFORE_SEC, AHEAD_SEC = 0.5, 0.1  # from speaker through air to what is heard
TOLD_SEC = 0.1
MOST_NOTES = 50_000  # are kept for the second look: an hour and more


class OwnClicks:
    """The metronome along a practice, and whatever counts it in."""

    def __init__(self, score: Score, settings: PracticeSettings):
        self._timeline = Course(score, settings).timeline(settings)
        self._done = math.inf

    def since(self, transport: Transport, now_sec: float) -> list[bool]:
        """Whether each of the clicks since this was last asked has the accent; a count-in may have either."""
        progress, done = transport.progress_at(now_sec), self._done
        self._done = progress
        if not transport.running or not 0 <= progress - done < CATCH_UP_SEC:
            done = progress - BEFORE
        clicked = [one.accent for one in self._timeline.due(transport, done, progress) if isinstance(one, Click)]
        counted = any(done < click <= progress for click in transport.count_in)
        return [True, False] if counted else clicked


class OwnSound:
    """The notes of these hands (codes) and the ``backing`` as they are sounded; remembers when each was."""

    def __init__(self, score: Score, hands: frozenset[int], backing: bool = False):
        self._past: deque[tuple[int, float]] = deque(maxlen=MOST_NOTES)
        self.now_of(score, hands, backing)

    def now_of(self, score: Score, hands: frozenset[int], backing: bool) -> None:
        """Sound these from now on."""
        notes = score.notes[np.isin(score.notes["hand"], list(hands))]
        if backing:
            notes = np.concatenate([notes, score.backing])
            notes = notes[np.argsort(notes["onset_beat"], kind="stable")]
        self._onset_beats, self._pitches = notes["onset_beat"], notes["pitch"]
        self._rows: frozenset[int] = frozenset()

    def at(self, transport: Transport, now_sec: float) -> frozenset[int]:
        """The pitches that may be heard now; to be asked all the time."""
        if transport.stands_at(now_sec):
            self._rows = frozenset()
            return self._rows
        first, last = (transport.beat_at(now_sec + away) for away in (-BEFORE_SEC, AHEAD_SEC))
        since, until = self._onset_beats >= first, self._onset_beats <= last
        if transport.loop is not None and last < first:  # a new lap has begun in between
            start, end = transport.loop
            inside = (self._onset_beats >= start) & (self._onset_beats < end)
            rows = np.flatnonzero((since | until) & inside).tolist()
        else:
            rows = np.flatnonzero(since & until).tolist()
        self._past.extend((int(self._pitches[row]), now_sec) for row in rows if row not in self._rows)
        self._rows = frozenset(rows)
        return frozenset(int(self._pitches[row]) for row in rows)

    def taken_out(self, strokes: Sequence[Stroke], told: Performance, time: TakeTime) -> list[Stroke]:
        """The strokes but for the program's own; what was ``told`` live was due and is the learner's.

        Strokes count seconds of the take, whose ``time`` says what the clock's are.
        """
        own: dict[int, list[float]] = {}
        for pitch, stamp in self._past:
            own.setdefault(pitch, []).append(time.at(stamp))
        learners: dict[int, list[float]] = {}
        for onset, pitch in told.notes[["onset_sec", "pitch"]].tolist():
            learners.setdefault(pitch, []).append(onset)
        return [
            stroke
            for stroke in strokes
            if not any(0 <= stroke.onset_sec - at <= BEFORE_SEC + AHEAD_SEC for at in own.get(stroke.pitch, ()))
            or any(abs(stroke.onset_sec - at) < TOLD_SEC for at in learners.get(stroke.pitch, ()))
        ]
