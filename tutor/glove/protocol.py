"""HGP/1 on the wire: messages as values, frames as bytes, and a reader that finds its feet again after any noise.

A frame is ``COBS(head | payload 0..48 | CRC-16 little-endian) 0x00``; the head is version and flags, type, sequence.
The CRC is CRC-16/CCITT-FALSE. Everything is little-endian.
``encode`` and ``FrameReader`` take and give plain values: no port, no clock, no thread. The whole protocol is written
down in ``docs/glove.md``.
"""

from __future__ import annotations

import struct
from binascii import crc_hqx
from dataclasses import astuple, dataclass, fields

from cobs import cobs

from tutor.glove.messages import (
    VERSION,
    Ack,
    Arm,
    Cancel,
    ChordAt,
    ClearFault,
    Done,
    Event,
    Get,
    Hello,
    HelloRequest,
    Kind,
    Message,
    Nack,
    Ping,
    Pong,
    Pulse,
    PulseAt,
    RhythmAt,
    SelfTest,
    Set,
    Status,
    StopAll,
    Unreadable,
)

MAX_PAYLOAD = 48
MAX_BODY = 53
ACK_WANTED, RETRY = 1, 2


class ProtocolError(ValueError):
    """Bytes that are no frame of this protocol."""


_PLAIN: dict[Kind, tuple[type, struct.Struct]] = {
    Kind.HELLO_REQ: (HelloRequest, struct.Struct("<BBI")),
    Kind.PING: (Ping, struct.Struct("<I")),
    Kind.ARM: (Arm, struct.Struct("<HBH")),
    Kind.STOP_ALL: (StopAll, struct.Struct("<")),
    Kind.PULSE: (Pulse, struct.Struct("<BBBH")),
    Kind.PULSE_AT: (PulseAt, struct.Struct("<IBBBH")),
    Kind.CHORD_AT: (ChordAt, struct.Struct("<IHBHB")),
    Kind.CANCEL: (Cancel, struct.Struct("<I")),
    Kind.SET: (Set, struct.Struct("<BI")),
    Kind.GET: (Get, struct.Struct("<B")),
    Kind.SELFTEST: (SelfTest, struct.Struct("<B")),
    Kind.CLEAR_FAULT: (ClearFault, struct.Struct("<I")),
    Kind.PONG: (Pong, struct.Struct("<III")),
    Kind.NACK: (Nack, struct.Struct("<BB")),
    Kind.STATUS: (Status, struct.Struct("<BBHBHHHbBH")),
    Kind.EVENT: (Event, struct.Struct("<BI")),
    Kind.DONE: (Done, struct.Struct("<BII")),
}
_KIND_OF: dict[type, Kind] = {cls: kind for kind, (cls, _) in _PLAIN.items()} | {
    RhythmAt: Kind.RHYTHM_AT,
    Hello: Kind.HELLO,
    Ack: Kind.ACK,
}
_RHYTHM = struct.Struct("<IHBB")
_HELLO_START, _HELLO_END = struct.Struct("<BBBBBBBHBBHH"), struct.Struct("<QHBI")
_ACK, _ACK_VALUE = struct.Struct("<BB"), struct.Struct("<BBI")
MAX_GAPS = (MAX_PAYLOAD - _RHYTHM.size) // 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its message, and its head taken apart."""

    message: Message | Unreadable
    sequence: int
    ack_wanted: bool = False
    retry: bool = False
    version: int = VERSION


def encode(message: Message, sequence: int, *, ack_wanted: bool = False, retry: bool = False) -> bytes:
    """The bytes of a frame, the closing zero included. Raises ProtocolError where a value does not fit its field."""
    head = VERSION << 4 | (ACK_WANTED if ack_wanted else 0) | (RETRY if retry else 0)
    try:
        body = bytes([head, _KIND_OF[type(message)], sequence & 0xFF]) + _payload(message)
    except struct.error as error:
        raise ProtocolError(f"{message}: {error}") from error
    coded: bytes = cobs.encode(body + crc_hqx(body, 0xFFFF).to_bytes(2, "little"))
    return coded + b"\0"


def decode(coded: bytes) -> Frame:
    """The frame in the bytes between two zeros. Raises ProtocolError for a bad COBS code, size or CRC."""
    try:
        body = cobs.decode(coded)
    except cobs.DecodeError as error:
        raise ProtocolError(str(error)) from error
    if not 5 <= len(body) <= MAX_BODY:
        raise ProtocolError(f"{len(body)} bytes are no frame")
    if crc_hqx(body[:-2], 0xFFFF) != int.from_bytes(body[-2:], "little"):
        raise ProtocolError("the check sum is wrong")
    flags = body[0] & 0x0F
    message = _message(body[1], body[3:-2])
    return Frame(message, body[2], bool(flags & ACK_WANTED), bool(flags & RETRY), body[0] >> 4)


class FrameReader:
    """Cuts a stream of bytes into frames; what is no frame is counted in ``bad`` and passed over."""

    def __init__(self) -> None:
        self.bad = 0
        self._gathered = bytearray()
        self._overlong = False

    @property
    def midway(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._gathered)

    def feed(self, received: bytes) -> list[Frame]:
        """The frames that are complete with these bytes, in order."""
        frames = []
        *closed, rest = received.split(b"\0")
        for piece in closed:
            self._gather(piece)
            frame = self._close()
            if frame is not None:
                frames.append(frame)
        self._gather(rest)
        return frames

    def _gather(self, piece: bytes) -> None:
        self._gathered += piece[: MAX_BODY + 3 - len(self._gathered)]
        self._overlong = self._overlong or len(self._gathered) > MAX_BODY + 1

    def _close(self) -> Frame | None:
        coded, overlong = bytes(self._gathered), self._overlong
        self._gathered.clear()
        self._overlong = False
        if not coded:
            return None
        try:
            if overlong:
                raise ProtocolError("too long for a frame")
            return decode(coded)
        except ProtocolError:
            self.bad += 1
            return None


def _payload(message: Message) -> bytes:
    match message:
        case RhythmAt(time, mask, intensity, gaps):
            if len(gaps) > MAX_GAPS:
                raise ProtocolError(f"a rhythm has at most {MAX_GAPS} gaps, not {len(gaps)}")
            return _RHYTHM.pack(time, mask, intensity, len(gaps)) + struct.pack(f"<{len(gaps)}H", *gaps)
        case Ack(sequence, code, value):
            return _ACK.pack(sequence, code) if value is None else _ACK_VALUE.pack(sequence, code, value)
        case Hello():
            return _pack_hello(message)
        case _:
            return _PLAIN[_KIND_OF[type(message)]][1].pack(*astuple(message))


def _pack_hello(hello: Hello) -> bytes:
    start = _HELLO_START.pack(
        hello.version,
        *hello.firmware,
        hello.actuator_class,
        hello.hands,
        hello.actuators,
        hello.capabilities,
        hello.queue_length,
        hello.max_rate,
        hello.min_duration_ms,
        hello.max_duration_ms,
    )
    end = _HELLO_END.pack(hello.uid, hello.boot_count, hello.reset_cause, hello.nonce)
    return start + bytes(hello.onset_ms) + end


def _message(kind: int, payload: bytes) -> Message | Unreadable:
    try:
        return _readable(Kind(kind), payload)
    except (struct.error, IndexError):
        return Unreadable(kind, payload, known=True)
    except ValueError:
        return Unreadable(kind, payload, known=False)


def _readable(kind: Kind, payload: bytes) -> Message:
    if kind == Kind.RHYTHM_AT:
        time, mask, intensity, count = _RHYTHM.unpack_from(payload)
        return RhythmAt(time, mask, intensity, struct.unpack(f"<{count}H", payload[_RHYTHM.size :]))
    if kind == Kind.ACK:
        return Ack(*(_ACK_VALUE if len(payload) == _ACK_VALUE.size else _ACK).unpack(payload))
    if kind == Kind.HELLO:
        return _unpack_hello(payload)
    cls, layout = _PLAIN[kind]
    message: Message = cls(*layout.unpack(payload))
    return message


def _unpack_hello(payload: bytes) -> Hello:
    version, major, minor, patch, moves, hands, count, able, queue, rate, shortest, longest = _HELLO_START.unpack_from(
        payload
    )
    onsets = tuple(payload[_HELLO_START.size : _HELLO_START.size + count])
    uid, boots, cause, nonce = _HELLO_END.unpack(payload[_HELLO_START.size + count :])
    firmware = (major, minor, patch)
    return Hello(
        version, firmware, moves, hands, able, queue, rate, shortest, longest, onsets, uid, boots, cause, nonce
    )


def names(message: Message | Unreadable) -> dict[str, object]:
    """The message as plain values by name, for logs and monitors."""
    said = {field.name: getattr(message, field.name) for field in fields(message)}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in said.items()}
