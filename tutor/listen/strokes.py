"""Which peaks of the onset posterior are strokes of a key, and which are only harmonics, resonance or echoes of others.

Each peak is weighed by a logistic model over what is seen around it: its own height, whether the key sounds afterwards
and before, and the same for the keys an octave, a twelfth, two octaves … below and above, where harmonics come from and
go to. The weights stand in ``strokes.json``; ``tests/bench/fit_strokes.py`` finds them from rendered pieces.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tutor.listen.posterior import KEYS, Posterior

LOWEST_PEAK = 0.25
REACH = 3  # frames on each side over which a peak is the highest
BEFORE, AFTER = 12, 6  # frames that a decision looks at
HARMONICS = (-28, -24, -19, -12, 12, 19, 24)  # keys away
WEIGHTS = Path(__file__).with_name("strokes.json")

Values = NDArray[np.float64]
Places = NDArray[np.intp]


def peaks(onset: Posterior) -> tuple[Places, Places]:
    """(frames, keys) of the peaks in time of at least `LOWEST_PEAK`, in order of time."""
    padded = np.pad(onset, ((REACH, REACH), (0, 0)))
    highest = np.max([padded[shift : shift + len(onset)] for shift in range(2 * REACH + 1)], axis=0)
    frames, keys = np.nonzero((onset >= LOWEST_PEAK) & (onset >= highest))
    return frames, keys


def features(onset: Posterior, note: Posterior, frames: Places, keys: Places) -> Values:
    """What is seen around each peak: shape (peaks, features)."""

    def highest(of: Posterior, first: int, last: int, away: int = 0) -> Values:
        other = keys + away
        rows = np.clip(frames + np.arange(first, last + 1)[:, None], 0, len(of) - 1)
        found: Values = of[rows, np.clip(other, 0, KEYS - 1)].max(axis=0)
        return np.where((other >= 0) & (other < KEYS), found, 0.0)

    own, sounds = onset[frames, keys], highest(note, 1, 5)
    columns = [own, sounds, highest(note, -5, -2), highest(onset, -BEFORE, -4)]
    for away in HARMONICS:
        begins, rings = highest(onset, -2, 2, away), highest(note, 0, 5, away)
        columns += [begins, rings, np.maximum(0.0, begins - own), np.maximum(0.0, rings - sounds)]
    columns += [highest(onset, -2, 2, -1), highest(onset, -2, 2, 1)]
    height = (keys - 40) / 40.0
    return np.stack([*columns, height, height**2], axis=1)


def likelihood(onset: Posterior, note: Posterior, frames: Places, keys: Places) -> Values:
    """How likely each peak is a stroke, 0..1."""
    weights, bias = _weights()
    result: Values = 1.0 / (1.0 + np.exp(-(features(onset, note, frames, keys) @ weights + bias)))
    return result


@cache
def _weights() -> tuple[Values, float]:
    said = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return np.array(said["weights"]), float(said["bias"])
