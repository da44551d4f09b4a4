"""The glove's end of the line: frames of the host are read, each is done once, and what is said is numbered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from tutor.glove.asks import TOUCHES
from tutor.glove.codes import Code, Key
from tutor.glove.messages import Ack, Cancel, DeviceMessage, Get, Message, Nack, Unreadable
from tutor.glove.protocol import Frame, FrameReader, encode

REMEMBERED = 8
ONCE_ONLY = (*TOUCHES, Cancel)
"""What must not be done twice when a frame comes twice."""


class Replies:
    """Has messages done by ``perform`` and says what came of it; ``value`` answers GET."""

    def __init__(self, perform: Callable[[Message, int], Code], value: Callable[[Key], int]):
        self.frames = 0
        self._perform, self._value = perform, value
        self._reader = FrameReader()
        self._output = bytearray()
        self._sequence = 0
        self._remembered: deque[tuple[int, type, Code]] = deque(maxlen=REMEMBERED)

    @property
    def bad(self) -> int:
        """How many pieces of the stream were no frame."""
        return self._reader.bad

    def read(self, received: bytes) -> Iterator[Frame]:
        """The frames in these bytes and those before them."""
        for frame in self._reader.feed(received):
            self.frames += 1
            yield frame

    def answer(self, frame: Frame) -> None:
        """Do what a frame says, unless it was done before, and answer."""
        message = frame.message
        if isinstance(message, Unreadable):
            self.say(Nack(frame.sequence, Code.BAD_ARG if message.known else Code.UNKNOWN))
            return
        code = self._answered_before(frame.sequence, message)
        if code is None:
            code = self._perform(message, frame.sequence)
            if isinstance(message, ONCE_ONLY):
                self._remembered.append((frame.sequence, type(message), code))
        if code != Code.OK and not (code == Code.LIMITED and isinstance(message, TOUCHES)):
            self.say(Nack(frame.sequence, code))
        elif isinstance(message, Get):
            self.say(Ack(frame.sequence, code, self._value(Key(message.key))))
        elif frame.ack_wanted:
            self.say(Ack(frame.sequence, code))

    def forget(self) -> None:
        """Begin anew with a host that greets: its sequences are new ones."""
        self._remembered.clear()

    def say(self, message: DeviceMessage) -> None:
        """Say something to the host."""
        self._output += encode(message, self._sequence)
        self._sequence = (self._sequence + 1) % 256

    def take_output(self) -> bytes:
        """The bytes for the host since the last call."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def _answered_before(self, sequence: int, message: Message) -> Code | None:
        known = (code for old, kind, code in self._remembered if (old, kind) == (sequence, type(message)))
        return next(known, None)
