"""The report page: how the take went and what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tutor.sinks import FinishedTake
from ui.theme import Space, Type
from ui.widgets.text import label


class ReportPage(QWidget):
    """Shows one take."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._words = label("Play something, and its report appears here.", Type.LEAD, "soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.addWidget(self._words, 1, Qt.AlignmentFlag.AlignCenter)

    def show_reading(self, take: FinishedTake) -> None:
        """Say that the take is being judged."""
        self._words.setText("Listening to your take again …")
