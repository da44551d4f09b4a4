"""Patterns for a left hand: how it plays a chord, in the metre of the piece and where the hand was.

A pattern strikes when the harmony moves, keeps below the right hand, and puts no close third into the low register.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import classes_of
from lessons.score import LEFT, RIGHT, Score
from models.donors import within_chords
from models.layout import within
from models.line import EPSILON, nearest

FIFTH = 6  # semitones from which an interval over the bass is clear in any register
LOWEST_BASS = 33  # A1
MUDDY = 46  # below B flat 2 thirds over the bass are heard as noise, so the third sounds an octave higher or not at all


@dataclass(frozen=True)
class Pattern:
    """How a hand plays a chord: strokes of (place, length, voice), in beats, again every ``cycle`` beats.

    Voice 0 is the bass; a cycle of 0 is one stroke as long as the chord.
    """

    cycle: float
    strokes: tuple[tuple[float, float, int], ...]


BLOCK = Pattern(0.0, ((0, 0, 0), (0, 0, 1), (0, 0, 2)))
IN_TWO = {
    "block": BLOCK,
    "bass and chord": Pattern(2.0, ((0, 1, 0), (1, 1, 1), (1, 1, 2))),
    "broken": Pattern(2.0, ((0, 0.5, 0), (0.5, 0.5, 1), (1, 0.5, 2), (1.5, 0.5, 1))),
    "Alberti": Pattern(2.0, ((0, 0.5, 0), (0.5, 0.5, 2), (1, 0.5, 1), (1.5, 0.5, 2))),
}
IN_THREE = {
    "block": BLOCK,
    "waltz": Pattern(3.0, ((0, 1, 0), (1, 1, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2))),
    "broken": Pattern(3.0, ((0, 1, 0), (1, 1, 1), (2, 1, 2))),
}
COMPOUND = {
    "block": BLOCK,
    "rocking": Pattern(1.5, ((0, 0.5, 0), (0.5, 1, 1), (0.5, 1, 2))),
    "broken": Pattern(1.5, ((0, 0.5, 0), (0.5, 0.5, 1), (1, 0.5, 2))),
}


def lasting(score: Score, chords: NDArray[np.void]) -> NDArray[np.void]:
    """The chords with neighbours of one root in one bar made one: a hand strikes when the harmony moves."""
    kept: list[np.void] = []
    bar_of = np.searchsorted(score.bars["start_beat"], chords["start_beat"] + EPSILON, side="right")
    for index, chord in enumerate(chords):
        same_bar = index > 0 and bar_of[index] == bar_of[index - 1]
        if same_bar and kept[-1]["root"] == chord["root"] and kept[-1]["end_beat"] > chord["start_beat"] - EPSILON:
            kept[-1]["end_beat"] = chord["end_beat"]
        else:
            kept.append(chord.copy())
    return np.array(kept, dtype=chords.dtype)


def patterned(score: Score, chords: NDArray[np.void], pattern: str, start: float, end: float) -> Score:
    """The score whose left hand, in [start, end), plays a pattern of the chords where it played, below the right."""
    notes = score.notes
    left, right = notes[notes["hand"] == LEFT], notes[notes["hand"] == RIGHT]
    rows, covered = [], np.zeros(len(notes), dtype=np.bool_)
    for chord in lasting(score, chords[within_chords(chords, start, end)]):
        span = (float(chord["start_beat"]), min(end, float(chord["end_beat"])))
        here, over = sounding(left, *span), sounding(right, *span)
        if len(here):
            ceiling = int(over["pitch"].min()) if len(over) else 127
            rows += _figure(chord, here, span, patterns_for(score.metre_at(span[0]))[pattern], ceiling)
            covered |= within(notes, *span)
    kept = notes[~(covered & (notes["hand"] == LEFT))]
    held = (kept["hand"] == LEFT) & (kept["onset_beat"] < start) & (kept["onset_beat"] + kept["duration_beat"] > start)
    kept["duration_beat"][held] = start - kept["onset_beat"][held]
    return score.with_notes(np.concatenate([kept, np.array(rows, dtype=notes.dtype)]))


def sounding(notes: NDArray[np.void], start: float, end: float) -> NDArray[np.void]:
    """The notes that are heard somewhere in [start, end)."""
    heard: NDArray[np.void] = notes[
        (notes["onset_beat"] < end - EPSILON) & (notes["onset_beat"] + notes["duration_beat"] > start + EPSILON)
    ]
    return heard


def _figure(
    chord: np.void, here: NDArray[np.void], span: tuple[float, float], pattern: Pattern, ceiling: int
) -> list[np.void]:
    """The notes of one chord's pattern in the register of the notes that were there, below ``ceiling``."""
    length = span[1] - span[0]
    voices = _voices(chord, int(here["pitch"].min()), ceiling, together=pattern is BLOCK)
    notes: dict[tuple[float, int], np.void] = {}
    for turn in range(int(np.ceil(length / pattern.cycle - EPSILON)) if pattern.cycle else 1):
        for place, share, voice in pattern.strokes:
            onset = turn * pattern.cycle + place
            if onset > length - EPSILON:
                continue
            note = here[0].copy()
            note["onset_beat"] = span[0] + onset
            note["duration_beat"] = min(share, length - onset) if pattern.cycle else length
            note["pitch"], note["step"], note["alter"] = voices[min(voice, len(voices) - 1)], "", 0
            note["finger"], note["finger_confidence"] = 0, 0.0
            notes[onset, int(note["pitch"])] = note
    return list(notes.values())


def _voices(chord: np.void, near: int, ceiling: int, together: bool) -> list[int]:
    """Root, third and fifth from the root nearest to a pitch, an octave lower where they would reach the ceiling.

    Over a low bass the third sounds an octave higher, and not at all where all are struck ``together``.
    """
    above = sorted((tone - int(chord["root"])) % 12 for tone in classes_of(chord["tones"]))
    steps = [0, *(step for step in above if step)][:3]
    bass = nearest(near, 1 << int(chord["root"]))
    while bass + steps[-1] >= ceiling and bass - 12 >= LOWEST_BASS:
        bass -= 12
    if bass < MUDDY:
        steps = [step for step in steps if not 0 < step < FIFTH] + (
            [] if together else [step + 12 for step in steps if 0 < step < FIFTH]
        )
    return [bass + step for step in steps if bass + step < ceiling] or [bass]


def patterns_for(metre: tuple[int, int]) -> dict[str, Pattern]:
    """The patterns that suit a metre."""
    if metre[1] == 8 and metre[0] % 3 == 0:
        return COMPOUND
    return IN_THREE if metre[0] % 3 == 0 else IN_TWO
