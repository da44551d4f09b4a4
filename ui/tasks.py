"""One background road: work leaves the window's thread, results and errors come home to it as calls.

The window's thread never waits for a file, a network, a port or a database; whatever may take longer than a frame goes
this way.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from lessons.errors import TutorError

Result = TypeVar("Result")
ROADS = 3  # one may compose and one look for what is alike while another reads a file
log = logging.getLogger(__name__)


class Tasks(QObject):
    """Runs work in the background; ``failed`` tells of errors that nobody asked for, in one line."""

    failed = Signal(str)
    _came_home = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(ROADS, thread_name_prefix="background")
        self._closed = False
        self._under_way = 0
        self._came_home.connect(self._arrive)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._under_way == 0

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], object] | None = None,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Do ``work`` in the background, then call ``done`` with its result, or ``failed`` with one line, at home."""
        if not self._closed:
            self._under_way += 1
            self._pool.submit(self._travel, work, done, failed or self.failed.emit)

    def close(self) -> None:
        """Start nothing more and call nobody any more; what is under way ends by itself."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _travel(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], object] | None,
        failed: Callable[[str], object],
    ) -> None:
        try:
            result = work()
        except TutorError as error:
            self._send(failed, str(error))
        except Exception as error:
            log.exception("background work failed")
            self._send(failed, f"Something unexpected happened ({type(error).__name__}: {error}).")
        else:
            self._send(done, result)

    def _send(self, receiver: Callable[..., object] | None, said: object) -> None:
        if not self._closed:
            self._came_home.emit((receiver, said))

    def _arrive(self, message: tuple[Callable[..., object] | None, object]) -> None:
        self._under_way -= 1
        receiver, said = message
        if receiver is not None and not self._closed:
            receiver(said)
