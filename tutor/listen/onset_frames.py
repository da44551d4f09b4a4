"""What the ear for beginnings is given of one line: bands of the spectrum, and what the pitch does, frame by frame.

A frame is `HOPS` hops of the pitch tracker; frame n ends (n + 1) frames after the first sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tutor.listen.periodicity import Sound, Values
from tutor.listen.pitch import Pitch, place_of

HOPS = 2
WINDOW_SEC, BANDS, LOWEST_HERTZ, HIGHEST_HERTZ = 0.023, 40, 90.0, 7500.0
FLOOR, FALL_DB, QUIETEST_DB, SPAN_DB, MOST = 1e-6, 0.2, -100.0, 30.0, 1.5
FIRST_DB = -60.0
STEPS = ((1, 2.0), (5, 1.0), (12, 1.0))  # the pitch against that so many frames before, and its weight
MOST_STEP = 2.0  # semitones
INPUTS = BANDS + 2 + len(STEPS)
Frames = NDArray[np.float32]
"""(frames, `INPUTS`): bands about -1.5..1.5, whether there is a pitch, how clear it is, its steps."""


class Bands:
    """The spectrum of a stream of mono sound in bands, in dB, a row for each frame."""

    def __init__(self, rate: int, frame_sec: float):
        self._step, self._size = frame_sec * rate, round(WINDOW_SEC * rate)
        self._shape = np.hanning(self._size) * 4 / self._size
        self._gather = gathering(self._size, rate)
        self._sound = np.zeros(self._size, np.float32)
        self._first, self._frames = -self._size, 0  # the place of the first kept sample

    def feed(self, block: Sound) -> Values:
        """(frames, bands) of the frames that end in this block."""
        self._sound = np.concatenate([self._sound, np.asarray(block, np.float32)])
        ready = int((self._first + len(self._sound)) / self._step)
        ends = np.round((np.arange(self._frames, ready) + 1) * self._step).astype(int) - self._first
        if not len(ends):
            return np.zeros((0, BANDS))
        seen = np.array([self._sound[end - self._size : end] for end in ends])
        made = np.abs(np.fft.rfft(seen * self._shape, axis=1)) @ self._gather
        done = max(0, int(ends[-1]) - 2 * self._size)
        self._frames, self._first, self._sound = ready, self._first + done, self._sound[done:]
        decibels: Values = 20 * np.log10(made + FLOOR)
        return decibels


def gathering(size: int, rate: int) -> Values:
    """(bins, bands): triangles, evenly spaced by their logarithm; of one narrower than a bin its two neighbours."""
    hertz, edges = np.fft.rfftfreq(size, 1 / rate), np.geomspace(LOWEST_HERTZ, HIGHEST_HERTZ, BANDS + 2)
    made = np.zeros((len(hertz), BANDS))
    for band, ((low, middle), (_, high)) in enumerate(pairwise(pairwise(edges))):
        weight = np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)).clip(0)
        if weight.sum() < 0.5:
            weight = (1 - np.abs(hertz - middle) * size / rate).clip(0)
        made[:, band] = weight / max(1e-9, float(weight.sum()))
    return made


class Levelled:
    """Holds bands against the loudest that was heard, which is forgotten slowly, and puts the pitch beside them."""

    def __init__(self) -> None:
        self._loudest = FIRST_DB
        self._places: list[float | None] = [None] * STEPS[-1][0]

    def feed(self, bands: Values, pitches: Sequence[Pitch]) -> Frames:
        """(frames, bands) in dB, and a pitch for each frame, to what the ear is given."""
        count, made = len(bands), np.zeros((len(bands), INPUTS), np.float32)
        held = (bands - self._levels(bands)[:, None]) / SPAN_DB + 1
        made[:, :BANDS] = np.minimum(np.maximum(held, -MOST), MOST)
        made[:, BANDS] = [pitch.hertz > 0 for pitch in pitches]
        made[:, BANDS + 1] = [pitch.clarity for pitch in pitches]
        places = [float(place_of(np.array(pitch.hertz))) if pitch.hertz > 0 else None for pitch in pitches]
        known = [*self._places, *places]
        made[:, BANDS + 2 :] = [
            [weight * _step(known[frame], known[frame - apart]) for apart, weight in STEPS]
            for frame in range(len(self._places), len(known))
        ]
        self._places = known[count:]
        return made

    def _levels(self, bands: Values) -> Values:
        fallen = FALL_DB * np.arange(1, len(bands) + 1)
        levels: Values = np.maximum.accumulate(np.maximum(bands.max(axis=1), QUIETEST_DB) + fallen)
        levels = np.maximum(np.maximum(levels, self._loudest) - fallen, QUIETEST_DB)
        self._loudest = float(levels[-1]) if len(levels) else self._loudest
        return levels


def _step(place: float | None, before: float | None) -> float:
    """From one place to another in semitones, as far as they are known."""
    return 0.0 if place is None or before is None else min(max(place - before, -MOST_STEP), MOST_STEP)
