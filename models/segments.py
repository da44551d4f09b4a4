"""Segments of two bars for the melody network, as arrays and as augmented batches of tensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.corpus import Corpus, Tune
from models.grid import (
    HOLD,
    NO_CHORD,
    PAD,
    PITCHES,
    SEGMENT_BARS,
    SEGMENT_STEPS,
    STEPS_PER_BEAT,
    Steps,
    held_curve,
    rhythm_of,
)
from models.melody import chord_features

LOWEST, HIGHEST = 36, 96  # transposition keeps tunes between these pitches
MOST_UP, MOST_DOWN = 6, 5
NEAR, MOST_SPLICED = 4, 24  # semitones
MOVED_SHARE = 1 / 3  # of the onsets, where they are moved by a step


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


def batch_of(segments: Segments, semitones: NDArray[np.int64] | None = None, seen: Steps | None = None) -> Batch:
    """Tensors of some segments, each transposed by its number of semitones; the curve is that of ``seen``, if given."""
    shift = (np.zeros(len(segments), dtype=np.int64) if semitones is None else semitones)[:, None]
    here = transposed(segments, shift)
    seen = segments.tokens if seen is None else seen
    seen = np.where(seen < PITCHES, seen + shift, seen)
    chords = chord_features(*(torch.from_numpy(part) for part in (here.root, here.bass, here.tones)))
    curve, rhythm = torch.from_numpy(held_curve(seen)), torch.from_numpy(rhythm_of(here.tokens))
    return Batch(torch.from_numpy(here.tokens), curve, rhythm, chords)


def transposed(segments: Segments, shift: NDArray[np.int64]) -> Segments:
    """Pitches and chords moved by semitones, (N, 1)."""
    known, up = segments.root != NO_CHORD, shift % 12
    return Segments(
        tokens=np.where(segments.tokens < PITCHES, segments.tokens + shift, segments.tokens),
        root=np.where(known, (segments.root + shift) % 12, NO_CHORD),
        bass=np.where(known, (segments.bass + shift) % 12, NO_CHORD),
        tones=(segments.tones << up | segments.tones >> (12 - up)) & 0xFFF,
    )


def hurried(segments: Segments, chosen: NDArray[np.bool_]) -> Segments:
    """The chosen segments at twice the pace, filled up with the segment before them, where that is as long."""
    before = np.roll(np.arange(len(segments)), 1)
    steps = (segments.tokens != PAD).sum(axis=1)
    quick = chosen & (steps == steps[before]) & (steps % 4 == 0)
    places = np.arange(SEGMENT_STEPS)
    second = places >= steps[:, None] // 2
    source = np.where(second, 2 * places - steps[:, None], 2 * places).clip(0, SEGMENT_STEPS - 1)
    here = quick[:, None] & (places < steps[:, None])
    owner = np.where(here & second, before[:, None], np.arange(len(segments))[:, None])
    place = np.where(here, source, places)
    return Segments(*(getattr(segments, name)[owner, place] for name in Segments.__annotations__))


def spliced(segments: Segments, chosen: NDArray[np.bool_], rng: np.random.Generator) -> Segments:
    """The chosen segments, from some beat on going on as the segment before them, brought near, if that is as long."""
    other = segments[np.roll(np.arange(len(segments)), 1)]
    alike = ((other.tokens == PAD) == (segments.tokens == PAD)).all(axis=1) & chosen
    apart = held_curve(segments.tokens).mean(axis=1) - held_curve(other.tokens).mean(axis=1)
    shift = np.round(apart).astype(np.int64) + rng.integers(-NEAR, NEAR + 1, len(segments))
    other = transposed(other, np.clip(shift, -MOST_SPLICED, MOST_SPLICED)[:, None])
    beats = (segments.tokens != PAD).sum(axis=1) // STEPS_PER_BEAT
    cut = STEPS_PER_BEAT * rng.integers(1, beats)
    late = alike[:, None] & (np.arange(SEGMENT_STEPS) >= cut[:, None])
    return Segments(
        *(np.where(late, getattr(other, name), getattr(segments, name)) for name in Segments.__annotations__)
    )


def with_moved_onsets(tokens: Steps, rng: np.random.Generator, share: float = MOVED_SHARE, late: float = 0.5) -> Steps:
    """A share of the onsets a step late or early, where there is room: a held step that changes sides."""
    drawn = rng.random(tokens[:, 1:].shape)
    struck, held = tokens < PITCHES, tokens == HOLD
    goes_late = struck[:, :-1] & held[:, 1:] & (drawn < share * late)
    goes_early = struck[:, 1:] & held[:, :-1] & (drawn > 1 - share * (1 - late))
    goes_early[:, 1:] &= ~goes_late[:, :-1]  # not both to the same step
    goes_early[:, :-1] &= ~goes_late[:, 1:]  # nor one note both ways
    moved = tokens.copy()
    moved[:, 1:][goes_late], moved[:, :-1][goes_late] = tokens[:, :-1][goes_late], HOLD
    moved[:, :-1][goes_early], moved[:, 1:][goes_early] = tokens[:, 1:][goes_early], HOLD
    return moved


def draw_transpositions(segments: Segments, rng: np.random.Generator) -> NDArray[np.int64]:
    """A random transposition for each segment that keeps it in range."""
    curve = held_curve(segments.tokens)
    low = np.maximum(-MOST_DOWN, LOWEST - curve.min(axis=1))
    high = np.minimum(MOST_UP, HIGHEST - curve.max(axis=1))
    semitones: NDArray[np.int64] = rng.integers(np.minimum(low, 0), np.maximum(high, 0) + 1)
    return semitones
