"""Where tones began, read from what the ear for beginnings says: with hindsight (`Onsets`) or as it goes (`Lately`)."""

from __future__ import annotations

import numpy as np

from tutor.listen.onset_ear import LAGS, Row
from tutor.listen.periodicity import Values

SMOOTH, SMOOTH_SUM = 5, 2.6  # what a sure beginning comes to over so many frames
BESIDE = 3  # frames in which a peak is alone, and whose middle it is dated by
AFTER, NEAR = 9, 1.5  # frames after which a tone that was struck anew is told; by how many they may be wrong
AGAIN, CERTAIN = 0.55, 0.85  # how likely that must be: where it is written, and whatever is written
APART_SEC = 0.09  # from one beginning to the next
Likely = tuple[float, float]
"""(second, likelihood 0..1)"""


class Onsets:
    """How likely a tone began at each frame of some sound, of which the first ends at ``first_sec``."""

    def __init__(self, likely: Values, first_sec: float, frame_sec: float):
        self._likely, self._first_sec, self._frame_sec = likely, first_sec, frame_sec
        self._share = np.convolve(likely, np.ones(SMOOTH))[SMOOTH // 2 :][: len(likely)] / SMOOTH_SUM

    def likeliest(self, first_sec: float, end_sec: float) -> Likely:
        """The likeliest moment of a span."""
        first, end = self._frame(first_sec), self._frame(end_sec) + 1
        if end <= first:
            return first_sec, 0.0
        frame = first + int(self._share[first:end].argmax())
        return self._second(frame), float(self._share[frame])

    def peaks(self, first_sec: float, end_sec: float, least: float) -> list[Likely]:
        """The moments of a span that are at least so likely, and likelier than those beside them."""
        share = self._share
        return [
            (self._second(frame), float(share[frame]))
            for frame in range(self._frame(first_sec), self._frame(end_sec) + 1)
            if share[frame] >= least and share[frame] >= share[max(0, frame - BESIDE) : frame + BESIDE + 1].max()
        ]

    def _frame(self, second: float) -> int:
        return min(max(0, round((second - self._first_sec) / self._frame_sec)), len(self._likely) - 1)

    def _second(self, frame: int) -> float:
        first = max(0, frame - BESIDE)
        weight = self._likely[first : frame + BESIDE + 1] + 1e-9
        middle = float(np.dot(weight, np.arange(len(weight))) / weight.sum())
        return self._first_sec + self._frame_sec * (first + middle)


class Lately:
    """What is known of the last moments by now; told row by row."""

    def __init__(self, frame_sec: float):
        self._frame_sec, self._frames = frame_sec, 0
        self._onsets = Onsets(np.zeros(len(LAGS)), 0.0, frame_sec)

    def hear(self, row: Row) -> None:
        """Take the row of the next frame in."""
        self._frames += 1
        first = (self._frames - LAGS[-1]) * self._frame_sec
        self._onsets = Onsets(row[::-1].astype(np.float64), first, self._frame_sec)

    def likeliest(self, first_sec: float, end_sec: float) -> Likely:
        """The likeliest moment of a span, as far as it is known."""
        return self._onsets.likeliest(first_sec, end_sec)

    def again(self, begun_sec: float) -> Likely | None:
        """When a tone began `AFTER` frames ago, if one may have, well after the one that began at ``begun_sec``."""
        middle = (self._frames - AFTER) * self._frame_sec
        beside = (BESIDE + 0.5) * self._frame_sec
        at_sec, share = self._onsets.likeliest(middle - beside, middle + beside)
        near = abs(at_sec - middle) <= NEAR * self._frame_sec
        return (at_sec, share) if near and share >= AGAIN and at_sec - begun_sec >= APART_SEC else None
