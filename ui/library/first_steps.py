"""What is different for somebody who never played here: one hand to begin with, and on what it can be played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from lessons.library.shelf import Piece
from tutor.practice import Hands, PracticeSettings
from tutor.shares import KnownShares
from ui.library.page import LibraryPage
from ui.practice.lesson import Lesson

FIRST_LEVELS = (1, 2)
ONE_HAND_FIRST = "The right hand alone for a start: the left one joins in when that goes well."


class FirstSteps(QObject):
    """Keeps the library's card of the first steps true; ``noticed`` tells what was chosen for the learner."""

    noticed = Signal(str)

    def __init__(self, library: LibraryPage, lesson: Lesson):
        super().__init__(lesson)
        self._library, self._lesson = library, lesson
        self._microphones: tuple[str, ...] | None = None  # until they were looked for
        lesson.ports.changed.connect(self._show_ways)

    def settings_for(self, piece: Piece) -> PracticeSettings | None:
        """How a piece is practised first: with the right hand alone where it is the first of all; None is as before."""
        if not self._library.is_new or piece.level not in FIRST_LEVELS:
            return None
        self.noticed.emit(ONE_HAND_FIRST)
        return replace(self._lesson.settings, bars=None, loop=False, hands=Hands.RIGHT)

    def look_for_ways(self, known: KnownShares) -> None:
        """Look once on what somebody can play of whom nothing is ``known``."""
        if not known.by_title and self._microphones is None:
            self._microphones = ()
            self._lesson.ports.list_microphones(self._show_microphones)
            self._show_ways()

    def _show_microphones(self, names: Sequence[str]) -> None:
        self._microphones = tuple(names)
        self._show_ways()

    def _show_ways(self) -> None:
        self._library.start.show_ways(self._lesson.ports.midi_name, self._microphones or ())
