"""The voicing network: chooses the keys of a pattern, hand by hand, where chords and the rough places are known.

It was taught to restore piano parts of songs whose notes had been moved to chord tones nearby. It chooses notes of a
stroke from the lowest to the highest, stroke after stroke. Inference is plain numpy. Everything it sees is relative to
the rough place of the note, so it plays the same in every key.

Shapes: N rows, one a note (in training) or a candidate (in playing). A keyboard is (N, KEYS), 1 where a key is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import Key, chord_indices, tones_at
from lessons.score import Score
from models.figures import bar_start
from models.layers import one_hot, relative
from models.writer import STRENGTHS, Features, Rows, metric_strength

KEYS = 128
REACH = 12
CHOICES = 2 * REACH + 1
WINDOW = 16  # keys to each side of the rough place that are seen
MOST_VOICES = 5
WIDEST_GAP = 12
OCTAVES = 10
MOST_DOUBT = 50  # tenths of a semitone


@dataclass(frozen=True, eq=False)
class Strokes:
    """What is known of each note before its key is chosen; arrays (N,).

    ``rough`` is the place that is aimed at, ``gap_above`` how far above it the next note of the stroke is aimed (0 for
    the highest), ``doubt`` by how many tenths of a semitone places may be wrong; ``root`` is -1 without a chord and
    ``mask`` then 0.
    """

    rough: Rows
    gap_above: Rows
    doubt: Rows
    below: Rows
    above: Rows
    root: Rows
    mask: Rows
    scale: Rows
    tonic: Rows
    minor: Rows
    strength: Rows

    def __getitem__(self, where: NDArray[np.int64]) -> Strokes:
        """Some of the notes."""
        return Strokes(*(getattr(self, field.name)[where] for field in fields(self)))

    def __len__(self) -> int:
        """How many notes."""
        return len(self.rough)

    def repeated(self, place: int, times: int) -> Strokes:
        """One note, ``times`` times."""
        return self[np.full(times, place)]


@dataclass(frozen=True, eq=False)
class Keyboards:
    """What is down around each note, each (N, KEYS): this stroke so far, the two before, and what is held."""

    now: NDArray[np.uint8]
    last: NDArray[np.uint8]
    before: NDArray[np.uint8]
    held: NDArray[np.uint8]


def features(strokes: Strokes, keyboards: Keyboards) -> Features:
    """Everything the network sees, (N, FEATURES)."""
    rough = strokes.rough
    parts: list[NDArray[np.integer] | NDArray[np.floating]] = [
        relative(strokes.mask, rough),
        relative(strokes.scale, rough),
        one_hot(np.where(strokes.root < 0, 12, (strokes.root - rough) % 12), 13),
        one_hot((rough - strokes.tonic) % 12, 12),
        strokes.minor[:, None],
        strokes.doubt[:, None] / MOST_DOUBT,
        one_hot(strokes.strength, STRENGTHS),
        one_hot(np.minimum(strokes.below, MOST_VOICES - 1), MOST_VOICES),
        one_hot(np.minimum(strokes.above, MOST_VOICES - 1), MOST_VOICES),
        one_hot(np.clip(strokes.gap_above, 0, WIDEST_GAP), WIDEST_GAP + 1),
        one_hot(np.clip(rough // 12, 0, OCTAVES - 1), OCTAVES),
        *(_window(keys, rough) for keys in (keyboards.now, keyboards.last, keyboards.before, keyboards.held)),
    ]
    return np.concatenate([part.astype(np.float32) for part in parts], axis=1)


def _window(keys: NDArray[np.uint8], rough: Rows) -> NDArray[np.uint8]:
    """The keys around each rough place, (N, 2 * WINDOW + 1)."""
    places = rough[:, None] + np.arange(-WINDOW, WINDOW + 1)
    inside = (places >= 0) & (places < KEYS)
    seen: NDArray[np.uint8] = np.take_along_axis(keys, np.clip(places, 0, KEYS - 1), axis=1) * inside
    return seen


def feature_count() -> int:
    """The number of columns of `features`."""
    blank = Strokes(*(np.zeros(1, dtype=np.int64) for _ in fields(Strokes)))
    nothing = np.zeros((1, KEYS), dtype=np.uint8)
    return len(features(blank, Keyboards(nothing, nothing, nothing, nothing))[0])


def strokes_of(score: Score, notes: NDArray[np.void], chords: NDArray[np.void], key: Key, doubt: int) -> Strokes:
    """What is known of the notes of a pattern, sorted by onset and pitch, under chords."""
    onsets, pitches = notes["onset_beat"], notes["pitch"].astype(np.int64)
    group = np.concatenate([[0], np.cumsum(np.diff(onsets) > 1e-6)])
    first, sizes = np.searchsorted(group, group), np.bincount(group)[group]
    below = np.arange(len(notes)) - first
    above = sizes - below - 1
    roots = np.append(chords["root"].astype(np.int64), -1)[chord_indices(chords, onsets)]
    full = np.ones(len(notes), dtype=np.int64)
    return Strokes(
        rough=pitches,
        gap_above=np.where(above > 0, np.append(np.diff(pitches), 0), 0),
        doubt=full * doubt,
        below=below,
        above=above,
        root=roots,
        mask=tones_at(chords, onsets),
        scale=full * key.scale,
        tonic=full * key.tonic,
        minor=full * key.minor,
        strength=strengths(score, onsets),
    )


def strengths(score: Score, onsets: NDArray[np.float64]) -> Rows:
    """The metrical weight of each onset in its bar."""
    found = np.zeros(len(onsets), dtype=np.int64)
    for place, onset in enumerate(onsets.tolist()):
        start = bar_start(score, onset)
        numerator, denominator = score.metre_at(start)
        compound = denominator == 8 and numerator % 3 == 0
        found[place] = metric_strength(np.array([onset - start]), numerator * 4 / denominator, compound)[0]
    return found
