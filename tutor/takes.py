"""Takes from MIDI files and to MIDI files.

Seconds count from the start of the file, by its own tempo map at exact ticks. All channels but the drums are one
piano. The rules for note-offs and stuck notes are those of `lessons.files.ticks`, which scores share.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lessons.errors import FormatError, InputError
from lessons.files.disk import read_as, write_whole
from lessons.files.ticks import read_ticks
from tutor.performance import PEDAL_DTYPE, PLAYED_DTYPE, Performance

if TYPE_CHECKING:
    import mido

ENDINGS = (".mid", ".midi")
TICKS_A_SEC = 10_000
_DIVISION, _TEMPO_USEC = 5_000, 500_000
_SUSTAIN = 64


def load_take(path: Path | str) -> Performance:
    """Read a take. Raises FormatError in one line where it is no MIDI file or has no notes."""
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise FormatError(f"{path}: a take ends in .mid or .midi")
    take = read_as(path, parse_take)
    if not len(take.notes):
        raise FormatError(f"{path}: has no notes")
    return take


def parse_take(content: bytes) -> Performance:
    """The take in the bytes of a MIDI file, perhaps without notes. Raises FormatError with the place of a fault."""
    ticks = read_ticks(content)
    notes = np.zeros(len(ticks.notes), PLAYED_DTYPE)
    notes["onset_sec"] = ticks.seconds_at(ticks.notes["on"])
    notes["duration_sec"] = ticks.seconds_at(ticks.notes["off"]) - notes["onset_sec"]
    notes["pitch"], notes["velocity"] = ticks.notes["pitch"], ticks.notes["velocity"]
    times = ticks.seconds_at(np.array([tick for tick, _ in ticks.pedals], dtype=np.int64))
    values = [value for _, value in ticks.pedals]
    return Performance(notes, np.array(list(zip(times.tolist(), values, strict=True)), PEDAL_DTYPE))


def save_take(performance: Performance, path: Path | str, force: bool = False) -> None:
    """Write a take with a clock of 0.1 ms. Raises InputError where the file exists (unless ``force``)."""
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path}: a take is written as .mid or .midi")
    write_whole(path, take_bytes(performance), force)


def take_bytes(performance: Performance) -> bytes:
    """The take as a MIDI file of one track, from its earliest event on where that came before its start."""
    import mido

    file = mido.MidiFile(type=0, ticks_per_beat=_DIVISION)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=_TEMPO_USEC)])
    now = 0
    for tick, _, message in sorted(_messages(performance.from_earliest()), key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _messages(performance: Performance) -> list[tuple[int, int, mido.Message]]:
    """(tick, rank, message): note-offs before pedals before note-ons of the same tick."""
    import mido

    events = []
    for onset, duration, pitch, velocity in performance.notes.tolist():
        on, off = round(onset * TICKS_A_SEC), round((onset + duration) * TICKS_A_SEC)
        events.append((on, 2, mido.Message("note_on", note=pitch, velocity=max(1, min(127, velocity)))))
        events.append((max(on + 1, off), 0, mido.Message("note_off", note=pitch, velocity=0)))
    for time, value in performance.pedals.tolist():
        pedal = mido.Message("control_change", control=_SUSTAIN, value=min(127, value))
        events.append((round(time * TICKS_A_SEC), 1, pedal))
    return events
