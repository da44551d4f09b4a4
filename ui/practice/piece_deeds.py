"""What can be done with the piece on the stand but to play it: keep what was composed, save it, and assign it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from lessons.analogy import Variation
from lessons.score import Score
from ui.practice.lesson import Lesson
from ui.theme import Space
from ui.widgets.button import Button


class PieceDeeds(QWidget):
    """Buttons that follow the lesson; *Keep* is seen only while there is something that is not kept."""

    save_asked = Signal(object)  # Score
    keep_asked = Signal(object)  # Variation
    assign_asked = Signal(object)  # what made it, as the page of a score says it, or None

    def __init__(self, lesson: Lesson):
        super().__init__()
        self._lesson = lesson
        self._made: Variation | None = None
        self.keep = Button("Keep", "check", "", "Keep it as an exercise of your own, with its analogy")
        self.keep.clicked.connect(self._keep)
        self.keep.hide()
        self.save = Button("", "save", "glyph", "Save the piece as a file: MusicXML, MIDI or PDF", "Ctrl+S")
        self.save.clicked.connect(self.save_piece)
        self.assign = Button("", "assignments", "glyph", "Assign: add it to the assignment that you are making")
        self.assign.clicked.connect(self.assign_piece)
        for button in (self.save, self.assign):
            button.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.keep)
        row.addWidget(self.save)
        row.addWidget(self.assign)
        lesson.piece_opened.connect(self._opened)

    def offer_to_keep(self, made: Variation) -> None:
        """Offer to keep what was composed, for as long as it is on the stand."""
        self._made = made
        self.keep.show()

    def save_piece(self) -> None:
        """Ask to save the piece on the stand."""
        if self._lesson.score is not None:
            self.save_asked.emit(self._lesson.score)

    def assign_piece(self) -> None:
        """Ask to assign the piece on the stand, with what made it."""
        made = self._made
        self.assign_asked.emit(made.made_by if made is not None and made.score is self._lesson.score else None)

    def _opened(self, _score: Score) -> None:
        self.keep.hide()
        for button in (self.save, self.assign):
            button.setEnabled(True)

    def _keep(self) -> None:
        self.keep.hide()
        self.keep_asked.emit(self._made)
