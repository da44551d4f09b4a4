"""A drawing of two hands, backs up: a motor on each finger, alight while it runs; a click tries one."""

from __future__ import annotations

from math import cos, hypot, radians, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QRadialGradient,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.score import LEFT, RIGHT
from tutor.glove.state import HAND_BITS
from ui.theme import Colours, Type, font, worn

# Fingers of a right hand, thumb first: foot (x, y), direction in degrees from straight up, length, width; the hand is
# 100 units wide and 130 high.
FINGERS = (
    ((22, 86), -48, 40, 15),
    ((32, 62), -10, 46, 13.5),
    ((49, 57), -2, 52, 14),
    ((65, 60), 6, 47, 13.5),
    ((80, 70), 17, 36, 12),
)
PALM = QRectF(23, 56, 63, 62)
UNITS, HAND_WIDTH = QSize(260, 136), 110
MOTOR, REACH = 6.0, 9.0
LARGEST = 4.0  # pixels a unit
PER_HAND = 5
BOTH = sum(HAND_BITS.values())


class HandsView(QWidget):
    """``motors`` are bits: 0 to 4 the left thumb to little finger, 5 to 9 the right ones."""

    finger_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Two hands with the motors of the glove")
        self.setMinimumSize(280, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._motors = 0
        self._present, self._hands = False, BOTH
        self._hovered = -1

    def show_motors(self, motors: int, present: bool, hands: int = 0) -> None:
        """Light the motors that run; without a glove all are dim, and so is a hand that it is not for.

        ``hands`` are as a glove says them (`tutor.glove.state.HAND_BITS`); 0 where it does not.
        """
        if (motors, present, hands or BOTH) != (self._motors, self._present, self._hands):
            self._motors, self._present, self._hands = motors, present, hands or BOTH
            self.update()

    def has_hand(self, right: bool) -> bool:
        """Whether the glove is for this hand, as far as it says."""
        return bool(self._hands & HAND_BITS[RIGHT if right else LEFT])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which finger a click would try."""
        hovered = self._under(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor)
            self.setToolTip(self._tip_of(hovered) if hovered >= 0 else "")
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Try a finger."""
        chosen = self._under(event.position())
        if chosen >= 0:
            self.finger_chosen.emit(chosen)

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both hands."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale, origin = self._scale()
        painter.translate(origin)
        painter.scale(scale, scale)
        for right in (False, True):
            own = colours.right if right else colours.left
            painter.setPen(QPen(QColor(own if self.has_hand(right) else colours.line), 1.2))
            painter.setBrush(QColor(colours.raised))
            painter.drawPath(_outline(right))
        for actuator in range(2 * PER_HAND):
            self._paint_motor(painter, actuator, colours)
        painter.end()

    def _paint_motor(self, painter: QPainter, actuator: int, colours: Colours) -> None:
        tip, lit = _tip(actuator), bool(self._motors >> actuator & 1)
        if lit:
            glow = QRadialGradient(tip, 3 * MOTOR)
            shade = QColor(colours.accent)
            for place, alpha in ((0.0, 170), (1.0, 0)):
                shade.setAlpha(alpha)
                glow.setColorAt(place, QColor(shade))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(glow)
            painter.drawEllipse(tip, 3 * MOTOR, 3 * MOTOR)
        there = self.has_hand(actuator >= PER_HAND)
        edge = colours.ink_faint if self._present and there else colours.line
        edge = colours.ink if actuator == self._hovered else edge
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(colours.accent if lit else colours.surface))
        painter.drawEllipse(tip, MOTOR, MOTOR)
        face = font(Type.SMALL, bold=True)
        face.setPixelSize(7)
        painter.setFont(face)
        painter.setPen(QColor(colours.on_accent if lit else colours.ink_soft if there else colours.ink_faint))
        number = str(actuator % PER_HAND + 1)
        box = QRectF(tip.x() - MOTOR, tip.y() - MOTOR, 2 * MOTOR, 2 * MOTOR)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)

    def _scale(self) -> tuple[float, QPointF]:
        scale = min(self.width() / UNITS.width(), self.height() / UNITS.height(), LARGEST)
        left = (self.width() - scale * UNITS.width()) / 2
        return scale, QPointF(left, (self.height() - scale * UNITS.height()) / 2)

    def _tip_of(self, actuator: int) -> str:
        there = self.has_hand(actuator >= PER_HAND)
        return f"Try the {finger_words(actuator)}" if there else "This glove is for the other hand"

    def _under(self, place: QPointF) -> int:
        scale, origin = self._scale()
        here = (place - origin) / scale
        tips = ((actuator, _tip(actuator) - here) for actuator in range(2 * PER_HAND))
        return next((actuator for actuator, gap in tips if hypot(gap.x(), gap.y()) < REACH), -1)


def finger_words(actuator: int) -> str:
    """An actuator in words."""
    names = ("thumb", "index finger", "middle finger", "ring finger", "little finger")
    return f"{'left' if actuator < PER_HAND else 'right'} {names[actuator % PER_HAND]}"


def _placed(x: float, y: float, right: bool) -> QPointF:
    """A place of the drawing: the right hand as it is, the left one in the mirror."""
    return QPointF(UNITS.width() - HAND_WIDTH + x - 4, y + 6) if right else QPointF(HAND_WIDTH - x + 4, y + 6)


def _tip(actuator: int) -> QPointF:
    (x, y), degrees, length, _ = FINGERS[actuator % PER_HAND]
    away = length - MOTOR
    return _placed(x + away * sin(radians(degrees)), y - away * cos(radians(degrees)), actuator >= PER_HAND)


def _outline(right: bool) -> QPainterPath:
    palm = QPainterPath()
    corners = _placed(PALM.left(), PALM.top(), right), _placed(PALM.right(), PALM.bottom(), right)
    palm.addRoundedRect(QRectF(*corners).normalized(), 20, 20)
    for (x, y), degrees, length, width in FINGERS:
        palm = palm.united(_finger(x, y, degrees, length, width, right))
    return palm


def _finger(x: float, y: float, degrees: float, length: float, width: float, right: bool) -> QPainterPath:
    spine = QPainterPath(_placed(x, y, right))
    reach = length - width / 2
    spine.lineTo(_placed(x + reach * sin(radians(degrees)), y - reach * cos(radians(degrees)), right))
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    return stroker.createStroke(spine)
