"""The piece that a question is about, as it is written: seen at a glance, and heard."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from lessons.score import Score
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.text import Elided


class SourceCard(QFrame):
    """Shows a score; ``listen`` is for whoever plays it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.score: Score | None = None
        self.name = Elided("", Type.BODY, "soft")
        self.listen = Button("Listen", "listen", "", "Hear the piece, or stop hearing it")
        self.listen.setEnabled(False)
        self._roll = MiniRoll(92, "Choose a piece.")
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.listen)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(self._roll)

    def show_score(self, score: Score) -> None:
        """Show a piece."""
        self.score = score
        self.listen.setEnabled(True)
        self._roll.show_score(score)
        self.name.setText(f"{score.title}, as it is written")
