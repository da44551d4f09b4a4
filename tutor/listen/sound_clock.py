"""How far a sound card's seconds have run from the computer's: its quartz is off by up to a tenth of a thousandth.

That is a third of a second after an hour. A block's stamp is late by what the system kept it waiting, never early, so
the earliest stamps of the last while tell of the drift.
"""

from __future__ import annotations

import math

WINDOW_SEC = 5.0  # long enough for one block to come through at once, too short to drift by a millisecond
MOST_DRIFT = 1e-3  # of the time that has passed: more is no quartz, but a burst or a gap


class SoundClock:
    """Counts the frames of a stream of ``rate`` that began at the stamp ``start_sec``.

    ``late_sec`` is what has to be added to times counted by frames to have those of the stamps.
    """

    def __init__(self, start_sec: float, rate: int):
        self._start_sec, self._rate = start_sec, rate
        self._window_end_sec = start_sec + WINDOW_SEC
        self._low, self._low_before, self._passed_sec = math.inf, 0.0, 0.0

    @property
    def late_sec(self) -> float:
        """The drift so far; negative where the card is fast."""
        most_sec = MOST_DRIFT * self._passed_sec
        return max(-most_sec, min(self._low, self._low_before, most_sec))

    def missing_sec(self, stamp_sec: float, frames: int) -> float:
        """How long sound has not come, where ``frames`` of the stream have come by a stamp."""
        return self._behind_sec(stamp_sec, frames) - self.late_sec

    def take_in(self, stamp_sec: float, frames: int) -> None:
        """Learn from a block: ``frames`` of the stream have come by its stamp."""
        self._passed_sec = stamp_sec - self._start_sec
        if stamp_sec >= self._window_end_sec:
            self._low_before, self._low = min(self._low, self._behind_sec(stamp_sec, frames)), math.inf
            self._window_end_sec = stamp_sec + WINDOW_SEC
        self._low = min(self._low, self._behind_sec(stamp_sec, frames))

    def _behind_sec(self, stamp_sec: float, frames: int) -> float:
        return stamp_sec - self._start_sec - frames / self._rate
