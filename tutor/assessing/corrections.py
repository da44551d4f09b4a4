"""Corrections: a wrong key was struck where a note was due, and then the right one.

That is one slip, and not a note too many, a pause and a few onsets out of time. A stray note is taken for one that was
put right where the next onset has a note near it in pitch, came late by the tempo before it, and was due about when the
stray was struck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tutor.assessing.assessment import HIT

if TYPE_CHECKING:
    from tutor.assessing.heard import Heard, Take

NEAR_SEMITONES = 4
LEAST_SEC, MOST_SEC = 0.1, 2.0  # from the wrong key to the right one


@dataclass(frozen=True, slots=True)
class Correction:
    """The note that was struck in the end; ``stray`` is the played note that came first, ``struck`` its pitch."""

    note: Heard
    stray: int
    struck: int


def corrections_of(take: Take) -> Iterator[Correction]:
    """The stray notes that were put right, in order of time."""
    onsets = _onsets(take)
    for stray in take.assessment.extra:
        played = take.performance.notes[stray["played"]]
        found = _put_right(onsets.get(int(stray["pass_index"]), []), float(played["onset_sec"]), int(played["pitch"]))
        if found is not None:
            yield Correction(found, int(stray["played"]), int(played["pitch"]))


def _onsets(take: Take) -> dict[int, list[list[Heard]]]:
    """The notes that were hit at each onset of each pass, in order."""
    found: dict[int, list[list[Heard]]] = {}
    for chord in take.chords():
        hit = [note for note in chord if note.verdict == HIT and not note.grace]
        if hit:
            found.setdefault(hit[0].pass_index, []).append(hit)
    return found


def _put_right(onsets: list[list[Heard]], time_sec: float, pitch: int) -> Heard | None:
    """The note that a stray was struck for; None where it was struck for none."""
    slot = int(np.searchsorted([_time(chord) for chord in onsets], time_sec + LEAST_SEC))
    if not 0 < slot < len(onsets):
        return None
    before, chord = onsets[slot - 1], onsets[slot]
    due = _time(before) + (chord[0].beat - before[0].beat) * before[0].period
    late = _time(chord) - due
    nearest = min(chord, key=lambda note: abs(note.pitch - pitch))
    in_its_place = abs(time_sec - due) < late and _time(chord) - time_sec < MOST_SEC and late > LEAST_SEC
    return nearest if in_its_place and abs(nearest.pitch - pitch) <= NEAR_SEMITONES else None


def _time(chord: list[Heard]) -> float:
    return min(note.time_sec for note in chord)
