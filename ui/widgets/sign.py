"""An icon that stands for something and cannot be pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import draw_icon
from ui.theme import worn


class Sign(QWidget):
    """An icon of so many pixels in a colour of the theme; in the midst of a round ``ground``, where that is larger."""

    def __init__(self, glyph: str, size: int, tone: str, ground: int = 0):
        super().__init__()
        self._glyph, self._size, self._tone, self._ground = glyph, size, tone, ground
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The icon, or its ground."""
        side = max(self._size, self._ground)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and icon."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawEllipse(QRectF(self.rect()))
        side = (self.width() - self._size) / 2
        draw_icon(painter, self._glyph, QRectF(side, side, self._size, self._size), str(getattr(colours, self._tone)))
        painter.end()
