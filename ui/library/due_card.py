"""What is to be played again today: a few passages, each a click away from the stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tutor.practice import Hands
from ui.rooms import DuePassage
from ui.theme import Space, Type
from ui.widgets.button import Button, Toggle
from ui.widgets.text import card, label

TURNS_TIP = "Passages that you know well take turns, about three minutes each, instead of one after another"
TIP = "Practise it today, before you forget it"


class DueCard(QWidget):
    """Hidden while nothing is due; ``asked`` tells the `DuePassage` that was chosen."""

    asked = Signal(object)
    turns_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        frame, self._column = card(), QVBoxLayout()
        self._column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self._column.setSpacing(0)
        self.turns = Toggle("Take turns", TURNS_TIP)
        self.turns.clicked.connect(self.turns_chosen)
        head = QHBoxLayout()
        head.addWidget(label("To play again today", Type.BODY, bold=True), 1)
        head.addWidget(self.turns)
        self._column.addLayout(head)
        frame.setLayout(self._column)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self.rows: list[Button] = []
        self.hide()

    def show_due(self, due: Sequence[DuePassage]) -> None:
        """Show these, the most urgent first."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = [self._row(passage) for passage in due]
        for before, row in zip((self.turns, *self.rows), self.rows, strict=False):
            self._column.addWidget(row)
            self.setTabOrder(before, row)
        self.setVisible(bool(due))

    def _row(self, passage: DuePassage) -> Button:
        row = Button(words_of(passage), "loop", "quiet", TIP)
        row.setStyleSheet("text-align: left;")
        row.be_narrow()
        row.clicked.connect(lambda: self.asked.emit(passage))
        return row


def words_of(passage: DuePassage) -> str:
    """Piece, bars and hand in a few words."""
    words = [passage.piece.title]
    if passage.passage:
        words.append(passage.passage)
    if passage.hands is not Hands.BOTH:
        words.append(passage.hands.words)
    return " · ".join(words)
