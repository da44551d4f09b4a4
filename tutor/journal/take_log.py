"""One take that grows: each event is put on the journal's queue, and on disk about a second later."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from tutor.clock import utc_now
from tutor.events import Event
from tutor.journal import rows
from tutor.journal.schema import Notify
from tutor.journal.spill import KeptTake, Spill
from tutor.journal.tables import EventRow, TakeRow
from tutor.journal.writer import Writer
from tutor.performance import Performance
from tutor.practice import PracticeSettings

FINISH_SEC = 5.0
log = logging.getLogger(__name__)


class TakeLog:
    """Append events, then finish. Times count from the start of the take."""

    def __init__(
        self,
        writer: Writer,
        spill: Spill,
        notify: Notify,
        name: str,
        score_digest: str,
        title: str,
        settings: dict[str, Any],
        ended: Callable[[str], None],
        lasting: bool,
    ):
        self.take_id = secrets.token_hex(5)
        self._writer, self._spill, self._notify, self._ended, self._lasting = writer, spill, notify, ended, lasting
        self._started_at, self._score_digest, self._title = utc_now(), score_digest, title[:500]
        self._settings, self._name = settings, name
        self._place = 0
        writer.put(self._begin)

    def append(self, event: Event) -> None:
        """Keep one event; only puts it on a queue."""
        row = rows.event_row(self.take_id, self._place, event)
        if row is not None:
            self._place += 1
            self._writer.put(lambda transaction: self._insert(transaction, row))

    def finish(self, performance: Performance, settings: PracticeSettings | None = None) -> bool:
        """Keep the finished take, in the database or else in a file; whether it is safe on disk by now.

        ``settings`` are those with which it ended: the learner may have chosen another tempo since it began.
        """
        ended = settings.as_json() if settings is not None else {}
        self._settings = {**self._settings, **ended}
        self._writer.put(lambda transaction: self._finish(transaction, performance, ended))
        written = self._writer.flush(FINISH_SEC) and self._lasting
        self._ended(self.take_id)
        return bool(len(performance.notes)) and (written or self._keep_as_file(performance))

    def _begin(self, transaction: Transaction) -> None:
        """Make the take's row where there is none, at first or after another program has thrown it away."""
        if transaction.get(TakeRow, self.take_id) is not None:
            return
        transaction.add(
            TakeRow(
                id=self.take_id,
                started_at=self._started_at,
                score_digest=self._score_digest,
                title=self._title,
                settings=self._settings,
                writer=self._name,
                alive_at=utc_now(),
            )
        )
        transaction.flush()

    def _insert(self, transaction: Transaction, row: dict[str, Any]) -> None:
        try:
            transaction.execute(insert(EventRow), [row])
        except IntegrityError:
            self._begin(transaction)
            transaction.execute(insert(EventRow), [row])

    def _finish(self, transaction: Transaction, performance: Performance, ended: dict[str, Any]) -> None:
        self._begin(transaction)
        row = transaction.get_one(TakeRow, self.take_id)
        row.settings = {**row.settings, **ended}  # which has more by now: how the hand was led
        rows.finish(transaction, self.take_id, performance)

    def _keep_as_file(self, performance: Performance) -> bool:
        kept = KeptTake(self.take_id, self._started_at, self._score_digest, self._title, self._settings, performance)
        path = self._spill.write(kept)
        if path is None:
            self._notify("No disk takes this take. It is kept in memory as long as the program runs.")
            return False
        self._notify(f"This take is kept as a file for now: {path}")
        return True
