"""How far the composer is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import Elided

STEPS = 1000
BEGINNING = "Asking the composer"


class Working(QFrame):
    """A stage in words over a bar; ``cancel_asked`` tells that it shall end."""

    cancel_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.stage = Elided(BEGINNING, Type.SMALL, "soft")
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("How far the composer is")
        self.cancel = Button("Cancel", "stop", "", "Compose no further; what was answered before stays")
        self.cancel.clicked.connect(self.cancel_asked)
        column = QVBoxLayout()
        column.setSpacing(Space.TIGHT)
        column.addWidget(self.stage)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)

    def show_stage(self, stage: str, share: float) -> None:
        """Say what is being done, and how much of all is done, 0 to 1."""
        self.stage.setText(stage)
        self.bar.setValue(round(STEPS * share))

    def begin(self) -> None:
        """Stand at the beginning."""
        self.show_stage(BEGINNING, 0.0)
