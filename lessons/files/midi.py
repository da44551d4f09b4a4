"""MIDI scores in: notes at their exact ticks (snapped to 1/480 beat, nothing else is rounded).

Tick 0 is beat 0, unless the file begins with one bar of a shorter metre, which is then a pickup (a MIDI file has no
other way to say so; where it says nothing, bars count from tick 0). Bars follow the metres and end with the notes, and
where no tempo is said it is 120. Each track that has notes is a part with its name; a single track that uses several
channels is a part a channel. Parts whose names tell hands have these; else of two parts the higher one is the right
hand; else `lessons.hands` finds the hands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.barlines import bars_of
from lessons.files.ticks import DEFAULT_TEMPO_USEC, MidiTicks, read_ticks
from lessons.hands import hand_of_name
from lessons.score import KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, UNKNOWN_HAND, Score
from lessons.timing import BPM_RANGE, GRID_PER_BEAT, TempoMap, snap


def parse_midi(content: bytes) -> Score:
    """Make a score of the bytes of a MIDI file. Raises FormatError with the reason."""
    ticks = read_ticks(content)
    if not len(ticks.notes):
        raise FormatError("has no notes (those of drums are left out)")
    notes, names = _notes(ticks)
    metres, keys = _metres(ticks), _keys(ticks)
    pickup = _pickup(metres)
    notes["onset_beat"] -= pickup
    metres["start_beat"] -= pickup
    keys["start_beat"] -= pickup
    end_beat = float((notes["onset_beat"] + notes["duration_beat"]).max())
    return Score(
        notes,
        bars_of(metres[1:] if pickup else metres, end_beat, -pickup),
        metres[1:] if pickup else metres,
        keys,
        tempo=_tempo(ticks, pickup),
        title=ticks.names[0] if len(ticks.names) > len(names) else "",
        part_names=names,
    )


def _notes(ticks: MidiTicks) -> tuple[NDArray[np.void], tuple[str, ...]]:
    rows = np.zeros(len(ticks.notes), NOTE_DTYPE)
    onsets, ends = snap(ticks.notes["on"] / ticks.division), snap(ticks.notes["off"] / ticks.division)
    rows["onset_beat"] = onsets
    rows["duration_beat"] = np.maximum(ends - onsets, 1 / GRID_PER_BEAT)
    rows["pitch"], rows["velocity"] = ticks.notes["pitch"], ticks.notes["velocity"]
    tracks, rows["part"] = np.unique(ticks.notes["track"], return_inverse=True)
    rows["voice"] = ticks.notes["channel"] + 1
    names = tuple(ticks.names[track] for track in tracks.tolist())
    if len(tracks) == 1:
        channels, rows["part"] = np.unique(ticks.notes["channel"], return_inverse=True)
        names = names * len(channels)
    rows["hand"] = _hands(rows, names)[rows["part"]]
    return rows, names


def _hands(notes: NDArray[np.void], names: tuple[str, ...]) -> NDArray[np.int8]:
    """The hand of each part."""
    named = np.array([hand_of_name(name) for name in names], dtype=np.int8)
    if len(names) == 1 or np.all(named != UNKNOWN_HAND):
        return named
    if len(names) == 2:
        means = [notes["pitch"][notes["part"] == part].mean() for part in (0, 1)]
        return np.array([LEFT, RIGHT] if means[1] > means[0] else [RIGHT, LEFT], dtype=np.int8)
    return np.full(len(names), UNKNOWN_HAND, dtype=np.int8)


def _metres(ticks: MidiTicks) -> NDArray[np.void]:
    rows = {
        float(snap(tick / ticks.division)): (numerator, denominator) for tick, numerator, denominator in ticks.metres
    }
    return np.array([(beat, *metre) for beat, metre in rows.items()] or [(0.0, 4, 4)], METRE_DTYPE)


def _keys(ticks: MidiTicks) -> NDArray[np.void]:
    return np.array([(snap(tick / ticks.division), fifths, minor) for tick, fifths, minor in ticks.keys], KEY_DTYPE)


def _pickup(metres: NDArray[np.void]) -> float:
    """The length of a first bar that has a shorter metre to itself; 0 where there is none.

    Where the first metre comes again after one bar, that bar was a longer one and the first is no pickup.
    """
    if len(metres) < 2 or metres["start_beat"][0] > 0:
        return 0.0
    first, second = (4.0 * metres["numerator"] / metres["denominator"])[:2].tolist()
    again = len(metres) > 2 and metres[["numerator", "denominator"]][2] == metres[["numerator", "denominator"]][0]
    if again and metres["start_beat"][2] == first + second:
        return 0.0
    return float(first) if first < second and metres["start_beat"][1] == first else 0.0


def _tempo(ticks: MidiTicks, pickup: float) -> TempoMap:
    changes = [(tick / ticks.division - pickup, 6e7 / micro) for tick, micro in ticks.tempos]
    if any(not BPM_RANGE[0] <= bpm <= BPM_RANGE[1] for _, bpm in changes):
        raise FormatError(f"has a tempo outside {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g} beats a minute")
    return TempoMap.of([(-pickup, 6e7 / DEFAULT_TEMPO_USEC), *changes])
