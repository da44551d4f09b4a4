"""The legend of colours and marks, in one line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tutor.practice import Hands
from ui.theme import VERDICT_MARK, VERDICT_WORD, Type, font, verdict_colour, worn

SWATCH, GAP, APART = 14, 5, 14
HANDS = tuple((str(hand), hand.words) for hand in (Hands.LEFT, Hands.RIGHT))


class Legend(QWidget):
    """Hands and verdicts with their colours and marks."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Legend")
        self.setFont(font(Type.SMALL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for all words."""
        metrics = QFontMetrics(self.font())
        words = [word for _, word in HANDS] + list(VERDICT_WORD.values())
        width = sum(SWATCH + GAP + metrics.horizontalAdvance(word) + APART for word in words)
        return QSize(width, max(SWATCH, metrics.height()) + 4)

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a swatch and a word for each."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = 0.0
        for hand, word in HANDS:
            across = self._entry(painter, across, str(getattr(colours, hand)), "", word)
        for verdict, word in VERDICT_WORD.items():
            across = self._entry(painter, across, verdict_colour(colours, verdict), VERDICT_MARK[verdict], word)
        painter.end()

    def _entry(self, painter: QPainter, across: float, colour: str, mark: str, word: str) -> float:
        colours = worn()
        box = QRectF(across, (self.height() - SWATCH) / 2, SWATCH, SWATCH)
        hollow = mark == VERDICT_MARK["missed"]
        painter.setPen(QColor(colour))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(colour))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(font(Type.SMALL - 1, bold=True))
        painter.setPen(QColor(colour if hollow else colours.on_note))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.ink_soft))
        width = painter.fontMetrics().horizontalAdvance(word)
        place = QRectF(box.right() + GAP, 0, width + 1, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, word)
        return place.right() + APART
