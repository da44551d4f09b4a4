"""A host for testing gloves: it sends exactly what it is told and keeps all that it hears.

Nothing here sleeps: time passes while the line is read. `BrokenError` says what the glove did not do.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from tutor.commands.parts import SerialLine
from tutor.glove.clock_sync import FIRST, ClockSync
from tutor.glove.codes import Code, Key
from tutor.glove.messages import Ack, Arm, Get, Hello, HelloRequest, HostMessage, Nack, Ping, Pong, Status, StopAll
from tutor.glove.protocol import Frame, FrameReader, encode

ANSWER_SEC = 0.5
PING_SEC = 0.1
HELLO_SEC = 3.0
PIECE_BYTES = 1024
BYTES_A_SEC = 9_000

_M = TypeVar("_M")


class BrokenError(Exception):
    """The glove did not do what the protocol says."""


class NotTriedError(Exception):
    """A case that this glove cannot be asked."""


class Rig:
    """A host for testing: sends what it is told, keeps what it hears, and keeps the lease only where asked to."""

    def __init__(self, open_line: Callable[[], SerialLine], clock: Callable[[], float], seed: int):
        self.clock = clock
        self.rng = random.Random(seed)
        self.heard: list[tuple[float, Frame]] = []
        self.hello: Hello | None = None
        self.sync = ClockSync()
        self._open_line = open_line
        self._line = open_line()
        self._reader = FrameReader()
        self._sequence = 0
        self._heartbeat = False
        self._pinged: dict[int, float] = {}
        self._ping_at = 0.0

    def reopen(self) -> None:
        """Let the line go without a word, and open it again."""
        self._line.close()
        self._line = self._open_line()
        self._reader = FrameReader()

    def close(self) -> None:
        """Leave everything off."""
        self._heartbeat = False
        try:
            self.send(StopAll())
            self.send(StopAll())
        finally:
            self._line.close()

    def send(self, message: HostMessage, *, ack: bool = True, sequence: int | None = None) -> int:
        """Send a frame; its sequence."""
        if sequence is None:
            sequence, self._sequence = self._sequence, (self._sequence + 1) % 256
        self._line.write(encode(message, sequence, ack_wanted=ack))
        return sequence

    def send_raw(self, some: bytes) -> None:
        """Send any bytes at the pace of a serial line, and keep listening."""
        for start in range(0, len(some), PIECE_BYTES):
            piece = some[start : start + PIECE_BYTES]
            self._line.write(piece)
            self.listen(len(piece) / BYTES_A_SEC)

    def listen(self, seconds: float) -> None:
        """Let time pass; hear what comes."""
        end = self.clock() + seconds
        while True:
            self._beat()
            self._hear(self._line.read())
            if self.clock() >= end:
                return

    def expect(self, kind: type[_M], seconds: float = ANSWER_SEC, matching: Callable[[_M], bool] | None = None) -> _M:
        """The next message of a kind from now on; raises BrokenError where none comes."""
        place, end = len(self.heard), self.clock() + seconds
        while True:
            for _, frame in self.heard[place:]:
                if isinstance(frame.message, kind) and (matching is None or matching(frame.message)):
                    return frame.message
            if self.clock() >= end:
                raise BrokenError(f"no {kind.__name__.upper()} within {seconds:g} s")
            place = len(self.heard)
            self.listen(0.0)

    def answer(self, message: HostMessage, sequence: int | None = None) -> Ack | Nack:
        """What the glove says to a frame."""
        sent = self.send(message, sequence=sequence)
        both: tuple[type[Ack], type[Nack]] = (Ack, Nack)
        return self.expect(both, matching=lambda said: said.sequence == sent)  # type: ignore[arg-type]

    def ask(self, message: HostMessage, code: Code, refused: bool | None = None) -> None:
        """Send a frame and demand its answer."""
        said = self.answer(message)
        wanted = Nack if refused or (refused is None and code not in (Code.OK, Code.LIMITED)) else Ack
        if said.code != code or not isinstance(said, wanted):
            raise BrokenError(f"{type(message).__name__} was answered {type(said).__name__} {Code(said.code).name}")

    def value(self, key: Key) -> int:
        """A value of the glove."""
        said = self.answer(Get(key))
        if not isinstance(said, Ack) or said.value is None:
            raise BrokenError(f"GET {key.name} was refused")
        return said.value

    def greet(self) -> Hello:
        """Say hello until somebody answers."""
        nonce, end = self.rng.getrandbits(31) + 1, self.clock() + HELLO_SEC
        while self.clock() < end:
            self.send(HelloRequest(1, 1, nonce), ack=False)
            try:
                self.hello = self.expect(Hello, 0.4, lambda hello: hello.nonce == nonce)
                return self.hello
            except BrokenError:
                continue
        raise BrokenError("nobody answers as a glove does")

    def learn_clock(self) -> None:
        """Ask for the device's time often enough to know it."""
        self.sync = ClockSync()
        for _ in range(FIRST):
            self._ping()
            self.expect(Pong)

    def arm(self, lease_ms: int = 1000, level: int = 255, max_on_ms: int = 1500, heartbeat: bool = True) -> None:
        """Start from SAFE with an empty queue, then arm."""
        self._heartbeat = heartbeat
        self.send(StopAll())
        self.ask(Arm(lease_ms, level, max_on_ms), Code.OK)

    def device_us(self, in_sec: float) -> int:
        """The device's clock a little from now."""
        return self.sync.device_us(self.clock() + in_sec)

    def early_us(self, actuator: int) -> int:
        """How much before the skin's time the motor goes on."""
        return self.hello.onset_ms[actuator] * 1000 if self.hello else 0

    def status(self) -> Status:
        """The next STATUS."""
        return self.expect(Status, 1.0)

    def since(self, place: int, kind: type[_M]) -> list[_M]:
        """All messages of a kind that were heard from a place on."""
        return [frame.message for _, frame in self.heard[place:] if isinstance(frame.message, kind)]

    def _beat(self) -> None:
        if self._heartbeat and self.clock() >= self._ping_at:
            self._ping()

    def _ping(self) -> None:
        now = self.clock()
        self._ping_at = now + PING_SEC
        stamp = round(now * 1e6) & 0xFFFF_FFFF
        self._pinged[stamp] = now
        self._line.write(b"\0")  # so that it is read after any noise
        self.send(Ping(stamp), ack=False)

    def _hear(self, received: bytes) -> None:
        for frame in self._reader.feed(received):
            now = self.clock()
            self.heard.append((now, frame))
            if isinstance(frame.message, Pong) and frame.message.host_time in self._pinged:
                sent = self._pinged.pop(frame.message.host_time)
                self.sync.add(sent, now, frame.message.received, frame.message.sent)
