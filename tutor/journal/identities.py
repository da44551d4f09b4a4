"""Brings what was kept of a piece under a former identity to the one that it has now (`lessons.identity`).

Only who has the score knows both, so it is done piece by piece when the piece is read. Each is one transaction, and
what a former identity became is remembered: assignments that were handed out name pieces by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import String, cast, inspect, select, update
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import defer

from lessons.identity import FORM
from tutor.journal.reading import Read
from tutor.journal.tables import ExerciseRow, IdentityRow, PassageRow, TakeRow
from tutor.journal.writer import Job

HOLDING = (TakeRow, PassageRow, ExerciseRow)  # what is kept of a piece by its identity


class Identities:
    """Renames pieces, and tells what their former names became. ``put`` has a job written, ``flush`` waits for that."""

    def __init__(self, read: Read, put: Callable[[Job], None], flush: Callable[[], bool]):
        self._read, self._put, self._flush = read, put, flush

    def bring_forward(self, former: str, digest: str) -> None:
        """Have all that is kept under a former identity under the one of today; waits only where there is anything."""
        is_held, is_known = self._read(
            lambda transaction: (_is_held(transaction, former), _is_known(transaction, former))
        )
        if is_held or not is_known:
            self._put(lambda transaction: _bring_forward(transaction, former, digest))
        if is_held:
            self._flush()

    def former_titles(self) -> dict[str, str]:
        """What the scores are called of which there are takes under a former identity, by that; the newest name."""
        is_former = ~TakeRow.score_digest.startswith(FORM, autoescape=True)
        query = select(TakeRow.score_digest, TakeRow.title).where(is_former).order_by(TakeRow.started_at)
        return self._read(lambda transaction: {row.score_digest: row.title for row in transaction.execute(query)})

    def today(self, digests: Iterable[str]) -> tuple[str, ...]:
        """These identities, and what those of them became that are former ones."""
        wanted = tuple(digests)

        def read(transaction: Transaction) -> tuple[str, ...]:
            if not inspect(transaction.connection()).has_table(IdentityRow.__tablename__):
                return ()  # a journal of an older program that is only read
            query = select(IdentityRow.score_digest).where(IdentityRow.former.in_(wanted))
            return tuple(transaction.scalars(query))

        return tuple(dict.fromkeys((*wanted, *self._read(read))))


def _is_known(transaction: Transaction, former: str) -> bool:
    return transaction.get(IdentityRow, former) is not None


def _is_held(transaction: Transaction, former: str) -> bool:
    """Whether takes, passages or exercises are kept under an identity."""
    held = (select(table.score_digest).where(table.score_digest == former).limit(1) for table in HOLDING)
    return any(transaction.scalar(query) is not None for query in held)


def _bring_forward(transaction: Transaction, former: str, digest: str) -> None:
    transaction.merge(IdentityRow(former=former, score_digest=digest))
    for table in (TakeRow, ExerciseRow):
        transaction.execute(update(table).where(table.score_digest == former).values(score_digest=digest))
    for passage in transaction.scalars(select(PassageRow).where(PassageRow.score_digest == former)).all():
        _move(transaction, passage, digest)
    made = select(ExerciseRow).where(cast(ExerciseRow.provenance, String).contains(former))
    for exercise in transaction.scalars(made.options(defer(ExerciseRow.file))):
        exercise.provenance = _renamed(exercise.provenance, former, digest)


def _move(transaction: Transaction, passage: PassageRow, digest: str) -> None:
    """Give a passage its identity of today; of two that are the same from now on, the one reviewed last stays."""
    there = transaction.get(PassageRow, (digest, passage.first_bar, passage.last_bar, passage.hands))
    if there is None:
        passage.score_digest = digest
        return
    if _reviewed(passage) > _reviewed(there):
        there.due_at, there.card = passage.due_at, passage.card
    transaction.delete(passage)


def _reviewed(passage: PassageRow) -> str:
    """When a passage was last reviewed, as its card says it; "" for never."""
    return str(passage.card.get("last_review") or "")


def _renamed(said: Mapping[str, Any], former: str, digest: str) -> dict[str, Any]:
    """What made an exercise, with the pieces in it known by their identity of today."""
    renamed: dict[str, Any] = {}
    for name, value in said.items():
        is_piece = name == "digest" and value == former
        inner = _renamed(value, former, digest) if isinstance(value, Mapping) else value
        renamed[name] = digest if is_piece else inner
    return renamed
