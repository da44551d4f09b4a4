"""The prior over segments: what contour is likely to follow, given the two-bar segments before, rhythm and chords.

Tunes repeat: a segment is often what was there two, four or eight bars ago, note for note or nearly. So the prior is a
mixture: a copy of the segment one, two or four segments back, each with its own narrow spread, or something new. A
perceptron sees those three segments, the rhythm and the chords, and says how likely each is and what the new one might
be. It speaks of the melody network's contour latent without its register, scaled to unit spread. Inference is plain
numpy.

Shapes: K tunes at once, T segments in each, Z numbers in a shape, R in a rhythm latent.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.layers import Rows, log_softmax, log_sum_exp, perceptron

BACK = (1, 2, 4)  # segments: two, four and eight bars
NEW = len(BACK)
PHRASE = 4  # segments: eight bars
LOOKS = 4  # at the chords, a segment
NARROWEST, WIDEST = -3.0, 1.0  # log spreads
OCTAVE = 12.0
NEVER = -1e9
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Sentence:
    """Consecutive segments: shapes (K, T, Z), middles (K, T), rhythms (K, T, R), turned chords (K, T, looks, features).

    ``sounding`` (K, T) tells which have a note at all.
    """

    shape: Rows
    middle: NDArray[np.int64]
    rhythm: Rows
    chords: Rows
    sounding: NDArray[np.bool_]

    def at(self, places: NDArray[np.intp] | slice) -> Sentence:
        """The segments at these places, in this order."""
        return Sentence(*(getattr(self, field.name)[:, places] for field in fields(self)))

    def repeated(self, times: int) -> Sentence:
        """The same tunes so many times, to be changed."""
        return Sentence(*(np.repeat(getattr(self, field.name), times, axis=0) for field in fields(self)))


def context(sentence: Sentence) -> tuple[Rows, NDArray[np.bool_]]:
    """What the prior sees of each segment, (K, T, F), and which copies are possible, (K, T, 3)."""
    kept = sentence.chords[:, :, :: sentence.chords.shape[2] // LOOKS]
    tunes, length = sentence.middle.shape
    chords = kept.reshape(tunes, length, -1)
    place = np.broadcast_to(np.eye(PHRASE)[np.arange(length) % PHRASE], (tunes, length, PHRASE))
    last = np.broadcast_to((np.arange(length) == length - 1)[:, None], (tunes, length, 1))
    parts: list[NDArray[np.generic]] = [sentence.rhythm, chords, place, last]
    possible = []
    for back in BACK:
        there = before(sentence.sounding, back)
        alike = np.abs(sentence.rhythm - before(sentence.rhythm, back)).mean(axis=2, keepdims=True)
        harmony = (chords == before(chords, back)).mean(axis=2, keepdims=True)
        rise = (before(sentence.middle, back) - sentence.middle)[..., None] / OCTAVE
        seen = np.concatenate([before(sentence.shape, back), alike, harmony, rise], axis=2)
        parts += [there[..., None], seen * there[..., None]]
        possible.append(there)
    return np.concatenate(parts, axis=2).astype(np.float32), np.stack(possible, axis=2)


def before(rows: NDArray[Scalar], back: int) -> NDArray[Scalar]:
    """The rows of the segment so many segments back, along the second axis; zeros where there is none."""
    moved = np.zeros_like(rows)
    moved[:, back:] = rows[:, :-back]
    return moved


@dataclass(frozen=True, eq=False)
class Prior:
    """The trained prior: perceptron weights, ``scale`` (Z,) of shapes, and ``copy`` (3, Z), log spreads of copies."""

    weights: dict[str, Rows]

    def surprise(self, sentence: Sentence) -> NDArray[np.float64]:
        """Nats that each segment's shape costs, (K, T); 0 where nothing sounds."""
        seen, possible = context(self._scaled(sentence))
        shape = sentence.shape / self.weights["scale"]
        size = shape.shape[2]
        told = self._told(seen)
        gates = log_softmax(np.where(_and_new(possible), told[..., : NEW + 1], np.float32(NEVER)))
        centres = [before(shape, back) for back in BACK] + [told[..., NEW + 1 : NEW + 1 + size]]
        spreads = [*self.weights["copy"], told[..., NEW + 1 + size :]]
        each = [
            log_normal(shape, centre, np.clip(spread, NARROWEST, WIDEST))
            for centre, spread in zip(centres, spreads, strict=True)
        ]
        known = log_sum_exp(gates.astype(np.float64) + np.stack(each, axis=2))
        return np.where(sentence.sounding, -known, 0.0)

    def _scaled(self, sentence: Sentence) -> Sentence:
        shape = sentence.shape / self.weights["scale"]
        return Sentence(shape, sentence.middle, sentence.rhythm, sentence.chords, sentence.sounding)

    def _told(self, seen: Rows) -> Rows:
        layers = {name.removeprefix("net."): array for name, array in self.weights.items() if name.startswith("net.")}
        return perceptron(layers, seen.reshape(-1, seen.shape[2])).reshape(*seen.shape[:2], -1)


def log_normal(x: Rows, centre: Rows, log_spread: Rows) -> NDArray[np.float64]:
    """Log-density of diagonal normals, summed over the last axis."""
    off = (x - centre) * np.exp(-log_spread)
    wide = np.broadcast_to(log_spread, x.shape)
    summed: NDArray[np.float64] = (-0.5 * off**2 - wide - 0.5 * np.log(2 * np.pi)).sum(axis=-1, dtype=np.float64)
    return summed


def _and_new(possible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.concatenate([possible, np.ones((*possible.shape[:2], 1), dtype=np.bool_)], axis=2)
