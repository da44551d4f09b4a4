"""Sound as frames of loudness over pitch, for whoever looks for notes in it: a stream, at any rate of the sound.

A frame ends every `HOP` samples at 16 kHz and has three looks at the same moment, through windows of 64, 256 and
512 ms: the short one says when, the long ones say which. The long windows fall faster than they rise, so that what is
new weighs more. Each look has three bins a semitone from A0 on, in units of 20 dB, where 0 is 60 dB under full scale.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tutor.listen.periodicity import Sound

RATE, HOP = 16000, 256
FRAME_SEC = HOP / RATE
WINDOWS = ((1024, 0.5), (4096, 0.75), (8192, 0.75))  # samples, and the share in which the window rises
LOWEST_KEY, SEMITONES, PER_SEMITONE = 21, 98, 3
BINS = SEMITONES * PER_SEMITONE
FLOOR = 1e-10  # of the power
UNIT_DB, ZERO_DB = 20.0, -60.0
ZERO = (-100.0 - ZERO_DB) / UNIT_DB  # the softest that a frame holds

Frames = NDArray[np.float32]
"""Shape (frames, looks, bins)."""


class Spectrum:
    """Turns a stream of mono sound into frames."""

    def __init__(self, rate: int):
        import soxr  # type: ignore[import-untyped]

        self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="LQ")
        self._longest = max(size for size, _ in WINDOWS)
        self._sound = np.zeros(self._longest - HOP, np.float32)

    def feed(self, block: Sound) -> Frames:
        """The frames that this block completes."""
        return self._framed(self._resampler.resample_chunk(np.asarray(block, np.float32)))

    def finish(self, more: int = 0) -> Frames:
        """The frames up to the end of the sound, the last one filled up with silence, and ``more`` of silence."""
        rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        begun = (len(self._sound) - self._longest + HOP + len(rest)) % HOP
        return self._framed(np.concatenate([rest, np.zeros(-begun % HOP + more * HOP, np.float32)]))

    def _framed(self, fresh: Sound) -> Frames:
        self._sound = np.concatenate([self._sound, fresh])
        count = max(0, (len(self._sound) - self._longest + HOP) // HOP)
        frames = np.empty((count, len(WINDOWS), BINS), np.float32)
        for look, (size, rises) in enumerate(WINDOWS):
            window, bank = window_of(size, rises), _bank(size)
            for frame in range(count):
                end = self._longest + frame * HOP
                power = np.abs(np.fft.rfft(self._sound[end - size : end] * window)) ** 2
                frames[frame, look] = bank @ power
        self._sound = self._sound[count * HOP :]
        np.maximum(frames, FLOOR, out=frames)
        scaled: Frames = ((10 * np.log10(frames) - ZERO_DB) / UNIT_DB).astype(np.float32)
        return scaled


@cache
def window_of(size: int, rises: float) -> NDArray[np.float32]:
    """A rise and a fall of Hann's shape, scaled so that a full-scale sine has power 1 at its bin."""
    up = round(size * rises)
    rise, fall = np.hanning(2 * up + 1)[:up], np.hanning(2 * (size - up) + 1)[size - up : -1]
    window = np.concatenate([rise, fall])
    return np.asarray(2 * window / window.sum(), np.float32)


def bank_of(size: int) -> NDArray[np.float32]:
    """The same triangles as a matrix (bins of pitch, bins of the transform)."""
    bank = _bank(size)
    return np.stack([bank @ one for one in np.eye(size // 2 + 1, dtype=np.float32)], axis=1)


@cache
def _bank(size: int) -> Bank:
    """Triangles over frequency, a third of a semitone or one bin of the transform wide, whichever is more."""
    return Bank(size)


class Bank:
    """A sparse matrix from bins of the transform to bins of pitch."""

    def __init__(self, size: int):
        steps = LOWEST_KEY + (np.arange(BINS) - 1) / PER_SEMITONE
        centres = 440.0 * 2 ** ((steps - 69) / 12)
        width = np.maximum(centres * (2 ** (1 / 36) - 1), RATE / size)
        frequencies = np.arange(size // 2 + 1) * RATE / size
        weights = np.maximum(0.0, 1 - np.abs(frequencies - centres[:, None]) / width[:, None])
        self._rows, self._columns = np.nonzero(weights > 0)
        self._weights = weights[self._rows, self._columns].astype(np.float32)
        self._starts = np.searchsorted(self._rows, np.arange(BINS))

    def __matmul__(self, power: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.add.reduceat(power[self._columns] * self._weights, self._starts)
