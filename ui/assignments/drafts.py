"""What is being made, on its way to the disk: the page notes it, and in the background the newest is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ui.assignments.desk import AssignedDesk

if TYPE_CHECKING:  # what comes after the window
    from lessons.draft import Draft


class Drafts:
    """Keeps a draft once it was `note`d; of several the newest, whoever writes last."""

    def __init__(self, desk: AssignedDesk):
        self._desk = desk
        self._newest: Draft | None = None
        self._kept: Draft | None = None
        self._writing = threading.Lock()

    def note(self, draft: Draft) -> None:
        """Have this one kept with the next `keep`."""
        self._newest = draft

    def keep(self) -> None:
        """Keep what was noted last. Raises InputError where the disk refuses."""
        with self._writing:
            newest = self._newest
            if newest is not None and newest is not self._kept:
                self._desk.keep_draft(newest)
                self._kept = newest
