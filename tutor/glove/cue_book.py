"""Cues that wait for their time on the host, and how much touch each finger has left there.

Times are seconds of the host's clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from tutor.glove import limits
from tutor.glove.limits import Purse

IMMEDIATE = -1.0
"""``at_sec`` of a cue for as soon as can be."""
REACTIVE_SEC = 0.06
GRACE_SEC = 0.02
TOGETHER_SEC = 0.1


@dataclass(frozen=True, order=True)
class Planned:
    """A cue that waits: ``at_sec`` is when the skin should feel it, or `IMMEDIATE`; asked for at ``asked_sec``.

    With ``gaps_ms`` it is a rhythm: one more pulse after each gap.
    """

    at_sec: float
    number: int
    fingers: tuple[int, ...] = field(compare=False)
    level: int = field(compare=False)
    duration_ms: int = field(compare=False)
    asked_sec: float = field(compare=False)
    gaps_ms: tuple[int, ...] = field(compare=False, default=())

    @property
    def last_sec(self) -> float:
        """When the skin should feel the last of it."""
        return self.at_sec + sum(self.gaps_ms) / 1000

    def before(self, end_sec: float) -> Planned:
        """Only as much of it as would be felt before a time."""
        cue = self
        while cue.gaps_ms and cue.last_sec >= end_sec:
            cue = replace(cue, gaps_ms=cue.gaps_ms[:-1])
        return cue


class CueBook:
    """The cues in order of time; ``pin_sec`` says when the motors of one must go on for the skin to feel it in time."""

    def __init__(self, pin_sec: Callable[[Planned], float]):
        self.stale = 0
        self._pin_sec = pin_sec
        self._planned: list[Planned] = []
        self._numbers = count()
        self._purses = [Purse() for _ in range(limits.MAX_ACTUATORS)]

    def plan(self, cue: Planned) -> None:
        """Take a cue in; its number is given here."""
        heapq.heappush(self._planned, replace(cue, number=next(self._numbers)))

    def cancel(self, from_sec: float) -> None:
        """Forget the cues from a time on."""
        self._planned = [cue.before(from_sec) for cue in self._planned if cue.at_sec < from_sec]
        heapq.heapify(self._planned)

    def clear(self) -> None:
        """Forget all cues."""
        self._planned.clear()

    def drop_stale(self, now: float) -> None:
        """Forget, and count, what comes too late."""
        while self._planned and now > self.expires_sec(self._planned[0]):
            heapq.heappop(self._planned)
            self.stale += 1

    def due(self, now: float, ahead_sec: float) -> Iterator[Planned]:
        """Take out the cues that are to be sent now, and those that soon would be: one write is cheaper than many."""
        if self.next_sec(ahead_sec) > now:
            return
        while self._planned and self._planned[0].at_sec - ahead_sec <= now + TOGETHER_SEC:
            yield heapq.heappop(self._planned)

    def next_sec(self, ahead_sec: float) -> float:
        """When the next cue is due; infinity where there is none."""
        return self._planned[0].at_sec - ahead_sec if self._planned else float("inf")

    def expires_sec(self, cue: Planned) -> float:
        """Until when a cue is worth sending."""
        return cue.asked_sec + REACTIVE_SEC if cue.at_sec == IMMEDIATE else self._pin_sec(cue) + GRACE_SEC

    def fill_purses(self) -> None:
        """Give each finger its share of touch for one more step of time."""
        for purse in self._purses:
            purse.step()

    def paid_ms(self, fingers: Sequence[int], wanted_ms: int) -> int:
        """Pay for a touch of all these fingers; how long it may last, 0 where it may not be."""
        wanted_us = max(limits.PULSE_MS[0], wanted_ms) * 1000
        granted_us = min(wanted_us, *(self._purses[finger].left_us for finger in fingers))
        if granted_us < limits.PULSE_MS[0] * 1000:
            return 0
        for finger in fingers:
            self._purses[finger].pay(granted_us)
        return granted_us // 1000
