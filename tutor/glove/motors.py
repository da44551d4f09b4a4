"""The timed queue of a simulated glove and its motors, under the limits: what `simulator.Device` commands.

Times are microseconds of the device's uptime. One `Cue` is one entry of the queue: motors that go on together. The
newest cue owns its motors: an older one that still runs them loses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.glove import limits
from tutor.glove.counting import actuators_of, mask_of
from tutor.glove.limits import Purse, shared_level, slewed_level

QUEUE_LENGTH = 48


@dataclass
class Cue:
    """Motors that go on at ``fire_us``, so that the skin feels them at ``skin_us``; ``off_us`` is set once they run."""

    sequence: int
    fire_us: int
    skin_us: int
    mask: int
    level: int
    length_us: int
    on_us: int = 0
    off_us: int | None = None
    slewed: int = 0


@dataclass(frozen=True)
class Ran:
    """A motor ran from ``on_us`` to ``off_us``."""

    actuator: int
    on_us: int
    off_us: int
    level: int


@dataclass(frozen=True)
class Ended:
    """A cue is over: its motors ran from ``on_us`` to ``off_us``."""

    sequence: int
    on_us: int
    off_us: int


class Motors:
    """Queue, motors and their limits. `limited` counts cues that were cut down or dropped for them."""

    def __init__(self, count: int):
        self.all = mask_of(range(count))
        self.limited = 0
        self._queue: list[Cue] = []
        self._on_since: dict[int, int] = {}
        self._purses = [Purse() for _ in range(count)]
        self._fresh = 0
        self._ran: list[Ran] = []
        self._ended: list[Ended] = []

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def on(self) -> int:
        """The motors that run now, as bits."""
        return mask_of(self._on_since)

    def times(self) -> list[int]:
        """When each cue starts or stops next."""
        return [cue.fire_us if cue.off_us is None else cue.off_us for cue in self._queue]

    def take_ran(self) -> list[Ran]:
        """The motors that went off since the last call."""
        ran, self._ran = self._ran, []
        return ran

    def take_ended(self) -> list[Ended]:
        """The cues that ended since the last call."""
        ended, self._ended = self._ended, []
        return ended

    def freshen(self) -> None:
        """Let the next pulse of each motor swell instead of jumping."""
        self._fresh = self.all

    def fill_purses(self) -> None:
        """Give each finger its share of touch for one more step of time."""
        for purse in self._purses:
            purse.step()

    def add(self, cues: Sequence[Cue], now_us: int) -> bool:
        """Take cues into the queue, all or none; False where there is no room."""
        if len(self._queue) + len(cues) > QUEUE_LENGTH:
            return False
        self._queue += cues
        self.run(now_us)
        return True

    def run(self, now_us: int) -> None:
        """Stop and start what is due."""
        for cue in [cue for cue in self._queue if cue.off_us is not None and cue.off_us <= now_us]:
            self._end(cue, cue.off_us or now_us)
        for cue in sorted(self._queue, key=lambda cue: cue.fire_us):
            if cue.off_us is None and cue.fire_us <= now_us:
                self._begin(cue, now_us)

    def cancel(self, from_us: int, now_us: int) -> None:
        """Forget, and stop, all that the skin would feel from a time on."""
        for cue in [cue for cue in self._queue if cue.skin_us >= from_us]:
            if cue.off_us is None:
                self._queue.remove(cue)
            else:
                self._end(cue, now_us)

    def all_off(self, now_us: int) -> None:
        """Stop every motor and empty the queue."""
        for cue in [cue for cue in self._queue if cue.off_us is not None]:
            self._end(cue, now_us)
        self._queue.clear()

    def level_of(self, actuator: int, now_us: int) -> int:
        """What a motor is driven with now, 0..255, after swelling and sharing."""
        running = [cue for cue in self._queue if cue.off_us is not None]
        total = sum(cue.level * cue.mask.bit_count() for cue in running)
        for cue in running:
            if cue.mask >> actuator & 1:
                swells = cue.slewed >> actuator & 1
                level = slewed_level(cue.level, now_us - cue.on_us) if swells else cue.level
                return shared_level(level, total)
        return 0

    def _begin(self, cue: Cue, now_us: int) -> None:
        granted = min(cue.length_us, *(self._purses[actuator].left_us for actuator in actuators_of(cue.mask)))
        granted -= granted % 1000
        self.limited += granted < cue.length_us
        if granted < limits.PULSE_MS[0] * 1000:
            self._queue.remove(cue)
            return
        self._take_over(cue.mask, now_us)
        for actuator in actuators_of(cue.mask):
            self._purses[actuator].pay(granted)
            self._on_since[actuator] = now_us
        cue.slewed, self._fresh = cue.mask & self._fresh, self._fresh & ~cue.mask
        cue.on_us, cue.off_us = now_us, now_us + granted

    def _take_over(self, mask: int, now_us: int) -> None:
        for older in [cue for cue in self._queue if cue.off_us is not None and cue.mask & mask]:
            kept = older.mask & ~mask
            if kept:
                self._switch_off(older, older.mask & mask, now_us)
                older.mask = kept
            else:
                self._end(older, now_us)

    def _end(self, cue: Cue, at_us: int) -> None:
        self._switch_off(cue, cue.mask, at_us)
        self._queue.remove(cue)
        self._ended.append(Ended(cue.sequence, cue.on_us, at_us))

    def _switch_off(self, cue: Cue, mask: int, at_us: int) -> None:
        for actuator in actuators_of(mask):
            self._purses[actuator].give_back((cue.off_us or at_us) - at_us)
            self._ran.append(Ran(actuator, self._on_since.pop(actuator), at_us, cue.level))
