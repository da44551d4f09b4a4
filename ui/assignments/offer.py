"""An assignment that was made here and is opened again: to be changed, or to be done like any other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from lessons.assignment import Assignment
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import Elided


class Offer(QFrame):
    """A line above what is being made; it goes once it was answered."""

    change_asked = Signal(object)  # Assignment
    to_do_asked = Signal(object, str)  # Assignment, the name of its file

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._assignment: Assignment | None = None
        self._file_name = ""
        self._words = Elided("", Type.BODY, bold=True)
        self.change = Button("Change it", "assignments", "primary", "Show it below, in place of what stands there")
        self.to_do = Button("Practise it", "practice", "", "Put it under To do, as your pupils have it")
        away = Button("", "cross", "quiet", "Neither")
        self.change.clicked.connect(self._change)
        self.to_do.clicked.connect(self._do)
        away.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.SMALL)
        row.addWidget(self._words, 1)
        for button in (self.change, self.to_do, away):
            row.addWidget(button)
        self.hide()

    def show_assignment(self, assignment: Assignment, path: Path) -> None:
        """Offer this one."""
        self._assignment, self._file_name = assignment, path.name
        self._words.setText(f"You made {assignment.title}.")
        self.show()
        self.change.setFocus()

    def _change(self) -> None:
        self.hide()
        self.change_asked.emit(self._assignment)

    def _do(self) -> None:
        self.hide()
        self.to_do_asked.emit(self._assignment, self._file_name)
