"""The seconds of a take against those of the clock: the take stands still in a pause, so that none is in it.

A pause lasts until the score's clock is back where it had stopped, so what counts in again is part of it. Who comes in
a little early then has come in where the music goes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

EARLY_SEC = 0.3


@dataclass(frozen=True)
class TakeTime:
    """A take that began at ``start_sec`` of the clock; each pause is (from, to), the last perhaps without an end."""

    start_sec: float
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def origin_sec(self) -> float:
        """From which second of the clock on a take counts that has gone on after its pauses."""
        return self.start_sec + sum(end - begin for begin, end in self.pauses if end < math.inf)

    def at(self, clock_sec: float) -> float:
        """The second of the take; all of a pause is the moment in which it began."""
        away = sum(min(clock_sec, end) - begin for begin, end in self.pauses if begin < clock_sec)
        return clock_sec - self.start_sec - away

    def has(self, clock_sec: float) -> bool:
        """Whether what is struck at a second of the clock belongs to the take."""
        return not any(begin < clock_sec < end - EARLY_SEC for begin, end in self.pauses)

    def stands_at(self, clock_sec: float) -> bool:
        """Whether a pause is not over."""
        return bool(self.pauses) and clock_sec < self.pauses[-1][1]

    def paused(self, clock_sec: float) -> TakeTime:
        """The same, standing still from a second of the clock on; a pause that is not over goes on."""
        if self.stands_at(clock_sec):
            return self.going_on(math.inf)
        return replace(self, pauses=(*self.pauses, (clock_sec, math.inf)))

    def going_on(self, clock_sec: float) -> TakeTime:
        """The same, its last pause over at a second of the clock."""
        return replace(self, pauses=(*self.pauses[:-1], (self.pauses[-1][0], clock_sec)))
