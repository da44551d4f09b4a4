"""What the microphone hears, kept for the eyes: the pitch now and of the last seconds, beside the notes of the lesson.

`Ear.listen` makes a listener that runs on the microphone's thread; the window reads `newest`, `trace` and `struck` at
any time. A piano has no line of pitch: of it the keys that were struck are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

from tutor.events import Event, NoteOn
from tutor.listen.listener import PIANO, Hearing
from tutor.listen.melody import MelodyListener
from tutor.listen.pitch import CLEAR, NO_PITCH, Pitch, PitchTracker

KEPT = 1500  # hops, some eight seconds
CONCERT_HERTZ, CONCERT_PITCH = 440.0, 69


class Ear:
    """Hears an instrument: one line of music, or a piano."""

    def __init__(self, instrument: str):
        self.instrument, self.hearing = instrument, Hearing(instrument)
        self.newest: Pitch | None = None
        self.tuning_hertz = CONCERT_HERTZ
        self._trace: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._struck: deque[tuple[float, int]] = deque(maxlen=KEPT)

    def listen(self, rate: int, start_sec: float) -> _HeardAndSeen:
        """A listener for sound of this rate whose first sample has this stamp."""
        return _HeardAndSeen(self, rate, start_sec)

    def trace(self) -> tuple[tuple[float, float], ...]:
        """(stamp in seconds, pitch as a MIDI number with its fraction) of what was clear lately, oldest first."""
        return tuple(self._trace)

    def struck(self) -> tuple[tuple[float, int], ...]:
        """(stamp in seconds, key) of what was struck on a piano lately, oldest first."""
        return tuple(self._struck)

    def see_key(self, event: NoteOn) -> None:
        """Take a key in."""
        self._struck.append((event.time_sec, event.pitch))

    def see(self, pitch: Pitch, start_sec: float) -> None:
        """Take one value in."""
        self.newest = pitch
        if pitch.hertz != NO_PITCH and pitch.clarity >= CLEAR:
            self._trace.append((start_sec + pitch.time_sec, pitch_number(pitch.hertz, self.tuning_hertz)))


class _HeardAndSeen:
    """Makes events of the sound, and lets the ear see its pitch."""

    def __init__(self, ear: Ear, rate: int, start_sec: float):
        self._ear, self._start_sec = ear, start_sec
        self._notes = ear.hearing.listen(rate, start_sec)
        self._tracker = PitchTracker(rate) if ear.instrument != PIANO else None

    def feed(self, block: NDArray[np.float32]) -> Sequence[Event]:
        """The events that this block completes."""
        events = self._notes.feed(block)
        if self._tracker is None:
            for event in events:
                if isinstance(event, NoteOn):
                    self._ear.see_key(event)
            return events
        if isinstance(self._notes, MelodyListener):
            self._ear.tuning_hertz = self._notes.tuning_hertz
        for pitch in self._tracker.feed(block):
            self._ear.see(pitch, self._start_sec)
        return events

    def finish(self) -> Sequence[Event]:
        """End what still sounds."""
        return self._notes.finish()


def pitch_number(hertz: float, tuning_hertz: float = CONCERT_HERTZ) -> float:
    """A frequency as a MIDI number with its fraction."""
    return CONCERT_PITCH + 12 * log2(hertz / tuning_hertz)
