"""A whole piece at a glance: every note as a small bar, painted once a size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.form import once
from lessons.score import LEFT, Score
from ui.theme import Type, font, worn

PADDING = 10
LEAST_SPAN = 18
BEHIND_ALPHA = 120


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
        self._behind: Score | None = None
        self._picture = QPixmap()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(320, self._height)

    def show_score(
        self,
        score: Score | None,
        bars: tuple[int, int] | None = None,
        words: str = "",
        behind: Score | None = None,
    ) -> None:
        """Show a score, or ``words``; ``behind`` is another score to see the difference from.

        What the page repeats is shown once, unless a passage is marked.
        """
        shown = [once(one) if one is not None and bars is None else one for one in (score, behind)]
        (self._score, self._behind), self._bars, self._words = shown, bars, words
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
        colours = worn()
        both = [shown for shown in (self._behind, score) if shown is not None and len(shown.notes)]
        low = min(int(shown.notes["pitch"].min()) for shown in both)
        high = max(int(shown.notes["pitch"].max()) for shown in both)
        start, end = min(shown.start_beat for shown in both), max(shown.end_beat for shown in both)
        scale = (self.width() - 2 * PADDING) / max(1e-6, end - start)
        if self._bars is not None:
            first, last = score.bar_range(*self._bars)
            mark = QColor(colours.accent)
            mark.setAlpha(44)
            place = QRectF(PADDING + (first - start) * scale, 0, (last - first) * scale, self.height())
            painter.fillRect(place, mark)
        for bar in score.bars["start_beat"].tolist():
            line = QRectF(PADDING + (bar - start) * scale, PADDING / 2, 1, self.height() - PADDING)
            painter.fillRect(line, QColor(colours.beat_line))
        painter.setPen(Qt.PenStyle.NoPen)
        for shown in both:
            self._draw_bars_of(painter, shown, start, scale, (low, high))

    def _draw_bars_of(
        self, painter: QPainter, score: Score, start: float, scale: float, pitches: tuple[int, int]
    ) -> None:
        """Draw the notes of one score; those of the score behind in one quiet colour."""
        colours, (low, high) = worn(), pitches
        span = max(LEAST_SPAN, high - low + 1)
        step = (self.height() - 2 * PADDING) / span
        spare = (span - (high - low + 1)) / 2
        quiet = QColor(colours.ink_faint) if score is self._behind else None
        if quiet is not None:
            quiet.setAlpha(BEHIND_ALPHA)
        brushes = {hand: quiet or QColor(colours.left if hand == LEFT else colours.right) for hand in (-1, 0, 1)}
        for onset, length, pitch, hand in score.notes[["onset_beat", "duration_beat", "pitch", "hand"]].tolist():
            left = PADDING + (onset - start) * scale
            box = QRectF(left, PADDING + (high - pitch + spare) * step, max(2.0, length * scale - 0.7), step * 0.86)
            box.setHeight(max(2.0, box.height()))
            painter.setBrush(brushes[hand])
            painter.drawRoundedRect(box, 1.2, 1.2)
