"""What the program sounds along the score: the other hand, other parts, all of it, the metronome, the learner's echo.

A `Timeline` holds these sounds by progress (see `tutor.transport`) of the first lap, and says which of them fall due
between two progresses, through any number of laps. The `Accompanist` belongs to the session thread and sounds them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.commands.parts import Synth
from tutor.events import PEDAL_DOWN, Event, NoteOff, NoteOn, Pedal
from tutor.metronome import Click, clicks
from tutor.synth import BACKING as BACKING_CHANNEL
from tutor.synth import LEARNER as LEARNER_CHANNEL
from tutor.synth import SCORE as SCORE_CHANNEL
from tutor.transport import EDGE_SEC, Transport

CATCH_UP_SEC = 2.0  # of progress: less is sounded all the same, more was jumped, or the machine has slept
BEFORE = 1e-6  # progress just before a sound, so that the first one is not passed over
RELEASE_SHARE = 0.95  # repeated notes need a gap to be heard
GRACE_BEAT = 1 / 8  # how long a grace note sounds, before its main note
GRACES_BEAT = 1 / 2  # how long all of one main note sound together, at most


@dataclass(frozen=True, slots=True)
class NoteStart:
    """A note of the accompaniment begins."""

    pitch: int
    velocity: int
    channel: int = SCORE_CHANNEL


@dataclass(frozen=True, slots=True)
class NoteEnd:
    """A note of the accompaniment ends."""

    pitch: int
    channel: int = SCORE_CHANNEL


Sound = NoteStart | NoteEnd | Click


@dataclass(frozen=True, eq=False)
class Timeline:
    """Sounds in order of time: ``score_sec`` has shape (n,) and ascends."""

    score_sec: NDArray[np.float64]
    sounds: tuple[Sound, ...]

    def due(self, transport: Transport, after: float, until: float) -> list[Sound]:
        """The sounds with ``after`` < progress ≤ ``until``, in order."""
        return [sound for low, high in _laps(transport, after, until) for sound in self._within(low, high)]

    def next_progress(self, transport: Transport, after: float) -> float:
        """The progress of the first sound later than ``after``; infinity where none is left."""
        if not self.sounds:
            return float("inf")
        lap = transport.lap_of(after)
        offset = transport.progress_of(0.0, lap) - transport.progress_of(0.0)
        index = int(np.searchsorted(self.score_sec, after - offset + EDGE_SEC, side="right"))
        if transport.loop is None:
            return float(self.score_sec[index]) if index < len(self.sounds) else float("inf")
        start, end = (transport.progress_of(edge) for edge in transport.loop)
        if index < len(self.sounds) and self.score_sec[index] < end - EDGE_SEC:
            return float(self.score_sec[index]) + offset
        first = int(np.searchsorted(self.score_sec, start - EDGE_SEC))
        within = first < len(self.sounds) and self.score_sec[first] < end - EDGE_SEC
        return float(self.score_sec[first]) + offset + (end - start) if within else float("inf")

    def _within(self, low: float, high: float) -> tuple[Sound, ...]:
        first, last = np.searchsorted(self.score_sec, (low, high), side="right")
        return self.sounds[first:last]


def timeline(
    score: Score,
    hands: Collection[int],
    span: tuple[float, float],
    count_in: float,
    metronome: bool,
    backing: bool = False,
) -> Timeline:
    """The sounds of a practice from beat to beat (``span``): notes of ``hands``, and clicks from ``count_in`` on.

    The clicks of the count-in always sound; those of the music only with ``metronome``, other parts with ``backing``.
    """
    start, end = span
    above = score.written_above if backing else 0  # beside others a transposing part sounds where they do
    timed = _sounded(score.notes[score.rows_of(hands, span)], SCORE_CHANNEL, above)
    if backing:
        onsets = score.backing["onset_beat"]
        timed += _sounded(score.backing[(onsets >= start) & (onsets < end)], BACKING_CHANNEL)
    timed += [(click.onset_beat, 2, click) for click in clicks(score, count_in, end if metronome else start)]
    timed.sort(key=lambda item: item[:2])
    beats = np.array([beat for beat, *_ in timed], dtype=np.float64)
    return Timeline(score.tempo.seconds_at(beats), tuple(sound for *_, sound in timed))


def _sounded(notes: NDArray[np.void], channel: int, above: int = 0) -> list[tuple[float, int, Sound]]:
    """(beat, rank at that beat, sound) of where some notes begin and end, ``above`` semitones lower than they stand."""
    onsets, lengths = notes["onset_beat"].copy(), notes["duration_beat"].copy()
    _place_graces(notes, onsets, lengths)
    _share_keys(notes["pitch"], onsets, lengths)
    timed: list[tuple[float, int, Sound]] = []
    pitches, velocities = (notes["pitch"] - above).tolist(), notes["velocity"].tolist()
    for onset, length, pitch, velocity in zip(onsets.tolist(), lengths.tolist(), pitches, velocities, strict=True):
        timed.append((onset, 1, NoteStart(pitch, velocity, channel)))
        timed.append((onset + RELEASE_SHARE * length, 0, NoteEnd(pitch, channel)))
    return timed


def _place_graces(notes: NDArray[np.void], onsets: NDArray[np.float64], lengths: NDArray[np.float64]) -> None:
    """Let notes without a length, in place, sound one after the other before their main note; all in beats."""
    groups: dict[tuple[float, int, int], list[int]] = {}
    for row in np.flatnonzero(lengths <= 0).tolist():
        groups.setdefault((float(onsets[row]), int(notes["part"][row]), int(notes["voice"][row])), []).append(row)
    for (onset, _, _), rows in groups.items():
        step = min(GRACE_BEAT, GRACES_BEAT / len(rows))
        onsets[rows] = onset - step * np.arange(len(rows), 0, -1)
        lengths[rows] = step


def _share_keys(pitches: NDArray[np.int16], onsets: NDArray[np.float64], lengths: NDArray[np.float64]) -> None:
    """Let a key that is struck while it sounds, in place, end first and then sound as long as either note.

    One key sounds once: the end of the older note would end the newer one too.
    """
    sounding: dict[int, int] = {}
    for row in np.argsort(onsets, kind="stable").tolist():
        before = sounding.get(int(pitches[row]))
        sounding[int(pitches[row])] = row
        if before is None or onsets[before] + lengths[before] <= onsets[row]:
            continue
        lengths[row] = max(lengths[row], onsets[before] + lengths[before] - onsets[row])
        lengths[before] = onsets[row] - onsets[before] or lengths[row]


def _laps(transport: Transport, after: float, until: float) -> list[tuple[float, float]]:
    """The stretch of progress (after, until] cut into stretches of the first lap's seconds."""
    if transport.loop is None:
        return [(after, until)] if until > after else []
    start, end = (transport.progress_of(edge) for edge in transport.loop)
    length, stretches = end - start, []
    for lap in range(transport.lap_of(after), transport.lap_of(until) + 1):
        low, high = after - lap * length, until - lap * length
        low = max(low, start - 2 * EDGE_SEC) if lap else low
        stretches.append((low, min(high, end - 2 * EDGE_SEC)))
    return [(low, high) for low, high in stretches if high > low]


class Accompanist:
    """Sounds a timeline on a synth (None: silence) as the score's clock runs, and echoes the learner."""

    def __init__(self, synth: Synth | None):
        self._synth = synth
        self._sounding: set[NoteEnd] = set()
        self._pedal_is_down = False
        self._sustained: set[int] = set()  # keys of the learner's that have come up under the pedal
        self._done = 0.0
        self._reached: float | None = None  # where the learner's latest note stands
        self._counting: deque[tuple[float, Click]] = deque()
        self.timeline = Timeline(np.empty(0), ())

    def stand_at(self, progress: float, counting: Iterable[tuple[float, Click]] = ()) -> None:
        """End what sounds and begin anew from a progress, included; ``counting`` leads there, by progress."""
        self.silence()
        self._done, self._reached = progress - BEFORE, None
        self._counting = deque(counting)

    def keep_up(self, transport: Transport, now_sec: float) -> None:
        """Sound all that fell due by now; what stands where the score waits comes with the learner's own note.

        Where nobody asked for long, what fell due meanwhile is passed over: it would sound all at once.
        """
        progress = transport.progress_at(now_sec)
        if progress - self._done >= CATCH_UP_SEC:
            self.stand_at(progress)
        while self._counting and self._counting[0][0] <= progress:
            self._sound(self._counting.popleft()[1])
        self._play(transport, progress - BEFORE if transport.waiting_at(now_sec) else progress)

    def catch_up(self, transport: Transport, progress: float) -> None:
        """Sound what the learner has reached before the clock; of what was jumped, what stands where they land.

        Another note of the same onset changes nothing, though the clock has gone on since the first one.
        """
        if progress == self._reached:
            return
        if not 0 <= progress - self._done < CATCH_UP_SEC:
            self.stand_at(progress)
        self._play(transport, progress)
        self._reached = progress

    def next_sec(self, transport: Transport) -> float:
        """The clock second of the next sound; infinity where none will come by itself."""
        counted = self._counting[0][0] if self._counting else np.inf
        return transport.clock_sec_of(min(counted, self.timeline.next_progress(transport, self._done)))

    def echo(self, event: Event) -> None:
        """Sound what the learner plays; what is let go sounds on under the pedal."""
        match self._synth, event:
            case None, _:
                return
            case synth, NoteOn(pitch=pitch, velocity=velocity):
                self._let_go(synth, {pitch})
                synth.note_on(pitch, velocity, LEARNER_CHANNEL)
            case _, NoteOff(pitch=pitch) if self._pedal_is_down:
                self._sustained.add(pitch)
            case synth, NoteOff(pitch=pitch):
                synth.note_off(pitch, LEARNER_CHANNEL)
            case synth, Pedal(value=value):
                self._pedal_is_down = value >= PEDAL_DOWN
                self._let_go(synth, set() if self._pedal_is_down else set(self._sustained))

    def _let_go(self, synth: Synth, pitches: set[int]) -> None:
        """End these of the keys that the pedal holds."""
        for pitch in sorted(pitches & self._sustained):
            self._sustained.remove(pitch)
            synth.note_off(pitch, LEARNER_CHANNEL)

    def silence(self) -> None:
        """End the notes of the score."""
        for end in tuple(self._sounding):
            self._sound(end)

    def end(self) -> None:
        """End every note."""
        self.silence()
        if self._synth is not None:
            self._synth.silence()

    def _play(self, transport: Transport, until: float) -> None:
        if transport.lap_of(until) > transport.lap_of(self._done):
            self.silence()
        for sound in self.timeline.due(transport, self._done, until):
            self._sound(sound)
        self._done = max(self._done, until)

    def _sound(self, sound: Sound) -> None:
        match self._synth, sound:
            case None, _:
                return
            case synth, NoteStart(pitch=pitch, velocity=velocity, channel=channel):
                self._sounding.add(NoteEnd(pitch, channel))
                synth.note_on(pitch, velocity, channel)
            case synth, NoteEnd(pitch=pitch, channel=channel):
                self._sounding.discard(NoteEnd(pitch, channel))
                synth.note_off(pitch, channel)
            case synth, Click(accent=accent):
                synth.click(accent)
