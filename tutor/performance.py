"""A performance (a *take*): music as played, in seconds from its start, as read-only arrays.

Score and performance are separate worlds, joined only by matches. A note-off without a note-on is ignored, a stuck note
ends with the take, velocity 0 is a note-off; these rules stand in `TakeRecorder`, for files and live takes alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lessons.score import frozen
from tutor.events import Event, NoteOff, NoteOn, Pedal

PLAYED_DTYPE = np.dtype([("onset_sec", "f8"), ("duration_sec", "f8"), ("pitch", "i2"), ("velocity", "u1")])
PEDAL_DTYPE = np.dtype([("time_sec", "f8"), ("value", "u1")])
LENGTHS_KNOWN = "lengths_known"


@dataclass(frozen=True, eq=False)
class Performance:
    """A take: ``notes`` by (onset_sec, pitch), so that a note's index is its place; ``pedals`` by time.

    ``lengths_known`` is false where a microphone heard how long keys sounded, not how long they were held.
    """

    notes: NDArray[np.void]
    pedals: NDArray[np.void] = field(default_factory=lambda: np.empty(0, PEDAL_DTYPE))
    lengths_known: bool = True

    def __post_init__(self) -> None:
        """Sort and freeze."""
        notes = self.notes[np.lexsort((self.notes["pitch"], self.notes["onset_sec"]))]
        object.__setattr__(self, "notes", frozen(notes))
        object.__setattr__(self, "pedals", frozen(self.pedals[np.argsort(self.pedals["time_sec"], kind="stable")]))

    @cached_property
    def digest(self) -> str:
        """The identity of the take: 16 hex digits over its notes and pedals."""
        return hashlib.sha256(self.notes.tobytes() + self.pedals.tobytes()).hexdigest()[:16]

    @property
    def end_sec(self) -> float:
        """When the last note ends; 0 for silence."""
        return float((self.notes["onset_sec"] + self.notes["duration_sec"]).max()) if len(self.notes) else 0.0

    def from_earliest(self) -> Performance:
        """The take from its earliest event on, where that came before its start (an early key); else as it is."""
        first = min(self.notes["onset_sec"].min(initial=0.0), self.pedals["time_sec"].min(initial=0.0))
        if first == 0.0:
            return self
        notes, pedals = self.notes.copy(), self.pedals.copy()
        notes["onset_sec"] -= first
        pedals["time_sec"] -= first
        return replace(self, notes=notes, pedals=pedals)

    def events(self) -> list[Event]:
        """The take as events in order of time: note-offs before note-ons at the same instant."""
        timed: list[tuple[float, int, Event]] = []
        for onset, duration, pitch, velocity in self.notes.tolist():
            timed.append((onset, 2, NoteOn(onset, pitch, velocity)))
            timed.append((onset + duration, 0, NoteOff(onset + duration, pitch)))
        timed += [(time, 1, Pedal(time, value)) for time, value in self.pedals.tolist()]
        return [event for *_, event in sorted(timed, key=lambda item: item[:2])]


class TakeRecorder:
    """Gathers live events into a `Performance`; times count from ``start_sec`` (the first event by default)."""

    def __init__(self, start_sec: float | None = None):
        self.start_sec = start_sec
        self._notes: list[list[float]] = []
        self._sounding: dict[int, int] = {}
        self._pedals: list[tuple[float, int]] = []
        self._latest_sec = 0.0

    def __len__(self) -> int:
        return len(self._notes)

    def add(self, event: Event) -> None:
        """Take one event in; anything but notes and pedals is passed over."""
        if self.start_sec is None:
            self.start_sec = event.time_sec
        time = event.time_sec - self.start_sec
        self._latest_sec = max(self._latest_sec, time)
        match event:
            case NoteOn(pitch=pitch, velocity=velocity) if velocity > 0:
                self._end(pitch, time)
                self._sounding[pitch] = len(self._notes)
                self._notes.append([time, -1.0, pitch, min(velocity, 127)])
            case NoteOn(pitch=pitch) | NoteOff(pitch=pitch):
                self._end(pitch, time)
            case Pedal(value=value):
                self._pedals.append((time, value))

    def extend(self, events: Iterable[Event]) -> TakeRecorder:
        """Take many events in, in order."""
        for event in events:
            self.add(event)
        return self

    def performance(self) -> Performance:
        """The take so far; notes still sounding end at the latest event."""
        rows = [
            (on, length if length >= 0 else max(0.0, self._latest_sec - on), int(pitch), int(velocity))
            for on, length, pitch, velocity in self._notes
        ]
        return Performance(np.array(rows, PLAYED_DTYPE), np.array(self._pedals, PEDAL_DTYPE))

    def _end(self, pitch: int, time: float) -> None:
        index = self._sounding.pop(pitch, None)
        if index is not None:
            self._notes[index][1] = max(0.0, time - self._notes[index][0])
