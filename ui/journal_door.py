"""The way to the learner's journal: it is opened when it is first asked, and closed once.

Any thread may ask for it, and opening may take long. What a killed process left is recovered then, and what the
learner should know is kept until somebody hears it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import JournalError

if TYPE_CHECKING:  # what comes after the window
    from tutor.journal.entries import TakeEntry
    from tutor.journal.journal import Journal


class JournalDoor:
    """Opens the journal at a path; ``recovered`` are the takes that nobody has judged yet."""

    def __init__(self, path: Path):
        self._path = path
        self._lock = threading.Lock()
        self._closed = False
        self._journal: Journal | None = None
        self._hear: Callable[[str], object] | None = None
        self._untold: list[str] = []
        self.recovered: list[TakeEntry] = []

    def tell_notices_to(self, hear: Callable[[str], object]) -> None:
        """Tell somebody what the learner should know of the journal, also what was not yet told to anybody."""
        self._hear = hear
        while self._untold:
            hear(self._untold.pop(0))

    def notice(self, words: str) -> None:
        """Tell the learner something, now or as soon as somebody hears."""
        if self._hear is not None:
            self._hear(words)
        else:
            self._untold.append(words)

    @property
    def journal(self) -> Journal:
        """The journal, opened when it is first asked, with what a killed process left recovered.

        Raises JournalError once the window has closed: what is late finds nothing open any more.
        """
        from tutor.journal.journal import Journal  # SQLAlchemy comes after the window

        with self._lock:
            if self._closed:
                raise JournalError("the journal is closed")
            if self._journal is None:
                self._journal = Journal.open_or_stand_in(self._path, self.notice)
                for entry in self._journal.recover():
                    self.recovered.append(entry)
                    self.notice(f"Your unfinished take of {entry.title or 'a piece'} was recovered.")
            return self._journal

    def shut(self) -> Journal | None:
        """Let nobody in any more; the journal to be closed, where it was opened."""
        with self._lock:
            self._closed, journal, self._journal = True, self._journal, None
        return journal
