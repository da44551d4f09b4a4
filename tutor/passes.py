"""A pass: one time through the passage that is practised, told apart from the next by what the follower says.

A pass ends where the last onset is reached, or by `PassWatch.close`; a player who goes back by more than half of the
passage has given it up and begun another. It is *complete* where nearly all of its notes were reached. Clean and failed
are said of passes and of whole attempts alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lessons.score import Score
from tutor.practice import PracticeSettings
from tutor.verdicts import Judgement

CLEAN_SHARE, FAILED_SHARE = 0.95, 0.80
COMPLETE_SHARE = 0.9


@dataclass(frozen=True)
class Pass:
    """How one pass went: the share of its notes that were hit, with stray notes counted against it."""

    hit_share: float
    complete: bool


class PassWatch:
    """Takes judgements in, and gives each pass out when it is over."""

    def __init__(self, score: Score, settings: PracticeSettings):
        start, end = settings.span(score)
        rows = score.rows_of(settings.hands.played(), (start, end))
        self._onsets = dict(zip(rows.tolist(), score.notes["onset_beat"][rows].tolist(), strict=True))
        self._last = max(self._onsets.values(), default=start)
        self._middle = (start + self._last) / 2
        self._left_over: set[int] = set()  # of the last onset of the pass before: they may still come
        self._begin()

    def heard(self, judgements: Iterable[Judgement]) -> Pass | None:
        """The pass that is over with these judgements; None where it goes on."""
        over = None
        for said in judgements:
            over = self._hear(said) or over
        return over

    def close(self) -> Pass | None:
        """The pass that is under way, over now; None where none has begun."""
        return self._end(self._onsets) if self._said else None

    def _begin(self) -> None:
        self._said: dict[int, Judgement] = {}
        self._missed: set[int] = set()
        self._beat = self._middle

    def _hear(self, said: Judgement) -> Pass | None:
        onset = said.onset_beat
        if not self._said and (onset is None or onset > self._middle or said.score_index in self._left_over):
            self._left_over.discard(said.score_index)
            return None  # the last chord of the pass before
        given_up = onset is not None and not said.revised and self._beat - onset > self._last - self._middle
        over = self._end(self._onsets) if given_up and self._said else None
        self._said[said.index] = said
        self._missed.update(row for row in said.missed if row in self._onsets)
        if onset is not None:
            self._beat = onset
        return over or (self._end(self._before_last()) if onset is not None and onset >= self._last else None)

    def _before_last(self) -> list[int]:
        return [row for row, onset in self._onsets.items() if onset < self._last]

    def _end(self, expected: Iterable[int]) -> Pass:
        """The pass as it stands: of the last onset only what was reached counts, since the rest may still come."""
        meant = {said.score_index for said in self._said.values() if said.score_index in self._onsets}
        hit = {said.score_index for said in self._said.values() if said.verdict == "hit"} & meant
        counted = meant | self._missed | set(expected)
        strays = sum(
            not (said.ornament or said.unasked) and said.verdict != "hit" and said.score_index not in meant - hit
            for said in self._said.values()
        )
        reached = len(meant | self._missed) / len(counted) if counted else 0.0
        share = len(hit) / (len(counted) + strays) if counted else 0.0
        self._left_over = {row for row, onset in self._onsets.items() if onset == self._last} - meant
        self._begin()
        return Pass(share, reached >= COMPLETE_SHARE)
