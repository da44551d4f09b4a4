"""What is painted over an engraved system: the cursor, the veil outside the loop, the verdicts on the notes' heads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.practice.ink import BADGE_PIXELS, Ink
from ui.practice.sheet_places import Places
from ui.practice.verdict_state import MISSED, NONE, WRONG

HEAD_WIDE, HEAD_HIGH, HEAD_TILT = 1.5, 1.1, -20.0  # of a head's own width; degrees
RING = 0.5  # of a head's width, about the heads that come next
VEIL = 170  # of 255, over what lies outside the loop


@dataclass(frozen=True)
class SheetBrush:
    """Paints on systems with an ink; ``top`` is always where a system begins."""

    painter: QPainter
    ink: Ink

    def veil(self, place: Places, top: float, loop: tuple[float, float], width: int) -> None:
        """Dim what lies outside the loop, on a system that is so wide."""
        veil = QColor(self.ink.colours.roll)
        veil.setAlpha(VEIL)
        start, end = loop
        first, last = float(place.onset_beat[0]), place.end_beat
        if start > first:
            edge = place.x_at(start) - HEAD_WIDE * place.head if start < last else width
            self.painter.fillRect(QRectF(0, top, edge, place.height), veil)
        if end < last:
            edge = place.x_at(end) - HEAD_WIDE * place.head if end > first else 0
            self.painter.fillRect(QRectF(edge, top, width - edge, place.height), veil)

    def cursor(self, place: Places, top: float, beat: float) -> None:
        """Say where the score stands."""
        x = place.x_at(beat)
        band = QColor(self.ink.colours.accent)
        band.setAlpha(46)
        left = x - HEAD_WIDE * place.head
        self.painter.fillRect(QRectF(left, top, 2 * HEAD_WIDE * place.head, place.height), band)
        self.painter.setPen(self.ink.cursor_pen)
        self.painter.drawLine(QPointF(x, top), QPointF(x, top + place.height))

    def verdicts(self, place: Places, top: float, codes: NDArray[np.uint8], coming: Collection[int]) -> None:
        """Put the verdicts of rows on their heads, and rings about those that come next."""
        for row, x, y in zip(place.row.tolist(), place.x.tolist(), place.y.tolist(), strict=True):
            if codes[row] != NONE:
                self._head(QPointF(x, top + y), int(codes[row]), place.head)
            elif row in coming:
                self._ring(QPointF(x, top + y), place.head)

    def _head(self, middle: QPointF, code: int, head: float) -> None:
        wide, high = HEAD_WIDE * head, HEAD_HIGH * head
        pen, brush = self.ink.dress(code, False, True)
        self.painter.save()
        self.painter.translate(middle)
        self.painter.rotate(HEAD_TILT)
        self.painter.setPen(pen)
        self.painter.setBrush(QColor(self.ink.colours.roll) if code in (MISSED, WRONG) else brush)
        self.painter.drawEllipse(QRectF(-wide / 2, -high / 2, wide, high))
        self.painter.restore()
        corner = QPointF(middle.x() - BADGE_PIXELS / 2, middle.y() - BADGE_PIXELS / 2)
        self.painter.drawPixmap(corner, self.ink.note_mark(code))

    def _ring(self, middle: QPointF, head: float) -> None:
        self.painter.setPen(QPen(QColor(self.ink.colours.accent), 2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawEllipse(middle, (HEAD_WIDE / 2 + RING) * head, (HEAD_HIGH / 2 + RING) * head)
