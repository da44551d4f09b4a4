"""Other devices that touch fingers, as what switches them: LucidGloves (Alpha lines) and Synthesia's finger channels.

Neither has a clock, a lease or a queue of its own; `tutor.glove.host_timed` gives them the host's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tutor.commands.parts import MidiOutput, SerialLine
from tutor.cues import FINGERS
from tutor.glove.codes import ActuatorClass

ALPHA_FULL = 1000
PITCH = 60


class Driver(Protocol):
    """What switches the actuators of one device."""

    actuator_class: ActuatorClass
    hands: int

    def drive(self, levels: Sequence[int]) -> None:
        """Set all ten actuators to levels 0..255. Raises DeviceError where the device is gone."""
        ...

    def look(self) -> None:
        """Do nothing where the device is there. Raises DeviceError where it is gone."""
        ...

    def close(self) -> None:
        """Let the device go."""
        ...


OpenDriver = Callable[[], Driver]
"""Open a device. Raises DeviceError."""


class AlphaDriver:
    """A LucidGlove on a serial line: one hand, ``A`` (thumb) to ``E`` (little finger) with 0..1000 in each line."""

    actuator_class = ActuatorClass.SERVO

    def __init__(self, line: SerialLine, left: bool):
        self.hands = 1 if left else 2
        self._line = line
        self._first = 0 if left else FINGERS
        self._said = alpha_line([0] * FINGERS)

    def drive(self, levels: Sequence[int]) -> None:
        """Write one line with the five fingers of this hand."""
        self._said = alpha_line(levels[self._first : self._first + FINGERS])
        self._line.write(self._said)

    def look(self) -> None:
        """Say the same again: it heals a line that was lost on the way."""
        self._line.write(self._said)

    def close(self) -> None:
        """Close the line."""
        self._line.close()


class FingerChannelDriver:
    """Synthesia's convention on a MIDI output: a note-on on channel 1..5 (left thumb on) or 6..10 (right thumb on)."""

    actuator_class = ActuatorClass.PIEZO
    hands = 3

    def __init__(self, port: MidiOutput):
        self._port = port
        self._sounding: Sequence[int | None] = (
            [None] * 2 * FINGERS
        )  # whoever held the port before may have left notes on

    def drive(self, levels: Sequence[int]) -> None:
        """Send what has changed."""
        self._port.look()
        for actuator, level in enumerate(levels):
            sounding = self._sounding[actuator]
            if sounding is None or bool(level) != bool(sounding):
                self._port.send(finger_channel_message(actuator, level))
        self._sounding = list(levels)

    def look(self) -> None:
        """See whether somebody still listens."""
        self._port.look()

    def close(self) -> None:
        """Close the port."""
        self._port.close()


def alpha_line(levels: Sequence[int]) -> bytes:
    """The Alpha encoding of five fingers with levels 0..255."""
    said = (f"{letter}{level * ALPHA_FULL // 255}" for letter, level in zip("ABCDE", levels, strict=True))
    return "".join(said).encode() + b"\n"


def finger_channel_message(actuator: int, level: int) -> bytes:
    """A note-on (level 0: a note-off) on the finger's channel; channels count from 1 in words and from 0 in bytes."""
    return bytes([(0x90 if level else 0x80) | actuator, PITCH, max(1, level // 2) if level else 0])
