"""Sound from a wire or a file as the ears want it: one channel, that swings about zero, and nothing but numbers.

A cheap sound card adds a constant to all that it records. A constant is the most periodic of all sounds, so that what
little noise lies on it would be heard as notes.
"""

from __future__ import annotations

import numpy as np

from tutor.listen.periodicity import Sound, Values

CANCELLED = 0.25  # of the power that the loudest channel alone would leave in the mean is left
SILENT = 0.01  # of the power of the loudest channel in all the others: 20 dB softer
CLEARLY_LOUDER = 10.0  # times the power
MEAN_SEC = 0.5  # of the last sound; long enough to leave the lowest key of a piano as it is
MOST = 2.0**31  # a file of floats may count as one of whole numbers does


class Mono:
    """Makes one channel of the blocks of a stream."""

    def __init__(self, rate: int):
        self._mix, self._centre = Mix(), Centre(round(MEAN_SEC * rate))

    def of(self, block: Sound) -> Sound:
        """(frames, channels) as (frames,)."""
        return self._centre.of(self._mix.of(np.clip(np.nan_to_num(block, posinf=0.0, neginf=0.0), -MOST, MOST)))


class Mix:
    """All channels as one: their mean, or the loudest one where the others are silent or cancel it out.

    The choice holds from block to block, so that the sound has no seams, unless another is clearly louder.
    """

    def __init__(self) -> None:
        self._channel: int | None = None  # None for the mean

    def of(self, block: Sound) -> Sound:
        """(frames, channels) as (frames,)."""
        mean: Sound = block.mean(axis=1, dtype=np.float32)
        powers = np.square(block).mean(axis=0, dtype=np.float64)
        self._choose(powers, float(np.square(mean).mean(dtype=np.float64)))
        return mean if self._channel is None else np.ascontiguousarray(block[:, self._channel])

    def _choose(self, powers: Values, of_mean: float) -> None:
        loudest = int(powers.argmax())
        if self._channel is None:
            silent = powers.sum() - powers[loudest] < SILENT * powers[loudest]
            if silent or of_mean < CANCELLED * powers[loudest] / len(powers) ** 2:
                self._channel = loudest
        elif max(of_mean, powers[loudest]) > CLEARLY_LOUDER * powers[self._channel]:
            self._channel = None if of_mean > powers[loudest] else loudest


class Centre:
    """Takes the mean of the last ``frames`` off each sample; before the first one it is taken to be that of a block."""

    def __init__(self, frames: int):
        self._past = np.zeros(frames, np.float32)
        self._sum: float | None = None

    def of(self, block: Sound) -> Sound:
        """(frames,) about zero."""
        if self._sum is None and len(block):
            self._past[:] = block.mean(dtype=np.float64)
            self._sum = float(self._past.sum(dtype=np.float64))
        frames, known = len(self._past), np.concatenate([self._past, block])
        sums = (self._sum or 0.0) + np.cumsum(np.subtract(block, known[: len(block)], dtype=np.float64))
        self._past = known[len(block) :]
        self._sum = float(sums[-1]) if len(sums) else self._sum
        return (block - sums / frames).astype(np.float32)
