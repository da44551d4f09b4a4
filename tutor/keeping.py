"""Whether a player kept with a beat that was given: slower or faster than it, or behind or before it from a bar on.

Who is a little late with all of it may hear the beat late, by wireless headphones say: when it began is taken from the
player's own first notes then. Where they came later than any device is, the beat is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lessons.bar_names import aside, bar_in_words, told
from lessons.percent import percent
from lessons.score import Score
from tutor.assessing.assessment import HIT, Assessment
from tutor.assessing.curve import Floats

FIRST_ONSETS = 4  # that say when the beat began
FEWEST_ONSETS = 12
STOP_SEC = 0.5
PACE_OFF = 0.07  # from which share on another tempo was played
DEVICES_SEC = 0.25  # later than that nothing reaches an ear
MOST = 1 / 3  # of the onsets behind the beat, or before it


@dataclass(frozen=True)
class OffBeat:
    """``is_behind`` the beat, else before it, from ``bar`` on; ``pace`` is the tempo played over that of the beat, and
    1 where it was the same."""

    is_behind: bool
    bar: int
    pace: float = 1.0

    def in_words(self, score: Score) -> str:
        """To the learner, as a sentence."""
        if self.pace != 1.0:
            how = "slower" if self.is_behind else "faster"
            return f"You played {how} than the beat, at {percent(self.pace)} of its tempo."
        where = aside(bar_in_words(score, self.bar))
        return f"From {where} on you were {'behind' if self.is_behind else 'before'} the beat."

    def as_json(self, score: Score) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self) | told(score, self.bar)

    @classmethod
    def from_json(cls, said: Mapping[str, Any] | None) -> OffBeat | None:
        """What `as_json` gave; None for None."""
        return cls(bool(said["is_behind"]), int(said["bar"]), float(said["pace"])) if said else None


def off_beat(
    judged: Assessment, tempo_ratio: float, beat_sec: float | None = None, lap: tuple[float, float] | None = None
) -> OffBeat | None:
    """How a take left a beat that went at ``tempo_ratio`` times the written tempo; None where it kept with it.

    ``beat_sec`` is when beat 0 was due, where that is known; ``lap`` are the beats that were played over and over.
    """
    notes = judged.notes[(judged.notes["verdict"] == HIT) & (judged.notes["pass_index"] >= 0)]
    written = judged.score.notes[notes["row"]]
    notes, written = notes[~written["grace"]], written[~written["grace"]]
    if not len(notes):
        return None
    own = notes["pass_index"] == np.bincount(notes["pass_index"]).argmax()  # the longest time through
    beats, slots = np.unique(written["onset_beat"][own], return_inverse=True)
    if len(beats) < FEWEST_ONSETS:
        return None
    struck = judged.performance.notes["onset_sec"][notes["played"][own]]
    times = np.array([np.median(struck[slots == slot]) for slot in range(len(beats))])
    due = judged.score.tempo.seconds_at(beats) / tempo_ratio
    pace = float(np.median(np.diff(due[::FIRST_ONSETS])) / np.median(np.diff(times[::FIRST_ONSETS])))
    away = _without_stops(times - due, due)
    away = away - _beginning(float(np.median(away[:FIRST_ONSETS])), beat_sec, _lap_sec(judged, lap) / tempo_ratio)
    window = judged.windows.on_time_sec(60.0 / (judged.score.tempo.bpm_at(float(beats[0])) * tempo_ratio))
    off = np.abs(away) > window
    way = 1.0 if (away > window).sum() >= (away < -window).sum() else -1.0
    off &= np.sign(away) == way
    if off.mean() < MOST:
        return None
    bar = int(judged.score.bar_numbers_at(float(beats[_begins(off)]))) if len(judged.score.bars) else 1
    same_pace = abs(pace - 1.0) < PACE_OFF or (pace < 1.0) != (way > 0)
    return OffBeat(bool(way > 0), bar, 1.0 if same_pace else round(pace, 2))


def _beginning(first: float, beat_sec: float | None, lap_sec: float) -> float:
    """When the beat began: as the first notes have it, unless they came too late or too early for that."""
    if beat_sec is None:
        return first
    late = first - beat_sec
    late -= lap_sec * round(late / lap_sec) if lap_sec else 0.0
    return first if abs(late) <= DEVICES_SEC else first - late


def _lap_sec(judged: Assessment, lap: tuple[float, float] | None) -> float:
    return float(np.diff(judged.score.tempo.seconds_at(np.array(lap)))[0]) if lap else 0.0


def _without_stops(away: Floats, due: Floats) -> Floats:
    """How far onsets are from the beat, but for stops of more than they were due: that is another fault."""
    steps, asked = np.diff(away), np.diff(due)
    stops = np.where(np.abs(steps) > np.maximum(STOP_SEC, asked), steps, 0.0)
    kept: Floats = away - np.concatenate([[0.0], np.cumsum(stops)])
    return kept


def _begins(off: np.ndarray) -> int:
    """From which onset on most are off."""
    gains = np.cumsum(np.where(off, 1, -1)[::-1])[::-1]
    return int(np.argmax(gains))
