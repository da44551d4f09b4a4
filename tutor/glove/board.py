"""The simulated glove's board: who it says that it is, and what it senses."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.glove import limits
from tutor.glove.codes import NO_BATTERY, ActuatorClass, Capability
from tutor.glove.messages import Hello
from tutor.glove.motors import QUEUE_LENGTH

ABLE = (
    Capability.COMPENSATES_ONSET
    | Capability.READS_BACK
    | Capability.STOP_BUTTON
    | Capability.WEAR_SENSOR
    | Capability.CURRENT_SENSOR
)


@dataclass
class Hardware:
    """What the board senses; a test or a person may change it at any time. ``stuck`` motors run with their pins off."""

    stop_pressed: bool = False
    worn: bool = True
    overcurrent: bool = False
    stuck: int = 0
    battery: int = NO_BATTERY
    powered: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Identity:
    """Who the simulated glove says that it is."""

    uid: int = 0xDACA_0000_0000_0001
    boot_count: int = 1
    hands: int = 3
    onset_ms: tuple[int, ...] = (60,) * 10
    version: int = 1

    def onset_us(self, actuator: int) -> int:
        """How long a motor takes until the skin feels it."""
        return self.onset_ms[actuator] * 1000

    def hello(self, nonce: int) -> Hello:
        """Its greeting; ``nonce`` 0 where nobody asked."""
        return Hello(
            version=self.version,
            firmware=(1, 0, 0),
            actuator_class=ActuatorClass.SIM,
            hands=self.hands,
            capabilities=ABLE,
            queue_length=QUEUE_LENGTH,
            max_rate=100,
            min_duration_ms=limits.PULSE_MS[0],
            max_duration_ms=limits.PULSE_MS[1],
            onset_ms=self.onset_ms,
            uid=self.uid,
            boot_count=self.boot_count,
            reset_cause=1,
            nonce=nonce,
        )
