"""Where each key lies: lanes across the keyboard, as shares of its width, shared by roll and keyboard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.score import PIANO_KEYS

WHITE_CLASSES = frozenset({0, 2, 4, 5, 7, 9, 11})
BLACK_WIDTH = 0.6  # of a white key's
BLACK_LENGTH = 0.62
LEAST_KEYS = 48
# A real keyboard's black keys do not sit on the middle of the gap.
BLACK_SHIFT = {1: -0.1, 3: 0.1, 6: -0.13, 8: 0.0, 10: 0.13}


def is_white(pitch: int) -> bool:
    """Whether a pitch is a white key."""
    return pitch % 12 in WHITE_CLASSES


@dataclass(frozen=True, eq=False)
class Lanes:
    """Keys from ``low`` to ``high``, both white.

    ``left`` and ``width`` are shares of the whole width, float64 of shape (128,), indexed by pitch.
    """

    low: int
    high: int
    left: NDArray[np.float64]
    width: NDArray[np.float64]

    @property
    def pitches(self) -> range:
        """All keys from left to right."""
        return range(self.low, self.high + 1)

    def pitch_at(self, across: float, deep: float) -> int | None:
        """The key at shares of the width and, from the top, of the height; black keys lie above white ones."""
        order = sorted(self.pitches, key=is_white)
        for pitch in order if deep < BLACK_LENGTH else (pitch for pitch in order if is_white(pitch)):
            if self.left[pitch] <= across < self.left[pitch] + self.width[pitch]:
                return pitch
        return None


def lanes(low: int, high: int) -> Lanes:
    """Lanes for the keys from ``low`` to ``high``, widened to white keys at both ends."""
    low, high = (low if is_white(low) else low - 1), (high if is_white(high) else high + 1)
    whites = [pitch for pitch in range(low, high + 1) if is_white(pitch)]
    unit = 1.0 / len(whites)
    left, width = np.full(128, -1.0), np.zeros(128)
    for place, pitch in enumerate(whites):
        left[pitch], width[pitch] = place * unit, unit
    for pitch in range(low, high + 1):
        if not is_white(pitch):
            middle = left[pitch - 1] + unit * (1.0 + BLACK_SHIFT[pitch % 12])
            left[pitch], width[pitch] = middle - BLACK_WIDTH * unit / 2, BLACK_WIDTH * unit
    return Lanes(low, high, left, width)


def lanes_for(pitches: NDArray[np.int16]) -> Lanes:
    """Lanes that hold all pitches with room at both sides, in whole octaves: at least four, at most the piano."""
    low, high = (int(pitches.min()) - 2, int(pitches.max()) + 2) if len(pitches) else (48, 83)
    low, high = low - low % 12, high + 11 - high % 12
    while high - low + 1 < LEAST_KEYS:
        low, high = (low - 12, high) if 60 - low <= high - 71 else (low, high + 12)
    piano = (min(PIANO_KEYS[0], int(pitches.min(initial=60))), max(PIANO_KEYS[1], int(pitches.max(initial=60))))
    return lanes(max(low, piano[0]), min(high, piano[1]))
