"""A client of the JACK server of a test."""

from __future__ import annotations

import time
from typing import Any

import rtmidi

BUSY_SEC = 20.0


def jack_client(kind: str, name: str) -> Any:
    """An RtMidi client (``MidiIn`` or ``MidiOut``); a server that starts or is busy may turn one away for a moment."""
    deadline = time.monotonic() + BUSY_SEC
    while True:
        try:
            return getattr(rtmidi, kind)(rtapi=rtmidi.API_UNIX_JACK, name=name)
        except OSError:  # rtmidi.SystemError is one
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
