"""A mistake as a value, and the words for pitches and distances that its sentence uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from lessons.bar_names import name_of, told
from lessons.score import Score


class Failed(StrEnum):
    """The feature of the music that a mistake speaks of."""

    PITCH_READING = "pitch reading"
    LEAP = "leap"
    RHYTHM = "rhythm"
    COORDINATION = "coordination"
    TEXTURE = "texture"


class Degree(IntEnum):
    """How much a mistake says: who plays well may make a *slight* one, and a *grave* one is no slip even once."""

    SLIGHT = 0
    PLAIN = 1
    GRAVE = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. ``says`` is a sentence for the learner; ``time_sec`` counts from the start of the take.

    ``pass_index`` is the time through the score in which it was made; ``to_bar`` where a player who broke off went on.
    """

    kind: str
    onset_beat: float
    bar: int
    hand: str | None
    time_sec: float | None
    tempo_bpm: float
    feature: Failed
    says: str
    pitch: int | None = None
    played: int | None = None
    pass_index: int = 0
    degree: Degree = Degree.PLAIN
    to_bar: int | None = None

    def as_json(self, score: Score) -> dict[str, Any]:
        """The mistake in this score as plain JSON values."""
        to = name_of(score, self.to_bar) if self.to_bar is not None else None
        return {
            "kind": self.kind,
            "onset_beat": round(self.onset_beat, 3),
            "bar": self.bar,
            **told(score, self.bar),
            "hand": self.hand,
            "time_sec": None if self.time_sec is None else round(self.time_sec, 4),
            "tempo_bpm": round(self.tempo_bpm, 2),
            "feature": str(self.feature),
            "says": self.says,
            "pitch": self.pitch,
            "played": self.played,
            "pass_index": self.pass_index,
            "degree": int(self.degree),
            "to_bar": self.to_bar,
        } | ({"to_written": to.written, "to_time": to.time} if to else {})
