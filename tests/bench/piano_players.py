"""Notes as people play them, for the ear for pianos to learn from: excerpts of pieces and notes at random, seeded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NOTE_DTYPE = np.dtype([("onset_sec", "f4"), ("duration_sec", "f4"), ("pitch", "i4"), ("velocity", "i4")])
LEAD_SEC, LEAST_NOTES = 0.3, 8
LEAST_APART_SEC = 0.045  # between strokes of one key
Notes = NDArray[np.void]
Slips = (-2, -1, 1, 2, 12)
Doubles = (-12, 7, 12, 12, 19, 24)  # what is hardest to tell from a note that sounds alone


def clip_of(pieces: Sequence[Notes], clip_sec: float, rng: np.random.Generator) -> Notes:
    """Notes for one clip, of a piece or at random; none where there is nothing to hear but the room."""
    kind = rng.random()
    if kind < 0.03:
        return np.zeros(0, NOTE_DTYPE)
    if kind < 0.28:
        return played(random_notes(clip_sec, rng), clip_sec, rng)
    while len(notes := excerpt(pieces[rng.integers(len(pieces))], clip_sec, rng)) < LEAST_NOTES:
        pass
    return played(notes, clip_sec, rng)


def excerpt(piece: Notes, clip_sec: float, rng: np.random.Generator) -> Notes:
    """Some of a piece at a tempo and in a key of its own."""
    stretch, shift = rng.uniform(0.65, 1.4), rng.integers(-6, 7)
    onsets = piece["onset_sec"] * stretch
    start = rng.uniform(-2.0, max(0.0, onsets.max() - clip_sec))
    pitches = piece["pitch"] + shift
    notes = piece[(onsets >= start) & (onsets < start + clip_sec) & (pitches >= 21) & (pitches <= 108)].copy()
    notes["onset_sec"] = notes["onset_sec"] * stretch - start
    notes["duration_sec"] *= stretch * rng.uniform(0.4, 1.05)
    notes["pitch"] += shift
    return notes


def random_notes(clip_sec: float, rng: np.random.Generator) -> Notes:
    """Chords, runs, trills and repeated notes from anywhere on the keyboard."""
    rows: list[tuple[float, float, int, int]] = []
    time = LEAD_SEC
    while time < clip_sec:
        kind, base = rng.integers(5), int(rng.integers(21, 109))
        pace = float(rng.choice([0.07, 0.1, 0.13, 0.18, 0.25, 0.4, 0.7]))
        length = pace * rng.uniform(0.4, 1.6)
        if kind == 0:
            time += max(0.12, pace)
            chord = rng.choice(40, rng.integers(2, 9), replace=False) - 20
            rows += [(time, max(0.12, length), base + int(step), 64) for step in chord]
            time += max(0.12, pace)
            continue
        beside = int(rng.choice([-2, -1, 1, 2]))
        for place in range(int(rng.integers(3, 11))):
            steps = (0, place * beside, int(rng.integers(-12, 13)), place % 2 * beside)
            rows.append((time, length, base + steps[kind - 1], 64))
            time += pace
    return np.array([row for row in rows if 21 <= row[2] <= 108], NOTE_DTYPE)


def played(notes: Notes, clip_sec: float, rng: np.random.Generator) -> Notes:
    """As a person plays: uneven in time and force, some keys beside the right one or left out, some with the pedal."""
    notes = doubled(notes, rng) if rng.random() < 0.4 else notes.copy()
    uneven = rng.uniform(0.003, 0.025)
    notes["onset_sec"] += np.abs(rng.normal(0, uneven, len(notes)))
    force = rng.uniform(30, 100) + rng.uniform(0, 0.8) * (notes["velocity"] - 64.0) + rng.normal(0, 11, len(notes))
    notes["velocity"] = np.clip(force, 12, 125)
    slips = rng.random(len(notes)) < 0.06
    notes["pitch"][slips] += rng.choice(Slips, slips.sum())
    strays = notes[rng.random(len(notes)) < 0.03].copy()
    strays["pitch"] += rng.choice(Slips, len(strays))
    strays["onset_sec"] += rng.uniform(0.0, 0.12, len(strays))
    notes = np.concatenate([notes[rng.random(len(notes)) >= 0.03], strays])
    if rng.random() < 0.5:
        notes["duration_sec"] = pedalled(notes, clip_sec, rng)
    fits = (notes["pitch"] >= 21) & (notes["pitch"] <= 108) & (notes["onset_sec"] >= 0)
    return apart(notes[fits & (notes["onset_sec"] < clip_sec - 0.05)])


def doubled(notes: Notes, rng: np.random.Generator) -> Notes:
    """The notes, and some of them also at an octave, a twelfth or two octaves, struck together."""
    more = notes[rng.random(len(notes)) < rng.uniform(0.05, 0.4)].copy()
    more["pitch"] += rng.choice(Doubles, len(more))
    return np.concatenate([notes, more])


def pedalled(notes: Notes, clip_sec: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """How long the notes sound where the pedal is down most of the time."""
    lifts = np.cumsum(rng.uniform(0.3, 2.5, round(clip_sec * 3) + 10))
    ends = notes["onset_sec"] + notes["duration_sec"]
    lift = np.minimum(np.searchsorted(lifts, ends), len(lifts) - 1)
    held: NDArray[np.float64] = np.where(rng.random(len(lifts))[lift] < 0.8, lifts[lift], ends) - notes["onset_sec"]
    return held


def apart(notes: Notes) -> Notes:
    """The notes by onset, each ended by the next of its key; of two that one stroke could make, the first."""
    notes = notes[np.lexsort((notes["onset_sec"], notes["pitch"]))]
    same = np.flatnonzero(notes["pitch"][1:] == notes["pitch"][:-1])
    keep = np.ones(len(notes), bool)
    keep[same[notes["onset_sec"][same + 1] - notes["onset_sec"][same] < LEAST_APART_SEC] + 1] = False
    notes = notes[keep]
    same = np.flatnonzero(notes["pitch"][1:] == notes["pitch"][:-1])
    gap = notes["onset_sec"][same + 1] - notes["onset_sec"][same]
    notes["duration_sec"][same] = np.minimum(notes["duration_sec"][same], np.maximum(gap - 0.015, 0.02))
    return notes[np.argsort(notes["onset_sec"], kind="stable")]
