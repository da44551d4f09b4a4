"""The line above the notes: where the lesson stands, and what the colours mean where there is room for both."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.practice.legend import Legend
from ui.theme import Type
from ui.widgets.text import Elided

LEAST_STATUS = 220  # pixels; the legend gives way before the words have less


class StatusLine(QWidget):
    """``status`` is what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.status, self.legend = Elided("", Type.BODY, "soft"), Legend()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.status, 1)
        row.addWidget(self.legend)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the legend where there is room."""
        super().resizeEvent(event)
        self.legend.setVisible(event.size().width() >= self.legend.sizeHint().width() + LEAST_STATUS)
