"""Earlier takes of a piece as a small line: the share of right notes, oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.percent import percent
from ui.theme import Type, font, worn

HEIGHT, SHOWN = 56, 12
LINE_HEIGHT = 38  # where words stand below
WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
FIRST = "The first take of this piece: the next one begins a line here."


class Trend(QWidget):
    """Shows shares in 0..1; says so where there are too few."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Earlier takes")
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shares: tuple[float, ...] = ()
        self._words = ""

    def sizeHint(self) -> QSize:
        """A small strip."""
        return QSize(200, HEIGHT)

    @property
    def words(self) -> str:
        """What it says beside the line, or in its place."""
        return self._words or ("" if len(self._shares) > 1 else FIRST)

    def show_shares(self, shares: Sequence[float], words: str = "") -> None:
        """Show the latest of these, with ``words`` on how much they say."""
        self._shares, self._words = tuple(shares[-SHOWN:]), words
        said = ", ".join(percent(share) for share in self._shares)
        self.setToolTip(f"Notes right in your takes of this piece: {said}" if said else "")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the words need in this width."""
        super().resizeEvent(event)
        self._fit()

    @property
    def _words_top(self) -> int:
        return LINE_HEIGHT if len(self._shares) > 1 else 0

    def _fit(self) -> None:
        """Take the height of the line and of the words below it."""
        room = QRect(0, 0, max(1, self.width()), 10 * HEIGHT)
        written = QFontMetrics(font(Type.SMALL)).boundingRect(room, WRAPPED, self.words).height() if self.words else 0
        self.setFixedHeight(max(HEIGHT if len(self._shares) > 1 else 0, self._words_top + written))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, dots and the last figure."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.words:
            painter.setFont(font(Type.SMALL))
            painter.setPen(QColor(colours.ink_faint))
            painter.drawText(self.rect().adjusted(0, self._words_top, 0, 0), WRAPPED, self.words)
        if len(self._shares) > 1:
            points = self._points()
            painter.setPen(QPen(QColor(colours.ink_faint), 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.setPen(Qt.PenStyle.NoPen)
            for place, point in enumerate(points):
                last = place == len(points) - 1
                painter.setBrush(QColor(colours.accent if last else colours.ink_faint))
                painter.drawEllipse(point, 4.5 if last else 2.5, 4.5 if last else 2.5)
        painter.end()

    def _points(self) -> list[QPointF]:
        low, high = min(*self._shares, 0.5), 1.0
        box = QRectF(0, 0, self.width(), LINE_HEIGHT if self.words else HEIGHT).adjusted(8, 8, -8, -8)
        step = box.width() / (len(self._shares) - 1)
        return [
            QPointF(box.left() + place * step, box.bottom() - (share - low) / (high - low) * box.height())
            for place, share in enumerate(self._shares)
        ]
