"""What a command cannot import itself: the devices and the composer, handed over by ``main.py``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Composer, Likeness
from lessons.errors import CheckpointError, DeviceError
from tutor.events import Event, Inbox
from tutor.listen.level import SoundLevel
from tutor.listen.playback import Playback


class MidiInput(Protocol):
    """An open MIDI input that stamps and enqueues; a port that goes or returns is a `Lost` in the inbox."""

    name: str

    def close(self) -> None:
        """Unregister the callback, then close the port."""
        ...


class MidiOutput(Protocol):
    """An open MIDI output; all raise DeviceError once nobody is there to listen."""

    name: str

    def send(self, message: bytes) -> None:
        """Send a message; never waits."""
        ...

    def look(self) -> None:
        """See whether the port is still there."""
        ...

    def close(self) -> None:
        """Close the port; again is harmless."""
        ...


class SerialLine(Protocol):
    """An open serial line. `read` waits at most its timeout; all raise DeviceError once the line is gone."""

    name: str

    def read(self) -> bytes:
        """Whatever has arrived, perhaps nothing."""
        ...

    def write(self, frame: bytes) -> None:
        """Send a whole frame, or raise DeviceError where the line does not take it in time."""
        ...

    def close(self) -> None:
        """Close the line; again is harmless."""
        ...


class Synth(Protocol):
    """Whoever sounds notes now; silent where there is no audio. Calls never block."""

    @property
    def playback(self) -> Playback | None:
        """What was sounded in the last moments; None where there is no audio."""
        ...

    def note_on(self, pitch: int, velocity: int, channel: int = 0) -> None:
        """Start a note."""
        ...

    def note_off(self, pitch: int, channel: int = 0) -> None:
        """End a note."""
        ...

    def click(self, accent: bool) -> None:
        """Sound one beat of the metronome."""
        ...

    def loudness(self, share: float) -> None:
        """Say how loud everything is, 0..1."""
        ...

    def silence(self) -> None:
        """End all notes."""
        ...

    def close(self) -> None:
        """Give the audio device back."""
        ...


class SoundListener(Protocol):
    """Whoever turns mono sound into events; its methods run on the microphone's thread."""

    def feed(self, block: NDArray[np.float32], drift_sec: float = 0.0) -> Sequence[Event]:
        """The events that this block completes, in times counted by its frames.

        ``drift_sec`` has to be added to such times to have those of the clock (`tutor.listen.sound_clock`).
        """
        ...

    def finish(self) -> Sequence[Event]:
        """End what still sounds."""
        ...


class SoundInput(Protocol):
    """An open microphone; ``level`` is how loud it is now."""

    name: str
    level: SoundLevel

    def close(self) -> None:
        """Stop listening, and give the device back."""
        ...


MakeListener = Callable[[int, float], SoundListener]
"""(frames a second, stamp of the first sample) → a listener."""


def no_midi_output(wanted: str) -> MidiOutput:
    """Say that there is none."""
    raise DeviceError(f"MIDI port '{wanted}': none can be opened here")


def no_microphone(wanted: str, make_listener: MakeListener, inbox: Inbox) -> SoundInput:
    """Say that there is none."""
    raise DeviceError(f"microphone '{wanted}': none can be opened here")


def no_likeness(_index: Path) -> Likeness:
    """Say that there is none."""
    raise CheckpointError("nobody here can tell which pieces are alike")


@dataclass(frozen=True)
class Check:
    """One line of ``doctor``: a thing, whether it works, what it says, how to get it where it is missing.

    ``found`` names each one of its kind, for programs to read.
    """

    name: str
    works: bool
    says: str
    remedy: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The factories that ``main.py`` hands to commands and to the window."""

    midi_input_names: Callable[[], Sequence[str]]
    open_midi: Callable[[str, Inbox], MidiInput]
    serial_names: Callable[[], Sequence[str]]
    open_serial: Callable[[str], SerialLine]
    open_speaker: Callable[[], Synth]
    device_checks: Callable[[], Sequence[Check]]
    composer: Callable[[], Composer]
    midi_output_names: Callable[[], Sequence[str]] = tuple
    open_midi_output: Callable[[str], MidiOutput] = no_midi_output
    microphone_names: Callable[[], Sequence[str]] = tuple
    open_microphone: Callable[[str, MakeListener, Inbox], SoundInput] = no_microphone
    weights_checks: Callable[[], Sequence[Check]] = tuple
    open_window: Callable[[argparse.Namespace], int] = lambda _arguments: 0
    likeness: Callable[[Path], Likeness] = no_likeness
