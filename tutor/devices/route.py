"""Whether the sound server hands this program's recording on to another microphone than the one that was opened.

PulseAudio, and PipeWire in its place, keep a stream alive whose microphone is pulled by moving it to another one, and
tell only those who ask. Where there is no such server, nothing is ever moved.
"""

from __future__ import annotations

import os
import threading
from typing import Any

RETRY_SEC = 2.0
FIRST_LOOK_SEC = 2.0
NOWHERE = 0xFFFFFFFF  # the source of a stream that is just being opened or moved
CLIENT = "Dacapo's look at its microphone"


def pulse_control() -> Any:
    """The library that asks a sound server; None where this system has none."""
    try:
        import pulsectl
    except (ImportError, OSError):
        return None
    return pulsectl


class Route:
    """Watches from a thread of its own; ``moved`` is set when a stream of this process changes its source.

    A stream that is opened once this is made is watched from its beginning, for the first look is over by then.
    """

    def __init__(self) -> None:
        self.moved = threading.Event()
        self._looked = threading.Event()
        self._sources: dict[int, int] = {}  # where each stream was, by the server's numbers
        self._closing = threading.Event()
        threading.Thread(target=self._watch, name="route of the microphone", daemon=True).start()
        self._looked.wait(FIRST_LOOK_SEC)

    def close(self) -> None:
        """Stop watching, soon."""
        self._closing.set()

    def look(self, server: Any) -> None:
        """Compare where the streams of this process are with where each was at the look before."""
        here, owner = {}, str(os.getpid())
        for stream in server.source_output_list():
            source = stream.source if stream.source != NOWHERE else self._sources.get(stream.index, NOWHERE)
            if stream.proplist.get("application.process.id") == owner and source != NOWHERE:
                here[stream.index] = source
        if any(self._sources.get(number, source) != source for number, source in here.items()):
            self.moved.set()
        self._sources = here

    def _watch(self) -> None:
        library = pulse_control()
        while library and not self._closing.is_set():
            try:
                self._watch_server(library)
            except (library.PulseError, library.PulseDisconnected, OSError):
                self._sources = {}
                self._looked.set()
                self._closing.wait(RETRY_SEC)
        self._looked.set()

    def _watch_server(self, library: Any) -> None:
        """Look after each change of a recording stream; raises PulseError where the server is not there or goes."""

        def changed(event: Any) -> None:
            raise library.PulseLoopStop

        with library.Pulse(CLIENT) as server:
            server.event_mask_set("source_output")
            server.event_callback_set(changed)
            while not self._closing.is_set():
                self.look(server)
                self._looked.set()
                server.event_listen(timeout=RETRY_SEC)
