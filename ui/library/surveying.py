"""Finds out what pieces of one's own are, of which nothing but a name is known: one by one, never during a take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from lessons.library.shelf import Piece
from ui.library.catalogue import Catalogue
from ui.practice.lesson import Lesson
from ui.rooms import Rooms
from ui.tasks import Tasks

TOLD_AFTER = 8  # pieces, or all there are: the list is not painted anew for each


class Surveying(QObject):
    """Has each piece looked into once; what is found lies on the disk, and the shelf tells it from then on."""

    def __init__(self, rooms: Rooms, tasks: Tasks, catalogue: Catalogue, lesson: Lesson, parent: QObject):
        super().__init__(parent)
        self._rooms, self._tasks, self._catalogue, self._lesson = rooms, tasks, catalogue, lesson
        self._unknown: list[Piece] = []
        self._seen: set[str] = set()
        self._looks, self._untold = False, 0
        catalogue.changed.connect(self._list)
        lesson.state_changed.connect(self._go_on)

    def _list(self, pieces: Sequence[Piece]) -> None:
        new = [piece for piece in pieces if piece.removable and not piece.graded and piece.slug not in self._seen]
        self._seen |= {piece.slug for piece in new}
        self._unknown += new
        self._go_on()

    def _go_on(self) -> None:
        if self._looks or self._lesson.running:
            return
        if self._untold and (self._untold >= TOLD_AFTER or not self._unknown):
            self._untold = 0
            self._catalogue.fetch_own_pieces()
        if self._unknown:
            piece, self._looks = self._unknown.pop(0), True
            self._tasks.run(lambda: self._rooms.look_into(piece), self._found, self._not_found)

    def _found(self, _piece: Piece) -> None:
        self._untold += 1
        self._not_found("")

    def _not_found(self, _reason: str) -> None:
        """Go on; why a piece cannot be read is told to who looks at it."""
        self._looks = False
        self._go_on()
