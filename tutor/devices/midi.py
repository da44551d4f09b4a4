"""MIDI ports through RtMidi: names, and an input that stamps what arrives and puts it into the inbox.

The driver's callback only stamps (``time.perf_counter``) and enqueues; RtMidi's own time is a delta and is not used. No
driver says when a port vanishes, so a thread of each open input polls the names. ``DACAPO_MIDI_API`` (alsa, jack, core
or mm) picks the system that is asked; without it the first one that answers is.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lessons.errors import DeviceError, InputError
from tutor.events import Event, Inbox, Lost, NoteOff, NoteOn, Pedal
from tutor.midi_names import choose, same_port

log = logging.getLogger(__name__)
CLIENT_NAME = "Dacapo"
POLL_SEC = 0.25
SUSTAIN_PEDAL = 64
DRUM_CHANNEL = 9
LAST_WORD_SEC = 0.3  # what is sent just before a port closes may be lost on JACK and ALSA: the port goes first
JACK_TRIES, JACK_PAUSE_SEC = 5, 0.2  # a server that is busy turns a client away for a moment
API_VARIABLE = "DACAPO_MIDI_API"
API_NAMES = {"alsa": "LINUX_ALSA", "jack": "UNIX_JACK", "core": "MACOSX_CORE", "mm": "WINDOWS_MM"}


def decode(message: Sequence[int], time_sec: float) -> Event | None:
    """The event that a MIDI message means; None for all that is no note and no sustain pedal.

    Velocity 0 is a note-off. The drum channel is passed over: a keyboard's own metronome or rhythm is not the player.
    """
    if len(message) < 3 or message[0] & 0x0F == DRUM_CHANNEL:
        return None
    kind, number, value = message[0] & 0xF0, message[1], message[2]
    if kind == 0x90 and value > 0:
        return NoteOn(time_sec, number, value)
    if kind in (0x80, 0x90):
        return NoteOff(time_sec, number)
    return Pedal(time_sec, value) if kind == 0xB0 and number == SUSTAIN_PEDAL else None


def input_names() -> list[str]:
    """The names of the ports that can be heard; empty where this machine has no MIDI."""
    return _names("MidiIn")


def output_names() -> list[str]:
    """The names of the ports that can be played to; empty where this machine has no MIDI."""
    return _names("MidiOut")


def what_is_missing() -> str:
    """What gives this machine MIDI; empty where it has it."""
    try:
        import rtmidi  # noqa: F401
    except (ImportError, OSError):
        return "sudo apt install libasound2"
    client = _client("MidiIn")
    if client is None:
        return "sudo modprobe snd-seq" if sys.platform.startswith("linux") else "restart the system's MIDI service"
    client.delete()
    return ""


def open_input(wanted: str, inbox: Inbox) -> MidiPort:
    """Open the input that ``wanted`` means (see `choose`). Raises DeviceError."""
    return MidiPort(choose(wanted, input_names()), inbox)


class MidiPort:
    """An open MIDI input; after it is lost it is opened again as soon as its name returns."""

    def __init__(self, name: str, inbox: Inbox):
        self.name = name
        self._inbox = inbox
        self._closing = threading.Event()
        self._client = _client("MidiIn")
        self._open = self._opens(name)
        if not self._open:
            self._put_away()
            raise DeviceError(f"MIDI port '{name}' does not open: it has gone or is in use")
        self._watch = threading.Thread(target=self._keep_watch, name=f"midi {name}", daemon=True)
        self._watch.start()

    def close(self) -> None:
        """Unregister the callback, then close the port; again is harmless."""
        self._closing.set()
        self._watch.join()
        self._put_away()

    def _arrived(self, stamped: tuple[Sequence[int], float], _: object = None) -> None:
        event = decode(stamped[0], time.perf_counter())
        if event is not None:
            self._inbox.put(event)

    def _opens(self, name: str) -> bool:
        if self._client is None or name not in (names := self._client.get_ports()):
            return False
        try:
            self._client.set_callback(self._arrived)
            self._client.open_port(names.index(name), name="input")
        except (OSError, RuntimeError) as error:  # taken by another program, or gone since the look
            log.info("%s: %s", name, error)
            return False
        return True

    def _keep_watch(self) -> None:
        while not self._closing.wait(POLL_SEC):
            try:
                self._look()
            except Exception as error:
                log.log(logging.ERROR if self._open else logging.INFO, "%s: %s", self.name, error, exc_info=self._open)
                self._tell_lost()

    def _look(self) -> None:
        """See whether the port is still there, or there again."""
        names = self._client.get_ports() if self._client is not None else []
        if self._open and self.name not in names:
            self._tell_lost()
            self._put_away()
        elif not self._open:
            self._return_to(names)

    def _tell_lost(self) -> None:
        if self._open:
            self._open = False
            self._inbox.put(Lost(time.perf_counter(), self.name))

    def _return_to(self, names: Sequence[str]) -> None:
        same = same_port(self.name, names)
        back = self.name if self.name in names else same[0] if len(same) == 1 else None
        if back is not None and self._opens(back):
            self.name, self._open = back, True
            self._inbox.put(Lost(time.perf_counter(), back, regained=True))
        elif self._client is None or back is not None:
            self._put_away()
            self._client = _client("MidiIn")

    def _put_away(self) -> None:
        client, self._client, self._open = self._client, None, False
        if client is not None:
            client.cancel_callback()
            client.close_port()
            client.delete()


def open_output(wanted: str) -> MidiOut:
    """Open the output that ``wanted`` means (see `choose`), also under another number. Raises DeviceError."""
    names = output_names()
    same = same_port(wanted, names)
    return MidiOut(same[0] if len(same) == 1 else choose(wanted, names))


class MidiOut:
    """An open MIDI output. RtMidi sends into the void where a port has gone, so whoever sends must `look`."""

    def __init__(self, name: str):
        self.name = name
        self._sent_sec = float("-inf")
        self._client = _client("MidiOut")
        names = self._client.get_ports() if self._client is not None else []
        try:
            if self._client is None or name not in names:
                raise DeviceError(f"MIDI port '{name}' is not there")
            self._client.open_port(names.index(name), name="output")
        except (OSError, RuntimeError) as error:  # DeviceError is an OSError
            self.close()
            raise DeviceError(f"MIDI port '{name}' does not open: it has gone or is in use") from error

    def send(self, message: bytes) -> None:
        """Send a message. Raises DeviceError where the port is closed."""
        if self._client is None:
            raise DeviceError(f"MIDI port '{self.name}' is closed")
        self._client.send_message(list(message))
        self._sent_sec = time.monotonic()

    def look(self) -> None:
        """See whether the port is still there. Raises DeviceError where it is not."""
        if self._client is None or self.name not in self._client.get_ports():
            raise DeviceError(f"MIDI port '{self.name}' has gone")

    def close(self) -> None:
        """Close the port once the last message is on its way, which may take 0.3 s; again is harmless."""
        client, self._client = self._client, None
        if client is not None:
            time.sleep(max(0.0, self._sent_sec + LAST_WORD_SEC - time.monotonic()))
            client.close_port()
            client.delete()


def _names(kind: str) -> list[str]:
    client = _client(kind)
    if client is None:
        return []
    try:
        return list(client.get_ports())
    finally:
        client.delete()


def _client(kind: str) -> Any | None:
    """A fresh RtMidi client (``MidiIn`` or ``MidiOut``) of the first system that answers; None where none does."""
    try:
        import rtmidi  # a machine without ALSA's library must start all the same
    except (ImportError, OSError):
        return None
    for name in _systems():
        api = getattr(rtmidi, f"API_{name}")
        if api not in rtmidi.get_compiled_api():
            continue
        for again in range(JACK_TRIES if name == "UNIX_JACK" and _jack_server().exists() else 1):
            time.sleep(JACK_PAUSE_SEC if again else 0)
            try:
                return getattr(rtmidi, kind)(rtapi=api, name=CLIENT_NAME)
            except OSError as error:  # no sequencer, no server; rtmidi.SystemError is an OSError
                log.info("%s: %s", name, error)
    return None


def _systems() -> list[str]:
    """RtMidi's names of the MIDI systems to ask, in order; those that would only complain are left out."""
    asked = os.environ.get(API_VARIABLE, "").lower()
    if asked:
        if asked not in API_NAMES:
            raise InputError(f"{API_VARIABLE}={asked}: say one of {', '.join(API_NAMES)}")
        return [API_NAMES[asked]]
    if not sys.platform.startswith("linux"):
        return ["MACOSX_CORE", "WINDOWS_MM", "UNIX_JACK"]
    alsa = ["LINUX_ALSA"] if Path("/dev/snd/seq").exists() else []
    return [*alsa, "UNIX_JACK"] if _jack_server().exists() else alsa


def _jack_server() -> Path:
    """The socket of the JACK server that would be asked, where one runs."""
    return Path("/dev/shm", f"jack_{os.environ.get('JACK_DEFAULT_SERVER', 'default')}_{os.getuid()}_0")
