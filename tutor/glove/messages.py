"""What host and glove say to each other in HGP/1, as frozen values; `protocol` turns them into bytes and back.

Times are microseconds of the device's clock modulo 2**32. Actuators 0..4 are the left thumb to the left little finger,
5..9 the right ones, 10..15 wrist, palm and extras. Levels (intensities) are 0..255.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, IntFlag

VERSION = 1
NO_READING = -128
"""STATUS.temperature without a sensor."""
NO_BATTERY = 255
"""STATUS.battery without a sensor."""


class Kind(IntEnum):
    """The types of frames; below 0x80 from the host, above it from the device."""

    HELLO_REQ = 0x01
    PING = 0x02
    ARM = 0x03
    STOP_ALL = 0x04
    PULSE = 0x10
    PULSE_AT = 0x11
    CHORD_AT = 0x12
    RHYTHM_AT = 0x13
    CANCEL = 0x14
    SET = 0x20
    GET = 0x21
    SELFTEST = 0x22
    CLEAR_FAULT = 0x23
    HELLO = 0x81
    PONG = 0x82
    ACK = 0x83
    NACK = 0x84
    STATUS = 0x85
    EVENT = 0x86
    DONE = 0x87


class Code(IntEnum):
    """What an ACK or a NACK says; ACK with LIMITED means taken, but cut down to a limit."""

    OK = 0
    BAD_ARG = 1
    NOT_ARMED = 2
    LATE = 3
    QUEUE_FULL = 4
    LIMITED = 5
    FAULT = 6
    UNKNOWN = 7


class DeviceState(IntEnum):
    """The device's own states; BOOT is never seen on the wire."""

    BOOT = 0
    SAFE = 1
    ARMED = 2
    FAULT = 3


class ActuatorClass(IntEnum):
    """What moves: it decides how long the skin waits (`tutor.glove.onsets`)."""

    ERM = 1
    LRA = 2
    PIEZO = 3
    SERVO = 4
    SIM = 5


class Capability(IntFlag):
    """What a device says it can do."""

    COMPENSATES_ONSET = 1
    READS_BACK = 2
    STOP_BUTTON = 4
    WEAR_SENSOR = 8
    CURRENT_SENSOR = 16
    BATTERY_SENSOR = 32


class FaultBit(IntFlag):
    """The bits of STATUS.faults; any of them keeps the device in FAULT."""

    ESTOP = 1
    OVERCURRENT = 2
    STOP_UNVERIFIED = 4


class EventCode(IntEnum):
    """What an EVENT tells."""

    ESTOP = 1
    GLOVE_OFF = 2
    OVERCURRENT = 3
    STOP_UNVERIFIED = 4
    LEASE_LAPSED = 5
    REST_DUE = 6
    LOW_BATTERY = 7


class Key(IntEnum):
    """What SET and GET speak of; values are u32."""

    CHILD = 1
    OUTPUTS = 2
    SESSION_LEFT_S = 3
    REST_LEFT_S = 4


@dataclass(frozen=True, slots=True)
class HelloRequest:
    """Ask who is there. The device falls silent (all off, SAFE) and answers with the nonce."""

    min_version: int
    max_version: int
    nonce: int


@dataclass(frozen=True, slots=True)
class Ping:
    """The heartbeat that keeps the lease, and a question for the device's clock; host time in microseconds."""

    host_time: int


@dataclass(frozen=True, slots=True)
class Arm:
    """Allow touch for as long as the lease is kept, up to an intensity and a duration."""

    lease_ms: int
    max_intensity: int
    max_on_ms: int


@dataclass(frozen=True, slots=True)
class StopAll:
    """Everything off now."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Touch one finger now."""

    actuator: int
    wave: int
    intensity: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class PulseAt:
    """Let the skin feel one finger at a device time."""

    time: int
    actuator: int
    wave: int
    intensity: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class ChordAt:
    """Let the skin feel several fingers at a device time; ``stagger_ms`` lies between one and the next."""

    time: int
    mask: int
    intensity: int
    duration_ms: int
    stagger_ms: int


@dataclass(frozen=True, slots=True)
class RhythmAt:
    """A pulse at a device time and one more after each gap; a pulse lasts half the gap after it, 60 ms at most."""

    time: int
    mask: int
    intensity: int
    gaps_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Forget all that the skin would feel from a device time on."""

    from_time: int


@dataclass(frozen=True, slots=True)
class Set:
    """Set a value."""

    key: int
    value: int


@dataclass(frozen=True, slots=True)
class Get:
    """Ask for a value; the ACK carries it."""

    key: int


@dataclass(frozen=True, slots=True)
class SelfTest:
    """Run one motor for a moment, or each in turn with 0xFF."""

    actuator: int


@dataclass(frozen=True, slots=True)
class ClearFault:
    """Leave FAULT; the low half of the uid says that this very glove is meant."""

    uid_low: int


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the device is. ``onset_ms`` has one entry for each actuator; ``nonce`` is 0 where nobody asked (a boot)."""

    version: int
    firmware: tuple[int, int, int]
    actuator_class: int
    hands: int
    capabilities: int
    queue_length: int
    max_rate: int
    min_duration_ms: int
    max_duration_ms: int
    onset_ms: tuple[int, ...]
    uid: int
    boot_count: int
    reset_cause: int
    nonce: int

    @property
    def actuators(self) -> int:
        """How many motors there are."""
        return len(self.onset_ms)


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a PING with the device's times of receiving and of answering."""

    host_time: int
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Ack:
    """A frame was taken. The answer to GET carries the value."""

    sequence: int
    code: int
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Nack:
    """A frame was refused."""

    sequence: int
    code: int


@dataclass(frozen=True, slots=True)
class Status:
    """How the device is; ``outputs`` are the motors that run, read back from the pins."""

    state: int
    queue: int
    lease_left_ms: int
    faults: int
    crc_errors: int
    late: int
    limited: int
    temperature: int
    battery: int
    outputs: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that cannot wait for the next STATUS."""

    code: int
    time: int


@dataclass(frozen=True, slots=True)
class Done:
    """A cue was felt: when the motors went on and off."""

    sequence: int
    on_time: int
    off_time: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sound frame of an unknown type (``known`` False) or with a payload that its type does not have."""

    kind: int
    payload: bytes
    known: bool


HostMessage = (
    HelloRequest
    | Ping
    | Arm
    | StopAll
    | Pulse
    | PulseAt
    | ChordAt
    | RhythmAt
    | Cancel
    | Set
    | Get
    | SelfTest
    | ClearFault
)
DeviceMessage = Hello | Pong | Ack | Nack | Status | Event | Done
Message = HostMessage | DeviceMessage


def later_by(time: int, than: int) -> int:
    """How many microseconds one device time lies after another, across the wrap; negative where before."""
    return ((time - than + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


def mask_of(actuators: Iterable[int]) -> int:
    """The actuators as bits."""
    return sum(1 << actuator for actuator in set(actuators))


def actuators_of(mask: int) -> tuple[int, ...]:
    """The bits as actuators, ascending."""
    return tuple(bit for bit in range(16) if mask >> bit & 1)
