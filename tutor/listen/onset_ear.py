"""The ear for beginnings: how likely a tone of one line was struck, blown, bowed or sung in each of the last moments.

`models.onset_hearing` teaches the network and says how it is made; it is small enough for numpy. Its weights lie
beside this file under a name that holds their hash; ``weights.md`` is their model card.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tutor.listen.ear import sigmoid
from tutor.listen.ear_weights import weights
from tutor.listen.onset_frames import HOPS, Bands, Frames, Levelled
from tutor.listen.periodicity import Sound, Values
from tutor.listen.pitch import Pitch

NAME = "onset"
LAGS = tuple(range(2, 22))  # frames from a beginning to what is said of it
DILATIONS = (1, 2, 4, 8, 16)
Row = NDArray[np.float32]
"""(lags,): how likely a tone began so many frames ago, 0..1: peaks of about three frames."""


class OnsetEar:
    """Takes sound and its pitches in, block by block; gives a row for each frame."""

    def __init__(self, rate: int, hop_sec: float):
        self.frame_sec = HOPS * hop_sec
        self._bands, self._levelled = Bands(rate, self.frame_sec), Levelled()
        self._seen: list[Values] = []
        self._pitches: list[Pitch] = []
        self._own = weights(NAME)
        self._past = [
            np.zeros((2 * apart, len(self._own[f"{place}.weight"]) // 3), np.float32)
            for place, apart in enumerate(DILATIONS)
        ]

    def feed(self, block: Sound, pitches: Iterable[Pitch]) -> list[Row]:
        """The rows of the frames that are complete now."""
        self._seen += list(self._bands.feed(block))
        self._pitches += pitches
        count = min(len(self._seen), len(self._pitches) // HOPS)
        if not count:
            return []
        given = self._levelled.feed(np.array(self._seen[:count]), self._pitches[HOPS - 1 : HOPS * count : HOPS])
        self._seen, self._pitches = self._seen[count:], self._pitches[HOPS * count :]
        return list(self._heard(given))

    def _heard(self, frames: Frames) -> NDArray[np.float32]:
        count = len(frames)
        for place, apart in enumerate(DILATIONS):
            known = np.concatenate([self._past[place], frames])
            self._past[place] = known[count:]
            seen = np.concatenate([known[apart * n : apart * n + count] for n in range(3)], axis=1)
            fresh = np.maximum(seen @ self._own[f"{place}.weight"] + self._own[f"{place}.bias"], 0)
            frames = frames + fresh if place else fresh
        return sigmoid(frames @ self._own["say.weight"] + self._own["say.bias"])
