"""The line of what was sung or played into the microphone, over the notes: how high, to the fraction of a semitone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ui.practice.lanes import Lanes

KEPT = 4000
GAP_BEAT, LEAP = 0.15, 0.8
Points = Sequence[tuple[float, float]]


class IntonationLine:
    """Points are (position in beats, pitch as a MIDI number with its fraction)."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque(maxlen=KEPT)
        self._latest_sec = -np.inf

    def clear(self) -> None:
        """Forget what was heard."""
        self._points.clear()

    def take_in(self, trace: Points, beat_at: Callable[[float], float]) -> None:
        """Add what a trace of (stamp, pitch) has beyond the last one."""
        fresh = [(time_sec, pitch) for time_sec, pitch in trace if time_sec > self._latest_sec]
        for time_sec, pitch in fresh:
            beat = beat_at(time_sec)
            if not self._points or beat != self._points[-1][0]:  # while the score waits, the line does
                self._points.append((beat, pitch))
        if fresh:
            self._latest_sec = fresh[-1][0]

    def stretches(self, from_beat: float, to_beat: float) -> list[NDArray[np.float64]]:
        """The visible points, cut where there was silence or a jump; each of shape (n, 2), n ≥ 2."""
        seen = np.array([point for point in self._points if from_beat <= point[0] <= to_beat]).reshape(-1, 2)
        if len(seen) < 2:
            return []
        step, leap = np.diff(seen, axis=0).T
        cuts = np.flatnonzero((step > GAP_BEAT) | (step < 0) | (np.abs(leap) > LEAP)) + 1
        return [part for part in np.split(seen, cuts) if len(part) > 1]


def across(lanes: Lanes, pitches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where pitches with fractions lie, as shares of the keyboard's width."""
    keys = np.array(lanes.pitches)
    middles: NDArray[np.float64] = np.interp(pitches, keys, lanes.left[keys] + lanes.width[keys] / 2)
    return middles
