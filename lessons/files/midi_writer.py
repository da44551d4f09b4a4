"""MIDI out: format 1, 480 ticks a beat; a track of tempo, metre and key, then one for each part and hand.

Tick 0 is where the score begins. A pickup is written as a short metre of its own, which `lessons.files.midi` and
notation programs understand, and so is any bar that is shorter or longer than its metre. Grace notes take 1/16 beat
each from the time before their main note. A transposing part is written where it sounds when there are others.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lessons.files.provenance import TEXT_PREFIX
from lessons.hands import hand_of_name
from lessons.score import HAND_NAMES, LEFT, RIGHT, UNKNOWN_HAND, Score
from lessons.timing import GRID_PER_BEAT
from lessons.transposition import as_sounding

if TYPE_CHECKING:
    from mido import Message, MetaMessage, MidiTrack

_GRACE_TICKS = GRID_PER_BEAT // 16
_CHANNELS = [channel for channel in range(16) if channel != 9]  # 9 is drums
_MAJOR = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")


def midi_bytes(score: Score, provenance: Mapping[str, str] | None = None) -> bytes:
    """The score as a MIDI file; ``provenance`` says by name what made it, in text events."""
    import mido

    if len(score.backing):
        score = as_sounding(score)
        score = replace(score.alone, notes=np.concatenate([score.notes, score.backing]))
    file = mido.MidiFile(type=1, ticks_per_beat=GRID_PER_BEAT, charset="utf-8")
    file.tracks.append(_track(_made_by(provenance or {}) + _conductor(score), score.title))
    for name, rows in _streams(score):
        file.tracks.append(_track(_note_events(score, rows), name))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _made_by(provenance: Mapping[str, str]) -> list[tuple[int, int, MetaMessage]]:
    import mido

    texts = [f"{TEXT_PREFIX}{name}: {value}" for name, value in provenance.items()]
    return [(0, -1, mido.MetaMessage("text", text=text)) for text in texts]


def _streams(score: Score) -> list[tuple[str, NDArray[np.intp]]]:
    """(track name, rows of notes) by part and hand, the right hand first; the names tell the hands."""
    streams = []
    for part in np.unique(score.notes["part"]).tolist():
        name = score.part_names[part] if part < len(score.part_names) else ""
        for hand in (RIGHT, LEFT, UNKNOWN_HAND):
            rows = np.flatnonzero((score.notes["part"] == part) & (score.notes["hand"] == hand))
            if len(rows):
                streams.append((_track_name(name, hand), rows))
    return streams


def _track_name(part: str, hand: int) -> str:
    if hand == UNKNOWN_HAND or hand_of_name(part) == hand:
        return part
    told = f"{HAND_NAMES[hand]} hand"
    return f"{part}, {told}" if part and hand_of_name(part) == UNKNOWN_HAND else told.capitalize()


def _conductor(score: Score) -> list[tuple[int, int, MetaMessage]]:
    import mido

    start, events = score.start_beat, []
    for beat, numerator, denominator in _metre_rows(score):
        metre = mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)
        events.append((_tick(beat, start), 0, metre))
    for beat, fifths, minor in score.keys.tolist():
        key = (_MINOR if minor else _MAJOR)[fifths + 7]
        events.append((_tick(beat, start), 1, mido.MetaMessage("key_signature", key=key)))
    begins = [start, *score.tempo.start_beat.tolist()[1:]]  # the first tempo holds before its start, as in a pickup
    for beat, bpm in zip(begins, score.tempo.bpm.tolist(), strict=True):
        tempo = min(round(6e7 / bpm), 2**24 - 1)
        events.append((_tick(beat, start), 2, mido.MetaMessage("set_tempo", tempo=tempo)))
    return events


def _metre_rows(score: Score) -> list[tuple[float, int, int]]:
    """The metres (beat, numerator, denominator), with a pickup and each bar of another length as one of its own."""
    rows = _page_metres(score)
    short = -score.start_beat
    denominator = next((d for d in (4, 8, 16, 32) if (short * d / 4).is_integer()), 0)
    numerator, denominator_after = score.metre_at(0.0)
    if short <= 0 or not denominator or short >= 4.0 * numerator / denominator_after:
        return rows
    return [(score.start_beat, int(short * denominator / 4), denominator), *rows]


def _page_metres(score: Score) -> list[tuple[float, int, int]]:
    """The metres from beat 0 on; that of the page comes again after a bar of another length."""
    rows = {max(0.0, beat): (n, d) for beat, n, d in score.metres.tolist()} or {0.0: (4, 4)}
    odd = False
    for start, end in score.bars[score.bars["start_beat"] >= 0][["start_beat", "end_beat"]].tolist():
        numerator, denominator = score.metre_at(start)
        was_odd, odd = odd, abs(end - start - 4.0 * numerator / denominator) > 0.5 / GRID_PER_BEAT
        if odd and (start > 0 or score.start_beat < 0):  # a short bar at the very start would be taken for a pickup
            rows[start] = _metre_of(end - start, denominator) or (numerator, denominator)
        elif was_odd:
            rows[start] = numerator, denominator
    return [(beat, *metre) for beat, metre in sorted(rows.items())]


def _metre_of(length: float, denominator: int) -> tuple[int, int] | None:
    """The metre of a bar of so many beats, in the denominator of its neighbours where that does."""
    for unit in (denominator, 4, 8, 16, 32, 64):
        count = length * unit / 4
        if count.is_integer() and 0 < count <= 255:
            return int(count), unit
    return None


def _note_events(score: Score, rows: NDArray[np.intp]) -> list[tuple[int, int, Message]]:
    import mido

    notes, events = score.notes[rows], []
    ons = np.array([_tick(beat, score.start_beat) for beat in notes["onset_beat"].tolist()])
    offs = ons + np.maximum(1, np.round(notes["duration_beat"] * GRID_PER_BEAT).astype(int))
    for voice in np.unique(notes["voice"]).tolist():
        _make_room_for_graces(notes["grace"] & (notes["voice"] == voice), ons, offs)
    channels = _channels(notes, ons, offs)
    for on, off, note, channel in zip(ons.tolist(), offs.tolist(), notes, channels, strict=True):
        pitch, velocity = int(note["pitch"]), min(127, max(1, int(note["velocity"])))
        events.append((on, 4, mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)))
        events.append((off, 3, mido.Message("note_off", note=pitch, velocity=0, channel=channel)))
    return events


def _make_room_for_graces(grace: NDArray[np.bool_], ons: NDArray[np.int64], offs: NDArray[np.int64]) -> None:
    """Move grace notes in place so that they sound one after the other before their main note, if there is room."""
    written = ons.copy()
    for onset in np.unique(written[grace]).tolist():
        group = np.flatnonzero(grace & (written == onset))
        step = min(_GRACE_TICKS, max(1, onset // len(group)))
        ons[group] = max(0, onset - step * len(group)) + step * np.arange(len(group))
        offs[group] = ons[group] + step


def _channels(notes: NDArray[np.void], ons: NDArray[np.int64], offs: NDArray[np.int64]) -> list[int]:
    """A channel for each note, so that a key that is struck again while it sounds can be told apart."""
    busy: dict[tuple[int, int], int] = {}
    channels = [0] * len(notes)
    for i in np.lexsort((offs, ons)).tolist():
        pitch, usual = int(notes["pitch"][i]), 1 if notes["hand"][i] == LEFT else 0
        free = (c for c in sorted(_CHANNELS, key=lambda c: c != usual) if busy.get((c, pitch), -1) <= ons[i])
        channels[i] = next(free, usual)
        busy[channels[i], pitch] = int(offs[i])
    return channels


def _track(events: list[tuple[int, int, MetaMessage | Message]], name: str) -> MidiTrack:
    import mido

    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)] if name else [])
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def _tick(beat: float, start: float) -> int:
    return max(0, round((beat - start) * GRID_PER_BEAT))
