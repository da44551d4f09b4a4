"""What the journal gives back: small frozen values, free of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

SOURCE, FROM_FILE = "source", "take"  # in the settings: the source of a take that went through from a file


@dataclass(frozen=True)
class TakeEntry:
    """One finished take; its notes are fetched by `Journal.take`. ``started_at`` is UTC.

    ``settings`` is how it was practised, with its ``passes`` where they were kept (`Journal.keep_passes`). The
    ``assessment`` of one that ``is_judged`` is None where a list was asked for without it, for it is long.
    """

    take_id: str
    started_at: datetime
    score_digest: str
    title: str
    settings: dict[str, Any]
    duration_sec: float
    note_count: int
    recovered: bool = False
    assessment: dict[str, Any] | None = None
    is_judged: bool = False

    @property
    def is_from_file(self) -> bool:
        """Whether it went through from a file: nobody played it now."""
        return bool(self.settings.get(SOURCE) == FROM_FILE)


@dataclass(frozen=True)
class MadeExercise:
    """What made one exercise that was kept; ``provenance`` makes it again."""

    exercise_id: str
    made_at: datetime
    title: str
    score_digest: str
    reason: str
    provenance: dict[str, Any]


@dataclass(frozen=True)
class ExerciseEntry(MadeExercise):
    """One exercise that was kept, with all of it; ``file`` is the score as ``file_name`` says."""

    file_name: str
    file: bytes


@dataclass(frozen=True)
class PassageEntry:
    """What the schedule knows of a passage: bars ``first_bar`` to ``last_bar`` for given hands."""

    score_digest: str
    first_bar: int
    last_bar: int
    hands: str
    due_at: datetime
    card: dict[str, Any]


@dataclass(frozen=True)
class AssignmentEntry:
    """One assignment that was opened: its file as it was then."""

    assignment_id: str
    opened_at: datetime
    title: str
    file_name: str
    file: bytes


@dataclass(frozen=True)
class ResultEntry:
    """What a pupil handed in: its file as it was opened."""

    assignment_id: str
    pupil: str
    opened_at: datetime
    file: bytes


@dataclass(frozen=True)
class StepEntry:
    """What a task asked for after a take (``said``), and what the coach would have said (``instead_of``).

    Both are steps as plain values, each with its reason; ``task`` counts from 1. Where passages take turns there is
    no assignment ("") and no task (0).
    """

    take_id: str
    assignment_id: str
    task: int
    said: dict[str, Any]
    instead_of: dict[str, Any]
