"""A glove that can be watched: passes everything on, and remembers which motors it was asked to run when."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.clock import stamp
from tutor.glove.limits import CUE_MS
from tutor.glove.settings import LinkSettings
from tutor.glove.state import Glove, GloveState

REMEMBERED = 64
LEAST_SHOWN_SEC = 0.12  # a shorter light cannot be seen
HALTED = "Touch is stopped until you allow it on the Glove page."
PATIENCE_SEC = 3.0  # until it is said that nobody answers
IDLE_SEC = 120.0  # a hand that may be touched comes to need its rest, though nobody touches it


@dataclass(frozen=True)
class Asked:
    """A cue: motors as bits, from and to a second of the clock."""

    motors: int
    on_sec: float
    off_sec: float


class WatchedGlove:
    """See `tutor.glove.state.Glove`; any thread may call it. It has been asked for on a ``port`` just now.

    Who has it `arm` keeps it until they `stop`; to whom it is `lend` it rests when nobody has asked for a touch for
    long. Once the learner has had it `halt`, nobody else arms it until they `allow` touch again.
    """

    def __init__(self, inner: Glove, port: str, halted: bool = False):
        self.inner = inner
        self._port, self._asked_sec, self._has_answered = port, stamp(), False
        self._asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self.halted = halted
        self._kept = self._lent = False
        self._used_sec = -math.inf
        self._deciding = threading.Lock()  # whether it is armed; whoever holds it never waits

    @property
    def state(self) -> GloveState:
        """How it is; where nobody has answered yet, and there was time to, that is its error."""
        state = self.inner.state
        self._has_answered = self._has_answered or state.connected
        if self.halted and state.connected:
            return replace(state, armed=False, notice=HALTED)
        if self._has_answered or stamp() - self._asked_sec < PATIENCE_SEC:
            return state
        return replace(state, error=no_answer(self._port, state.error))

    def running_at(self, now_sec: float) -> int:
        """The motors that run now, as bits: what was asked for, and what the glove itself says."""
        state = self.inner.state
        if not (state.connected and state.armed):
            return 0
        motors = state.outputs
        for cue in tuple(self._asked):
            motors |= cue.motors if cue.on_sec <= now_sec < cue.off_sec else 0
        return motors

    def use(self, settings: LinkSettings) -> None:
        """Use it otherwise from now on."""
        self.inner.use(settings)

    def arm(self) -> None:
        """Get ready to touch until `stop`, where the learner has not stopped all touch."""
        with self._deciding:
            self._kept = True
            self._arm()

    def lend(self) -> None:
        """Get ready to touch for a while, where the learner has not stopped all touch."""
        with self._deciding:
            self._lent, self._used_sec = True, stamp()
            self._arm()

    def rest_if_idle(self) -> None:
        """Let the hand rest where it was lent, and nobody has asked for a touch for long."""
        with self._deciding:
            if self._lent and not self._kept and stamp() - self._used_sec > IDLE_SEC:
                self._stop()

    def halt(self) -> None:
        """The learner wants no touch any more; a lesson that keeps it goes on without."""
        with self._deciding:
            self.halted, kept = True, self._kept
            self._stop()
            self._kept = kept

    def allow(self) -> None:
        """The learner wants touch again."""
        self.halted = False
        self.lend()

    def _arm(self) -> None:
        if not self.halted:
            self.inner.arm()

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let fingers be touched, and remember it."""
        self._remember(fingers, stamp() if at_sec is None else at_sec, (duration_ms or CUE_MS) / 1000)
        self.inner.cue(fingers, at_sec, intensity, duration_ms)

    def rhythm(self, fingers: Sequence[int], at_sec: Sequence[float], intensity: int | None = None) -> None:
        """Let fingers feel a rhythm, and remember it."""
        for on_sec in at_sec:
            self._remember(fingers, on_sec, LEAST_SHOWN_SEC)
        self.inner.rhythm(fingers, at_sec, intensity)

    def cancel(self, from_sec: float) -> None:
        """Forget what would be felt from a second on."""
        kept = [cue for cue in tuple(self._asked) if cue.on_sec < from_sec]
        self._asked = deque(kept, maxlen=REMEMBERED)
        self.inner.cancel(from_sec)

    def stop(self) -> None:
        """Everything off."""
        with self._deciding:
            self._stop()

    def _stop(self) -> None:
        self._kept = self._lent = False
        self._asked.clear()
        self.inner.stop()

    def clear_fault(self) -> None:
        """Tell it that a person has looked after its fault."""
        self.inner.clear_fault()

    def close(self) -> None:
        """Let the glove go."""
        self.inner.close()

    def _remember(self, fingers: Sequence[int], on_sec: float, length_sec: float) -> None:
        self._used_sec = max(self._used_sec, on_sec)
        off_sec = on_sec + max(LEAST_SHOWN_SEC, length_sec)
        self._asked.append(Asked(sum(1 << finger for finger in set(fingers)), on_sec, off_sec))


def no_answer(port: str, reason: str) -> str:
    """That nobody answers on a port, with the reason where one is known."""
    known = reason.removeprefix(f"{port}: ")
    return f"No answer from {port}: {known}" if known else f"No answer from {port}."
