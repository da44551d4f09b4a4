"""Tunes that the tests of the composers make for themselves."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models.corpus import TRAIN, VALID, Corpus, Tune
from models.grid import HOLD, ChordSteps

DEGREES = (0, 2, 4, 5, 7, 9, 11, 12)
TONIC, DOMINANT = 0b000010010001, 0b100010000100


def wandering_tune(seed: int, split: int = TRAIN, bars: int = 8, bar_steps: int = 16) -> Tune:
    """A seeded stepwise tune in C over tonic and dominant bars."""
    rng = np.random.default_rng(seed)
    tokens = np.full(bars * bar_steps, HOLD)
    degree = 3
    for step in range(0, len(tokens), 2):
        if step % bar_steps == 0 or rng.random() < 0.6:
            degree = int(np.clip(degree + rng.integers(-2, 3), 0, 7))
            tokens[step] = 60 + DEGREES[degree]
    tonic = (np.arange(len(tokens)) // bar_steps) % 2 == 0
    root = np.where(tonic, 0, 7)
    return Tune(tokens, ChordSteps(root, root, np.where(tonic, TONIC, DOMINANT)), bar_steps, False, split, 0)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Twelve seeded tunes to learn from and four to check on."""
    tunes = [wandering_tune(seed, bar_steps=12 if seed % 4 == 3 else 16) for seed in range(12)]
    return Corpus.of(tunes + [wandering_tune(seed, VALID) for seed in range(20, 24)])


@pytest.fixture(scope="session")
def two_hands() -> Score:
    """Four bars of 4/4 in C: a tune of quarters and halves over block chords."""
    tune = [(0, 1, 67), (1, 1, 64), (2, 2, 64), (4, 1, 65), (5, 1, 62), (6, 2, 62), (8, 1, 60), (9, 1, 62)]
    tune += [(10, 1, 64), (11, 1, 65), (12, 1, 67), (13, 1, 62), (14, 2, 60)]
    below = [
        (bar * 4, 4, pitch) for bar, chord in enumerate(((48, 52), (43, 53), (48, 52), (48, 55))) for pitch in chord
    ]
    notes = np.zeros(len(tune) + len(below), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch"), zip(*tune, *below, strict=True), strict=True):
        notes[name] = column
    notes["hand"] = [RIGHT] * len(tune) + [LEFT] * len(below)
    notes["velocity"] = 80
    return Score(
        notes,
        np.array([(bar + 1, bar + 1, bar * 4.0, bar * 4.0 + 4) for bar in range(4)], dtype=BAR_DTYPE),
        np.array([(0.0, 4, 4)], dtype=METRE_DTYPE),
        np.array([(0.0, 0, False)], dtype=KEY_DTYPE),
        title="Two hands",
        part_names=("Piano",),
    )
