"""Who hears which instrument live: one line of music, or the keys of a piano."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from lessons.errors import InputError
from tutor.listen.live_piano import MOST_STROKES, LivePiano
from tutor.listen.melody import INSTRUMENTS, MelodyListener
from tutor.listen.piano import Stroke

PIANO = "piano"
HEARD = (*INSTRUMENTS, PIANO)


def known_instrument(name: str) -> str:
    """The name, where it can be heard. Raises InputError with the names that can."""
    if name not in HEARD:
        raise InputError(f"instrument '{name}': say one of {', '.join(HEARD)}")
    return name


class Hearing:
    """What a microphone is heard with: ``listener`` is the newest, None before the first sound.

    A microphone that was lost and comes back is heard anew. Raises InputError for an instrument that is not known.
    """

    def __init__(self, instrument: str):
        self.instrument = known_instrument(instrument)
        self.listener: MelodyListener | LivePiano | None = None
        self._since_sec = 0.0
        self._earlier: deque[Stroke] = deque(maxlen=MOST_STROKES)

    def listen(self, rate: int, start_sec: float) -> MelodyListener | LivePiano:
        """A listener for sound of this rate whose first sample has this stamp."""
        self._earlier.extend(self._latest(0.0))
        piano = self.instrument == PIANO
        self._since_sec = start_sec
        self.listener = LivePiano(rate, start_sec) if piano else MelodyListener(rate, self.instrument, start_sec)
        return self.listener

    def strokes(self, start_sec: float) -> list[Stroke]:
        """All strokes of a piano heard so far, hints too, in seconds from a stamp; any thread may ask."""
        earlier = [replace(stroke, onset_sec=stroke.onset_sec - start_sec) for stroke in tuple(self._earlier)]
        return earlier + self._latest(start_sec)

    def _latest(self, start_sec: float) -> list[Stroke]:
        return self.listener.all_strokes(self._since_sec - start_sec) if isinstance(self.listener, LivePiano) else []
