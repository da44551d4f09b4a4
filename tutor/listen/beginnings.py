"""Which peaks of what the ear says begins are keys struck, and which are only harmonics or resonance of others.

Each peak is weighed by a small network over what is said around it: of its own key before and now, of the keys an
octave, a twelfth, two octaves … away, where harmonics come from and go to, and of its neighbours. A frame after the
peak is enough.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tutor.listen.ear import DELAY, KEYS, Likelihood, Values, Weights, sigmoid
from tutor.listen.spectrum import FRAME_SEC

LOWEST_PEAK = 0.12
BEFORE, AFTER = 14, 1  # frames that a decision looks at
RELATIVES = (-36, -31, -28, -24, -19, -12, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 12, 19, 24, 28, 31, 36)
OWN_BEGIN, OWN_SOUND = (-2, -1, 0, 1), (-8, -5, -3, -1, 0, 1)
MIDDLE_KEY = 40

Places = NDArray[np.intp]


def peaks(begins: Likelihood, first: int, end: int) -> tuple[Places, Places]:
    """(frames, keys) of the peaks in time from frame ``first`` to before ``end``; a frame on either side is needed."""
    here = begins[first:end]
    frames, keys = np.nonzero(
        (here >= LOWEST_PEAK) & (here >= begins[first + 1 : end + 1]) & (here > begins[first - 1 : end - 1])
    )
    return frames + first, keys


def times(begins: Likelihood, frames: Places, keys: Places) -> NDArray[np.float64]:
    """When the peaks began, in seconds from frame 0: the top of a parabola."""
    left, top, right = (begins[frames + away, keys].astype(np.float64) for away in (-1, 0, 1))
    bend = np.minimum(left + right - 2 * top, -1e-6)
    beside = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    made: NDArray[np.float64] = (frames + beside + 0.5 - DELAY) * FRAME_SEC
    return made


def features(begins: Likelihood, sounds: Likelihood, frames: Places, keys: Places) -> Values:
    """What is said around each peak: shape (peaks, features)."""
    source, frame, away, starts = _plan()
    row, other = frames[:, None] + frame, keys[:, None] + away
    inside = (other >= 0) & (other < KEYS) & (row >= 0)
    said = np.stack([begins, sounds])[source, np.clip(row, 0, len(begins) - 1), np.clip(other, 0, KEYS - 1)]
    around = np.maximum.reduceat(np.where(inside, said, 0), starts, axis=1)
    own = np.clip(begins[frames, keys], 1e-3, 1 - 1e-3)
    height = (keys - MIDDLE_KEY) / 40
    more = [np.log(own / (1 - own)) / 4, begins.max(axis=1)[frames], (begins > 0.5).sum(axis=1)[frames] / 5]
    more += [height, height**2, np.maximum(0, keys - 60) / 20, np.maximum(0, 20 - keys) / 20]
    return np.concatenate([around, np.stack(more, axis=1)], axis=1).astype(np.float32)


@cache
def _plan() -> tuple[Places, Places, Places, Places]:
    """What is looked at, as (begins or sounds, frames from the peak, keys from it), and where each feature starts.

    A feature is the highest of what it looks at.
    """
    began, before = range(-2, 2), range(-BEFORE, -3)
    looks = [(0, [frame], 0) for frame in OWN_BEGIN] + [(1, [frame], 0) for frame in OWN_SOUND]
    looks += [(0, list(before), 0), (1, list(before), 0), (1, [AFTER], 0)]
    for away in RELATIVES:
        looks += [(0, list(began), away), (1, list(range(AFTER + 1)), away), (0, list(before), away)]
    each = [(source, frame, away) for source, frames, away in looks for frame in frames]
    starts = np.cumsum([0, *(len(frames) for _, frames, _ in looks[:-1])])
    sources, rows, others = (np.array(column) for column in zip(*each, strict=True))
    return sources, rows, others, np.asarray(starts)


def likelihood(seen: Values, weights: Weights) -> Values:
    """How likely each peak is a key struck, 0..1."""
    hidden = np.maximum(seen @ weights["peak.first.weight"] + weights["peak.first.bias"], 0)
    return sigmoid(hidden @ weights["peak.say.weight"] + weights["peak.say.bias"])[:, 0]
