"""The music stand: how a piece comes there, from the shelf, a file, a report or the day's passages.

It is read in the background, and only the piece that was asked for last is put there: a take that has begun meanwhile
goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from lessons.library.shelf import Piece
from lessons.parts import named
from lessons.score import Score
from tutor.practice import PracticeSettings
from ui.assignments.assigning import Assigning
from ui.library.catalogue import Catalogue
from ui.library.first_steps import FirstSteps
from ui.opening import Opening
from ui.practice.lesson import STARTING, Lesson
from ui.rooms import DuePassage
from ui.window import MainWindow


class Stand(QObject):
    """Puts pieces before the learner, for the lesson, and goes to the page where they are practised."""

    def __init__(
        self, window: MainWindow, lesson: Lesson, catalogue: Catalogue, first_steps: FirstSteps, assigning: Assigning
    ):
        super().__init__(lesson)
        self._window, self._rooms, self._tasks = window, window.rooms, window.tasks
        self._lesson, self._catalogue, self._first_steps, self._assigning = lesson, catalogue, first_steps, assigning
        self._opening = Opening(window.notice, self)
        lesson.state_changed.connect(self._forget_wish)

    def open_file(self, path: Path, settings: PracticeSettings | None = None, part: str = "") -> None:
        """Put a score of the learner's own on the stand, for who plays the part of a name; or open an assignment."""
        if self._assigning.open_file(path):
            return
        still_wanted = self._opening.wish(path.name)

        def read() -> Score:
            score = self._rooms.open_file(path)
            return self._rooms.play_parts(score, named(score, part)) if part else score

        def opened(score: Score) -> None:
            self._window.notice.settle()
            self._catalogue.fetch_own()
            if still_wanted():
                self.open_score(score, settings)
            else:
                self._window.notice.tell(f"{path.name} is on the shelf, under Yours.")

        self._tasks.run(read, opened, self.refuse)

    def refuse(self, reason: str) -> None:
        """Warn that a piece cannot be read."""
        self._opening.failed()
        self._window.warn(reason)

    def _forget_wish(self) -> None:
        """What was asked for before a take began does not end it."""
        if self._lesson.phase == STARTING:
            self._opening.forget()

    def practise_current(self) -> None:
        """Put the piece that is looked at on the stand."""
        piece = self._window.library.current()
        if piece is not None:
            self.open_first(piece)

    def open_first(self, piece: Piece) -> None:
        """Put a piece of the shelf on the stand; a learner's first one is practised as first pieces are."""
        self._open_piece(piece, self._first_steps.settings_for(piece))

    def _open_piece(self, piece: Piece, settings: PracticeSettings | None = None) -> None:
        still_wanted = self._opening.wish(piece.title)
        self._catalogue.with_score(piece, lambda score: still_wanted() and self.open_score(score, settings))

    def open_score(self, score: Score, settings: PracticeSettings | None = None) -> None:
        """Put a piece on the stand and go there; without ``settings`` it is of no task."""
        self._lesson.open_piece(score, settings or self._assigning.forget_task())
        self._window.show_page("practice")
        self._opening.look_at(score, self._tasks)

    def open_next(self, score: Score, settings: PracticeSettings | None) -> None:
        """Go on from a report; where the next task goes without touch, the hand is led again after it."""
        if settings is not None and not settings.guidance and not settings.fade:
            self._assigning.goes_alone(score)
        self.open_score(score, settings)

    def open_due(self, due: DuePassage) -> None:
        """Put a passage of today on the stand."""
        settings = replace(self._assigning.forget_task(), bars=due.bars, hands=due.hands, loop=False)
        self._open_piece(due.piece, settings)

    def play_parts(self, parts: Collection[int]) -> None:
        """Let the learner play other parts of the piece on the stand; the same bars stay looped."""
        score = self._lesson.score
        if score is None:
            return

        def opened(chosen: Score) -> None:
            if self._lesson.score is score:
                self._lesson.open_piece(chosen, self._lesson.settings)

        self._tasks.run(lambda: self._rooms.play_parts(score, parts), opened, self._window.warn)
