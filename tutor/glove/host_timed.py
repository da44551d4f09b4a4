"""A device without a clock behind the same calls as a glove: the host times both edges of each touch on a thread.

The limits are kept for it, everything is switched off when it is closed, and a device that is refused or lost is tried
again twice a second. What a dead host leaves on stays on: a real HGP/1 glove is safer, and the state says so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue

from lessons.errors import DeviceError
from tutor.cues import FINGERS
from tutor.glove import limits
from tutor.glove.codes import EventCode
from tutor.glove.counting import mask_of
from tutor.glove.drivers import Driver, OpenDriver
from tutor.glove.edges import Edges
from tutor.glove.onsets import ONSET_MS
from tutor.glove.settings import LinkSettings
from tutor.glove.state import EVENT_WORDS, WITHOUT_TOUCH, GloveState

REOPEN_SEC = 0.5
CLOSE_SEC = 2.0
NO_LEASE = "This device has no lease: if the program dies in mid touch, switch it off by hand."
_Wish = Callable[[Edges], None]
log = logging.getLogger(__name__)


class HostTimedGlove:
    """See `tutor.glove.state.Glove`; times are seconds of ``clock``."""

    def __init__(
        self,
        open_driver: OpenDriver,
        clock: Callable[[], float] = time.perf_counter,
        settings: LinkSettings | None = None,
        name: str = "glove",
    ):
        self._open_driver, self._clock = open_driver, clock
        self._settings = settings or LinkSettings()
        self._driver: Driver | None = None
        self._reopen_at = clock()
        self._state = GloveState(name=name)
        self._wishes: SimpleQueue[_Wish | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=f"touch {name}", daemon=True)
        self._thread.start()

    @property
    def state(self) -> GloveState:
        """How the device is, as far as the host can know."""
        return self._state

    def use(self, settings: LinkSettings) -> None:
        """Use the device otherwise from now on: strength, lead, calibrated onsets."""
        self._settings = settings

    def arm(self) -> None:
        """Allow touch, now and after any interruption, until `stop`."""
        self._wishes.put(lambda edges: edges.allow(True))

    def stop(self) -> None:
        """Everything off, until `arm`."""
        self._wishes.put(lambda edges: edges.allow(False))

    def clear_fault(self) -> None:
        """Nothing is held back: such a device tells of no faults."""

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let the skin feel these fingers at a host time, or now."""
        settings = self._settings
        on = self._clock() if at_sec is None else at_sec - self._early_sec(fingers)
        level = min(limits.FULL_LEVEL if intensity is None else max(1, intensity), settings.level_cap)
        longest = min(settings.max_on_ms, limits.PULSE_MS[1])
        length_ms = max(limits.PULSE_MS[0], min(limits.CUE_MS if duration_ms is None else duration_ms, longest))
        for own, together in settings.levels(fingers, level).items():
            self._plan(on, together, own, length_ms)

    def _plan(self, on: float, fingers: tuple[int, ...], level: int, length_ms: int) -> None:
        self._wishes.put(lambda edges: edges.plan(on, fingers, level, length_ms * 1000))

    def rhythm(self, fingers: Sequence[int], at_sec: Sequence[float], intensity: int | None = None) -> None:
        """Let the skin feel short pulses at these host times."""
        for moment in at_sec:
            self.cue(fingers, moment, intensity, limits.RHYTHM_MS)

    def cancel(self, from_sec: float) -> None:
        """Forget what the skin would feel from a host time on."""
        early_sec = self._early_sec(range(2 * FINGERS))
        self._wishes.put(lambda edges: edges.cancel(from_sec - early_sec))

    def close(self) -> None:
        """Everything off, then let the device go."""
        self.stop()
        self._wishes.put(None)
        self._thread.join(CLOSE_SEC)

    def _early_sec(self, fingers: Sequence[int]) -> float:
        """How much before its time a touch is switched on: the lead, and what the skin waits after that."""
        stated = dict(enumerate(self._state.onset_ms))
        known = [self._settings.onset_ms.get(finger, stated.get(finger, 0.0)) for finger in fingers]
        return (self._settings.lead_ms + max(known, default=0.0)) / 1000

    # -- the device's own thread -------------------------------------------------------------------------------------

    def _serve(self) -> None:
        edges = Edges()
        try:
            while self._turn(edges):
                pass
        except Exception:
            log.exception("the device that touches failed")
            self._show(connected=False, armed=False, error="Touch has failed; the lesson goes on without it.")
        finally:
            self._let_go()

    def _turn(self, edges: Edges) -> bool:
        try:
            wish = self._wishes.get(timeout=max(0.0, edges.next_sec(self._clock()) - self._clock()))
        except Empty:
            wish = _look
        if wish is None:
            return False
        wish(edges)
        fresh = self._driver is None and self._clock() >= self._reopen_at and self._open()
        edges.sitting.child = self._settings.child
        before = edges.levels
        edges.advance(self._clock())
        changed = fresh or edges.levels != before
        if self._driver is not None and (changed or wish is _look):
            self._drive(self._driver, edges.levels if changed else None)
        resting = edges.sitting.resting
        there = self._driver is not None
        error = self._state.error if not there else EVENT_WORDS[EventCode.REST_DUE] if resting else ""
        outputs = mask_of(finger for finger, level in enumerate(edges.levels) if level) if there else 0
        self._show(armed=there and edges.allowed, resting=resting, error=error, outputs=outputs)
        return True

    def _open(self) -> bool:
        """Open the device; whether it is there. What it was told before it was lost, it must be told again."""
        self._reopen_at = self._clock() + REOPEN_SEC
        try:
            self._driver = self._open_driver()
        except DeviceError as error:
            self._show(connected=False, error=f"{error}{WITHOUT_TOUCH}")
            return False
        kind = self._driver.actuator_class
        self._show(
            connected=True,
            error="",
            notice=NO_LEASE,
            hands=self._driver.hands,
            actuators=2 * FINGERS,
            actuator_class=kind.name,
            onset_ms=(ONSET_MS[kind],) * 2 * FINGERS,
        )
        return True

    def _drive(self, driver: Driver, levels: Sequence[int] | None) -> None:
        """Switch what has changed; where nothing has, see whether the device is still there."""
        try:
            if levels is None:
                driver.look()
            else:
                driver.drive(levels)
        except DeviceError as error:
            self._driver = None
            self._reopen_at = self._clock() + REOPEN_SEC
            self._show(connected=False, armed=False, error=f"{error}{WITHOUT_TOUCH}")
            driver.close()

    def _let_go(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                driver.drive([0] * 2 * FINGERS)
            except DeviceError as error:
                log.info("%s", error)
            driver.close()
        self._show(connected=False, armed=False, outputs=0)

    def _show(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]


def _look(_edges: Edges) -> None:
    """Stand for a turn without a wish."""
