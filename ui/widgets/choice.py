"""A drop-down of the program's look."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy

from ui.icons import draw_icon
from ui.theme import worn

ARROW = 16


class Choice(QComboBox):
    """A combo box that may be narrower than its words, with the program's own arrow."""

    def __init__(self, name: str, least_letters: int = 8):
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(least_letters)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_row_enabled(self, row: int, enabled: bool) -> None:
        """Let a row be chosen, or grey it."""
        model = self.model()
        item = model.item(row) if isinstance(model, QStandardItemModel) else None
        if item is not None:
            item.setEnabled(enabled)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow over the rest."""
        super().paintEvent(event)
        painter, colours = QPainter(self), worn()
        square = QRectF(self.width() - ARROW - 10, (self.height() - ARROW) / 2, ARROW, ARROW)
        draw_icon(painter, "down", square, colours.ink_soft if self.isEnabled() else colours.ink_faint)
        painter.end()
