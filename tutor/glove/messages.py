"""What host and glove say to each other in HGP/1, as frozen values that know their payload.

The fields of a message stand in the order of the wire, and its layout stands beside its name, little-endian, in the
letters of `struct`. Times and actuators are counted as `tutor.glove.counting` says; levels (intensities) are 0..255.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct, pack, unpack
from typing import ClassVar, Self, get_args

from tutor.glove.codes import Kind

HELLO_END = Struct("<QHBI")


class Payload:
    """A message's fields as the bytes of a payload, and back."""

    kind: ClassVar[Kind]
    layout: ClassVar[Struct]

    def __init_subclass__(cls, kind: Kind, layout: str) -> None:
        cls.kind, cls.layout = kind, Struct("<" + layout)

    def pack(self) -> bytes:
        """The payload. Raises struct.error where a value does not fit its field."""
        return self.layout.pack(*vars(self).values())

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        """The message of a payload. Raises struct.error where it is none."""
        return cls(*cls.layout.unpack(payload))


@dataclass(frozen=True)
class HelloRequest(Payload, kind=Kind.HELLO_REQ, layout="BBI"):
    """Ask who is there. The device falls silent (all off, SAFE) and answers with the nonce."""

    min_version: int
    max_version: int
    nonce: int


@dataclass(frozen=True)
class Ping(Payload, kind=Kind.PING, layout="I"):
    """The heartbeat that keeps the lease, and a question for the device's clock; host time in microseconds."""

    host_time: int


@dataclass(frozen=True)
class Arm(Payload, kind=Kind.ARM, layout="HBH"):
    """Allow touch for as long as the lease is kept, up to an intensity and a duration."""

    lease_ms: int
    max_intensity: int
    max_on_ms: int


@dataclass(frozen=True)
class StopAll(Payload, kind=Kind.STOP_ALL, layout=""):
    """Everything off now."""


@dataclass(frozen=True)
class Pulse(Payload, kind=Kind.PULSE, layout="BBBH"):
    """Touch one finger now."""

    actuator: int
    wave: int
    intensity: int
    duration_ms: int


@dataclass(frozen=True)
class PulseAt(Payload, kind=Kind.PULSE_AT, layout="IBBBH"):
    """Let the skin feel one finger at a device time."""

    time: int
    actuator: int
    wave: int
    intensity: int
    duration_ms: int


@dataclass(frozen=True)
class ChordAt(Payload, kind=Kind.CHORD_AT, layout="IHBHB"):
    """Let the skin feel several fingers at a device time; ``stagger_ms`` lies between one and the next."""

    time: int
    mask: int
    intensity: int
    duration_ms: int
    stagger_ms: int


@dataclass(frozen=True)
class RhythmAt(Payload, kind=Kind.RHYTHM_AT, layout="IHBB"):
    """A pulse at a device time and one more after each gap; a pulse lasts half the gap after it, 60 ms at most."""

    time: int
    mask: int
    intensity: int
    gaps_ms: tuple[int, ...]

    def pack(self) -> bytes:
        """The payload: the gaps are counted, and follow."""
        count = len(self.gaps_ms)
        return self.layout.pack(self.time, self.mask, self.intensity, count) + pack(f"<{count}H", *self.gaps_ms)

    @classmethod
    def unpack(cls, payload: bytes) -> RhythmAt:
        """The rhythm of a payload."""
        time, mask, intensity, count = cls.layout.unpack_from(payload)
        return cls(time, mask, intensity, unpack(f"<{count}H", payload[cls.layout.size :]))


@dataclass(frozen=True)
class Cancel(Payload, kind=Kind.CANCEL, layout="I"):
    """Forget all that the skin would feel from a device time on."""

    from_time: int


@dataclass(frozen=True)
class Set(Payload, kind=Kind.SET, layout="BI"):
    """Set a value."""

    key: int
    value: int


@dataclass(frozen=True)
class Get(Payload, kind=Kind.GET, layout="B"):
    """Ask for a value; the ACK carries it."""

    key: int


@dataclass(frozen=True)
class SelfTest(Payload, kind=Kind.SELFTEST, layout="B"):
    """Run one motor for a moment, or each in turn with 0xFF."""

    actuator: int


@dataclass(frozen=True)
class ClearFault(Payload, kind=Kind.CLEAR_FAULT, layout="I"):
    """Leave FAULT; the low half of the uid says that this very glove is meant."""

    uid_low: int


@dataclass(frozen=True)
class Hello(Payload, kind=Kind.HELLO, layout="BBBBBBBHBBHH"):
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

    def pack(self) -> bytes:
        """The payload: what has a fixed length, the onsets, who it is."""
        version, firmware, moves, hands, *able, onset_ms, uid, boots, cause, nonce = vars(self).values()
        start = self.layout.pack(version, *firmware, moves, hands, self.actuators, *able)
        return start + bytes(onset_ms) + HELLO_END.pack(uid, boots, cause, nonce)

    @classmethod
    def unpack(cls, payload: bytes) -> Hello:
        """The greeting of a payload."""
        version, *firmware, moves, hands, count, able, queue, rate, shortest, longest = cls.layout.unpack_from(payload)
        end = cls.layout.size + count
        who = HELLO_END.unpack(payload[end:])
        major, minor, patch = firmware
        limits = able, queue, rate, shortest, longest
        onset_ms = tuple(payload[cls.layout.size : end])
        return cls(version, (major, minor, patch), moves, hands, *limits, onset_ms, *who)


@dataclass(frozen=True)
class Pong(Payload, kind=Kind.PONG, layout="III"):
    """The answer to a PING with the device's times of receiving and of answering."""

    host_time: int
    received: int
    sent: int


@dataclass(frozen=True)
class Ack(Payload, kind=Kind.ACK, layout="BB"):
    """A frame was taken. The answer to GET carries the value."""

    sequence: int
    code: int
    value: int | None = None

    def pack(self) -> bytes:
        """The payload, with the value where there is one."""
        said = self.layout.pack(self.sequence, self.code)
        return said if self.value is None else said + pack("<I", self.value)

    @classmethod
    def unpack(cls, payload: bytes) -> Ack:
        """The answer of a payload; a value may follow."""
        value = payload[cls.layout.size :]
        return cls(*cls.layout.unpack_from(payload), *(unpack("<I", value) if value else ()))


@dataclass(frozen=True)
class Nack(Payload, kind=Kind.NACK, layout="BB"):
    """A frame was refused."""

    sequence: int
    code: int


@dataclass(frozen=True)
class Status(Payload, kind=Kind.STATUS, layout="BBHBHHHbBH"):
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


@dataclass(frozen=True)
class Event(Payload, kind=Kind.EVENT, layout="BI"):
    """Something that cannot wait for the next STATUS."""

    code: int
    time: int


@dataclass(frozen=True)
class Done(Payload, kind=Kind.DONE, layout="BII"):
    """A cue was felt: when the motors went on and off."""

    sequence: int
    on_time: int
    off_time: int


@dataclass(frozen=True)
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
BY_KIND: Mapping[int, type[Message]] = {cls.kind: cls for cls in get_args(Message)}
