"""A question that the composer is at work on: it tells how far it is, and can be stopped from the window."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Signal

from lessons.progress import CancelledError

EVERY_SEC = 0.05  # nobody reads faster


class Underway(QObject):
    """Heard by the composer on its own thread (see `lessons.progress`); ``told`` tells the window stage and share."""

    told = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self._stopped = threading.Event()
        self._said, self._said_sec = "", 0.0

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._stopped.is_set()

    def cancel(self) -> None:
        """End it at its next step, and tell nothing more."""
        self._stopped.set()
        self.told.disconnect()

    def __call__(self, stage: str, share: float) -> None:
        """Hear how far it is. Raises CancelledError where it shall end."""
        if self.stopped:
            raise CancelledError("stopped")
        now = time.monotonic()
        if stage != self._said or now - self._said_sec >= EVERY_SEC:
            self._said, self._said_sec = stage, now
            self.told.emit(stage, share)
