"""A listener that is spared what the program itself sounds: it is taken out of the microphone's sound before."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tutor.events import NoteOff, NoteOn
from tutor.listen.echo_canceller import EchoCanceller, partition_of
from tutor.listen.periodicity import Sound
from tutor.listen.playback import NowPlaying, Playback

CAPTURE_SEC, OFF_SEC = 0.04, 0.05  # what the way in takes where nobody measured it, and how far off all may be
MEASURED_OFF_SEC = 0.015
LEAST_LAG_SEC, AHEAD_SEC = 0.01, 0.08  # a block is rendered by then; sound is looked for so long before it is expected
MOVED_SEC = 0.02  # a clock that is so far off lost sound somewhere


class Listener(Protocol):
    """Who hears what is left."""

    def feed(self, block: Sound) -> list[NoteOn | NoteOff]:
        """The events that this block completes."""
        ...

    def finish(self) -> list[NoteOn | NoteOff]:
        """End what still sounds."""
        ...


class WithoutPlayback:
    """Lets a listener hear sound of ``rate``, whose first sample has the stamp ``start_sec``, without the playback.

    ``late_sec`` is how late the microphone hears the program, 0.0 where nobody measured it.
    """

    def __init__(self, listener: Listener, rate: int, start_sec: float, playing: NowPlaying, late_sec: float = 0.0):
        self._listener, self._rate, self._start_sec, self._late_sec = listener, rate, start_sec, late_sec
        self._playing = playing
        self._way: _Way | None = None
        self._size, self._fed = partition_of(rate), 0
        self._waiting: Sound = np.zeros(0, np.float32)

    def feed(self, block: Sound, drift_sec: float = 0.0) -> list[NoteOn | NoteOff]:
        """The events that this block completes; ``drift_sec`` is how far the clock has run ahead of the frames."""
        playback = self._playing()
        if playback is None and not len(self._waiting):
            self._fed += len(block)
            return self._listener.feed(block)
        self._waiting = np.concatenate([self._waiting, block])
        whole = len(self._waiting) // self._size * self._size
        ready, self._waiting = self._waiting[:whole], self._waiting[whole:]
        parts = [self._cleaned(part, playback, drift_sec) for part in ready.reshape(-1, self._size)]
        return self._listener.feed(np.concatenate(parts)) if parts else []

    def finish(self) -> list[NoteOn | NoteOff]:
        """End what still sounds."""
        rest, self._waiting = self._waiting, self._waiting[:0]
        return [*(self._listener.feed(rest) if len(rest) else ()), *self._listener.finish()]

    def _cleaned(self, part: Sound, playback: Playback | None, drift_sec: float) -> Sound:
        stamp_sec = self._start_sec + self._fed / self._rate + drift_sec
        self._fed += len(part)
        if playback is None:
            return part
        if self._way is None or not self._way.leads_from(playback, stamp_sec):
            self._way = _way(playback, self._rate, stamp_sec, self._late_sec)
        return self._way.cleaned(part) if self._way is not None else part


class _Way:
    """From one speaker to one microphone of ``rate``, counted in frames of either from where both were together.

    What is heard is held against what was rendered ``lag_sec`` before.
    """

    def __init__(self, playback: Playback, rate: int, frame: float, lag_sec: float, canceller: EchoCanceller):
        self._playback, self._rate, self._lag_sec = playback, rate, lag_sec
        self._frame, self._canceller = frame, canceller

    def leads_from(self, playback: Playback, stamp_sec: float) -> bool:
        """Whether it is this speaker's, and neither side is known to have lost sound by a stamp."""
        now = playback.frame_at(stamp_sec - self._lag_sec)
        if now is None:  # the speaker ran dry a moment ago, perhaps for next to nothing
            now = self._frame
        return playback is self._playback and abs(now - self._frame) < MOVED_SEC * playback.rate

    def cleaned(self, part: Sound) -> Sound:
        """The next part of what is heard, without what was sounded."""
        sounded = self._playback.sound(self._frame, len(part), self._rate)
        self._frame += len(part) * self._playback.rate / self._rate
        return self._canceller.of(sounded, part)


def _way(playback: Playback, rate: int, stamp_sec: float, late_sec: float) -> _Way | None:
    """A way that is to be learned from a stamp on; None before it is known what was rendered when."""
    expected_sec = late_sec or playback.latency_sec + CAPTURE_SEC
    lag_sec = max(LEAST_LAG_SEC, expected_sec - AHEAD_SEC)
    frame = playback.frame_at(stamp_sec - lag_sec)
    if frame is None:
        return None
    canceller = EchoCanceller(rate, expected_sec - lag_sec, MEASURED_OFF_SEC if late_sec else OFF_SEC)
    return _Way(playback, rate, frame, lag_sec, canceller)
