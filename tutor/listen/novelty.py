"""How much new sound comes at each moment: the rise of the logarithmic spectrum (spectral flux; Bello et al. 2005)."""

from __future__ import annotations

import numpy as np

from tutor.listen.periodicity import Sound, Values

WINDOW_SEC = 0.023
HIGHEST_HERTZ = 6000.0
COMPRESSION = 1000.0
APART_HOPS = 3
SOFT_SEC, RISEN = 0.12, 0.15  # a soft beginning takes so long at most, and is one from this share of its flux on
SMOOTH_HOPS = 3  # noise flickers from hop to hop


class Novelty:
    """Flux of a stream of mono sound, one value a hop; a value belongs to the middle of its two windows."""

    def __init__(self, rate: int, hop_sec: float):
        self._step = hop_sec * rate
        self._size = round(WINDOW_SEC * rate)
        self._shape = np.hanning(self._size) * 4 / self._size
        self._bins = min(self._size // 2 + 1, round(HIGHEST_HERTZ * WINDOW_SEC))
        self._sound = np.zeros(self._size, np.float32)
        self._first = -self._size  # the place of the first kept sample
        self._hops = 0
        self._spectra = np.zeros((APART_HOPS, self._bins))
        self.lag_sec = WINDOW_SEC / 2 + APART_HOPS * hop_sec / 2

    def feed(self, block: Sound) -> Values:
        """The flux of the hops that this block completes; hop n ends (n + 1) hops after the first sample."""
        self._sound = np.concatenate([self._sound, np.asarray(block, np.float32)])
        ready = int((self._first + len(self._sound)) / self._step)
        ends = np.round((np.arange(self._hops, ready) + 1) * self._step).astype(int) - self._first
        if not len(ends):
            return np.zeros(0)
        frames = np.lib.stride_tricks.sliding_window_view(self._sound, self._size)[ends - self._size]
        fresh = np.log1p(COMPRESSION * np.abs(np.fft.rfft(frames * self._shape)[:, : self._bins]))
        spectra = np.concatenate([self._spectra, fresh])
        self._hops, self._spectra = ready, spectra[-APART_HOPS:]
        done = max(0, int(ends[-1]) - 2 * self._size)
        self._first, self._sound = self._first + done, self._sound[done:]
        flux: Values = np.maximum(0.0, spectra[APART_HOPS:] - spectra[:-APART_HOPS]).mean(axis=1)
        return flux


def risen(flux: Values, hop: int, hop_sec: float) -> int:
    """The hop where the flux began to rise to the peak that it has at ``hop``: a bow takes a tenth of a second."""
    before = flux[max(0, hop - round(SOFT_SEC / hop_sec)) : hop + 1]
    smooth = np.convolve(np.pad(before, SMOOTH_HOPS // 2, "edge"), np.ones(SMOOTH_HOPS) / SMOOTH_HOPS, "valid")
    lowest = float(smooth.min())
    below = np.flatnonzero(smooth < lowest + RISEN * (float(before[-1]) - lowest))
    return min(hop, hop - len(before) + 2 + int(below[-1])) if len(below) else hop
