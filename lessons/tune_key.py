"""The key of a tune that stands alone and whose page names none, from a few bars of it.

What is seen of each pitch class: its share of the sounding time, whether it is heard at all, whether the tune begins
or ends on it, and its share of the notes on bar lines. Each of these speaks for or against each degree of a major or a
minor key: a note outside the scale against it, the first and the last note for its tonic chord. The figures in
``tune_key.json`` were fitted by ``tests/bench/fit_keys.py`` to the openings of folk tunes; they say too how much rarer
minor is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FIGURES = Path(__file__).with_suffix(".json")
EPSILON = 1e-6

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Figures:
    """What was fitted: what each thing seen says of each degree of each mode, and how rare a mode is."""

    seen: Values  # (2, features, 12)
    modes: Values  # (2,)


def key_of_tune(notes: NDArray[np.void], bars: NDArray[np.void]) -> tuple[int, bool]:
    """(tonic, whether minor) that a tune speaks for; it must not be empty."""
    best = int(speaks(seen_of(notes, bars), read_figures()).argmax())
    return best // 2, bool(best % 2)


def seen_of(notes: NDArray[np.void], bars: NDArray[np.void]) -> Values:
    """What is seen of each pitch class of a tune (features, 12)."""
    classes = np.eye(12)[notes["pitch"].astype(np.int64) % 12]
    on_bar = (np.abs(notes["onset_beat"][:, None] - bars["start_beat"][None]) < EPSILON).any(axis=1)
    on_bar &= notes["onset_beat"] > -EPSILON
    held = np.maximum(notes["duration_beat"], EPSILON) @ classes
    opens = on_bar @ classes / max(1, int(on_bar.sum()))
    return np.array([held / held.sum(), held > 0, classes[0], classes[-1], opens])


def speaks(seen: Values, figures: Figures) -> Values:
    """How much speaks for each key: C major, C minor, C sharp major ..."""
    turned = np.array([np.roll(seen, -tonic, axis=1) for tonic in range(12)])
    told: Values = np.einsum("tfd,mfd->tm", turned, figures.seen) + figures.modes
    return told.ravel()


@cache
def read_figures() -> Figures:
    """The fitted figures."""
    told = json.loads(FIGURES.read_text(encoding="utf-8"))
    return Figures(np.array(told["seen"], dtype=np.float64), np.array(told["modes"], dtype=np.float64))
