"""A take as a person would play it: seeded, a little uneven, with the mistakes that the test asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lessons.score import Score
from tutor.performance import PLAYED_DTYPE, Performance

ONSET_SD_SEC = 0.015
TEMPO_SWING = 0.05


@dataclass(frozen=True)
class Mistakes:
    """Which notes of the score go wrong, by row: a neighbouring key, no key, a stray key after it."""

    wrong: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    stray_after: tuple[int, ...] = ()


def human_take(score: Score, seed: int, mistakes: Mistakes | None = None, start_sec: float = 1.0) -> Performance:
    """Play ``score`` once through with the mistakes asked for; seconds count from the take's start."""
    mistakes = mistakes or Mistakes()
    rng = np.random.default_rng(seed)
    notes = score.notes
    onset = score.tempo.seconds_at(notes["onset_beat"])
    length = score.tempo.seconds_at(notes["onset_beat"] + notes["duration_beat"]) - onset
    swing = 1 + TEMPO_SWING * np.sin(2 * np.pi * notes["onset_beat"] / 16)
    when = start_sec + (onset - onset.min()) * swing + rng.normal(0, ONSET_SD_SEC, len(notes))
    rows = []
    for row, note in enumerate(notes):
        if row in mistakes.missed:
            continue
        pitch = int(note["pitch"]) + (1 if row in mistakes.wrong else 0)
        velocity = int(np.clip(rng.normal(72 if note["hand"] else 60, 8), 20, 120))
        rows.append((max(0.0, when[row]), max(0.05, length[row] * rng.uniform(0.8, 0.95)), pitch, velocity))
        if row in mistakes.stray_after:
            rows.append((when[row] + 0.5 * length[row], 0.08, int(note["pitch"]) + 6, 45))
    return Performance(np.array(rows, PLAYED_DTYPE))
