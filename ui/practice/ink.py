"""Pens, brushes and badges of the roll, mixed once a theme."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPixmap

from ui.practice.verdict_state import MISSED, NONE, VERDICT_NAMES, WRONG
from ui.theme import VERDICT_MARK, Colours, font, verdict_colour

BADGE_PIXELS = 13
BADGE_POINTS = 11
BADGE_DENSITY = 3.0
IDLE_ALPHA = 70
BACKING_ALPHA = 110


def _faded(colour: str, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


class Ink:
    """What the roll paints with, in the given colours."""

    def __init__(self, colours: Colours):
        self.colours = colours
        self.beat_pen = QPen(QColor(colours.beat_line), 1)
        self.bar_pen = QPen(QColor(colours.bar_line), 1)
        self.number_pen = QPen(QColor(colours.ink_faint))
        self.cursor_pen = QPen(QColor(colours.accent), 2)
        self.ghost_pen = QPen(QColor(colours.roll), 1)
        self.ghost_brush = QBrush(_faded(colours.on_note, 120))
        self.backing_pen = QPen(_faded(colours.ink_faint, BACKING_ALPHA), 1)
        self.backing_brush = QBrush(_faded(colours.ink_faint, BACKING_ALPHA // 3))
        self.voice_pen = QPen(QColor(colours.ink), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        self.veil = _faded(colours.roll, 170)
        self.edge_pen = QPen(QColor(colours.roll), 1)  # between notes that touch
        self._plain = {left: self._hand_dress(left, True) for left in (False, True)}
        self._idle = {left: self._hand_dress(left, False) for left in (False, True)}
        self._judged = {code: self._verdict_dress(code) for code in VERDICT_NAMES}
        self._brushes = {code: QBrush(QColor(verdict_colour(colours, name))) for code, name in VERDICT_NAMES.items()}
        self._marks = {code: self._mark_badge(code) for code in VERDICT_NAMES}
        self._hollow_marks = {code: self._hollow_badge(code) for code in (MISSED, WRONG)}
        self._fingers = {finger: self._badge(str(finger), colours.on_note) for finger in range(1, 6)}
        self._names: dict[tuple[str, str], QPixmap] = {}

    def dress(self, code: int, left_hand: bool, played: bool) -> tuple[QPen, QBrush]:
        """Pen and brush of a written note."""
        if code != NONE:
            return self._judged[code]
        return self._plain[left_hand] if played else self._idle[left_hand]

    def brush(self, code: int) -> QBrush:
        """The full colour of a verdict."""
        return self._brushes[code]

    def mark(self, code: int) -> QPixmap:
        """The mark of a verdict, on its full colour."""
        return self._marks[code]

    def note_mark(self, code: int) -> QPixmap:
        """The mark of a verdict on a written note, which is hollow where it was not hit."""
        return self._hollow_marks.get(code) or self._marks[code]

    def finger(self, finger: int) -> QPixmap:
        """The number of a finger, 1 to 5."""
        return self._fingers[finger]

    def name(self, name: str, code: int) -> QPixmap:
        """What a note is called, on its colour; hollow where it was not hit."""
        hollow = code in self._hollow_marks
        colour = verdict_colour(self.colours, VERDICT_NAMES[code]) if hollow else self.colours.on_note
        if (name, colour) not in self._names:
            wide = QFontMetricsF(font(BADGE_POINTS)).horizontalAdvance(name)
            self._names[name, colour] = self._badge(name, colour, ceil(wide) + 1, bold=False)
        return self._names[name, colour]

    def _hand_dress(self, left: bool, played: bool) -> tuple[QPen, QBrush]:
        colour = self.colours.left if left else self.colours.right
        if played:
            return self.edge_pen, QBrush(QColor(colour))
        return QPen(_faded(colour, IDLE_ALPHA), 1), QBrush(_faded(colour, IDLE_ALPHA // 2))

    def _verdict_dress(self, code: int) -> tuple[QPen, QBrush]:
        colour = verdict_colour(self.colours, VERDICT_NAMES[code])
        if code == MISSED:
            return QPen(QColor(colour), 1.4, Qt.PenStyle.DashLine), QBrush(_faded(colour, 28))
        if code == WRONG:
            return QPen(QColor(colour), 1.6), QBrush(_faded(colour, 46))
        return self.edge_pen, QBrush(QColor(colour))

    def _mark_badge(self, code: int) -> QPixmap:
        name = VERDICT_NAMES[code]
        return self._badge(VERDICT_MARK[name], self.colours.on_note)

    def _hollow_badge(self, code: int) -> QPixmap:
        name = VERDICT_NAMES[code]
        return self._badge(VERDICT_MARK[name], verdict_colour(self.colours, name))

    def _badge(self, text: str, colour: str, wide: int = BADGE_PIXELS, bold: bool = True) -> QPixmap:
        badge = QPixmap(int(wide * BADGE_DENSITY), int(BADGE_PIXELS * BADGE_DENSITY))
        badge.setDevicePixelRatio(BADGE_DENSITY)
        badge.fill(Qt.GlobalColor.transparent)
        painter = QPainter(badge)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font(BADGE_POINTS, bold=bold))
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(0, 0, wide, BADGE_PIXELS), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return badge
