"""What is known of the learner: the attempts at each passage, folded into a value by `Learner.after`.

Rules and starting values: an attempt is *clean* with 95 % of its notes and *failed* under 80 %; between the two the
learner is where learning is best, and nothing need change. A piece is one that the learner *plays* after an attempt at
nearly the whole of it with 90 % of its notes, with both hands, near its tempo, and with nobody to lead or to wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tutor.clock import local_day
from tutor.evidence import Evidence
from tutor.fading import Fading, GuidedPass, fading_after
from tutor.journal.entries import TakeEntry
from tutor.often import often
from tutor.passes import CLEAN_SHARE, FAILED_SHARE
from tutor.practice import Hands, Mode, PracticeSettings

PLAYS_SHARE, PLAYS_BARS, PLAYS_TEMPO = 0.90, 0.75, 0.75
SITTINGS_FOR_A_TREND = 5


@dataclass(frozen=True)
class Attempt:
    """One judged take of a score: what was played, how, and how it went, and how the hand was led in each pass.

    ``at`` is when, in UTC.
    """

    score_digest: str
    title: str
    settings: PracticeSettings
    evidence: Evidence
    bars_in_score: int
    at: datetime
    passes: tuple[GuidedPass, ...] = ()

    @property
    def day(self) -> date:
        """The learner's own day on which it was played."""
        return local_day(self.at)

    @property
    def is_led(self) -> bool:
        """Whether a glove led the hand, so that it shows what was practised and not yet what stays."""
        return any(played.level for played in self.passes)

    @property
    def is_clean(self) -> bool:
        """Whether nearly every note was right in both hands, and nothing went wrong that has a name."""
        return is_clean(self.evidence, self.settings.one_line)

    @property
    def rounds(self) -> tuple[float, ...]:
        """The shares of right notes in each time through; of one whose times nobody told apart, that of all."""
        passes = tuple(played.hit_share for played in self.passes if played.complete)
        return self.evidence.rounds or passes or (self.evidence.hit_share,)

    @property
    def tempo_ratio(self) -> float:
        """How fast it went beside the written tempo: as the beat led, or as the learner did."""
        return self.settings.tempo_ratio if self.settings.mode is Mode.KEEP_TEMPO else self.evidence.tempo_ratio

    @property
    def is_failed(self) -> bool:
        """Whether too much went wrong to learn from at this setting."""
        return self.evidence.hit_share < FAILED_SHARE

    @property
    def is_as_written(self) -> bool:
        """Whether all that can be was played, near the tempo that is written, and with nobody to lead or to wait."""
        how = self.settings
        keeps_time = how.mode is not Mode.WAIT and self.tempo_ratio >= PLAYS_TEMPO
        whole = how.one_line or (how.hands is Hands.BOTH and not self.evidence.silent_hand)
        return keeps_time and whole and not self.is_led

    @property
    def covers_piece(self) -> bool:
        """Whether most bars of the score were played."""
        return len(self.evidence.bars) >= PLAYS_BARS * max(1, self.bars_in_score)


@dataclass(frozen=True)
class Learner:
    """All attempts, oldest first."""

    attempts: tuple[Attempt, ...] = ()

    def after(self, attempt: Attempt) -> Learner:
        """The learner after one more attempt; one too short to judge teaches nothing."""
        return self if attempt.evidence.is_thin else Learner((*self.attempts, attempt))

    def after_all(self, attempts: Iterable[Attempt]) -> Learner:
        """The learner after many attempts, in order."""
        learner = self
        for attempt in attempts:
            learner = learner.after(attempt)
        return learner

    def at(self, score_digest: str, settings: PracticeSettings) -> tuple[Attempt, ...]:
        """The latest attempts in a row at the same bars, hands and mode of a score, oldest first."""
        same: list[Attempt] = []
        for attempt in reversed([attempt for attempt in self.attempts if attempt.score_digest == score_digest]):
            if _task(attempt.settings) != _task(settings):
                break
            same.append(attempt)
        return tuple(reversed(same))

    def clean_streak(self, score_digest: str, settings: PracticeSettings) -> int:
        """How many of the latest attempts at these very settings were clean, in a row."""
        return _streak([attempt.is_clean for attempt in self._exactly(score_digest, settings)])

    def failed_streak(self, score_digest: str, settings: PracticeSettings) -> int:
        """How many of the latest attempts at these very settings failed, in a row."""
        return _streak([attempt.is_failed for attempt in self._exactly(score_digest, settings)])

    def clean_rounds(self, score_digest: str, settings: PracticeSettings) -> int:
        """How many of the latest times through at these very settings were clean, in a row, over all their takes."""
        attempts = self._exactly(score_digest, settings)
        return _streak([share >= CLEAN_SHARE for attempt in attempts for share in attempt.rounds])

    def fading(self, score_digest: str, settings: PracticeSettings) -> Fading | None:
        """Where the guidance of a passage stands; None where no glove ever led there."""
        here = [attempt for attempt in self.attempts if attempt.score_digest == score_digest]
        same = [one for one in here if (one.settings.bars, one.settings.hands) == (settings.bars, settings.hands)]
        if not any(attempt.is_led for attempt in same):
            return None
        return fading_after(((attempt.settings, attempt.passes) for attempt in same), settings)

    def plays(self) -> tuple[str, ...]:
        """Titles of the pieces that the learner plays without being led, the latest first."""
        good = [
            attempt.title
            for attempt in reversed(self.attempts)
            if attempt.is_as_written and attempt.covers_piece and attempt.evidence.hit_share >= PLAYS_SHARE
        ]
        return tuple(dict.fromkeys(good))

    def share_of_clean_attempts(self) -> float | None:
        """The share of clean attempts; None while there are too few sittings to speak of a trend."""
        if len({attempt.day for attempt in self.attempts}) < SITTINGS_FOR_A_TREND:
            return None
        return sum(attempt.is_clean for attempt in self.attempts) / len(self.attempts)

    def _exactly(self, score_digest: str, settings: PracticeSettings) -> list[Attempt]:
        latest = list(self.at(score_digest, settings))
        keys = [(attempt.settings.tempo_ratio, attempt.settings.guidance) for attempt in latest]
        wanted = (settings.tempo_ratio, settings.guidance)
        first = next((place + 1 for place in range(len(keys) - 1, -1, -1) if keys[place] != wanted), 0)
        return latest[first:]


def is_clean(evidence: Evidence, one_line: bool = False) -> bool:
    """Whether nearly every note was right in both hands, and nothing went wrong that has a name.

    ``one_line``: nobody asks for a second hand.
    """
    if evidence.silent_hand and not one_line:
        return False
    return evidence.hit_share >= CLEAN_SHARE and not often(evidence)


def attempt_of(entry: TakeEntry, mistakes: Sequence[Mapping[str, Any]]) -> Attempt | None:
    """An attempt from what the journal keeps of a take; None where it was not judged."""
    if entry.assessment is None:
        return None
    evidence = Evidence.of(entry.assessment, mistakes)
    bars_in_score = len(entry.assessment["bars"])  # all there are: the notes may be those of a passage alone
    settings, passes = practised(entry)
    return Attempt(entry.score_digest, entry.title, settings, evidence, bars_in_score, entry.started_at, passes)


def practised(entry: TakeEntry) -> tuple[PracticeSettings, tuple[GuidedPass, ...]]:
    """How a take of the journal was practised, and how the hand was led in its passes."""
    passes = tuple(GuidedPass.from_json(said) for said in entry.settings.get("passes", ()))
    return PracticeSettings.from_json(entry.settings), passes


def _task(settings: PracticeSettings) -> tuple[object, ...]:
    return settings.bars, settings.hands, settings.mode


def _streak(values: list[bool]) -> int:
    return next((count for count, value in enumerate(reversed(values)) if not value), len(values))
