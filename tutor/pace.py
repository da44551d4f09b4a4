"""The pace that a learner who leads keeps: how many times the written tempo, from the onsets struck of late.

The slope of progress over clock seconds (`tutor.transport`), by least squares in which older onsets count less. It is
drawn towards what it was, so that two onsets close together do not tear it away; a hesitation or a jump says nothing
of the tempo, and what came before it counts no more.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from tutor.transport import RATIO_RANGE

ONSETS, FADING_SEC = 8, 2.0  # so many of late; half as old count e^(1/2) times more
INERTIA_SEC2 = 0.04
HESITATION, LEAST_PAUSE_SEC = 2.0, 0.3  # so many times longer than was due, and by so much
JUMP_SEC = 4.0  # of progress from one onset to the next


class Pace:
    """The pace of one practice, from ``ratio`` times the written tempo on."""

    def __init__(self, ratio: float):
        self.ratio = ratio
        self._onsets: deque[tuple[float, float]] = deque(maxlen=ONSETS)  # clock seconds, progress

    def begin_anew(self, ratio: float) -> None:
        """Nothing was struck."""
        self.ratio = ratio
        self._onsets.clear()

    def strike(self, clock_sec: float, progress: float) -> float:
        """Take an onset in; the pace by now. More notes of the same onset say nothing new."""
        if self._onsets:
            last_sec, last = self._onsets[-1]
            elapsed_sec, advance = clock_sec - last_sec, progress - last
            if abs(advance) < 1e-6 or elapsed_sec <= 0:
                return self.ratio
            due_sec = advance / self.ratio
            waited = elapsed_sec > max(HESITATION * due_sec, due_sec + LEAST_PAUSE_SEC)
            if waited or not 0 < advance <= JUMP_SEC:
                self._onsets.clear()
        self._onsets.append((clock_sec, progress))
        if len(self._onsets) > 1:
            self.ratio = self._slope()
        return self.ratio

    def _slope(self) -> float:
        times, progress = np.array(self._onsets).T
        weights = np.exp((times - times[-1]) / FADING_SEC)
        times, progress = times - np.average(times, weights=weights), progress - np.average(progress, weights=weights)
        slope = weights @ (times * progress) + INERTIA_SEC2 * self.ratio
        return min(max(float(slope / (weights @ times**2 + INERTIA_SEC2)), RATIO_RANGE[0]), RATIO_RANGE[1])
