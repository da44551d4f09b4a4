"""Steps: the one place where the networks' grid exists.

A step is a sixteenth, a quarter of a beat. A segment is two bars, at most 32 steps; shorter ones (2/4, 3/4, 6/8) are
padded. A token is a pitch that is struck (0..127), `HOLD`, `REST` or `PAD`. What lies off the grid (triplets, grace
notes) is not forced onto it: `to_tokens` refuses, and the composer keeps the exact rhythm by another way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.errors import ComposerError
from lessons.harmony import chord_indices
from lessons.score import Score

STEPS_PER_BEAT = 4
SEGMENT_BARS = 2
SEGMENT_STEPS = 32
PITCHES = 128
HOLD, REST, PAD = 128, 129, 130
TOKENS = 131
NO_CHORD = -1
CHORD_EVERY = 2  # steps between the networks' looks at the chords
CLASSES = 12  # of pitches an octave apart
RHYTHMS = 4  # kinds of step in a rhythm: struck, held, rest, pad
STRUCK = 0
REACH = 30  # semitones that a note may lie from the middle of its segment
OFF_GRID = 0.02  # beats

Steps = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ChordSteps:
    """Chords step by step: root and bass as pitch classes or `NO_CHORD`, tones as masks; three arrays of one shape."""

    root: Steps
    bass: Steps
    tones: Steps

    def __getitem__(self, where: slice | NDArray[np.int64]) -> ChordSteps:
        """The same steps of all three."""
        return ChordSteps(self.root[where], self.bass[where], self.tones[where])


def bar_steps(score: Score, beat: float = 0.0) -> int:
    """Steps in a bar at a position. Raises ComposerError for a bar that two segments cannot hold."""
    numerator, denominator = score.metre_at(beat)
    steps = numerator * 4 * STEPS_PER_BEAT / denominator
    if steps % 1 or not 0 < SEGMENT_BARS * steps <= SEGMENT_STEPS:
        raise ComposerError(f"a metre of {numerator}/{denominator} does not fit the network's grid")
    return int(steps)


def is_on_grid(line: NDArray[np.void]) -> bool:
    """Whether every onset lies on a step."""
    steps = line["onset_beat"] * STEPS_PER_BEAT
    return bool((np.abs(steps - np.round(steps)) <= OFF_GRID * STEPS_PER_BEAT).all())


def to_tokens(line: NDArray[np.void], start_beat: float, steps: int) -> Steps:
    """The tokens of a line from ``start_beat`` on. Raises ComposerError for onsets between steps."""
    if not is_on_grid(line):
        raise ComposerError("a rhythm with triplets or finer values does not fit the network's grid")
    tokens = np.full(steps, REST, dtype=np.int64)
    onsets = np.round((line["onset_beat"] - start_beat) * STEPS_PER_BEAT).astype(np.int64)
    ends = np.round((line["onset_beat"] + line["duration_beat"] - start_beat) * STEPS_PER_BEAT).astype(np.int64)
    for onset, end, pitch in zip(onsets, ends, line["pitch"], strict=True):
        tokens[max(onset, 0) : max(end, onset + 1, 0)] = HOLD
        if 0 <= onset < steps:
            tokens[onset] = pitch
    return tokens


def from_tokens(tokens: Steps, start_beat: float) -> NDArray[np.float64]:
    """The notes of tokens as rows (onset_beat, duration_beat, pitch); a hold without a note before it is a rest."""
    onsets = np.flatnonzero(tokens < PITCHES)
    rows = []
    for onset in onsets:
        after = tokens[onset + 1 :]
        length = 1 + (int(np.argmax(after != HOLD)) if (after != HOLD).any() else len(after))
        rows.append((start_beat + onset / STEPS_PER_BEAT, length / STEPS_PER_BEAT, float(tokens[onset])))
    return np.array(rows).reshape(-1, 3)


def chord_steps(chords: NDArray[np.void], start_beat: float, steps: int) -> ChordSteps:
    """The chord that sounds at each step."""
    index = chord_indices(chords, start_beat + np.arange(steps) / STEPS_PER_BEAT)
    columns = [
        np.append(chords[name].astype(np.int64), blank)[index]
        for name, blank in (("root", NO_CHORD), ("bass", NO_CHORD), ("tones", 0))
    ]
    return ChordSteps(*columns)


def held_curve(tokens: Steps, default: int = 60) -> Steps:
    """The pitch held at each step, along the last axis: rests keep the one before, the start takes the first."""
    struck = tokens < PITCHES
    steps = np.arange(tokens.shape[-1])
    last = np.maximum.accumulate(np.where(struck, steps, -1), axis=-1)
    first = np.where(struck.any(axis=-1), struck.argmax(axis=-1), -1)[..., None]
    place = np.where(last >= 0, last, first)
    held = np.take_along_axis(tokens, np.clip(place, 0, None), axis=-1)
    return np.where(place >= 0, held, default)


def rhythm_of(tokens: Steps) -> Steps:
    """Tokens without pitch: 0 struck, 1 held, 2 rest, 3 pad."""
    return np.where(tokens < PITCHES, STRUCK, tokens - HOLD + 1)
