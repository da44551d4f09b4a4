"""How periodic a stream of sound is at each lag, hop by hop: the ground that pitch stands on.

YIN (de Cheveigné & Kawahara 2002) compares a window with itself, shifted; McLeod & Wyvill (2005) normalise that to a
*clarity*: 1 for a perfectly periodic sound, about 0 for noise. A fixed window is too long for high notes and too short
for low ones, so here each lag is judged over `PERIODS` periods of its own and no less than `LEAST_WINDOW_SEC`. The sums
are kept per hop, so that a hop costs the same whatever the windows, and any size of block gives the same values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
Values = NDArray[np.float64]

WORKING_RATE = 22050
HOP_SEC = 0.004
LEAST_WINDOW_SEC = 0.01
LEAST_FRESH_SEC = 0.008
PERIODS = 1.5
HOPS_AT_ONCE = 128
LEAST_BESIDE = 0.03
SHARE = 0.95
FRESH_SHARE = 0.8
WORSE, FLAW = 8.0, 0.01  # a peak this much less periodic than the best one is a partial of it


@dataclass(frozen=True)
class Hop:
    """One hop: the clarity at each lag, the level in dB of full scale, and the sound up to its end."""

    clarity: Values
    level_db: float
    sound: Values


class Periodicity:
    """Clarity of a stream of mono sound, block by block."""

    def __init__(self, rate: int, lowest_hertz: float, highest_hertz: float):
        self._step = max(1, round(rate / WORKING_RATE))
        self.rate = rate / self._step
        self.hop_frames = round(HOP_SEC * self.rate)
        self.hop_sec = self.hop_frames / self.rate
        smooth = np.hanning(4 * self._step + 1)[1:] if self._step > 1 else np.ones(1)
        self._filter = (smooth / smooth.sum()).astype(np.float32)
        self.lags = np.arange(max(2, int(self.rate / highest_hertz) - 1), int(self.rate / lowest_hertz) + 3)
        self._windows = np.ceil(np.maximum(LEAST_WINDOW_SEC * self.rate, PERIODS * self.lags) / self.hop_frames).astype(
            int
        )
        self._fresh = np.ceil(np.maximum(LEAST_FRESH_SEC * self.rate, PERIODS * self.lags)).astype(int)
        self._past = int(self._fresh.max() + 2 * self.lags[-1] + 2)
        self._raw = np.zeros(len(self._filter) - 1, np.float32)
        self._phase = 0
        self._sound = np.zeros(self._past)
        self._kept = np.zeros((2, int(self._windows.max()), len(self.lags)))

    def feed(self, block: Sound) -> Iterator[Hop]:
        """The hops that this block completes, perhaps none."""
        self._sound = np.concatenate([self._sound, self._thinned(block)])
        while (whole := (len(self._sound) - self._past) // self.hop_frames) > 0:
            yield from self._hops(min(whole, HOPS_AT_ONCE))

    def beyond(self, sound: Values, period: float) -> tuple[float, float]:
        """(Hz, clarity) of what sounds beside a tone of ``period`` frames, which a comb takes out; (0, 0) for nothing.

        So a new note is heard while the old one still rings. Only the last moments count: 8 ms or 1.5 periods.
        """
        whole, part = int(period), period % 1.0
        size = int(self._fresh.max() + self.lags[-1])
        end = len(sound)
        old = (1 - part) * sound[end - size - whole : end - whole]
        old = old + part * sound[end - size - whole - 1 : end - whole - 1]
        rest = sound[end - size :] - old
        longest = int(self._fresh.max())
        now = rest[-longest:]
        if np.square(now).sum() < LEAST_BESIDE * np.square(sound[-longest:]).sum():
            return 0.0, 0.0
        shifted = np.lib.stride_tricks.sliding_window_view(rest, longest)[size - longest - self.lags]
        counted = np.arange(longest) >= longest - self._fresh[:, None]
        difference = (np.square(now - shifted) * counted).sum(axis=1)
        energy = ((np.square(now) + np.square(shifted)) * counted).sum(axis=1)
        return self.peak(1.0 - difference / np.maximum(energy, 1e-12), FRESH_SHARE)

    def peak(self, clarity: Values, share: float = SHARE) -> tuple[float, float]:
        """(Hz, clarity) of the first peak that reaches ``share`` of the highest; (0, 0) where there is none."""
        left, middle, right = clarity[:-2], clarity[1:-1], clarity[2:]
        places = np.flatnonzero((middle >= left) & (middle > right) & (middle > 0))
        if not len(places):
            return 0.0, 0.0
        left, middle, right = left[places], middle[places], right[places]
        shifts = 0.5 * (left - right) / (left - 2 * middle + right)
        heights = np.minimum(middle - 0.25 * (left - right) * shifts, 1.0)
        best = heights.max()
        first = int(((heights >= share * best) & (1 - heights <= WORSE * (1 - best) + FLAW)).argmax())
        return float(self.rate / (self.lags[places[first] + 1] + shifts[first])), float(heights[first])

    def clarity_near(self, clarity: Values, hertz: float) -> float:
        """The clarity at a pitch, or at the best lag beside it."""
        place = int(self.rate / hertz - self.lags[0])
        beside = clarity[max(0, place - 1) : place + 3]
        return float(beside.max()) if len(beside) else 0.0

    def _thinned(self, block: Sound) -> Sound:
        """The block at the working rate: smoothed, then every n-th sample."""
        raw = np.concatenate([self._raw, np.asarray(block, np.float32)])
        keep = len(self._filter) - 1
        self._raw = raw[len(raw) - keep :]
        if len(raw) <= keep:
            return np.zeros(0, np.float32)
        smooth = np.convolve(raw, self._filter, "valid").astype(np.float32)
        thin = smooth[self._phase :: self._step]
        self._phase = (self._phase - len(smooth)) % self._step
        return thin

    def _hops(self, count: int) -> Iterator[Hop]:
        size = count * self.hop_frames
        sound = self._sound[: self._past + size]
        self._sound = self._sound[size:]
        ends = self._past + self.hop_frames * np.arange(1, count + 1)
        shifted = np.lib.stride_tricks.sliding_window_view(sound, size)[self._past - self.lags]
        differences = np.square(sound[self._past :] - shifted).reshape(len(self.lags), count, self.hop_frames).sum(2).T
        squares = np.concatenate([[0.0], np.cumsum(np.square(sound))])
        powers = squares[ends[:, None] - self.lags] - squares[ends[:, None] - self.hop_frames - self.lags]
        own = squares[ends] - squares[ends - self.hop_frames]
        clarity = self._clarity(np.stack([differences, powers + own[:, None]]))
        levels = 10 * np.log10(np.maximum(own / self.hop_frames, 1e-12))
        for row, level, end in zip(clarity, levels.tolist(), ends.tolist(), strict=True):
            yield Hop(row, level, sound[:end])

    def _clarity(self, fresh: Values) -> Values:
        """1 - d/e for each hop and lag over the lag's own window; ``fresh``: (2, hops, lags) of d and e."""
        depth = self._kept.shape[1]
        whole = np.concatenate([self._kept, fresh], axis=1)
        self._kept = whole[:, -depth:]
        total = np.concatenate([np.zeros((2, 1, len(self.lags))), np.cumsum(whole, axis=1)], axis=1)
        rows = depth + 1 + np.arange(fresh.shape[1])[:, None]
        columns = np.arange(len(self.lags))
        difference, energy = total[:, rows, columns] - total[:, rows - self._windows, columns]
        clarity: Values = 1.0 - difference / np.maximum(energy, 1e-12)
        return clarity
