"""What the hand should feel: cues planned from the score, as values.

Touch tells *when* and *which finger*; the eyes find the key. A `Cue` is at a place of the score (`onset_beat`); whoever
plays it asks the live clock when that is, so the hand feels the beat where the learner's tempo puts it. All notes of
one onset are one cue, and one frame on the wire. Actuators are 0..4 for the left thumb to the left little finger, 5..9
for the right. Two things can be chosen apart: who leads, and how strongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from lessons.score import LEFT, RIGHT, Score
from lessons.timing import TempoMap

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
    each playing hand where no finger is cued.
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
    """The cues of a score in order of place; ``mute`` counts notes that have no hand or no finger."""

    cues: tuple[Cue, ...]
    mute: int = 0

    def between(self, start_beat: float, end_beat: float) -> tuple[Cue, ...]:
        """The cues from a place (included) to another (excluded)."""
        return tuple(cue for cue in self.cues if start_beat <= cue.onset_beat < end_beat)

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
    wanted = frozenset(hands)
    rows = [row for row in range(len(score.notes)) if int(score.notes["hand"][row]) in wanted or not _known(score, row)]
    voiced = [row for row in rows if _known(score, row)]
    cues = _notes(score, voiced, guidance, tempo, frozenset(missed))
    if guidance.entries:
        cues += _entries(score, voiced)
    if guidance.pulse:
        cues += _pulses(score, wanted & frozenset(BOTH_HANDS), taken={cue.onset_beat for cue in cues})
    ordered = sorted(cues, key=lambda cue: cue.onset_beat)
    return Cues(tuple(_apart(ordered, tempo)), mute=len(rows) - len(voiced))


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


def _notes(score: Score, rows: Sequence[int], guidance: Guidance, tempo: TempoMap, missed: frozenset[int]) -> list[Cue]:
    if guidance.strength is Strength.NONE:
        return []
    if guidance.strength is Strength.AFTER_MISS:
        rows = [row for row in rows if row in missed]
    by_onset: dict[float, list[int]] = {}
    for row in rows:
        by_onset.setdefault(float(score.notes["onset_beat"][row]), []).append(row)
    return [_note_cue(score, onset, together, guidance.strength, tempo) for onset, together in by_onset.items()]


def _note_cue(score: Score, onset: float, rows: Sequence[int], strength: Strength, tempo: TempoMap) -> Cue:
    if strength is not Strength.FULL:
        return Cue(onset, _actuators(score, rows), HINT_INTENSITY, HINT_MS, tuple(rows))
    end = onset + float(score.notes["duration_beat"][list(rows)].min())
    sounding_ms = float(tempo.seconds_at(end) - tempo.seconds_at(onset)) * 1000 * SOUNDING_SHARE
    length_ms = round(min(max(sounding_ms, FULL_MS[0]), FULL_MS[1]))
    return Cue(onset, _actuators(score, rows), FULL_INTENSITY, length_ms, tuple(rows))


def _entries(score: Score, rows: Sequence[int]) -> list[Cue]:
    """One light tap of the finger that enters, a beat before its hand comes in after a rest."""
    cues = []
    for hand in BOTH_HANDS:
        silent_since = -np.inf
        for row in (row for row in rows if score.notes["hand"][row] == hand):
            onset = float(score.notes["onset_beat"][row])
            if onset - silent_since >= ENTRY_REST_BEATS and onset - 1 >= score.start_beat:
                cues.append(Cue(onset - 1, _actuators(score, [row]), PULSE_INTENSITY, PULSE_MS))
            silent_since = max(silent_since, onset + float(score.notes["duration_beat"][row]))
    return cues


def _pulses(score: Score, hands: Iterable[int], taken: set[float]) -> list[Cue]:
    """A light tap on the thumb at each beat of each bar, stronger at its start, where nothing else is felt."""
    thumbs = tuple(sorted(actuator for hand in hands if (actuator := actuator_of(hand, 1)) is not None))
    cues = []
    for bar in score.bars if thumbs else ():
        start, end = float(bar["start_beat"]), float(bar["end_beat"])
        for beat in np.arange(start, end, 4 / score.metre_at(start)[1]).tolist():
            if beat not in taken:
                cues.append(Cue(beat, thumbs, DOWNBEAT_INTENSITY if beat == start else PULSE_INTENSITY, PULSE_MS))
    return cues


def _apart(cues: Sequence[Cue], tempo: TempoMap) -> list[Cue]:
    """The cues, cut short where the same finger is touched again, so that two touches are felt as two."""
    seconds = tempo.seconds_at(np.array([cue.onset_beat for cue in cues])).tolist()
    following: dict[int, float] = {}
    kept: list[Cue] = []
    for cue, at_sec in zip(reversed(cues), reversed(seconds), strict=True):
        next_sec = min((following[actuator] for actuator in cue.actuators if actuator in following), default=np.inf)
        room_ms = (next_sec - at_sec) * 1000 - GAP_MS
        if room_ms >= GAP_MS / 2:
            kept.append(replace(cue, duration_ms=int(min(cue.duration_ms, room_ms))))
            following |= dict.fromkeys(cue.actuators, at_sec)
    return kept[::-1]
