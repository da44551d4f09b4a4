"""How the glove is, as one frozen value that any thread may read, and its words for a learner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lessons.score import LEFT, RIGHT
from tutor.glove.codes import EventCode, FaultBit
from tutor.glove.settings import LinkSettings

HAND_BITS = {LEFT: 1, RIGHT: 2}  # as a glove says which hands it is for
FAULT_WORDS = {
    FaultBit.ESTOP: "the stop button is pressed",
    FaultBit.OVERCURRENT: "a motor draws too much current",
    FaultBit.STOP_UNVERIFIED: "a motor did not stop: its power is cut",
}
FAULT_ADVICE = {
    FAULT_WORDS[FaultBit.ESTOP]: "Release it, then clear the fault.",
    FAULT_WORDS[FaultBit.OVERCURRENT]: "Look for a pinched wire or a blocked motor, then clear the fault.",
    FAULT_WORDS[FaultBit.STOP_UNVERIFIED]: "Take the glove off and look at that motor, then clear the fault.",
}
EVENT_WORDS = {
    EventCode.ESTOP: "The stop button on the glove was pressed.",
    EventCode.GLOVE_OFF: "The glove is off the hand; touch rests.",
    EventCode.OVERCURRENT: "A motor draws too much current; the glove switched itself off.",
    EventCode.STOP_UNVERIFIED: "A motor did not stop; the glove cut its power. Unplug it before you go on.",
    EventCode.LEASE_LAPSED: "The glove heard nothing for a while and fell silent.",
    EventCode.REST_DUE: "The hand needs five minutes without touch.",
    EventCode.LOW_BATTERY: "The glove's battery is nearly empty.",
}


WITHOUT_TOUCH = "; the lesson goes on without touch"


@dataclass(frozen=True)
class Counts:
    """What became of frames and cues since the link was made."""

    sent: int = 0
    acked: int = 0
    retried: int = 0
    refused: int = 0
    stale: int = 0
    lost: int = 0
    limited: int = 0
    felt: int = 0


@dataclass(frozen=True)
class GloveState:
    """A snapshot. ``error`` is one plain line, empty where all is well; ``notice`` is one to know while it works.

    ``outputs`` are the running motors as bits.
    """

    name: str = ""
    connected: bool = False
    armed: bool = False
    resting: bool = False
    battery: int | None = None
    faults: tuple[str, ...] = ()
    error: str = ""
    notice: str = ""
    rtt_ms: float | None = None
    offset_sec: float | None = None
    hands: int = 0
    actuators: int = 0
    actuator_class: str = ""
    onset_ms: tuple[int, ...] = ()
    uid: int = 0
    boot_count: int = 0
    firmware: str = ""
    outputs: int = 0
    device_late: int = 0
    device_crc_errors: int = 0
    stop_verified: bool | None = None
    counts: Counts = field(default_factory=Counts)

    @property
    def reason(self) -> str:
        """The error in words for where there is no lesson."""
        return self.error.removesuffix(".").removesuffix(WITHOUT_TOUCH)

    @property
    def trouble(self) -> str:
        """Which faults hold touch back until a person clears them, and what to do first; '' without any."""
        return " ".join(f"{words[:1].upper()}{words[1:]}. {FAULT_ADVICE[words]}" for words in self.faults)


class Glove(Protocol):
    """Whatever touches fingers at a time: a glove on a serial line, or another device that stands in for one."""

    @property
    def state(self) -> GloveState:
        """How it is."""
        ...

    def use(self, settings: LinkSettings) -> None:
        """Use it otherwise from now on: strength, lead, calibrated onsets."""
        ...

    def arm(self) -> None:
        """Allow touch, now and after any interruption, until `stop`."""
        ...

    def cue(
        self,
        fingers: Sequence[int],
        at_sec: float | None = None,
        intensity: int | None = None,
        duration_ms: int | None = None,
    ) -> None:
        """Let the skin feel these actuators at a host time, or now. Never waits; what comes too late is dropped."""
        ...

    def rhythm(self, fingers: Sequence[int], at_sec: Sequence[float], intensity: int | None = None) -> None:
        """Let the skin feel short pulses at these host times, in one frame where the device keeps time by itself."""
        ...

    def cancel(self, from_sec: float) -> None:
        """Forget what the skin would feel from a host time on."""
        ...

    def stop(self) -> None:
        """Everything off, until `arm`."""
        ...

    def clear_fault(self) -> None:
        """Tell it that a person has looked after its fault."""
        ...

    def close(self) -> None:
        """Stop, and let the device go."""
        ...
