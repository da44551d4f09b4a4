"""Other devices behind the same calls as a glove: LucidGloves (Alpha lines) and Synthesia's finger channels.

Neither has a clock, a lease or a queue of its own, so the host times both edges of each touch on a thread, keeps the
limits of `limits` for them, and switches everything off when it is closed. What a dead host leaves on stays on: a real
HGP/1 glove is safer, and the state says so.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Protocol

from lessons.errors import DeviceError
from tutor.commands.parts import SerialLine
from tutor.glove import limits
from tutor.glove.limits import Purse
from tutor.glove.messages import ActuatorClass
from tutor.glove.onsets import ONSET_MS
from tutor.glove.state import GloveState

FINGERS = 5
STALE_SEC = 0.03
CUE_MS = 80
NOTICE = "this device has no lease: if the program dies, switch it off by hand"


class Driver(Protocol):
    """What switches the actuators of one device."""

    name: str
    actuator_class: ActuatorClass
    hands: int

    def drive(self, levels: Sequence[int]) -> None:
        """Set all ten actuators to levels 0..255. Raises DeviceError where the device is gone."""
        ...

    def close(self) -> None:
        """Let the device go."""
        ...


class AlphaDriver:
    """A LucidGlove on a serial line: one hand, ``A`` (thumb) to ``E`` (little finger) with 0..1000 in each line."""

    actuator_class = ActuatorClass.SERVO

    def __init__(self, line: SerialLine, left: bool):
        self.name = line.name
        self.hands = 1 if left else 2
        self._line = line
        self._first = 0 if left else FINGERS

    def drive(self, levels: Sequence[int]) -> None:
        """Write one line with the five fingers of this hand."""
        self._line.write(alpha_line(levels[self._first : self._first + FINGERS]))

    def close(self) -> None:
        """Close the line."""
        self._line.close()


class FingerChannelDriver:
    """Synthesia's convention on a MIDI output: a note-on on channel 1..5 (left thumb on) or 6..10 (right thumb on)."""

    actuator_class = ActuatorClass.PIEZO
    hands = 3

    def __init__(self, name: str, send: Callable[[bytes], None], pitch: int = 60):
        self.name = name
        self._send = send
        self._pitch = pitch
        self._sounding = [0] * 2 * FINGERS

    def drive(self, levels: Sequence[int]) -> None:
        """Send what has changed."""
        for actuator, level in enumerate(levels):
            if bool(level) != bool(self._sounding[actuator]):
                self._send(finger_channel_message(actuator, level, self._pitch))
        self._sounding = list(levels)

    def close(self) -> None:
        """End every note."""
        self.drive([0] * 2 * FINGERS)


def alpha_line(levels: Sequence[int]) -> bytes:
    """The Alpha encoding of five fingers with levels 0..255."""
    return (
        "".join(f"{letter}{level * 1000 // 255}" for letter, level in zip("ABCDE", levels, strict=True)).encode()
        + b"\n"
    )


def finger_channel_message(actuator: int, level: int, pitch: int) -> bytes:
    """A note-on (level 0: a note-off) on the finger's channel; channels count from 1 in words and from 0 in bytes."""
    return bytes([(0x90 if level else 0x80) | actuator, pitch, level // 2])


class HostTimedGlove:
    """A device without a clock behind the calls of `state.Glove`; times are seconds of ``clock``."""

    def __init__(self, driver: Driver, clock: Callable[[], float] = time.perf_counter):
        self._driver = driver
        self._clock = clock
        self._onset_ms = ONSET_MS[driver.actuator_class]
        self._state = GloveState(
            name=driver.name,
            connected=True,
            hands=driver.hands,
            actuators=2 * FINGERS,
            actuator_class=driver.actuator_class.name,
            onset_ms=(self._onset_ms,) * 2 * FINGERS,
            error=NOTICE,
        )
        self._wishes: SimpleQueue[Callable[[_Edges], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"touch {driver.name}", daemon=True)
        self._thread.start()

    @property
    def state(self) -> GloveState:
        """How the device is, as far as the host can know."""
        return self._state

    def arm(self) -> None:
        """Allow touch until `stop`."""
        self._wishes.put(lambda edges: edges.allow(True))

    def stop(self) -> None:
        """Everything off, until `arm`."""
        self._wishes.put(lambda edges: edges.allow(False))

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let the skin feel these fingers at a host time, or now."""
        on = self._clock() if at_sec is None else at_sec - self._onset_ms / 1000
        level = limits.DEFAULT_LEVEL if intensity is None else min(intensity, limits.DEFAULT_LEVEL)
        length_ms = max(limits.PULSE_MS[0], min(CUE_MS if duration_ms is None else duration_ms, limits.PULSE_MS[1]))
        self._wishes.put(lambda edges: edges.plan(on, tuple(fingers), level, length_ms * 1000))

    def cancel(self, from_sec: float) -> None:
        """Forget what the skin would feel from a host time on."""
        self._wishes.put(lambda edges: edges.cancel(from_sec - self._onset_ms / 1000))

    def close(self) -> None:
        """Everything off, then let the device go."""
        self.stop()
        self._wishes.put(None)
        self._thread.join(1.0)

    def _serve(self) -> None:
        edges = _Edges()
        try:
            while self._turn(edges):
                pass
            self._driver.drive([0] * 2 * FINGERS)
        except DeviceError as error:
            self._state = GloveState(name=self._driver.name, error=str(error))
        finally:
            self._driver.close()

    def _turn(self, edges: _Edges) -> bool:
        try:
            wish = self._wishes.get(timeout=max(0.0, edges.next_sec(self._clock()) - self._clock()))
        except Empty:
            wish = _Edges.nothing
        if wish is None:
            return False
        wish(edges)
        before = list(edges.levels)
        edges.advance(self._clock())
        if edges.levels != before:
            self._driver.drive(edges.levels)
        return True


class _Edges:
    """The touches that are planned and running, and the levels that follow."""

    def __init__(self) -> None:
        self.levels = [0] * 2 * FINGERS
        self._allowed = False
        self._planned: list[tuple[float, tuple[int, ...], int, int]] = []
        self._off_sec: dict[int, float] = {}
        self._purses = [Purse() for _ in self.levels]
        self._filled_sec: float | None = None

    def nothing(self) -> None:
        """Stand for a turn without a wish."""

    def allow(self, allowed: bool) -> None:
        self._allowed = allowed
        if not allowed:
            self._planned.clear()
            self._off_sec = dict.fromkeys(self._off_sec, 0.0)

    def plan(self, on_sec: float, fingers: tuple[int, ...], level: int, length_us: int) -> None:
        known = tuple(finger for finger in fingers if 0 <= finger < len(self.levels))
        heapq.heappush(self._planned, (on_sec, known, level, length_us))

    def cancel(self, from_sec: float) -> None:
        self._planned = [touch for touch in self._planned if touch[0] < from_sec]
        heapq.heapify(self._planned)

    def next_sec(self, now: float) -> float:
        planned = [self._planned[0][0]] if self._planned else []
        return min([now + 0.5, *planned, *self._off_sec.values()])

    def advance(self, now: float) -> None:
        self._fill(now)
        for finger in [finger for finger, off in self._off_sec.items() if off <= now]:
            del self._off_sec[finger]
            self.levels[finger] = 0
        while self._planned and self._planned[0][0] <= now:
            on_sec, fingers, level, length_us = heapq.heappop(self._planned)
            if self._allowed and now - on_sec <= STALE_SEC:
                for finger in fingers:
                    self._touch(finger, level, now, self._purses[finger].pay(length_us))

    def _touch(self, finger: int, level: int, now: float, granted_us: int) -> None:
        if granted_us:
            self.levels[finger] = level
            self._off_sec[finger] = now + granted_us / 1e6

    def _fill(self, now: float) -> None:
        self._filled_sec = now if self._filled_sec is None else self._filled_sec
        while now - self._filled_sec >= limits.PURSE_STEP_MS / 1000:
            self._filled_sec += limits.PURSE_STEP_MS / 1000
            for purse in self._purses:
                purse.step()
