"""Where a key begins in what an ear says: the peaks in time, when they are, and how likely each is a stroke."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tutor.listen.spectrum import FRAME_SEC

LOWEST_PEAK = 0.002
SUREST = 0.999  # what is guessed from sound is never certain
PEAK_WEIGHT = 1.5  # what a sure stroke's peak comes to, over three frames: the ears are taught a triangle

Places = NDArray[np.intp]
Likelihood = NDArray[np.float32]
"""0..1, of shape (frames, keys)."""
Seconds = NDArray[np.float64]
Shares = NDArray[np.float64]


def peaks(begins: Likelihood, first: int, end: int) -> tuple[Places, Places]:
    """(frames, keys) of the peaks in time from frame ``first`` to before ``end``; a frame on either side is needed."""
    here = begins[first:end]
    frames, keys = np.nonzero(
        (here >= LOWEST_PEAK) & (here >= begins[first + 1 : end + 1]) & (here > begins[first - 1 : end - 1])
    )
    return frames + first, keys


def times(begins: Likelihood, frames: Places, keys: Places) -> Seconds:
    """When the peaks are, in seconds from the start of frame 0: the top of a parabola."""
    left, top, right = _three(begins, frames, keys)
    bend = np.minimum(left + right - 2 * top, -1e-6)
    beside = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    made: Seconds = (frames + beside + 0.5) * FRAME_SEC
    return made


def likelihoods(begins: Likelihood, frames: Places, keys: Places) -> Shares:
    """How likely each peak is a stroke: its own height and that of its neighbours."""
    return np.minimum(SUREST, sum(_three(begins, frames, keys)) / PEAK_WEIGHT)


def rising(begins: Likelihood, frame: int, least: float) -> tuple[Places, Seconds, Shares]:
    """(keys, seconds as in `times`, likelihoods) of what is at least so likely before the frame after is known.

    Where a triangle of `PEAK_WEIGHT` frames to either side has its top follows from its last two heights.
    """
    left, top = begins[frame - 1].astype(np.float64), begins[frame].astype(np.float64)
    likely = np.minimum(SUREST, (left + top) / PEAK_WEIGHT)
    keys = np.flatnonzero((likely >= least) & (top >= left))
    ratio = left[keys] / top[keys]
    beside = (0.5 - PEAK_WEIGHT * ratio) / (1 + np.where(ratio < 1 / 3, -ratio, ratio))
    return keys, (frame + beside + 0.5) * FRAME_SEC, likely[keys]


def _three(begins: Likelihood, frames: Places, keys: Places) -> tuple[NDArray[np.float64], ...]:
    return tuple(begins[frames + away, keys].astype(np.float64) for away in (-1, 0, 1))
