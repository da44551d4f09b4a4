"""Takes made from scores, and faults put into them, by a seed: what several tests of following and judging share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from tutor.performance import PLAYED_DTYPE, Performance

PERIOD_SEC = 0.5


def composed(seed: int, bars: int = 12, voices: int = 3) -> Score:
    """A seeded piece in 4/4: a melody in quarters and eighths over broken chords and a bass; no bar like another."""
    rng = np.random.default_rng(seed)
    rows, pitch = [], 72
    for bar in range(bars):
        onsets = [0.0, 1.0, *((1.5,) if rng.random() < 0.5 else ()), 2.0, 3.0]
        for onset, end in zip(onsets, [*onsets[1:], 4.0], strict=True):
            pitch = int(np.clip(pitch + rng.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5]), 62, 84))
            rows.append((4 * bar + onset, end - onset, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False))
        root = int(rng.integers(40, 50))
        if voices > 1:
            rows.append((4 * bar, 4, root, 60, LEFT, 2, 0, 0, 0, "", 0, False))
        if voices > 2:
            for beat in (1, 2, 3):
                above = root + int(rng.choice([3, 4, 7, 10]))
                rows.append((4 * bar + beat, 1, above, 60, LEFT, 2, 0, 0, 0, "", 0, False))
    measures = [(bar + 1, bar + 1, 4 * bar, 4 * bar + 4) for bar in range(bars)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(measures, BAR_DTYPE), title=f"Study {seed}")


def played(score: Score, period_sec: float = PERIOD_SEC, rng: np.random.Generator | None = None) -> Performance:
    """The score as played: exactly in time, or with a human spread of a few milliseconds."""
    notes = np.zeros(len(score.notes), PLAYED_DTYPE)
    spread = rng.normal(0.0, 0.008, len(notes)) if rng is not None else 0.0
    notes["onset_sec"] = 0.5 + (score.notes["onset_beat"] - score.start_beat) * period_sec + spread
    notes["duration_sec"] = np.maximum(0.03, score.notes["duration_beat"] * period_sec * 0.9)
    notes["pitch"], notes["velocity"] = score.notes["pitch"], 64
    return Performance(notes)


def joined(*takes: Performance, gap_sec: float = 0.8) -> Performance:
    """Takes one after the other, each ``gap_sec`` after the last onset before it."""
    parts, now = [], 0.0
    for take in takes:
        notes = take.notes.copy()
        notes["onset_sec"] += now - notes["onset_sec"].min()
        now = notes["onset_sec"].max() + gap_sec
        parts.append(notes)
    return Performance(np.concatenate(parts))


def between(score: Score, take: Performance, first_beat: float, last_beat: float) -> Performance:
    """The part of a take (as `played` made it) that plays the score from ``first_beat`` to before ``last_beat``."""
    order = np.lexsort((score.notes["pitch"], score.notes["onset_beat"]))
    inside = (score.notes["onset_beat"][order] >= first_beat) & (score.notes["onset_beat"][order] < last_beat)
    return Performance(take.notes[inside])


def with_repeats(score: Score, bars: int) -> Score:
    """The score with its first ``bars`` bars played twice and then all the others: A A B, as a page unfolds."""
    end = 4.0 * bars
    first = score.notes[score.notes["onset_beat"] < end]
    later = score.notes.copy()
    later["onset_beat"] += end
    written = [*range(1, bars + 1), *range(1, len(score.bars) + 1)]
    rows = [(number + 1, written[number], 4.0 * number, 4.0 * number + 4.0) for number in range(len(written))]
    return replace(score, notes=np.concatenate([first, later]), bars=np.array(rows, BAR_DTYPE))


def in_order(score: Score) -> NDArray[np.void]:
    """The written notes in the order in which `played` has them."""
    return score.notes[np.lexsort((score.notes["pitch"], score.notes["onset_beat"]))]
