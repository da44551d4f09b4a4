"""What the journal calls pieces: takes and exercises go by the title that their learner gives them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Transaction

from tutor.journal.reading import Read
from tutor.journal.tables import ExerciseRow, TakeRow
from tutor.journal.writer import Job


class Names:
    """Gives other names; nothing else of a take or an exercise changes. ``put`` has a job written."""

    def __init__(self, read: Read, put: Callable[[Job], None]):
        self._read, self._put = read, put

    def digests(self, title: str) -> frozenset[str]:
        """The scores of which there are takes under a title."""
        query = select(TakeRow.score_digest).where(TakeRow.title == title).distinct()
        return self._read(lambda transaction: frozenset(transaction.scalars(query)))

    def of_removed(self) -> frozenset[str]:
        """The scores of exercises that are off the shelf; another piece of their title need not be what they were."""
        query = select(ExerciseRow.score_digest, ExerciseRow.removed_at)

        def read(transaction: Transaction) -> frozenset[str]:
            rows = transaction.execute(query).all()
            there = {row.score_digest for row in rows if row.removed_at is None}
            return frozenset(row.score_digest for row in rows) - there

        return self._read(read)

    def call_takes(self, digests: Collection[str], title: str) -> None:
        """Let all takes of these scores go by a title, also one that is being played."""
        renamed = update(TakeRow).where(TakeRow.score_digest.in_(tuple(digests))).values(title=title)

        def job(transaction: Transaction) -> None:
            transaction.execute(renamed)

        self._put(job)

    def call_exercise(self, exercise_id: str, title: str) -> None:
        """Let an exercise go by a title."""
        renamed = update(ExerciseRow).where(ExerciseRow.id == exercise_id).values(title=title)

        def job(transaction: Transaction) -> None:
            transaction.execute(renamed)

        self._put(job)
