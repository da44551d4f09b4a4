"""How the learner wants to practise, as a value that the window, the session, the journal and the coach share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lessons.bar_names import bars_in_words, told_range
from lessons.errors import InputError
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score
from tutor.cues import Guidance, Leader, guidance_at
from tutor.transport import RATIO_RANGE


class Mode(StrEnum):
    """Who leads: the clock, the learner note by note, the learner freely, or the program alone."""

    KEEP_TEMPO = "keep-tempo"
    WAIT = "wait-for-me"
    FOLLOW = "follow-me"
    LISTEN = "listen"


class Hands(StrEnum):
    """Which hands the learner plays."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"

    @property
    def code(self) -> int | None:
        """The hand as in `lessons.score`, None for both."""
        return {Hands.BOTH: None, Hands.LEFT: LEFT, Hands.RIGHT: RIGHT}[self]

    @property
    def words(self) -> str:
        """As a learner reads it."""
        return {Hands.BOTH: "both hands", Hands.LEFT: "left hand", Hands.RIGHT: "right hand"}[self]

    def played(self) -> frozenset[int]:
        """The hands whose notes the learner plays; a note without a hand is played only with both."""
        return frozenset(
            {
                Hands.BOTH: (LEFT, RIGHT, UNKNOWN_HAND),
                Hands.LEFT: (LEFT,),
                Hands.RIGHT: (RIGHT,),
            }[self]
        )


def has_both_hands(score: Score) -> bool:
    """Whether a part is written for two hands, of which one line can be only one."""
    return {LEFT, RIGHT} <= set(score.notes["hand"].tolist())


def tune_words(instrument: str) -> str:
    """That one of two hands was chosen for who plays one line."""
    return f"This piece is for two hands; the tune of the right hand is expected ({instrument})."


@dataclass(frozen=True)
class PracticeSettings:
    """One way to practise. ``tempo_ratio`` is against the written tempo; ``bars`` None is the whole piece.

    ``loop`` plays the bars again and again; ``accompany`` lets the program play the hands and parts that the learner
    does not;
    ``echo`` sounds the learner's own notes. ``guidance`` 0 (none) to 4 (all) is how strongly the glove leads, at first
    where it is to ``fade`` by what the learner does; ``leader`` is who leads the touch where the learner sets the pace.
    ``one_line``: who plays has an instrument of one line, or sings, so that nobody speaks to them of their hands.
    """

    mode: Mode = Mode.FOLLOW
    hands: Hands = Hands.BOTH
    tempo_ratio: float = 1.0
    bars: tuple[int, int] | None = None
    loop: bool = False
    metronome: bool = False
    count_in_bars: int = 1
    accompany: bool = False
    echo: bool = False
    guidance: int = 4
    fade: bool = True
    leader: Leader = Leader.LEARNER
    one_line: bool = False

    def __post_init__(self) -> None:
        """Raise InputError where a value cannot be."""
        if not RATIO_RANGE[0] <= self.tempo_ratio <= RATIO_RANGE[1]:
            raise InputError(
                f"tempo {self.tempo_ratio:g} times as written: must be {RATIO_RANGE[0]} to {RATIO_RANGE[1]}"
            )
        if not 0 <= self.count_in_bars <= 8:
            raise InputError(f"a count-in of {self.count_in_bars} bars: must be 0 to 8")
        if not 0 <= self.guidance <= 4:
            raise InputError(f"guidance {self.guidance}: must be 0 to 4")

    def span(self, score: Score) -> tuple[float, float]:
        """Start and end of the practice in beats. Raises InputError for bars that the score does not have."""
        return score.bar_range(*self.bars) if self.bars else (score.start_beat, score.end_beat)

    def fits(self, score: Score) -> bool:
        """Whether the score has the bars."""
        try:
            self.span(score)
        except InputError:
            return False
        return True

    def led_at(self, level: int) -> Guidance:
        """How the hand is led at a level of guidance: with the beat, or by the learner's own notes."""
        beat_leads = self.mode is Mode.KEEP_TEMPO or (self.mode is Mode.FOLLOW and self.leader is Leader.TEMPO)
        return guidance_at(level, not beat_leads)

    def sounded_hands(self) -> frozenset[int]:
        """The hands whose notes the program plays."""
        if self.mode is Mode.LISTEN:
            return self.hands.played()
        return Hands.BOTH.played() - self.hands.played() if self.accompany else frozenset()

    @property
    def sounds_backing(self) -> bool:
        """Whether the program plays what others play beside the learner."""
        return self.accompany or self.mode is Mode.LISTEN

    def as_json(self) -> dict[str, Any]:
        """The settings as plain JSON values."""
        names = self.__dataclass_fields__
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in names}

    def named(self, score: Score) -> dict[str, Any]:
        """The settings as plain JSON values, with what a musician calls the bars of a score."""
        if self.bars is None:
            return self.as_json()
        return self.as_json() | told_range(score, self.bars) | {"passage": bars_in_words(score, *self.bars)}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> PracticeSettings:
        """The settings that `as_json` wrote; unknown fields of another version are passed over."""
        known = {name: value for name, value in said.items() if name in cls.__dataclass_fields__}
        try:
            bars = known.get("bars")
            known |= {"bars": (int(bars[0]), int(bars[1])) if bars else None}
            known |= {"mode": Mode(known.get("mode", Mode.FOLLOW)), "hands": Hands(known.get("hands", Hands.BOTH))}
            known |= {"leader": Leader(known.get("leader", Leader.LEARNER))}
            return cls(**known)
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise InputError(f"these practice settings cannot be used: {error}") from error
