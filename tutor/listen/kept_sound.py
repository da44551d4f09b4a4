"""The sound of the last minutes, kept small for a second look."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from tutor.listen.periodicity import Sound

KEPT_SEC = 600.0
FULL = 32767


class KeptSound:
    """Mono sound in 16 bits, the oldest let go after `KEPT_SEC`. One thread adds, any may ask."""

    def __init__(self, rate: int):
        self.rate = rate
        self._blocks: deque[tuple[int, NDArray[np.int16]]] = deque()
        self._frames = 0

    def add(self, block: Sound) -> None:
        """Keep one more block."""
        if len(block):
            self._blocks.append((self._frames, np.rint(np.clip(block, -1, 1) * FULL).astype(np.int16)))
            self._frames += len(block)
        while self._blocks and self._frames - self._blocks[0][0] > KEPT_SEC * self.rate:
            self._blocks.popleft()

    def since(self, start_sec: float) -> tuple[float, Sound]:
        """(where it begins in seconds, the sound) from about ``start_sec`` on."""
        kept = [(first, block) for first, block in tuple(self._blocks) if first + len(block) > start_sec * self.rate]
        if not kept:
            return 0.0, np.zeros(0, np.float32)
        sound = np.concatenate([block for _, block in kept]).astype(np.float32)
        return kept[0][0] / self.rate, sound / np.float32(FULL)
