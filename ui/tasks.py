"""One background road: work leaves the window's thread, results and errors come home to it as calls.

The window's thread never waits for a file, a network, a port or a database; whatever may take longer than a frame goes
this way. What a learner begins to play on waits for nobody who composes or judges: it has a `Road` of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from lessons.errors import TutorError

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Road(StrEnum):
    """What waits for its like alone."""

    COMMON = "background"
    PORTS = "ports"
    TAKES = "takes"


WORKERS = {Road.COMMON: 3, Road.PORTS: 2, Road.TAKES: 1}  # one composes, one looks for what is alike, another reads


class Tasks(QObject):
    """Runs work in the background; ``failed`` tells of errors that nobody asked for, in one line."""

    failed = Signal(str)
    _came_home = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._pools = {road: ThreadPoolExecutor(workers, road) for road, workers in WORKERS.items()}
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
        road: Road = Road.COMMON,
    ) -> None:
        """Do ``work`` in the background, then call ``done`` with its result, or ``failed`` with one line, at home."""
        if not self._closed:
            self._under_way += 1
            self._pools[road].submit(self._travel, work, done, failed or self.failed.emit)

    def close(self) -> None:
        """Start nothing more and call nobody any more; what is under way ends by itself."""
        self._closed = True
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

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
