"""Whom a session works with, as it knows them: who follows the learner, and who keeps the take."""

from __future__ import annotations

from typing import Protocol

from tutor.events import Event, NoteOn
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.verdicts import Judgement


class Follower(Protocol):
    """Whoever finds the place in the score; `tutor.follow` does."""

    def step(self, event: NoteOn, /) -> tuple[Judgement, ...]:
        """Take one note in; its judgement, then earlier ones that it revises."""
        ...

    def step_at(self, event: NoteOn, row: int, /) -> tuple[Judgement, ...]:
        """Take one note in of which it is known which one it is: a row of ``score.notes``."""
        ...

    def next_rows(self) -> tuple[int, ...]:
        """Rows of ``score.notes`` that are due next."""
        ...

    def expect_from(self, beat: float, /) -> None:
        """Take note that the learner begins anew from a place."""
        ...

    def finish(self) -> tuple[Judgement, ...]:
        """The playing has ended; the judgements that this changes."""
        ...

    def lead_to(self, beat: float, /) -> None:
        """Take note that the beat has gone on to a place while nothing was played."""
        ...


class TakeLog(Protocol):
    """Where the growing take is kept; `tutor.journal` has one."""

    take_id: str

    def append(self, event: Event, /) -> None:
        """Keep one event; never waits for a disk."""
        ...

    def finish(self, performance: Performance, settings: PracticeSettings, /) -> bool:
        """Keep the finished take and how it was practised at its end; whether it is safe on disk by now."""
        ...
