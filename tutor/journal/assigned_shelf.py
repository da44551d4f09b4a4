"""What the journal keeps of assignments: those that were opened or made here, and what pupils handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Update, inspect, select, update
from sqlalchemy.orm import Session as Transaction

from tutor.clock import utc_now
from tutor.journal.entries import AssignmentEntry, ResultEntry
from tutor.journal.reading import Read
from tutor.journal.tables import AssignmentRow, Base, ResultRow
from tutor.journal.writer import Job

LONGEST_TITLE, LONGEST = 500, 200


class AssignedShelf:
    """Keeps assignments and results; what is put away stays in the journal. ``put`` has a job written."""

    def __init__(self, read: Read, put: Callable[[Job], None]):
        self._read, self._put = read, put

    def keep(self, assignment_id: str, title: str, file_name: str, file: bytes) -> None:
        """Keep an assignment that was opened; one that is here already, or was put away, is to be done again."""
        row = _assignment_row(assignment_id, title, file_name, file)
        self._put(lambda transaction: _keep(transaction, row, removed_at=None))

    def keep_made(self, assignment_id: str, title: str, file_name: str, file: bytes) -> None:
        """Keep an assignment that was made here; it is not to be done by who made it."""
        now = utc_now()
        row = _assignment_row(assignment_id, title, file_name, file)
        row.removed_at = now
        self._put(lambda transaction: _keep(transaction, row, made_at=now))

    def is_made_here(self, assignment_id: str) -> bool:
        """Whether an assignment was made here."""

        def read(transaction: Transaction) -> bool:
            row = transaction.get(AssignmentRow, assignment_id)
            return row is not None and row.made_at is not None

        return self._read(read)

    def assignments(self) -> list[AssignmentEntry]:
        """The assignments that were opened and not put away, newest first; none in a journal of an older program."""
        if not self._has(AssignmentRow):
            return []
        shown = (AssignmentRow.id, AssignmentRow.opened_at, AssignmentRow.title)
        query = select(*shown, AssignmentRow.file_name, AssignmentRow.file).where(AssignmentRow.removed_at.is_(None))
        query = query.order_by(AssignmentRow.opened_at.desc(), AssignmentRow.id)
        return self._read(lambda transaction: [AssignmentEntry(*row) for row in transaction.execute(query)])

    def remove(self, assignment_id: str) -> None:
        """Put an assignment away."""
        self._execute(update(AssignmentRow).where(AssignmentRow.id == assignment_id).values(removed_at=utc_now()))

    def restore(self, assignment_id: str) -> None:
        """Bring an assignment back that was put away."""
        self._execute(update(AssignmentRow).where(AssignmentRow.id == assignment_id).values(removed_at=None))

    def keep_result(self, assignment_id: str, pupil: str, file: bytes) -> None:
        """Keep what a pupil handed in, in place of what was there of this pupil."""
        row = ResultRow(assignment_id=assignment_id, pupil=pupil[:LONGEST], opened_at=utc_now(), file=file)
        self._put(lambda transaction: _merge(transaction, row))

    def results(self) -> list[ResultEntry]:
        """What was handed in and not put away, newest first; nothing in a journal of an older program."""
        if not self._has(ResultRow):
            return []
        query = select(ResultRow).where(ResultRow.removed_at.is_(None))
        query = query.order_by(ResultRow.opened_at.desc(), ResultRow.assignment_id, ResultRow.pupil)
        return self._read(
            lambda transaction: [
                ResultEntry(row.assignment_id, row.pupil, row.opened_at, row.file) for row in transaction.scalars(query)
            ]
        )

    def remove_result(self, assignment_id: str, pupil: str) -> None:
        """Put away what a pupil handed in."""
        self._execute(_of(assignment_id, pupil).values(removed_at=utc_now()))

    def restore_result(self, assignment_id: str, pupil: str) -> None:
        """Bring back what a pupil handed in and was put away."""
        self._execute(_of(assignment_id, pupil).values(removed_at=None))

    def _has(self, table: type[Base]) -> bool:
        name = table.__tablename__
        return self._read(lambda transaction: inspect(transaction.connection()).has_table(name))

    def _execute(self, statement: Update) -> None:
        self._put(lambda transaction: _execute(transaction, statement))


def _assignment_row(assignment_id: str, title: str, file_name: str, file: bytes) -> AssignmentRow:
    return AssignmentRow(
        id=assignment_id, opened_at=utc_now(), title=title[:LONGEST_TITLE], file_name=file_name[:LONGEST], file=file
    )


def _keep(transaction: Transaction, row: AssignmentRow, **said: Any) -> None:
    """Keep a row where there is none of its id, and say so much of it in any case."""
    known = transaction.get(AssignmentRow, row.id)
    if known is None:
        transaction.add(row)
    for name, value in said.items():
        setattr(known or row, name, value)


def _of(assignment_id: str, pupil: str) -> Update:
    return update(ResultRow).where(ResultRow.assignment_id == assignment_id, ResultRow.pupil == pupil[:LONGEST])


def _execute(transaction: Transaction, statement: Update) -> None:
    transaction.execute(statement)


def _merge(transaction: Transaction, row: Base) -> None:
    transaction.merge(row)
