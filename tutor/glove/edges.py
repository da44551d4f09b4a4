"""The touches of a device without a clock, as a pure machine: plans and the time go in, levels come out.

It keeps the limits of `tutor.glove.limits` for the device: how much a finger may be touched, what all may draw
together, how long a sitting lasts.
"""

from __future__ import annotations

import heapq

from tutor.cues import FINGERS
from tutor.glove import limits
from tutor.glove.limits import Purse, Sitting, shared_level

STALE_SEC = 0.03
IDLE_SEC = 0.5


class Edges:
    """The touches that are planned and running, and the ``levels`` of the ten actuators that follow."""

    def __init__(self) -> None:
        self.levels = [0] * 2 * FINGERS
        self.sitting = Sitting()
        self._allowed = False
        self._planned: list[tuple[float, tuple[int, ...], int, int]] = []
        self._asked: dict[int, int] = {}
        self._off_sec: dict[int, float] = {}
        self._purses = [Purse() for _ in self.levels]
        self._filled_sec: float | None = None

    @property
    def allowed(self) -> bool:
        """Whether touch may be felt now."""
        return self._allowed and not self.sitting.resting

    def allow(self, allowed: bool) -> None:
        """Allow touch, or end it and forget what is planned."""
        self._allowed = allowed
        if not allowed:
            self._planned.clear()
            self._off_sec = dict.fromkeys(self._off_sec, 0.0)

    def plan(self, on_sec: float, fingers: tuple[int, ...], level: int, length_us: int) -> None:
        """Plan a touch of all these fingers; what the device does not have is left out."""
        known = tuple(finger for finger in fingers if 0 <= finger < len(self.levels))
        heapq.heappush(self._planned, (on_sec, known, level, length_us))

    def cancel(self, from_sec: float) -> None:
        """Forget what is planned from a time on."""
        self._planned = [touch for touch in self._planned if touch[0] < from_sec]
        heapq.heapify(self._planned)

    def next_sec(self, now: float) -> float:
        """When `advance` has something to do next."""
        planned = [self._planned[0][0]] if self._planned else []
        return min([now + IDLE_SEC, *planned, *self._off_sec.values()])

    def advance(self, now: float) -> None:
        """Let time pass."""
        self._fill(now)
        for finger in [finger for finger, off in self._off_sec.items() if off <= now]:
            del self._off_sec[finger], self._asked[finger]
        while self._planned and self._planned[0][0] <= now:
            on_sec, fingers, level, length_us = heapq.heappop(self._planned)
            if self.allowed and now - on_sec <= STALE_SEC:
                for finger in fingers:
                    self._touch(finger, level, now, self._purses[finger].pay(length_us))
        total = sum(self._asked.values())
        self.levels = [shared_level(self._asked.get(finger, 0), total) for finger in range(len(self.levels))]

    def _touch(self, finger: int, level: int, now: float, granted_us: int) -> None:
        if granted_us:
            self._asked[finger] = level
            self._off_sec[finger] = now + granted_us / 1e6

    def _fill(self, now: float) -> None:
        step_sec = limits.PURSE_STEP_MS / 1000
        if self._filled_sec is None or now - self._filled_sec > limits.REST_SEC:
            self._filled_sec = now
        while now - self._filled_sec >= step_sec:
            self._filled_sec += step_sec
            for purse in self._purses:
                purse.step()
            if self.sitting.step(self.allowed):
                self._off_sec = dict.fromkeys(self._off_sec, 0.0)
