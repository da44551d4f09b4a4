"""Frames on their way to the glove: numbered, remembered until they are answered, and sent again where they are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.glove.codes import Code
from tutor.glove.counting import later_by
from tutor.glove.messages import Ack, ChordAt, HostMessage, Nack, RhythmAt
from tutor.glove.protocol import encode

ANSWER_SEC = 1.0
TRIES = 5

Then = Callable[[float, Ack | None], None]
"""What to do with an answer at a time; None where there was none, or a refusal."""


@dataclass
class Waiting:
    """A frame that was sent and not yet answered."""

    message: HostMessage
    sent_sec: float
    expires_sec: float
    then: Then | None
    tries: int = 1

    def is_from(self, device_us: int) -> bool:
        """Whether this is a cue for a device time or later."""
        return isinstance(self.message, ChordAt | RhythmAt) and later_by(self.message.time, device_us) >= 0


class Postbox:
    """What goes out. ``sent``, ``retried`` and ``lost`` count frames, the others the answers to them."""

    def __init__(self) -> None:
        self.sent = self.retried = self.lost = 0
        self.acked = self.refused = self.limited = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew, as on a new line."""
        self._sequence = 0
        self._outgoing: list[bytes] = []
        self._waiting: dict[int, Waiting] = {}

    def say(self, message: HostMessage, now: float, expires: float | None = None, then: Then | None = None) -> int:
        """Send a frame that wants an answer; its sequence. It is sent again until ``expires``."""
        sequence = self._sequence
        self._waiting[sequence] = Waiting(message, now, now + ANSWER_SEC if expires is None else expires, then)
        self.say_once(message, ack_wanted=True)
        return sequence

    def say_once(self, message: HostMessage, ack_wanted: bool = False) -> None:
        """Send a frame that wants none."""
        self._outgoing.append(encode(message, self._sequence, ack_wanted=ack_wanted))
        self._sequence = (self._sequence + 1) % 256
        self.sent += 1

    def take_ack(self, ack: Ack, now: float) -> None:
        """Let whoever waits for it have an answer; a second one is for nobody."""
        waiting = self._waiting.pop(ack.sequence, None)
        if waiting is None:
            return
        self.acked += 1
        self.limited += ack.code == Code.LIMITED
        if waiting.then:
            waiting.then(now, ack)

    def take_nack(self, nack: Nack) -> Waiting | None:
        """Count a refusal; what was refused, for which nobody is told yet, and None where nobody waits."""
        self.refused += 1
        return self._waiting.pop(nack.sequence, None)

    def ask_again(self, now: float, patience_sec: float) -> None:
        """Send again what was not answered for so long, and give up what has expired."""
        for sequence, waiting in list(self._waiting.items()):
            if now - waiting.sent_sec < patience_sec:
                continue
            if now > waiting.expires_sec or waiting.tries >= TRIES:
                self._give_up(sequence, now)
                continue
            waiting.tries += 1
            waiting.sent_sec = now
            self.retried += 1
            self._outgoing.append(encode(waiting.message, sequence, ack_wanted=True, retry=True))

    def drop_cues(self, from_us: int) -> None:
        """Wait no longer for cues from a device time on."""
        self._waiting = {key: item for key, item in self._waiting.items() if not item.is_from(from_us)}

    def drop_all(self) -> None:
        """Wait for nothing that was sent so far."""
        self._waiting.clear()

    def next_sec(self, patience_sec: float) -> float:
        """When something must be sent again."""
        return min((waiting.sent_sec + patience_sec for waiting in self._waiting.values()), default=float("inf"))

    def take_output(self) -> bytes:
        """The bytes to write since the last call; they start with a zero, so that they are read after any noise."""
        output = b"".join(self._outgoing)
        self._outgoing.clear()
        return b"\0" + output if output else b""

    def _give_up(self, sequence: int, now: float) -> None:
        waiting = self._waiting.pop(sequence)
        self.lost += 1
        if waiting.then:
            waiting.then(now, None)
