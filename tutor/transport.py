"""Where the score stands at a second of the clock: a value that knows tempo, loop, pause and waiting.

Three measures: *clock seconds* (`tutor.clock`), *beats* of the score, and between them *progress*: seconds of the score
at its written tempo, which run on through the laps of a loop and so never jump back. Lap k of a loop from A to B covers
the progress from A + k·(B − A) to B + k·(B − A). A transport is frozen: a change makes a new one, anchored at the
second of the change, and any thread may ask one where it stands.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lessons.errors import InputError
from lessons.timing import TempoMap

RATIO_RANGE = (0.1, 4.0)
EDGE_SEC = 1e-9  # a beat that goes to seconds and back must not fall before itself
COUNT_EDGE_SEC = 1e-6  # a click that sounds now is counted already


@dataclass(frozen=True, eq=False)
class Transport:
    """At ``anchor_sec`` the score stood at ``anchor_progress``; since then it runs at ``ratio`` times its tempo.

    ``limit_progress`` is where it waits for the learner; ``loop`` is (start_beat, end_beat); ``restarts`` is how often
    the practice has begun anew. The music begins, or goes on after a pause, at ``entry_progress``; before that it is
    counted in, with clicks at these progresses (``count_in``).
    """

    tempo: TempoMap
    anchor_sec: float
    anchor_progress: float
    ratio: float = 1.0
    running: bool = True
    loop: tuple[float, float] | None = None
    limit_progress: float = math.inf
    restarts: int = 0
    entry_progress: float = -math.inf
    count_in: tuple[float, ...] = ()

    @classmethod
    def at(
        cls, tempo: TempoMap, beat: float, now_sec: float, ratio: float = 1.0, loop: tuple[float, float] | None = None
    ) -> Transport:
        """A transport that runs from ``beat`` on. Raises InputError for a ratio or a loop that cannot be."""
        if not RATIO_RANGE[0] <= ratio <= RATIO_RANGE[1]:
            raise InputError(f"tempo {ratio:g} times as written: must be {RATIO_RANGE[0]:g} to {RATIO_RANGE[1]:g}")
        if loop is not None and loop[0] >= loop[1]:
            raise InputError(f"a loop from beat {loop[0]:g} to {loop[1]:g} has no length")
        return cls(tempo, now_sec, float(tempo.seconds_at(beat)), ratio, True, loop)

    def progress_at(self, now_sec: float) -> float:
        """Progress at a clock second; never beyond the limit."""
        elapsed = max(0.0, now_sec - self.anchor_sec) * self.ratio if self.running else 0.0
        return max(self.anchor_progress, min(self.anchor_progress + elapsed, self.limit_progress))

    def beat_at(self, now_sec: float) -> float:
        """The position in beats at a clock second."""
        return self.beat_of(self.progress_at(now_sec))

    def lap_at(self, now_sec: float) -> int:
        """How often the loop has begun anew; 0 without a loop."""
        return self.lap_of(self.progress_at(now_sec))

    def waiting_at(self, now_sec: float) -> bool:
        """Whether the score stands still because it waits for the learner."""
        return self.running and self.progress_at(now_sec) >= self.limit_progress

    def stands_at(self, now_sec: float) -> bool:
        """Whether the music stands still: in a pause, and while it is counted in."""
        return not self.running or self.progress_at(now_sec) < self.entry_progress - EDGE_SEC

    def counted_at(self, now_sec: float) -> tuple[int, int] | None:
        """Which beat of a count-in this is, from 1, and of how many; None before and after it, and in a pause."""
        if not self.running or not self.stands_at(now_sec):
            return None
        count = bisect_right(self.count_in, self.progress_at(now_sec) + COUNT_EDGE_SEC)
        return (count, len(self.count_in)) if count else None

    def beats_per_sec_at(self, now_sec: float) -> float:
        """How fast the score goes at a clock second, or would where it stands."""
        return self.tempo.bpm_at(self.beat_at(now_sec)) / 60.0 * self.ratio

    def progress_ago(self, now_sec: float, ago_sec: float) -> float:
        """The progress a moment ago, as if the clock had run as it does now: a change of tempo makes nothing late."""
        at_sec = now_sec - ago_sec
        if at_sec >= self.anchor_sec or not self.running:
            return self.progress_at(at_sec)
        return self.anchor_progress - (self.anchor_sec - at_sec) * self.ratio

    def clock_sec_of(self, progress: float) -> float:
        """The clock second at which a progress is reached; infinity in a pause, and where that is up to the learner."""
        if not self.running or progress >= self.limit_progress:
            return math.inf
        return self.anchor_sec + (progress - self.anchor_progress) / self.ratio

    def beat_of(self, progress: float) -> float:
        """The position in beats of a progress."""
        lap = self.lap_of(progress)
        beat = float(self.tempo.beats_at(progress - lap * self._loop_sec()))
        return max(beat, self.loop[0]) if self.loop and lap else beat

    def lap_of(self, progress: float) -> int:
        """The lap that a progress belongs to."""
        if self.loop is None:
            return 0
        start = float(self.tempo.seconds_at(self.loop[0]))
        return max(0, math.floor((progress - start + EDGE_SEC) / self._loop_sec()))

    def progress_of(self, beat: float, lap: int = 0) -> float:
        """The progress of a position in beats within a lap."""
        return float(self.tempo.seconds_at(beat)) + lap * self._loop_sec()

    def paused(self, now_sec: float) -> Transport:
        """The same, standing still from now on."""
        return replace(self._anchored(now_sec), running=False)

    def resumed(self, now_sec: float) -> Transport:
        """The same, running again from now on."""
        return replace(self, anchor_sec=now_sec, running=True) if not self.running else self

    def entering(self, progress: float, clicks: Sequence[float]) -> Transport:
        """The same, counted in by clicks at these progresses until the music comes in."""
        return replace(self, entry_progress=progress, count_in=tuple(clicks))

    def at_ratio(self, ratio: float, now_sec: float) -> Transport:
        """The same at another tempo from now on."""
        return replace(self._anchored(now_sec), ratio=min(max(ratio, RATIO_RANGE[0]), RATIO_RANGE[1]))

    def moved(self, progress: float, now_sec: float) -> Transport:
        """The same, standing at ``progress`` now, without a limit."""
        return replace(self, anchor_sec=now_sec, anchor_progress=progress, limit_progress=math.inf)

    def waiting(self, progress: float) -> Transport:
        """The same, but it goes no further than ``progress``."""
        return replace(self, limit_progress=progress)

    def _anchored(self, now_sec: float) -> Transport:
        return replace(self, anchor_sec=now_sec, anchor_progress=self.progress_at(now_sec))

    def _loop_sec(self) -> float:
        if self.loop is None:
            return 0.0
        start, end = self.tempo.seconds_at(self.loop)
        return float(end - start)
