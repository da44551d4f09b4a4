"""A motif as it was played to a metronome, made into notes on the page: one line, on the grid of eighths.

Where notes come faster than that, the grid is that of sixteenths. A note lasts until the next one where the gap is
small. What is played in the last beat of the count-in is a pickup; whole bars before the first note are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lessons.analogy import MOTIF_BARS
from lessons.errors import InputError
from lessons.harmony import Key
from lessons.score import KEY_DTYPE, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score, even_bars
from lessons.timing import TempoMap
from lessons.tune_key import key_of_tune
from tutor.events import Event, NoteOff, NoteOn

EIGHTH, SIXTEENTH = 0.5, 0.25
FAST = 0.375  # beats between notes, below which the grid is that of sixteenths
EARLIEST = -1.0  # beats before the first bar from which a note is a pickup
TOGETHER = 0.1  # beats within which keys are struck together
GAP = 0.5  # beats of silence that are no rest
TITLE = "my motif"


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
    strokes = [one for one in strokes_of(events, downbeat_sec, bpm) if one.onset_beat > EARLIEST - GAP / 2]
    if not strokes:
        raise InputError("nothing was played after the count-in")
    steps = np.diff([stroke.onset_beat for stroke in strokes])
    grid = SIXTEENTH if ((steps > TOGETHER) & (steps < FAST)).any() else EIGHTH
    rows = _on_grid(strokes, grid, bar)
    count = min(MOTIF_BARS, max(1, int(np.ceil((max(row[0] for row in rows) + grid) / bar - 1e-6))))
    early = -min(0.0, rows[0][0])
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for index, (onset, length, pitch, velocity) in enumerate(rows):
        notes[index]["onset_beat"], notes[index]["pitch"], notes[index]["velocity"] = onset, pitch, velocity
        notes[index]["duration_beat"] = min(length, count * bar - onset)
    notes["hand"] = RIGHT
    notes, bars = notes[notes["onset_beat"] < count * bar], even_bars(count, bar, early)
    key = Key(*key_of_tune(notes, bars))
    return Score(
        notes,
        bars,
        np.array([(-early, *metre)], dtype=METRE_DTYPE),
        np.array([(-early, key.fifths, key.minor)], dtype=KEY_DTYPE),
        tempo=TempoMap.of([(0.0, bpm)]),
        title=TITLE,
        part_names=("Piano",),
    )


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


def _on_grid(strokes: Sequence[Stroke], grid: float, bar: float) -> list[tuple[float, float, int, int]]:
    """(onset, length, pitch, velocity) of one line on the grid, begun in its first bar or in a pickup to it."""
    highest: dict[float, Stroke] = {}
    for stroke in strokes:
        place = round(stroke.onset_beat / grid) * grid
        if place not in highest or highest[place].pitch < stroke.pitch:
            highest[place] = stroke
    places = sorted(highest)
    empty = max(0.0, places[0] // bar * bar)
    rows = []
    for index, place in enumerate(places):
        stroke = highest[place]
        until = max(place + grid, round(stroke.end_beat / grid) * grid)
        if index + 1 < len(places):
            after = places[index + 1]
            until = after if after - until <= GAP else until
        rows.append((place - empty, until - place, stroke.pitch, stroke.velocity))
    return rows
