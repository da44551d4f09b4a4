"""Segments of two bars for the melody network, as arrays and as augmented batches of tensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.corpus import Corpus, Tune
from models.grid import NO_CHORD, PAD, PITCHES, SEGMENT_BARS, SEGMENT_STEPS, Steps, held_curve, rhythm_of
from models.melody import chord_features

LOWEST, HIGHEST = 36, 96  # transposition keeps tunes between these pitches
MOST_UP, MOST_DOWN = 6, 5


@dataclass(frozen=True, eq=False)
class Segments:
    """N segments: tokens, roots, basses and tone masks, each (N, S) with what is missing padded."""

    tokens: Steps
    root: Steps
    bass: Steps
    tones: Steps

    def __len__(self) -> int:
        """How many segments."""
        return len(self.tokens)

    def __getitem__(self, where: NDArray[np.int64] | slice) -> Segments:
        """Some of the segments."""
        return Segments(self.tokens[where], self.root[where], self.bass[where], self.tones[where])


@dataclass(frozen=True)
class Batch:
    """What the network takes in, as tensors (B, S); chords (B, S / 2, features)."""

    tokens: Tensor
    curve: Tensor
    rhythm: Tensor
    chords: Tensor

    def on(self, device: str) -> Batch:
        """The same batch on a device."""
        return Batch(*(part.to(device) for part in (self.tokens, self.curve, self.rhythm, self.chords)))


def cut(tune: Tune, hop_bars: int = 1) -> Segments:
    """All segments of a tune that have a note, one every ``hop_bars`` bars."""
    length = SEGMENT_BARS * tune.bar_steps
    starts = range(0, len(tune.tokens) - length + 1, hop_bars * tune.bar_steps)
    stretches = [
        slice(start, start + length) for start in starts if (tune.tokens[start : start + length] < PITCHES).any()
    ]
    blank = np.zeros((0, SEGMENT_STEPS), dtype=np.int64)
    if not stretches:
        return Segments(blank, blank, blank, blank)
    chords = [tune.chords[where] for where in stretches]
    return Segments(
        np.stack([padded(tune.tokens[where], PAD) for where in stretches]),
        np.stack([padded(part.root, NO_CHORD) for part in chords]),
        np.stack([padded(part.bass, NO_CHORD) for part in chords]),
        np.stack([padded(part.tones, 0) for part in chords]),
    )


def padded(steps: Steps, filler: int) -> Steps:
    """The steps, filled up to a segment."""
    return np.concatenate([steps, np.full(SEGMENT_STEPS - len(steps), filler, dtype=np.int64)])


def segments_of(corpus: Corpus, split: int, hop_bars: int = 1) -> Segments:
    """All segments of a split, each kind once: repeats within a tune teach nothing."""
    parts = [cut(tune, hop_bars) for tune in corpus.of_split(split)]
    joined = Segments(*(np.concatenate([getattr(part, name) for part in parts]) for name in Segments.__annotations__))
    keys = np.concatenate([joined.tokens, joined.root, joined.tones], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    return joined[np.sort(first)]


def batch_of(segments: Segments, semitones: NDArray[np.int64] | None = None) -> Batch:
    """Tensors of some segments, each transposed by its number of semitones."""
    shift = (np.zeros(len(segments), dtype=np.int64) if semitones is None else semitones)[:, None]
    tokens = np.where(segments.tokens < PITCHES, segments.tokens + shift, segments.tokens)
    known = segments.root != NO_CHORD
    root, bass = (np.where(known, (part + shift) % 12, NO_CHORD) for part in (segments.root, segments.bass))
    up = shift % 12
    tones = (segments.tones << up | segments.tones >> (12 - up)) & 0xFFF
    chords = chord_features(*(torch.from_numpy(part) for part in (root, bass, tones)))
    curve, rhythm = torch.from_numpy(held_curve(tokens)), torch.from_numpy(rhythm_of(tokens))
    return Batch(torch.from_numpy(tokens), curve, rhythm, chords)


def draw_transpositions(segments: Segments, rng: np.random.Generator) -> NDArray[np.int64]:
    """A random transposition for each segment that keeps it in range."""
    curve = held_curve(segments.tokens)
    low = np.maximum(-MOST_DOWN, LOWEST - curve.min(axis=1))
    high = np.minimum(MOST_UP, HIGHEST - curve.max(axis=1))
    semitones: NDArray[np.int64] = rng.integers(np.minimum(low, 0), np.maximum(high, 0) + 1)
    return semitones
