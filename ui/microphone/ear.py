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

from tutor.commands.parts import SoundListener
from tutor.events import Event, NoteOn
from tutor.listen.instruments import INSTRUMENTS
from tutor.listen.listener import PIANO, Hearing
from tutor.listen.one_line import OneLine
from tutor.listen.pitch import CLEAR, NO_PITCH, Pitch
from tutor.listen.playback import NowPlaying, nothing

KEPT = 1500  # hops, some eight seconds
CONCERT_HERTZ, CONCERT_PITCH = 440.0, 69


class Ear:
    """Hears an instrument: one line of music, or a piano. What it hears is ``late_sec`` late.

    ``a4_hertz`` is what A is tuned to, None where that is found by ear. It does not hear what is ``playing``.
    """

    def __init__(
        self,
        instrument: str,
        late_sec: float = 0.0,
        a4_hertz: float | None = None,
        playing: NowPlaying = nothing,
    ):
        self.instrument, self.hearing = instrument, Hearing(instrument, late_sec, a4_hertz, playing)
        self.newest: Pitch | None = None
        self._above = INSTRUMENTS[instrument].written_above if instrument in INSTRUMENTS else 0
        self.clear: tuple[float, float] | None = None  # stamp and hertz of the newest clear value
        self._trace: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._struck: deque[tuple[float, int]] = deque(maxlen=KEPT)

    @property
    def tuning_hertz(self) -> float:
        """What A is tuned to, as far as it is known now."""
        listener = self.hearing.listener
        return listener.tuning_hertz if isinstance(listener, OneLine) else CONCERT_HERTZ

    def pitch_at(self, now_sec: float, most_sec: float, tuning_hertz: float) -> float | None:
        """What sounded at most so long ago, as its part names it, against a tuning: a MIDI number with its fraction."""
        if self.clear is None or now_sec - self.clear[0] >= most_sec:
            return None
        return pitch_number(self.clear[1], tuning_hertz) + self._above

    def listen(self, rate: int, start_sec: float) -> SoundListener:
        """A listener for sound of this rate whose first sample has this stamp."""
        listener = self.hearing.listen(rate, start_sec, self.see)
        return _SeenKeys(self, listener) if self.instrument == PIANO else listener

    def trace(self) -> tuple[tuple[float, float], ...]:
        """(stamp in seconds, pitch as a MIDI number with its fraction) of what was clear lately, oldest first."""
        return tuple(self._trace)

    def struck(self) -> tuple[tuple[float, int], ...]:
        """(stamp in seconds, key) of what was struck on a piano lately, oldest first."""
        return tuple(self._struck)

    def see_key(self, event: NoteOn) -> None:
        """Take a key in."""
        self._struck.append((event.time_sec, event.pitch))

    def see(self, pitch: Pitch, stamp_sec: float) -> None:
        """Take one value in."""
        self.newest = pitch
        if pitch.hertz != NO_PITCH and pitch.clarity >= CLEAR:
            self.clear = stamp_sec, pitch.hertz
            above = self._above + self.hearing.octave.semitones
            self._trace.append((stamp_sec, pitch_number(pitch.hertz, self.tuning_hertz) + above))


class _SeenKeys:
    """Lets the ear see the keys of a piano that are heard."""

    def __init__(self, ear: Ear, listener: SoundListener):
        self._ear, self._listener = ear, listener

    def feed(self, block: NDArray[np.float32], drift_sec: float = 0.0) -> Sequence[Event]:
        """The events that this block completes."""
        events = self._listener.feed(block, drift_sec)
        for event in events:
            if isinstance(event, NoteOn):
                self._ear.see_key(event)
        return events

    def finish(self) -> Sequence[Event]:
        """End what still sounds."""
        return self._listener.finish()


def pitch_number(hertz: float, tuning_hertz: float = CONCERT_HERTZ) -> float:
    """A frequency as a MIDI number with its fraction."""
    return CONCERT_PITCH + 12 * log2(hertz / tuning_hertz)
