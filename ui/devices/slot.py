"""One device of a kind, opened in the background: of several that are asked for the last one stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ui.tasks import Road, Tasks


class Closable(Protocol):
    """What has to be given back."""

    def close(self) -> None:
        """Give it back; again is harmless."""
        ...


Device = TypeVar("Device", bound=Closable)


class Slot(Generic[Device]):
    """Holds the ``device``, None where there is none. Only the window's thread calls it; what takes long is done in the
    background.

    What was opened for nobody, as another one was asked for meanwhile or the window has closed, is closed at once.
    """

    def __init__(self, tasks: Tasks):
        self._tasks = tasks
        self.device: Device | None = None
        self.opening = False
        self._asked = 0
        self._arrived: Device | None = None  # open, but not yet told
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # a port opens once the one before it is closed

    def open(
        self, make: Callable[[], Device | None], opened: Callable[[], object], refused: Callable[[str], object]
    ) -> None:
        """Close what is open, then open another; ``opened`` or ``refused`` tells of it while it is still wanted."""
        old, asked = self.let_go(), self._asked
        self.opening = True

        def done(device: Device | None) -> None:
            if asked == self._asked:
                self.device, self._arrived, self.opening = device, None, False
                opened()

        def failed(reason: str) -> None:
            if asked == self._asked:
                self.opening = False
                refused(reason)

        self._tasks.run(lambda: self._opened(old, make, asked), done, failed, Road.PORTS)

    def clear(self) -> None:
        """Close what is open, and what is being opened."""
        old = self.let_go()
        if old is not None:
            self._tasks.run(old.close, road=Road.PORTS)

    def let_go(self) -> Device | None:
        """Hold nothing any more; what is open is closed by whoever asked."""
        with self._lock:
            old = self.device or self._arrived
            self.device, self._arrived, self.opening, self._asked = None, None, False, self._asked + 1
        return old

    def _opened(self, old: Device | None, make: Callable[[], Device | None], asked: int) -> Device | None:
        with self._turn:
            if old is not None:
                old.close()
            device = make() if asked == self._asked else None
            with self._lock:
                if asked == self._asked:
                    self._arrived = device
                    return device
            if device is not None:
                device.close()
            return None
