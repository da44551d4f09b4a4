"""A motif as it was played to a metronome, made into notes on the page: one line, on the grid.

What is played in the count-in is a pickup; whole bars before the first note are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import MOTIF_BARS
from lessons.errors import InputError
from lessons.gridding import GAP, SIXTEENTH, on_grid
from lessons.motif_page import motif_page
from lessons.score import NOTE_DTYPE, RIGHT, Score
from tutor.events import Event, NoteOff, NoteOn


@dataclass(frozen=True)
class Stroke:
    """A key that was held, in beats from the first downbeat."""

    onset_beat: float
    end_beat: float
    pitch: int
    velocity: int


def sketched(events: Sequence[Event], downbeat_sec: float, bpm: float, metre: tuple[int, int]) -> Score:
    """The motif in what was played, at ``bpm`` quarters a minute. Raises InputError where nothing was."""
    bar = metre[0] * 4.0 / metre[1]
    strokes = [one for one in strokes_of(events, downbeat_sec, bpm) if one.onset_beat > -bar - GAP / 2]
    if not strokes:
        raise InputError("nothing was played after the count-in")
    notes = _begun(on_grid(_notes(strokes), metre), bar)
    count = min(MOTIF_BARS, max(1, int(np.ceil((notes["onset_beat"][-1] + SIXTEENTH) / bar - 1e-6))))
    notes = notes[notes["onset_beat"] < count * bar]
    notes["duration_beat"] = np.minimum(notes["duration_beat"], count * bar - notes["onset_beat"])
    return motif_page(notes, count, metre, bpm)


def _begun(line: NDArray[np.void], bar: float) -> NDArray[np.void]:
    """The line begun in its first bar, or in a pickup to it."""
    first = float(line["onset_beat"][0])
    line["onset_beat"] -= 0.0 if -bar < first < 0 else first // bar * bar
    return line


def _notes(strokes: Sequence[Stroke]) -> NDArray[np.void]:
    """The strokes as notes of the right hand."""
    notes = np.zeros(len(strokes), NOTE_DTYPE)
    for note, stroke in zip(notes, strokes, strict=True):
        note["onset_beat"], note["duration_beat"] = stroke.onset_beat, stroke.end_beat - stroke.onset_beat
        note["pitch"], note["velocity"] = stroke.pitch, stroke.velocity
    notes["hand"] = RIGHT
    return notes


def strokes_of(events: Sequence[Event], downbeat_sec: float, bpm: float) -> list[Stroke]:
    """The keys that were held, in order; of keys struck together the highest."""
    held: dict[int, NoteOn] = {}
    found: list[Stroke] = []

    def end(note: NoteOn, time_sec: float) -> None:
        begin, stop = ((when - downbeat_sec) * bpm / 60 for when in (note.time_sec, time_sec))
        found.append(Stroke(begin, stop, note.pitch, note.velocity))

    for event in events:
        if isinstance(event, NoteOn | NoteOff) and event.pitch in held:
            end(held.pop(event.pitch), event.time_sec)
        if isinstance(event, NoteOn):
            held[event.pitch] = event
    for note in held.values():
        end(note, note.time_sec + 60 / bpm)
    return sorted(found, key=lambda stroke: stroke.onset_beat)
