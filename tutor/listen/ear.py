"""The ear for pianos: how likely each key begins and sounds, and how hard it was struck, as a stream, a little late.

`models.hearing` teaches the network and says how it is made; it says what it says `LATE` frames after the fact. It is
small enough for numpy, so that a lesson needs neither torch nor a runtime. Its weights lie beside this file under a
name that holds their hash; ``weights.md`` is their model card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from tutor.listen.ear_weights import Values, Weights, weights
from tutor.listen.periodicity import Sound
from tutor.listen.spectrum import BINS, PER_SEMITONE, SEMITONES, Frames, Spectrum

KEYS, LOWEST_KEY = 88, 21
LATE, FALL, QUIETEST, SOFTEST = 6, 0.0024, -0.5, -4.0  # see `models.hearing.EarShape`
CHUNK = 32  # frames at once
BEGINS, SOUNDS, FORCE = range(3)

Said = NDArray[np.float32]
"""(frames, keys, 3): likelihoods 0..1 that it begins and sounds, and the force 0..1 of a key that begins."""


class PianoEar:
    """Turns a stream of mono sound at any rate into what is said of each key. Raises CheckpointError."""

    def __init__(self, rate: int):
        self._spectrum, self._level, self._network = Spectrum(rate), Level(), Network(weights())

    def feed(self, block: Sound) -> Said:
        """What is said when this block is over; row ``n`` since the beginning is about frame ``n - LATE``."""
        return self._heard(self._spectrum.feed(block))

    def finish(self) -> Said:
        """The frames up to the end of the sound, and what is said of them later."""
        return self._heard(self._spectrum.finish(more=LATE))

    def _heard(self, frames: Frames) -> Said:
        with _blas().limit(limits=1):  # the products are small: threads would only wait for each other
            return _sequence([self._network.feed(some) for some in _chunks(self._level.feed(frames))])


class Level:
    """Holds frames against the loudest that was heard, which is forgotten slowly."""

    def __init__(self) -> None:
        self._level = QUIETEST

    def feed(self, frames: Frames) -> Values:
        """(frames, looks, bins) to (frames, bins, looks), about -1..1."""
        if not len(frames):
            return np.zeros((0, BINS, 3), np.float32)
        fallen = FALL * np.arange(1, len(frames) + 1, dtype=np.float32)
        level = np.maximum.accumulate(frames[:, 1].max(axis=1) + fallen)
        level = np.maximum(np.maximum(level, self._level) - fallen, QUIETEST)
        self._level = float(level[-1])
        held: Values = np.maximum(frames - level[:, None, None], SOFTEST) / 2 + 1
        return held.transpose(0, 2, 1)


class Network:
    """The network that hears forward only, with what it remembers."""

    def __init__(self, weights: Weights):
        self._weights = weights
        self._first = np.zeros((2, BINS, 3), np.float32)
        self._second = np.zeros((2, BINS, len(weights["first.bias"])), np.float32)
        width = len(weights["say.weight"])
        self._memory, self._again = np.zeros((KEYS, width), np.float32), np.zeros((KEYS, width), np.float32)

    def feed(self, levelled: Values) -> Said:
        """What is said when these frames are over."""
        own = self._weights
        first = np.concatenate([self._first, levelled])
        second = np.concatenate([self._second, convolved(first, own, "first", 5)])
        self._first, self._second = first[-2:], second[-2:]
        heard, self._memory = remembered(at_keys(convolved(second, own, "second", 3), own), self._memory, own, "memory")
        heard, self._again = remembered(looked(heard, own), self._again, own, "again")
        return said(heard, own)


def convolved(frames: Values, own: Weights, name: str, wide: int) -> Values:
    """(frames + 2, bins, channels) through a convolution over three frames and ``wide`` bins: (frames, bins, more)."""
    padded = _padded(frames, wide // 2, wide // 2)
    seen = np.lib.stride_tricks.sliding_window_view(padded, (3, wide), axis=(0, 1))
    count, bins, channels = seen.shape[:3]
    flat = seen.transpose(0, 1, 3, 4, 2).reshape(count * bins, 3 * wide * channels)
    out: Values = np.maximum(flat @ own[f"{name}.weight"] + own[f"{name}.bias"], 0).reshape(count, bins, -1)
    return out


def at_keys(frames: Values, own: Weights) -> Values:
    """(frames, bins, channels) to (frames, keys, width): each key with its harmonics."""
    semitones = frames.reshape(len(frames), SEMITONES, PER_SEMITONE * frames.shape[2])
    out: Values = np.maximum(_gathered(semitones, own, "gather") + own["gather.bias"], 0)
    return out


def looked(heard: Values, own: Weights) -> Values:
    """(frames, keys, width), each key with what its relatives remember."""
    out: Values = heard + np.maximum(_gathered(heard, own, "look") + own["look.bias"], 0)
    return out


def _gathered(places: Values, own: Weights, name: str) -> Values:
    plan = gathering(tuple(own[f"{name}.offsets"].astype(int).tolist()), places.shape[1])
    padded = _padded(places, plan.below, plan.above)
    flat = padded.take(plan.places, axis=1).reshape(len(places) * KEYS, -1)
    out: Values = (flat @ own[f"{name}.weight"]).reshape(len(places), KEYS, -1)
    return out


@dataclass(frozen=True)
class Gathering:
    """From where each key gathers: (keys, offsets) in places that were padded ``below`` and ``above``."""

    places: NDArray[np.intp]
    below: int
    above: int


@cache
def gathering(offsets: tuple[int, ...], places: int) -> Gathering:
    """The plan for these offsets."""
    below, above = -min(offsets), max(0, KEYS + max(offsets) - places)
    return Gathering(np.arange(KEYS)[:, None] + np.array(offsets) + below, below, above)


def remembered(heard: Values, state: Values, own: Weights, name: str) -> tuple[Values, Values]:
    """(frames, keys, width) through a gated recurrent layer: what it remembers after each frame, and last."""
    width = state.shape[1]
    given = heard @ own[f"{name}.weight_ih"] + own[f"{name}.bias_ih"]
    inner, bias = own[f"{name}.weight_hh"], own[f"{name}.bias_hh"]
    out = np.empty((len(heard), KEYS, width), np.float32)
    for frame, fresh in enumerate(given):
        kept = state @ inner + bias
        gates = sigmoid(fresh[:, : 2 * width] + kept[:, : 2 * width])
        new = np.tanh(fresh[:, 2 * width :] + gates[:, :width] * kept[:, 2 * width :])
        state = new + gates[:, width:] * (state - new)
        out[frame] = state
    return out, state


def said(heard: Values, own: Weights) -> Said:
    """What is said of what is remembered."""
    told = heard @ own["say.weight"] + own["say.bias"]
    told[..., :FORCE] = sigmoid(told[..., :FORCE])
    told[..., FORCE] = np.clip(told[..., FORCE], 0, 1)
    return told


def sigmoid(logits: Values) -> Values:
    """0..1 from logits of any size."""
    bounded: Values = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return bounded


def _padded(places: Values, below: int, above: int) -> Values:
    """(frames, places, channels) with silence on either side; `numpy.pad` takes longer than what it is for."""
    frames, count, channels = places.shape
    made = np.zeros((frames, below + count + above, channels), np.float32)
    made[:, below : below + count] = places
    return made


def _chunks(frames: Values) -> Iterator[Values]:
    return (frames[start : start + CHUNK] for start in range(0, len(frames), CHUNK))


def _sequence(parts: list[Said]) -> Said:
    return np.concatenate(parts) if parts else np.zeros((0, KEYS, 3), np.float32)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")
