"""The events of a Standard MIDI File at their ticks: the one reader behind scores and takes.

It streams: nothing is kept but notes, pedals and what sets time, so that a hostile file costs little memory, and each
fault names its track and byte. (mido keeps every message as an object, gives up on the whole file for one odd key
signature, and cannot say where a file breaks.) Source: Standard MIDI Files 1.0, MIDI Manufacturers Association, 1996.

A note is paired with its note-off first come, first served for each track, channel and pitch; velocity 0 is a note-off;
a note that is never released ends with the last event of the file. The drum channel is left out.
"""

from __future__ import annotations

import struct
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.limits import MEBIBYTE, MIDI_SIZE_LIMIT, NOTE_LIMIT
from lessons.files.provenance import TEXT_PREFIX

TICK_NOTE_DTYPE = np.dtype(
    [("on", "i8"), ("off", "i8"), ("pitch", "i2"), ("velocity", "u1"), ("channel", "u1"), ("track", "i4")]
)
DEFAULT_TEMPO_USEC = 500_000  # microseconds a quarter where a file sets no tempo
DRUM_CHANNEL = 9
_SUSTAIN = 64
_MOST_FIELDS = 16  # of such texts in a file
_END_OF_TRACK, _TEXT, _TRACK_NAME, _TEMPO, _METRE, _KEY = 0x2F, 0x01, 0x03, 0x51, 0x58, 0x59
_HEADER = 14


@dataclass(frozen=True)
class MidiTicks:
    """What a MIDI file holds. ``notes`` by (on, file order); tempos (tick, microseconds a quarter), metres (tick,
    numerator, denominator), keys (tick, fifths, minor) and pedals (tick, value) by tick; one name a track."""

    division: int  # ticks a quarter
    notes: NDArray[np.void]
    tempos: list[tuple[int, int]]
    metres: list[tuple[int, int, int]]
    keys: list[tuple[int, int, bool]]
    pedals: list[tuple[int, int]]
    names: list[str]
    provenance: dict[str, str] = field(default_factory=dict)  # what made the piece, by name (see `files.provenance`)

    def seconds_at(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Seconds from tick 0, tempo by tempo."""
        latest = {0: DEFAULT_TEMPO_USEC} | dict(self.tempos)
        starts, tempos = np.array(sorted(latest)), np.array([latest[tick] for tick in sorted(latest)])
        edges = np.concatenate([[0], np.cumsum(np.diff(starts) * tempos[:-1])])
        segment = np.searchsorted(starts, ticks, side="right") - 1
        micro = edges[segment] + (ticks - starts[segment]) * tempos[segment]
        seconds: NDArray[np.float64] = micro / (1e6 * self.division)
        return seconds


def read_ticks(content: bytes) -> MidiTicks:
    """Read the bytes of a MIDI file. Raises FormatError with the place of the fault."""
    if len(content) > MIDI_SIZE_LIMIT:
        raise FormatError(f"is too large for MIDI (the limit is {MIDI_SIZE_LIMIT // MEBIBYTE} MB)")
    division, tracks = _header(content)
    gathered = _Gathered()
    at, number = _HEADER, 0
    while number < tracks and at < len(content):
        kind, size = _chunk(content, at, number)
        if kind == b"MTrk":
            _Track(content, at + 8, at + 8 + size, number, gathered).read()
            number += 1
        at += 8 + size
    if number == 0:
        raise FormatError("has no tracks")
    if number < tracks:
        raise FormatError(f"ends early at byte {len(content)}: {number} of {tracks} tracks are there")
    return gathered.ticks(division)


def _header(content: bytes) -> tuple[int, int]:
    """(ticks a quarter, number of tracks)."""
    if content[:4] != b"MThd":
        raise FormatError("is no MIDI file (it does not begin with MThd)")
    if len(content) < _HEADER:
        raise FormatError(f"ends early at byte {len(content)}, inside its header")
    size, form, tracks, division = struct.unpack(">IHHH", content[4:_HEADER])
    if size != 6 or form > 2:
        raise FormatError("has a MIDI header that makes no sense")
    if division & 0x8000:
        raise FormatError("counts film frames (SMPTE) instead of beats")
    if division == 0:
        raise FormatError("has 0 ticks in a beat")
    return division, tracks


def _chunk(content: bytes, at: int, number: int) -> tuple[bytes, int]:
    if at + 8 > len(content):
        raise FormatError(f"track {number + 1} ends early at byte {len(content)}, inside its header")
    kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "big")
    if not kind.isalpha():
        raise FormatError(f"track {number + 1} should begin at byte {at} but does not")
    if at + 8 + size > len(content):
        raise FormatError(
            f"track {number + 1} ends early at byte {len(content)} ({at + 8 + size - len(content)} short)"
        )
    return kind, size


@dataclass
class _Gathered:
    """What the tracks have said so far."""

    notes: list[list[int]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    metres: list[tuple[int, int, int]] = field(default_factory=list)
    keys: list[tuple[int, int, bool]] = field(default_factory=list)
    pedals: list[tuple[int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    last_tick: int = 0

    def ticks(self, division: int) -> MidiTicks:
        rows = np.zeros(len(self.notes), TICK_NOTE_DTYPE)
        for i, name in enumerate(("on", "off", "pitch", "velocity", "channel", "track")):
            rows[name] = [note[i] for note in self.notes]
        rows["off"] = np.where(rows["off"] < 0, self.last_tick, rows["off"])
        rows = rows[np.argsort(rows["on"], kind="stable")]
        return MidiTicks(
            division,
            rows,
            tempos=_by_tick(self.tempos),
            metres=_by_tick(self.metres),
            keys=_by_tick(self.keys),
            pedals=_by_tick(self.pedals),
            names=self.names,
            provenance=self.provenance,
        )


_Timed = TypeVar("_Timed", bound=tuple[Any, ...])


def _by_tick(items: list[_Timed]) -> list[_Timed]:
    return sorted(items, key=lambda item: item[0])


class _Track:
    """One track, read event by event."""

    def __init__(self, content: bytes, at: int, end: int, number: int, gathered: _Gathered):
        self.content, self.at, self.end, self.number, self.gathered = content, at, end, number, gathered
        self.tick, self.status = 0, 0
        self.sounding: dict[tuple[int, int], deque[int]] = defaultdict(deque)
        self.ended = False

    def read(self) -> None:
        self.gathered.names.append("")
        while self.at < self.end and not self.ended:
            self.tick += self._variable()
            first = self._byte()
            if first == 0xFF:
                self._meta(self._byte(), self._take(self._variable()))
            elif first in (0xF0, 0xF7):
                self._take(self._variable())
            else:
                self._channel_event(first)
        self.gathered.last_tick = max(self.gathered.last_tick, self.tick)

    def _channel_event(self, first: int) -> None:
        if first >= 0xF0:
            raise self._fault(f"has an event 0x{first:02X} that no file may hold")
        if first >= 0x80:
            self.status, first = first, self._byte()
        elif not self.status:
            raise self._fault("has values without an event")
        kind, channel = self.status & 0xF0, self.status & 0x0F
        second = 0 if kind in (0xC0, 0xD0) else self._byte()
        if kind == 0x90 and second:
            self._note_on(channel, first & 0x7F, second & 0x7F)
        elif kind in (0x80, 0x90):
            self._note_off(channel, first & 0x7F)
        elif kind == 0xB0 and first == _SUSTAIN and channel != DRUM_CHANNEL:
            self.gathered.pedals.append((self.tick, second & 0x7F))

    def _note_on(self, channel: int, pitch: int, velocity: int) -> None:
        if channel == DRUM_CHANNEL:
            return
        notes = self.gathered.notes
        if len(notes) >= NOTE_LIMIT:
            raise FormatError(f"has more than {NOTE_LIMIT} notes")
        self.sounding[channel, pitch].append(len(notes))
        notes.append([self.tick, -1, pitch, velocity, channel, self.number])

    def _note_off(self, channel: int, pitch: int) -> None:
        waiting = self.sounding.get((channel, pitch))
        if waiting:
            self.gathered.notes[waiting.popleft()][1] = self.tick

    def _meta(self, kind: int, value: bytes) -> None:
        if kind == _END_OF_TRACK:
            self.ended = True
        elif kind == _TRACK_NAME and not self.gathered.names[-1]:
            self.gathered.names[-1] = _text(value)
        elif kind == _TEXT and value.startswith(TEXT_PREFIX.encode()):
            self._provenance(value)
        elif kind == _TEMPO and len(value) == 3 and any(value):
            self.gathered.tempos.append((self.tick, int.from_bytes(value, "big")))
        elif kind == _METRE and len(value) >= 2:
            self._metre(value)
        elif kind == _KEY and len(value) == 2:
            fifths = int.from_bytes(value[:1], "big", signed=True)
            if -7 <= fifths <= 7:
                self.gathered.keys.append((self.tick, fifths, value[1] == 1))

    def _provenance(self, value: bytes) -> None:
        name, _, said = value.decode("utf-8", "replace").removeprefix(TEXT_PREFIX).partition(": ")
        if name and len(self.gathered.provenance) < _MOST_FIELDS:
            self.gathered.provenance.setdefault(name, said)

    def _metre(self, value: bytes) -> None:
        if value[0] == 0 or value[1] > 6:
            raise FormatError(f"track {self.number + 1}: the metre {value[0]}/2^{value[1]} makes no sense")
        self.gathered.metres.append((self.tick, value[0], 2 ** value[1]))

    def _variable(self) -> int:
        value = 0
        for _ in range(4):
            byte = self._byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise self._fault("has a length of more than four bytes")

    def _byte(self) -> int:
        if self.at >= self.end:
            raise self._fault("ends early")
        self.at += 1
        return self.content[self.at - 1]

    def _take(self, size: int) -> bytes:
        if self.at + size > self.end:
            raise self._fault("ends early")
        self.at += size
        return self.content[self.at - size : self.at]

    def _fault(self, what: str) -> FormatError:
        return FormatError(f"track {self.number + 1} {what} at byte {self.at}")


def _text(value: bytes) -> str:
    """A name as UTF-8, or as Latin-1 where it is none; control characters become spaces."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
