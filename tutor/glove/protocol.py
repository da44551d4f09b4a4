"""HGP/1 on the wire: messages as values, frames as bytes, and a reader that finds its feet again after any noise.

A frame is ``COBS(head | payload 0..48 | CRC-16 little-endian) 0x00``; the head is version and flags, type, sequence.
The CRC is CRC-16/CCITT-FALSE. Everything is little-endian.
``encode`` and ``FrameReader`` take and give plain values: no port, no clock, no thread. The whole protocol is written
down in ``docs/glove.md``.
"""

from __future__ import annotations

import struct
from binascii import crc_hqx
from dataclasses import dataclass, fields

from cobs import cobs

from tutor.glove.codes import VERSION
from tutor.glove.messages import BY_KIND, Message, Unreadable

MAX_PAYLOAD = 48
MAX_BODY = 53
ACK_WANTED, RETRY = 1, 2


class ProtocolError(ValueError):
    """Bytes that are no frame of this protocol."""


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
        payload = message.pack()
    except struct.error as error:
        raise ProtocolError(f"{message}: {error}") from error
    if len(payload) > MAX_PAYLOAD:
        raise ProtocolError(f"{message}: {len(payload)} bytes, and a payload has {MAX_PAYLOAD} at most")
    body = bytes([head, message.kind, sequence & 0xFF]) + payload
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


def _message(kind: int, payload: bytes) -> Message | Unreadable:
    if kind not in BY_KIND:
        return Unreadable(kind, payload, known=False)
    try:
        return BY_KIND[kind].unpack(payload)
    except struct.error:
        return Unreadable(kind, payload, known=True)


def names(message: Message | Unreadable) -> dict[str, object]:
    """The message as plain values by name, for logs and monitors."""
    said = {field.name: getattr(message, field.name) for field in fields(message)}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in said.items()}
