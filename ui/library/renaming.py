"""Other names for pieces of one's own: asked for here, given in the background, and taken back while they are told."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from lessons.library.shelf import Piece
from lessons.score import Score
from ui.library.catalogue import Catalogue
from ui.library.names_desk import LONGEST_TITLE, Renamed
from ui.practice.lesson import Lesson
from ui.rooms import Rooms
from ui.tasks import Tasks
from ui.widgets.asked_name import asked_name
from ui.window import MainWindow

NOT_YOURS = "The library's own pieces keep their names; yours can have another one."


class Renaming(QObject):
    """Renames what the learner opened or had made; on the stand too, once no take is under way."""

    def __init__(self, rooms: Rooms, tasks: Tasks, catalogue: Catalogue, lesson: Lesson, window: MainWindow):
        super().__init__(window)
        self._rooms, self._tasks, self._catalogue = rooms, tasks, catalogue
        self._lesson, self._window = lesson, window
        self._given: Renamed | None = None  # that the stand does not show yet
        lesson.state_changed.connect(self._show_on_stand)

    def ask(self, piece: Piece | None) -> None:
        """Ask what a piece shall be called."""
        if piece is None:
            return
        if not piece.removable:
            self._window.notice.tell(NOT_YOURS)
            return
        title = asked_name(self._window, "Rename the piece", "Rename", LONGEST_TITLE, piece.title)
        if title is not None and title != piece.title:
            self._tasks.run(lambda: self._rooms.names.rename(piece, title), self._renamed, self._window.warn)

    def _renamed(self, given: Renamed) -> None:
        words = f"It is called {given.piece.title} now. What you have played of it stays with it."
        self._window.notice.tell(words, undo=lambda: self._take_back(given))
        self._show(given)

    def _take_back(self, given: Renamed) -> None:
        before = replace(given.before, title=given.title_before)
        back = Renamed(before, given.piece, given.digests, given.piece.title)
        self._tasks.run(lambda: self._rooms.names.take_back(given), lambda _done: self._show(back), self._window.warn)

    def _show(self, given: Renamed) -> None:
        self._catalogue.forget(given.piece)
        self._given = given
        self._show_on_stand()

    def _show_on_stand(self) -> None:
        """Let the stand say the name, where the piece, or parts of it, stands there and rests."""
        given, score = self._given, self._lesson.score
        if given is None or self._lesson.running:
            return
        self._given = None
        if score is not None and score.title == given.title_before:
            self._tasks.run(lambda: score.digest in given.digests, lambda same: self._call(score, given, same))

    def _call(self, score: Score, given: Renamed, same: bool) -> None:
        lesson = self._lesson
        title = given.piece.title
        if same and lesson.score is score and not lesson.running:
            standing = lesson.standing_beat
            lesson.open_piece(replace(score, title=title), lesson.settings)
            lesson.standing_beat = standing
            lesson.state_changed.emit()
