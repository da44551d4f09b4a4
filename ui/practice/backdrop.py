"""What lies still behind the notes: the lanes of the keys, painted once a size and theme."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from ui.practice.lanes import Lanes, is_white
from ui.theme import Colours, Type, font

EMPTY_WORDS = "Choose a piece in the Library, and it appears here."
OCTAVE_LINES = (0, 5)  # left of C and of F, where two white keys meet


def backdrop(lanes: Lanes | None, size: QSize, falling: bool, density: float, colours: Colours) -> QPixmap:
    """The lanes of a roll of this size in logical pixels; words where there are no lanes."""
    picture = QPixmap((size * density).expandedTo(QSize(1, 1)))
    picture.setDevicePixelRatio(density)
    picture.fill(QColor(colours.roll))
    painter = QPainter(picture)
    if lanes is None:
        _paint_words(painter, size, colours)
    else:
        _paint_lanes(painter, lanes, size, falling, colours)
    painter.end()
    return picture


def _paint_lanes(painter: QPainter, lanes: Lanes, size: QSize, falling: bool, colours: Colours) -> None:
    across = size.width() if falling else size.height()
    painter.setPen(QPen(QColor(colours.beat_line), 1))
    for pitch in lanes.pitches:
        left, width = lanes.left[pitch] * across, lanes.width[pitch] * across
        if not is_white(pitch):
            box = QRectF(left, 0, width, size.height())
            if not falling:
                box = QRectF(0, across - left - width, size.width(), width)
            painter.fillRect(box, QColor(colours.lane))
        elif pitch % 12 in OCTAVE_LINES:
            edge = round(left) + 0.5
            line = QLineF(edge, 0, edge, size.height())
            painter.drawLine(line if falling else QLineF(0, across - edge, size.width(), across - edge))


def _paint_words(painter: QPainter, size: QSize, colours: Colours) -> None:
    painter.setFont(font(Type.LEAD))
    painter.setPen(QColor(colours.ink_faint))
    painter.drawText(QRectF(0, 0, size.width(), size.height()), Qt.AlignmentFlag.AlignCenter, EMPTY_WORDS)
