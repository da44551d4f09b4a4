"""The tables of the journal in their newest version; the same models work on SQLite and PostgreSQL.

Times of day are UTC without a zone; seconds of a take count from its start. The history of these tables stands in
`tutor.journal.migrations`: a change here needs a new version there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, DateTime, Float, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar = {Json: JSON(none_as_null=True)}


class TakeRow(Base):
    """One take; ``finished_at`` is empty while it grows. ``writer`` names the process that writes it."""

    __tablename__ = "takes"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(DateTime)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime)
    score_digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(500))
    settings: Mapped[Json]
    assessment: Mapped[Json | None]
    duration_sec: Mapped[float] = mapped_column(Float, default=0.0)
    note_count: Mapped[int] = mapped_column(Integer, default=0)
    writer: Mapped[str] = mapped_column(String(200), default="")
    alive_at: Mapped[datetime | None] = mapped_column(DateTime)
    recovered: Mapped[bool] = mapped_column(Boolean, default=False)
    __table_args__ = (Index("takes_by_score", "score_digest", "started_at"),)


class NoteRow(Base):
    """One note of a finished take; ``place`` is its index."""

    __tablename__ = "played_notes"
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    onset_sec: Mapped[float] = mapped_column(Float)
    duration_sec: Mapped[float] = mapped_column(Float)
    pitch: Mapped[int] = mapped_column(Integer)
    velocity: Mapped[int] = mapped_column(Integer)


class PedalRow(Base):
    """One movement of the pedal in a finished take."""

    __tablename__ = "pedals"
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    time_sec: Mapped[float] = mapped_column(Float)
    value: Mapped[int] = mapped_column(Integer)


class EventRow(Base):
    """One event of a take that still grows; gone once the take is finished. ``kind`` is on, off or pedal."""

    __tablename__ = "growing_events"
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    time_sec: Mapped[float] = mapped_column(Float)
    number: Mapped[int] = mapped_column(Integer)
    value: Mapped[int] = mapped_column(Integer)


class MistakeRow(Base):
    """One named mistake of a judged take; ``said`` is the whole of it."""

    __tablename__ = "mistakes"
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    bar: Mapped[int | None] = mapped_column(Integer)
    said: Mapped[Json]


class ExerciseRow(Base):
    """One exercise that was made: the analogy that makes it again, and the score itself as a file.

    It stays when the learner takes it off the shelf, which is ``removed_at``.
    """

    __tablename__ = "exercises"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(DateTime)
    title: Mapped[str] = mapped_column(String(500))
    score_digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(1000))
    provenance: Mapped[Json]
    file_name: Mapped[str] = mapped_column(String(200))
    file: Mapped[bytes] = mapped_column(LargeBinary)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime)


class PassageRow(Base):
    """What the schedule knows of one passage for given hands."""

    __tablename__ = "passages"
    score_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_bar: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_bar: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hands: Mapped[str] = mapped_column(String(8), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(DateTime)
    card: Mapped[Json]


class AssignmentRow(Base):
    """One assignment that was opened or made here (``made_at``), with the whole of its file.

    ``removed_at`` is when it was put away; what was made here is to be done by nobody here, and away from the first.
    """

    __tablename__ = "assignments"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(DateTime)
    title: Mapped[str] = mapped_column(String(500))
    file_name: Mapped[str] = mapped_column(String(200))
    file: Mapped[bytes] = mapped_column(LargeBinary)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime)
    made_at: Mapped[datetime | None] = mapped_column(DateTime)


class ResultRow(Base):
    """What one pupil handed in of one assignment, with the whole of its file; the latest that was opened."""

    __tablename__ = "results"
    assignment_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pupil: Mapped[str] = mapped_column(String(200), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(DateTime)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime)


class StepRow(Base):
    """What was said after a take instead of the coach's word, by a teacher's task (from 1) or as a turn ("", 0)."""

    __tablename__ = "steps"
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(String(32))
    task: Mapped[int] = mapped_column(Integer)
    said: Mapped[Json]
    instead_of: Mapped[Json]


class IdentityRow(Base):
    """What a piece is known by whose identity was ``former`` in older programs (`lessons.identity`)."""

    __tablename__ = "identities"
    former: Mapped[str] = mapped_column(String(64), primary_key=True)
    score_digest: Mapped[str] = mapped_column(String(64))
