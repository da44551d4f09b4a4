"""The line writer: a small network that writes a tune note by note in a given rhythm, under chords, along a curve.

It was taught to restore real tunes from what is left of them after they were squeezed through another tune's rhythm
(and, for changes of harmony, bent by a semitone or two). Inference is plain numpy, so that a variation needs no torch.
Everything it sees is relative to the note before, so it writes the same in every key.

Shapes: N rows, one a note (in training) or a candidate (in writing).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from models.layers import one_hot, perceptron, relative
from models.line import EPSILON, Beats

WIDEST = 12
INTERVALS = 2 * WIDEST + 1
UNKNOWN = WIDEST + 1  # an interval before the first note
HISTORY = 3
CURVE_REACH = 14
DURATION_EDGES = np.array([0.3, 0.6, 0.9, 1.2, 1.7, 2.5])
STRENGTHS = 5
MOST_RUN = 3

Rows = NDArray[np.int64]
Features = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Setting:
    """What is known of each note before any pitch is chosen; arrays (N,).

    ``root`` is -1 without a chord, ``mask`` then 0; ``curve`` has the pitches aimed at for this note and the two after
    it, (N, 3), and ``guided`` tells whether there are any; ``bent`` is 1 where the curve came from other chords.
    """

    root: Rows
    mask: Rows
    next_mask: Rows
    scale: Rows
    tonic: Rows
    minor: Rows
    strength: Rows
    next_strength: Rows
    before_class: Rows
    length_class: Rows
    after_class: Rows
    stammer: Rows
    last: Rows
    bent: Rows
    guided: Rows
    curve: Rows

    def __getitem__(self, where: slice | NDArray[np.int64] | int) -> Setting:
        """Some of the notes."""
        return Setting(*(np.atleast_1d(getattr(self, field.name)[where]) for field in fields(self)))

    def __len__(self) -> int:
        """How many notes."""
        return len(self.root)

    def repeated(self, place: int, times: int) -> Setting:
        """One note, ``times`` times."""
        return Setting(
            *(np.repeat(getattr(self, field.name)[place : place + 1], times, axis=0) for field in fields(self))
        )


@dataclass(frozen=True, eq=False)
class Past:
    """What was written before each note: the pitch (N,), the last intervals (N, HISTORY), repeats in a row (N,)."""

    pitch: Rows
    intervals: Rows
    run: Rows

    @classmethod
    def start(cls, pitch: Rows) -> Past:
        """Nothing yet: the note before is taken to be where the curve begins."""
        return cls(pitch, np.full((len(pitch), HISTORY), UNKNOWN), np.zeros(len(pitch), dtype=np.int64))

    def after(self, pitch: Rows) -> Past:
        """One note later."""
        interval = np.clip(pitch - self.pitch, -WIDEST, WIDEST)
        run = np.where(interval == 0, np.minimum(self.run + 1, MOST_RUN), 0)
        return Past(pitch, np.concatenate([interval[:, None], self.intervals[:, :-1]], axis=1), run)


def metric_strength(place: Beats, bar: float, compound: bool) -> Rows:
    """Metrical weight of places in a bar: 4 bar line, 3 middle of the bar, 2 beat, 1 eighth, 0 between eighths."""
    beat = 1.5 if compound else 1.0

    def multiple(unit: float) -> NDArray[np.bool_]:
        return np.abs(place - unit * np.round(place / unit)) < EPSILON

    middle = np.abs(place - bar / 2) < EPSILON
    weight = np.where(multiple(0.5), 1, 0)
    weight = np.where(multiple(beat), np.where(middle, 3, 2), weight)
    return np.where(np.abs(place) < EPSILON, 4, weight).astype(np.int64)


def duration_class(beats: Beats) -> Rows:
    """A length in beats as one of seven classes."""
    return np.searchsorted(DURATION_EDGES, beats).astype(np.int64)


def features(setting: Setting, past: Past) -> Features:
    """Everything the network sees, (N, FEATURES)."""
    pitch = past.pitch
    aim = setting.curve - pitch[:, None]
    guided = setting.guided[:, None]
    ahead = np.clip(aim[:, 1:], -CURVE_REACH, CURVE_REACH) / WIDEST * guided
    parts = [
        relative(setting.mask, pitch),
        relative(setting.next_mask, pitch),
        relative(setting.scale, pitch),
        one_hot(np.where(setting.root < 0, 12, (setting.root - pitch) % 12), 13),
        one_hot((pitch - setting.tonic) % 12, 12),
        setting.minor[:, None],
        one_hot(setting.strength, STRENGTHS),
        one_hot(setting.next_strength, STRENGTHS),
        one_hot(setting.before_class, len(DURATION_EDGES) + 1),
        one_hot(setting.length_class, len(DURATION_EDGES) + 1),
        one_hot(setting.after_class, len(DURATION_EDGES) + 1),
        *(one_hot(past.intervals[:, index] + WIDEST, INTERVALS + 1) for index in range(HISTORY)),
        one_hot(past.run, MOST_RUN + 1),
        setting.stammer[:, None],
        setting.last[:, None],
        setting.bent[:, None],
        guided,
        one_hot(np.clip(aim[:, 0], -CURVE_REACH, CURVE_REACH) + CURVE_REACH, 2 * CURVE_REACH + 1) * guided,
        ahead,
        np.abs(ahead),
    ]
    return np.concatenate([part.astype(np.float32) for part in parts], axis=1)


def feature_count() -> int:
    """The number of columns of `features`."""
    nothing = np.zeros(1, dtype=np.int64)
    names = [field.name for field in fields(Setting) if field.name != "curve"]
    blank = Setting(**dict.fromkeys(names, nothing), curve=np.zeros((1, 3), dtype=np.int64))
    return len(features(blank, Past.start(nothing))[0])


@dataclass(frozen=True, eq=False)
class Writer:
    """The trained network: weights by name, (out, in) and (out,)."""

    weights: dict[str, NDArray[np.float32]]

    def logits(self, seen: Features) -> NDArray[np.float32]:
        """Unnormalised log-probabilities of the interval from the note before, (N, INTERVALS)."""
        return perceptron(self.weights, seen)
