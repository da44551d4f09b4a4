"""What the hand should feel: cues planned from the score, as values.

Touch tells *when* and *which finger*; the eyes find the key. A `Cue` is at a place of the score (`onset_beat`); whoever
plays it asks the live clock when that is, so the hand feels the beat where the learner's tempo puts it. All notes of
one onset are one cue, and one frame on the wire. Actuators are 0..4 for the left thumb to the left little finger, 5..9
for the right. Two things can be chosen apart: who leads, and how strongly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT, Score
from lessons.timing import TempoMap, snap
from tutor.metronome import EDGE, Click, clicks

_Beats = NDArray[np.float64]
_Numbers = NDArray[np.int_]
_Placed = TypeVar("_Placed", "Cue", Click)
FINGERS = 5
BOTH_HANDS = (LEFT, RIGHT)
FULL_INTENSITY, HINT_INTENSITY, PULSE_INTENSITY, DOWNBEAT_INTENSITY = 200, 120, 80, 120
FULL_MS, HINT_MS, PULSE_MS = (80, 400), 60, 40
GAP_MS = 40
ENTRY_REST_BEATS = 2.0
SOUNDING_SHARE = 0.6
"""How much of a note a full cue lasts."""


class Leader(StrEnum):
    """Who leads: the tempo, so that cues come on the beat; or the learner, whose last note calls the next cue."""

    TEMPO = "tempo"
    LEARNER = "learner"


class Strength(StrEnum):
    """How strongly the hand is led."""

    FULL = "full"
    HINT = "hint"
    AFTER_MISS = "after a miss"
    NONE = "none"


@dataclass(frozen=True)
class Guidance:
    """One way of leading the hand. ``lead_ms`` lets cues come before the beat, as a prompt.

    ``entries`` announces the first note after a rest one beat before; ``pulse`` taps the beat lightly on the thumb of
    each playing hand where no finger is cued: where the metronome clicks, and stronger where that has its accent.
    """

    leader: Leader = Leader.TEMPO
    strength: Strength = Strength.FULL
    lead_ms: float = 0.0
    entries: bool = False
    pulse: bool = False


PRESETS: Mapping[str, Guidance] = {
    "Show me everything": Guidance(strength=Strength.FULL, entries=True),
    "Just a nudge": Guidance(strength=Strength.HINT),
    "Tell me a moment before": Guidance(strength=Strength.HINT, lead_ms=400.0),
    "Wait for me, then show the next": Guidance(Leader.LEARNER, Strength.HINT),
    "Only when I slip": Guidance(strength=Strength.AFTER_MISS, lead_ms=250.0),
    "Only the beat": Guidance(strength=Strength.NONE, entries=True, pulse=True),
    "No touch": Guidance(strength=Strength.NONE),
}
"""The presets by the words that a learner sees."""

LEVELS: Sequence[Guidance] = (
    PRESETS["No touch"],
    PRESETS["Only when I slip"],
    PRESETS["Only the beat"],
    PRESETS["Just a nudge"],
    PRESETS["Show me everything"],
)
"""The five levels of fading, 0 (none) to 4 (all), as in `tutor.practice.PracticeSettings.guidance`."""

LEVEL_WORDS = tuple(next(words for words, preset in PRESETS.items() if preset == level) for level in LEVELS)
"""The levels by the words that a learner sees."""


def guidance_at(level: int, learner_leads: bool) -> Guidance:
    """The guidance of a level of fading; where the learner sets the pace, each note struck calls the next cue."""
    guidance = LEVELS[level]
    return replace(guidance, leader=Leader.LEARNER) if learner_leads else guidance


@dataclass(frozen=True)
class Cue:
    """What the hand feels at a place: actuators together, a level 0..255, a length. ``rows`` are the notes' rows."""

    onset_beat: float
    actuators: tuple[int, ...]
    intensity: int
    duration_ms: int
    rows: tuple[int, ...] = ()

    @property
    def is_offbeat(self) -> bool:
        """Whether it is a light tap between the starts of two bars: it goes with its neighbours as a rhythm."""
        return not self.rows and self.intensity == PULSE_INTENSITY


@dataclass(frozen=True)
class TimedCue:
    """A cue at seconds from the start of whatever it belongs to."""

    at_sec: float
    cue: Cue


@dataclass(frozen=True)
class Cues:
    """The cues of a score in order of place."""

    cues: tuple[Cue, ...]

    def timed(self, tempo: TempoMap, start_beat: float = 0.0) -> tuple[TimedCue, ...]:
        """The cues with their seconds from ``start_beat``, at a fixed tempo."""
        beats = np.array([cue.onset_beat for cue in self.cues])
        seconds = tempo.seconds_at(beats) - tempo.seconds_at(start_beat)
        return tuple(TimedCue(at, cue) for at, cue in zip(seconds.tolist(), self.cues, strict=True))


def actuator_of(hand: int, finger: int) -> int | None:
    """The motor of a hand's finger (1 thumb to 5); None where the hand or the finger is not known."""
    if hand not in BOTH_HANDS or not 1 <= finger <= FINGERS:
        return None
    return (0 if hand == LEFT else FINGERS) + finger - 1


def plan(
    score: Score,
    guidance: Guidance,
    hands: Iterable[int] = BOTH_HANDS,
    tempo: TempoMap | None = None,
    missed: Iterable[int] = (),
) -> Cues:
    """What a hand should feel in this score.

    ``hands`` are the hands that the learner plays; ``tempo`` (the score's own by default) decides how long a touch may
    last; ``missed`` are rows of the score that were missed lately, the only ones cued with `Strength.AFTER_MISS`.
    """
    tempo = tempo or score.tempo
    planner = Planner(score, guidance, hands, tempo)
    cues = planner.cues(*planner.span, frozenset(missed))
    spaced = apart(cues, tempo.seconds_at([cue.onset_beat for cue in cues]).tolist())
    return Cues(tuple(cue for cue in spaced if cue is not None))


class Planner:
    """Plans the cues of any part of a passage; what all parts share is worked out once.

    ``span`` is the passage in beats (the whole score by default), ``ratio`` how many times as fast as ``tempo`` it is
    played, ``beats`` where the metronome clicks in it.
    """

    def __init__(
        self,
        score: Score,
        guidance: Guidance,
        hands: Iterable[int] = BOTH_HANDS,
        tempo: TempoMap | None = None,
        span: tuple[float, float] | None = None,
        ratio: float = 1.0,
        beats: Sequence[Click] | None = None,
    ):
        self.span = span or (score.start_beat, np.inf)
        self._guidance, self._tempo, self._ratio = guidance, tempo or score.tempo, ratio
        playing = sorted(frozenset(hands) & frozenset(BOTH_HANDS))
        onset, hand, finger = (score.notes[name] for name in ("onset_beat", "hand", "finger"))
        inside = (onset >= self.span[0]) & (onset < self.span[1])
        known = np.isin(hand, BOTH_HANDS) & (finger >= 1) & (finger <= FINGERS)
        self._rows = np.flatnonzero(inside & known & np.isin(hand, playing))
        hand, self._onset = hand[self._rows], onset[self._rows]
        self._end = self._onset + score.notes["duration_beat"][self._rows]
        self._motors = np.where(hand == LEFT, 0, FINGERS) + finger[self._rows] - 1
        self._entries = _entries(hand, self._onset, self._end, self._motors, self.span[0]) if guidance.entries else []
        self._beats = (clicks(score, *self.span) if beats is None else beats) if guidance.pulse and playing else ()
        self._thumbs = tuple(actuator for each in playing if (actuator := actuator_of(each, 1)) is not None)

    def cues(self, start_beat: float, end_beat: float, missed: Collection[int] = ()) -> list[Cue]:
        """The cues from a place (included) to another (excluded), in order, as if each finger had all the time."""
        cues = self._touches(start_beat, end_beat, missed)
        cues += _within(self._entries, start_beat, end_beat)
        taken = {cue.onset_beat for cue in cues}
        free = (beat for beat in _within(self._beats, start_beat, end_beat) if beat.onset_beat not in taken)
        return sorted([*cues, *map(self._pulse, free)], key=_place)

    def _touches(self, start_beat: float, end_beat: float, missed: Collection[int]) -> list[Cue]:
        """One cue for all notes of an onset that are to be felt."""
        strength = self._guidance.strength
        if strength is Strength.NONE:
            return []
        here = slice(*np.searchsorted(self._onset, (start_beat, end_beat)).tolist())
        columns = (self._onset[here], self._rows[here], self._motors[here], self._lengths_ms(here))
        notes = zip(*(column.tolist() for column in columns), strict=True)
        felt = (note for note in notes if strength is not Strength.AFTER_MISS or note[1] in missed)
        return [self._touch(onset, list(together)) for onset, together in groupby(felt, itemgetter(0))]

    def _touch(self, onset: float, notes: Sequence[tuple[float, int, int, int]]) -> Cue:
        _, rows, motors, lengths_ms = zip(*notes, strict=True)
        level = FULL_INTENSITY if self._guidance.strength is Strength.FULL else HINT_INTENSITY
        return Cue(onset, tuple(sorted(set(motors))), level, min(lengths_ms), rows)

    def _lengths_ms(self, here: slice) -> _Numbers:
        """How long the touch of each note lasts."""
        onset, end = self._onset[here], self._end[here]
        if self._guidance.strength is not Strength.FULL:
            return np.full(len(onset), HINT_MS)
        start_sec, end_sec = self._tempo.seconds_at(np.stack([onset, end])) / self._ratio
        sounding_ms = (end_sec - start_sec) * 1000 * SOUNDING_SHARE
        lengths_ms: _Numbers = np.clip(sounding_ms, *FULL_MS).round().astype(np.int_)
        return lengths_ms

    def _pulse(self, beat: Click) -> Cue:
        """A light tap on the thumbs where the metronome clicks, stronger at its accent."""
        return Cue(beat.onset_beat, self._thumbs, DOWNBEAT_INTENSITY if beat.accent else PULSE_INTENSITY, PULSE_MS)


def row_cue(score: Score, rows: Iterable[int], strength: Strength = Strength.HINT) -> Cue | None:
    """One cue for notes that the learner should play now; None where none of them has a finger."""
    rows = [row for row in rows if _known(score, row)]
    if not rows:
        return None
    intensity, length_ms = (FULL_INTENSITY, FULL_MS[0]) if strength is Strength.FULL else (HINT_INTENSITY, HINT_MS)
    return Cue(float(score.notes["onset_beat"][rows[0]]), _actuators(score, rows), intensity, length_ms, tuple(rows))


def _known(score: Score, row: int) -> bool:
    return actuator_of(int(score.notes["hand"][row]), int(score.notes["finger"][row])) is not None


def _actuators(score: Score, rows: Iterable[int]) -> tuple[int, ...]:
    found = {actuator_of(int(score.notes["hand"][row]), int(score.notes["finger"][row])) for row in rows}
    return tuple(sorted(actuator for actuator in found if actuator is not None))


def _place(cue: Cue | Click) -> float:
    return cue.onset_beat


def _within(found: Sequence[_Placed], start_beat: float, end_beat: float) -> Sequence[_Placed]:
    return found[bisect_left(found, start_beat, key=_place) : bisect_left(found, end_beat, key=_place)]


def _entries(hand: _Numbers, onset: _Beats, end: _Beats, motors: _Numbers, start_beat: float) -> list[Cue]:
    """One light tap of the finger that enters, a beat before its hand comes in after a rest."""
    found: list[int] = []
    for each in BOTH_HANDS:
        mine = np.flatnonzero(hand == each)
        silent_since = np.concatenate([[-np.inf], np.maximum.accumulate(end[mine])[:-1]])
        rested = onset[mine] - silent_since[: len(mine)] >= ENTRY_REST_BEATS - EDGE
        found += mine[rested & (onset[mine] - 1 >= start_beat - EDGE)].tolist()
    places: list[float] = snap(onset - 1).tolist()
    taps = [Cue(places[note], (int(motors[note]),), PULSE_INTENSITY, PULSE_MS) for note in found]
    return sorted(taps, key=_place)


def apart(cues: Sequence[Cue], at_sec: Sequence[float]) -> list[Cue | None]:
    """The cues, cut short where the same finger is touched again, so that two touches are felt as two.

    ``at_sec`` are their seconds, ascending. None stands where the next touch leaves no room for one.
    """
    following: dict[int, float] = {}
    spaced: list[Cue | None] = []
    for cue, at in zip(reversed(cues), reversed(at_sec), strict=True):
        next_sec = min((following[actuator] for actuator in cue.actuators if actuator in following), default=np.inf)
        room_ms = (next_sec - at) * 1000 - GAP_MS
        if room_ms < GAP_MS / 2:
            spaced.append(None)
            continue
        spaced.append(cue if room_ms >= cue.duration_ms else replace(cue, duration_ms=int(room_ms)))
        following |= dict.fromkeys(cue.actuators, at)
    return spaced[::-1]
