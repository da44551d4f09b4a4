"""The door of the journal: begin, keep, judge, read and recover takes; keep exercises, passages and what is assigned.

Writing is done by a thread of its own (`tutor.journal.writer`), reading by whoever asks. A take that grows is on disk
to the last second or so; a process that dies leaves it there, and the next start finishes it (`Journal.recover`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Update, create_engine, delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.pool import StaticPool

from lessons.errors import InputError, JournalError
from tutor.clock import utc_now
from tutor.journal import rows
from tutor.journal.assigned_shelf import AssignedShelf
from tutor.journal.entries import ExerciseEntry, MadeExercise, PassageEntry, StepEntry, TakeEntry
from tutor.journal.identities import Identities
from tutor.journal.liveness import writer_name
from tutor.journal.names import Names
from tutor.journal.reading import Answer
from tutor.journal.schema import Notify, damage, engine_for, migrate, open_newest, reason, refuse_other_files
from tutor.journal.spill import Spill
from tutor.journal.tables import Base, ExerciseRow, MistakeRow, PassageRow, StepRow, TakeRow
from tutor.journal.take_log import TakeLog
from tutor.journal.writer import Writer
from tutor.performance import Performance

FLUSH_SEC = 5.0
MOST_EXERCISES = 1000
log = logging.getLogger(__name__)


class Journal:
    """Takes and judgements in one database. `open` it; `close` it at the end."""

    def __init__(self, engine: Engine, spill: Spill, notify: Notify, *, writable: bool = True, lasting: bool = True):
        self.writable, self.lasting = writable, lasting
        self._engine, self._spill, self._notify = engine, spill, notify
        self._name = writer_name()
        self._growing: set[str] = set()
        self._lock = threading.Lock()
        self._writer = Writer(engine, notify, self._beat, self._lock) if writable else None
        self.assigned = AssignedShelf(self._read, lambda job: self._writing().put(job))
        self.identities = Identities(self._read, lambda job: self._writing().put(job), self.flush)
        self.names = Names(self._read, lambda job: self._writing().put(job))

    @classmethod
    def open(cls, path: Path, notify: Notify = log.warning) -> Journal:
        """Open a journal, made or brought to the newest version first; ``notify`` is told what the learner should know.

        Raises JournalError with one line where it cannot be opened, and for the schema of a newer program.
        """
        return cls(open_newest(path, notify), Spill.beside(path), notify)

    @classmethod
    def open_to_read(cls, path: Path, notify: Notify = log.warning) -> Journal:
        """Open a journal without ever writing to it, whatever its version. Raises JournalError where there is none."""
        if not path.exists():
            raise JournalError(f"{path}: there is no journal")
        refuse_other_files(path)
        return cls(engine_for(path, read_only=True), Spill.beside(path), notify, writable=False)

    @classmethod
    def open_or_stand_in(cls, path: Path, notify: Notify = log.warning) -> Journal:
        """Open a journal; where that fails, say so and go on with one in memory, whose takes are kept as files."""
        try:
            return cls.open(path, notify)
        except JournalError as error:
            notify(f"{error}. Your takes are kept as files until it can be.")
            engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
            migrate(engine)
            return cls(engine, Spill.beside(path), notify, lasting=False)

    def close(self) -> None:
        """Write what is left, and let the database go."""
        if self._writer is not None:
            if self._growing:
                self._writer.put(self._let_go)
            self._writer.close()
        self._engine.dispose()

    def flush(self, timeout_sec: float = FLUSH_SEC) -> bool:
        """Wait until all is on disk; False where that failed, took too long, or there is no disk."""
        return self._writing().flush(timeout_sec) and self.lasting

    def begin_take(self, score_digest: str, title: str, settings: Mapping[str, Any]) -> TakeLog:
        """Begin a take; returns at once. Raises JournalError in a journal opened only for reading."""
        take_log = TakeLog(
            self._writing(),
            self._spill,
            self._notify,
            self._name,
            score_digest,
            title,
            dict(settings),
            self._growing.discard,
            self.lasting,
        )
        self._growing.add(take_log.take_id)
        return take_log

    def judge(self, take_id: str, assessment: Mapping[str, Any], mistakes: Sequence[Mapping[str, Any]] = ()) -> None:
        """Keep the assessment of a take and its mistakes (``kind`` and perhaps ``bar``, else as they are)."""

        def job(transaction: Transaction) -> None:
            if transaction.get(TakeRow, take_id) is None:
                return
            transaction.execute(delete(MistakeRow).where(MistakeRow.take_id == take_id))
            transaction.execute(update(TakeRow).where(TakeRow.id == take_id).values(assessment=dict(assessment)))
            for place, said in enumerate(mistakes):
                kind, bar = str(said.get("kind", "")), said.get("bar")
                transaction.add(MistakeRow(take_id=take_id, place=place, kind=kind, bar=bar, said=dict(said)))

        self._writing().put(job)

    def keep_passes(self, take_id: str, passes: Sequence[Mapping[str, Any]]) -> None:
        """Keep how the hand was led in each pass of a take, beside its settings."""

        def job(transaction: Transaction) -> None:
            row = transaction.get(TakeRow, take_id)
            if row is not None:
                row.settings = {**row.settings, "passes": [dict(said) for said in passes]}

        self._writing().put(job)

    def takes(self, score_digest: str | None = None, limit: int = 200) -> list[TakeEntry]:
        """The finished takes without their assessments, newest first; of one score, or of all."""
        wanted = () if score_digest is None else (TakeRow.score_digest == score_digest,)
        return self._read(lambda transaction: rows.takes(transaction, limit, *wanted))

    def played_takes(self, names: Collection[str] | None = None, limit: int = 200) -> list[TakeEntry]:
        """The takes that were played here, as in `takes`; of all scores, or of these digests and titles.

        What went through from a file is none of them: nobody played it now.
        """
        wanted = () if names is None else (TakeRow.score_digest.in_(names) | TakeRow.title.in_(names),)
        return self._read(lambda transaction: rows.takes(transaction, limit, rows.PLAYED_HERE, *wanted))

    def whole(self, takes: Iterable[TakeEntry]) -> Iterator[TakeEntry]:
        """These takes with their assessments, each read when it is asked for."""
        return (whole for take in takes if (whole := self.entry(take.take_id)) is not None)

    def titles(self) -> dict[str, str]:
        """What every score that was ever played is called, by its digest; the newest name."""
        query = select(TakeRow.score_digest, TakeRow.title).order_by(TakeRow.started_at)
        return self._read(lambda transaction: {row.score_digest: row.title for row in transaction.execute(query)})

    def entry(self, take_id: str) -> TakeEntry | None:
        """What is kept of a take, with its assessment; None where there is none of this id."""

        def read(transaction: Transaction) -> TakeEntry | None:
            row = transaction.get(TakeRow, take_id)
            return rows.entry(row) if row is not None else None

        return self._read(read)

    def take(self, take_id: str) -> Performance:
        """The take with this id. Raises InputError where there is none."""

        def read(transaction: Transaction) -> Performance | None:
            row = transaction.get(TakeRow, take_id)
            return rows.performance(transaction, row) if row is not None else None

        performance = self._read(read)
        if performance is None:
            raise InputError(f"{take_id}: the journal has no take with this id")
        return performance

    def mistakes(self, take_id: str) -> list[dict[str, Any]]:
        """The mistakes of a take, as `judge` was given them."""
        query = select(MistakeRow.said).where(MistakeRow.take_id == take_id).order_by(MistakeRow.place)
        return self._read(lambda transaction: [dict(said) for said in transaction.scalars(query)])

    def recover(self) -> list[TakeEntry]:
        """Finish the takes that a dead process left, and fetch those kept as files; what was recovered."""
        found: list[TakeEntry] = []
        files = list(self._spill.read_all()) if self.lasting else []

        def job(transaction: Transaction) -> None:
            found[:] = rows.finish_all_abandoned(transaction) + rows.adopt_all(transaction, [kept for _, kept in files])

        self._writing().put(job)
        if not self.flush():
            return []
        for path, _ in files:
            self._spill.mark_read(path)
        return found

    def keep_exercise(
        self, title: str, score_digest: str, reason: str, provenance: Mapping[str, Any], file_name: str, file: bytes
    ) -> str:
        """Keep an exercise with all that makes it again; its id."""
        row = rows.exercise_row(title, score_digest, reason, provenance, file_name, file)
        exercise_id = row.id
        self._writing().put(lambda transaction: _merge(transaction, row))
        return exercise_id

    def exercises(self, limit: int = 100) -> list[ExerciseEntry]:
        """The exercises that are on the shelf, newest first."""
        return self._read(lambda transaction: rows.exercises(transaction, limit))

    def shelved(self) -> list[ExerciseEntry]:
        """What the learner kept, and the exercises of reports that they played too, newest first."""
        return self._read(lambda transaction: rows.shelved(transaction, MOST_EXERCISES))

    def made_exercises(self) -> list[MadeExercise]:
        """What made the exercises that are on the shelf, newest first; their files are left where they are."""
        return self._read(lambda transaction: rows.made_exercises(transaction, MOST_EXERCISES))

    def remove_exercise(self, exercise_id: str) -> None:
        """Take an exercise off the shelf; the journal keeps it."""
        removed = update(ExerciseRow).where(ExerciseRow.id == exercise_id).values(removed_at=utc_now())
        self._writing().put(lambda transaction: _execute(transaction, removed))

    def restore_exercise(self, exercise_id: str) -> None:
        """Put an exercise that was taken off the shelf back there."""
        restored = update(ExerciseRow).where(ExerciseRow.id == exercise_id).values(removed_at=None)
        self._writing().put(lambda transaction: _execute(transaction, restored))

    def keep_passage(self, entry: PassageEntry) -> None:
        """Keep what the schedule knows of a passage."""
        row = PassageRow(**entry.__dict__)
        self._writing().put(lambda transaction: _merge(transaction, row))

    def passages(self, due_by: datetime | None = None) -> list[PassageEntry]:
        """The scheduled passages, the most urgent first; all, or those due by a moment (UTC)."""
        query = select(PassageRow).order_by(PassageRow.due_at)
        if due_by is not None:
            query = query.where(PassageRow.due_at <= due_by)
        names = PassageEntry.__dataclass_fields__
        return self._read(
            lambda transaction: [
                PassageEntry(**{name: getattr(row, name) for name in names}) for row in transaction.scalars(query)
            ]
        )

    def keep_step(self, entry: StepEntry) -> None:
        """Keep what a task asked for after a take, beside what the coach would have said."""

        def job(transaction: Transaction) -> None:
            if transaction.get(TakeRow, entry.take_id) is not None:
                transaction.merge(StepRow(**entry.__dict__))

        self._writing().put(job)

    def step(self, take_id: str) -> StepEntry | None:
        """What a task asked for after a take; None where the take was of none."""
        names = StepEntry.__dataclass_fields__

        def read(transaction: Transaction) -> StepEntry | None:
            row = transaction.get(StepRow, take_id)
            return StepEntry(**{name: getattr(row, name) for name in names}) if row is not None else None

        return self._read(read)

    def _read(self, question: Callable[[Transaction], Answer]) -> Answer:
        try:
            if self.lasting:
                with Transaction(self._engine) as transaction:
                    return question(transaction)
            with self._lock, Transaction(self._engine) as transaction:  # one connection for all threads
                return question(transaction)
        except DatabaseError as error:
            raise JournalError(f"the journal cannot be read: {damage(error) or reason(error)}") from error

    def _writing(self) -> Writer:
        if self._writer is None:
            raise JournalError("this journal was opened only for reading")
        return self._writer

    def _beat(self) -> Callable[[Transaction], None] | None:
        """A sign of life for the takes that grow; None where there are none."""
        return self._give_sign_of_life if self._growing else None

    def _give_sign_of_life(self, transaction: Transaction) -> None:
        growing = TakeRow.id.in_(tuple(self._growing))
        transaction.execute(update(TakeRow).where(growing).values(alive_at=utc_now()))

    def _let_go(self, transaction: Transaction) -> None:
        """Leave the takes that still grow to the next start."""
        growing = TakeRow.id.in_(tuple(self._growing))
        transaction.execute(update(TakeRow).where(growing).values(writer="", alive_at=None))
        self._growing.clear()


def _execute(transaction: Transaction, statement: Update) -> None:
    transaction.execute(statement)


def _merge(transaction: Transaction, row: Base) -> None:
    transaction.merge(row)
