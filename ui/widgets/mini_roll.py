"""A whole piece at a glance: every note as a small bar, painted once a size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.score import LEFT, Score
from ui.theme import Type, font, worn

PADDING = 10
LEAST_SPAN = 18


class MiniRoll(QWidget):
    """Shows a score, or its words where there is none; ``bars`` marks a passage."""

    def __init__(self, height: int = 120, words: str = ""):
        super().__init__()
        self.setAccessibleName("Preview of the notes")
        self.setMinimumHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._height, self._words = height, words
        self._score: Score | None = None
        self._bars: tuple[int, int] | None = None
        self._picture = QPixmap()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(320, self._height)

    def show_score(self, score: Score | None, bars: tuple[int, int] | None = None, words: str = "") -> None:
        """Show a score, or ``words``."""
        self._score, self._bars, self._words = score, bars, words
        self._picture = QPixmap()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint anew at another size."""
        super().resizeEvent(event)
        self._picture = QPixmap()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = QPixmap()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture."""
        if self._picture.isNull():
            self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _draw(self) -> None:
        density = self.devicePixelRatioF()
        self._picture = QPixmap(self.size() * density)
        self._picture.setDevicePixelRatio(density)
        self._picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(worn().roll))
        painter.drawRoundedRect(self.rect(), 8, 8)
        if self._score is not None and len(self._score.notes):
            self._draw_notes(painter, self._score)
        elif self._words:
            painter.setFont(font(Type.BODY))
            painter.setPen(QColor(worn().ink_faint))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(16, 0, -16, 0), flags, self._words)
        painter.end()

    def _draw_notes(self, painter: QPainter, score: Score) -> None:
        colours, notes = worn(), score.notes
        start, beats = score.start_beat, max(1e-6, score.end_beat - score.start_beat)
        low, high = int(notes["pitch"].min()), int(notes["pitch"].max())
        spare = max(0, LEAST_SPAN - (high - low + 1)) / 2
        wide, tall = self.width() - 2 * PADDING, self.height() - 2 * PADDING
        step = tall / max(LEAST_SPAN, high - low + 1)

        def across(beat: float) -> float:
            return PADDING + (beat - start) / beats * wide

        if self._bars is not None:
            first, last = score.bar_range(*self._bars)
            mark = QColor(colours.accent)
            mark.setAlpha(44)
            painter.fillRect(QRectF(across(first), 0, across(last) - across(first), self.height()), mark)
        for bar in score.bars["start_beat"].tolist():
            painter.fillRect(QRectF(across(bar), PADDING / 2, 1, self.height() - PADDING), QColor(colours.beat_line))
        brushes = {hand: QColor(colours.left if hand == LEFT else colours.right) for hand in (-1, 0, 1)}
        for onset, length, pitch, hand in notes[["onset_beat", "duration_beat", "pitch", "hand"]].tolist():
            left = across(onset)
            top = PADDING + (high - pitch + spare) * step
            box = QRectF(left, top, max(2.0, across(onset + length) - left - 0.7), max(2.0, step * 0.86))
            painter.setBrush(brushes[hand])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 1.2, 1.2)
