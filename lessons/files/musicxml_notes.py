"""The notes of partitura's parts as rows of NOTE_DTYPE, and the hands that play them.

Tied notes are one note. A grace note has duration 0 and stands at its main note (one that is tied to its main note is
no grace note but that note). Staff 1 is the right hand and the others the left. Parts of one staff go by their names,
else the higher one of two is the right hand, else `lessons.hands` finds the hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.musicxml_timeline import Clock
from lessons.files.spelling import STEPS
from lessons.hands import hand_of_name
from lessons.score import LEFT, MARK_DTYPE, NOTE_DTYPE, RIGHT, UNKNOWN_HAND
from lessons.timing import snap

if TYPE_CHECKING:
    from partitura.score import Note, Part

SCORE_VELOCITY = 64


def notes_of(parts: list[Part], clocks: list[Clock], names: tuple[str, ...]) -> NDArray[np.void]:
    """The notes of all parts, each with the hand that its staff or its part's name gives. Raises FormatError."""
    notes = np.concatenate([_notes(part, clock, i) for i, (part, clock) in enumerate(zip(parts, clocks, strict=True))])
    _assign_part_hands(notes, [_staves(part) for part in parts], names)
    return notes


def marks_of(parts: list[Part], clocks: list[Clock]) -> NDArray[np.void]:
    """The ornaments and articulations of all parts, as MARK_DTYPE."""
    found = []
    for part, clock in zip(parts, clocks, strict=True):
        marked = [(note, name) for note in part.notes_tied for name in (*note.ornaments, *note.articulations)]
        beats = snap(clock.beats(np.array([note.start.t for note, _ in marked], dtype=float)))
        found += [(beat, _pitch(note), name) for beat, (note, name) in zip(beats.tolist(), marked, strict=True)]
    return np.array(found, MARK_DTYPE)


def _notes(part: Part, clock: Clock, number: int) -> NDArray[np.void]:
    """A part's notes, ties joined, as NOTE_DTYPE."""
    notes: list[Note] = list(part.notes_tied)
    rows = np.zeros(len(notes), NOTE_DTYPE)
    starts = np.array([note.start.t for note in notes], dtype=float)
    ends = np.array([_last_tied(note).end.t for note in notes], dtype=float)
    rows["onset_beat"] = clock.beats(starts)
    rows["duration_beat"] = clock.raw(ends) - clock.raw(starts)
    rows["pitch"] = [_pitch(note) for note in notes]
    rows["velocity"] = SCORE_VELOCITY
    rows["hand"] = [_hand_of_staff(note.staff) for note in notes]
    rows["voice"] = [min(int(note.voice or 1), 32_000) for note in notes]
    rows["part"] = number
    rows["finger"] = [_finger(note) for note in notes]
    rows["finger_confidence"] = rows["finger"] > 0
    rows["step"] = [note.step.upper() for note in notes]
    rows["alter"] = [note.alter or 0 for note in notes]
    rows["grace"] = [type(note).__name__ == "GraceNote" for note in notes] & (rows["duration_beat"] == 0)
    return rows


def _last_tied(note: Note) -> Note:
    seen = {id(note)}
    while note.tie_next is not None and id(note.tie_next) not in seen:
        note = note.tie_next
        seen.add(id(note))
    return note


def _pitch(note: Note) -> int:
    pitch = 12 * (int(note.octave) + 1) + STEPS[note.step.upper()] + int(note.alter or 0)
    if not 0 <= pitch <= 127:
        raise FormatError(f"the pitch {note.step}{note.octave} is outside what a keyboard or MIDI has")
    return pitch


def _finger(note: Note) -> int:
    fingers = [mark.fingering for mark in note.technical or () if hasattr(mark, "fingering")]
    return next((finger for finger in fingers if finger in range(1, 6)), 0)


def _hand_of_staff(staff: int | None) -> int:
    return RIGHT if (staff or 1) == 1 else LEFT


def _staves(part: Part) -> int:
    return max((int(note.staff or 1) for note in part.notes), default=1)


def _assign_part_hands(notes: NDArray[np.void], staves: list[int], names: tuple[str, ...]) -> None:
    """Correct in place the hands that staves gave: what a part of one staff is depends on its name and company."""
    single = [number for number, count in enumerate(staves) if count == 1]
    for number in single:
        notes["hand"][notes["part"] == number] = hand_of_name(names[number])
    if len(single) == len(staves) == 2 and np.any(notes["hand"] == UNKNOWN_HAND):
        means = [notes["pitch"][notes["part"] == number].mean() for number in single]
        notes["hand"] = np.where(notes["part"] == single[int(means[1] > means[0])], RIGHT, LEFT)
