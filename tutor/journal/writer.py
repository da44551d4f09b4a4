"""The journal's own thread: it gathers what is to be written and writes it in one transaction a second.

Nobody waits for a disk but who asks to (`Writer.flush`). What cannot be written (a full disk, a locked database)
stays in memory in its order and is tried again; the learner is told once, and once more when it has been written.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session as Transaction

from tutor.journal.schema import Notify, reason, writing

Job = Callable[[Transaction], None]
GATHER_SEC = 1.0
RETRY_SEC = 2.0
BEAT_SEC = 5.0
log = logging.getLogger(__name__)


class _Flush:
    """Asks to write now; ``done`` is set when all before it was written, or was tried in vain."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.written = False


class Writer:
    """Runs jobs in order, many in one transaction; with them, and every few seconds, the job that ``beat`` gives."""

    def __init__(
        self, engine: Engine, notify: Notify, beat: Callable[[], Job | None], lock: threading.Lock | None = None
    ):
        self._engine, self._notify, self._beat, self._lock = writing(engine), notify, beat, lock or threading.Lock()
        self._queue: SimpleQueue[Job | _Flush | None] = SimpleQueue()
        self._waiting: list[Job] = []
        self._failing = self._left_out = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Have something written within about a second; returns at once."""
        self._queue.put(job)

    def flush(self, timeout_sec: float = 5.0) -> bool:
        """Wait until all that was put since the last flush is written; False where that failed or took too long."""
        asked = _Flush()
        self._queue.put(asked)
        return asked.done.wait(timeout_sec) and asked.written

    def close(self, timeout_sec: float = 5.0) -> bool:
        """Write what is left and end the thread; whether all was written."""
        written = self.flush(timeout_sec)
        self._queue.put(None)
        self._thread.join(timeout_sec)
        return written

    def _run(self) -> None:
        going_on = True
        while going_on:
            try:
                going_on = self._gather_and_write()
            except Exception:
                log.exception("the journal's thread met something unexpected and goes on")

    def _gather_and_write(self) -> bool:
        """One round: wait for work, gather more for a second, write. Whether to go on."""
        asked, going_on = self._gather()
        beat = self._beat()
        if self._waiting or (beat and going_on):
            self._write([*self._waiting, *([beat] if beat else [])])
        if asked is not None:
            asked.written, self._left_out = not self._waiting and not self._left_out, False
            asked.done.set()
        return going_on

    def _gather(self) -> tuple[_Flush | None, bool]:
        until = time.monotonic() + (RETRY_SEC if self._failing else BEAT_SEC)
        while (left := until - time.monotonic()) > 0:
            try:
                item = self._queue.get(timeout=left)
            except Empty:
                break
            if item is None:
                return None, False
            if isinstance(item, _Flush):
                return item, True
            if not self._waiting:
                until = min(until, time.monotonic() + GATHER_SEC)
            self._waiting.append(item)
        return None, True

    def _write(self, jobs: list[Job]) -> None:
        try:
            self._run_jobs(jobs)
            self._waiting.clear()
            self._tell_recovered()
        except (DatabaseError, OSError) as error:
            if _may_pass(error):
                self._tell_failing(error)
            else:
                self._write_singly()
        except Exception:
            self._write_singly()

    def _write_singly(self) -> None:
        """Leave out the job that cannot be written, and only that one."""
        while self._waiting:
            try:
                self._run_jobs(self._waiting[:1])
            except (DatabaseError, OSError) as error:
                if _may_pass(error):
                    return self._tell_failing(error)
                self._leave_out()
            except Exception:
                self._leave_out()
            self._waiting.pop(0)
        return None

    def _leave_out(self) -> None:
        self._left_out = True
        log.exception("the journal left something out")

    def _run_jobs(self, jobs: list[Job]) -> None:
        with self._lock, Transaction(self._engine) as transaction, transaction.begin():
            for job in jobs:
                job(transaction)

    def _tell_failing(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            self._notify(
                f"The journal cannot be written just now ({reason(error)}). "
                "Go on playing: your take is kept in memory and tried again."
            )

    def _tell_recovered(self) -> None:
        if self._failing:
            self._failing = False
            self._notify("The journal can be written again; nothing was lost.")


def _may_pass(error: Exception) -> bool:
    """Whether trying again may help: a full disk, a lock or a fault of the disk, but no wrong row."""
    return isinstance(error, OperationalError | OSError) or type(error) is DatabaseError
