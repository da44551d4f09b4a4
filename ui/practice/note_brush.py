"""How a written note is painted on the roll: a box with its verdict or finger, and what the note is called."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ui.practice.ink import Ink
from ui.practice.verdict_state import NONE

MARK_LEAST, FINGER_LEAST = 9.0, 10.0  # pixels of a note's shorter side
SPILL = 3.0  # by which a name's line may be higher than its letters need
NOTE_RADIUS = 4.0
Style = tuple[int, bool, bool]
"""Verdict, left hand, played by the learner."""


@dataclass(frozen=True)
class NoteBrush:
    """Paints notes with an ink, falling or sideways."""

    painter: QPainter
    ink: Ink
    falling: bool

    def paint_plainly(self, boxes: list[QRectF], styles: list[Style]) -> None:
        """Many small notes: square boxes, all of one colour at once."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        groups: dict[Style, list[QRectF]] = {}
        for box, style in zip(boxes, styles, strict=True):
            groups.setdefault(style, []).append(box)
        for style, group in groups.items():
            self._dress(style, edged=False)
            self.painter.drawRects(group)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_finely(self, boxes: list[QRectF], styles: list[Style], fingers: list[int], names: list[str]) -> None:
        """Round boxes with a mark of the verdict, or the finger, at the note's beginning, and its name past that.

        A black key lies over the white ones beside it, as on the keyboard: its box is as narrow.
        """
        worn_style: Style | None = None
        notes = zip(boxes, styles, fingers, names, strict=True)
        for box, style, finger, name in sorted(notes, key=self._lane, reverse=True):
            if style != worn_style:
                self._dress(style)
                worn_style = style
            self.painter.drawRoundedRect(box, NOTE_RADIUS, NOTE_RADIUS)
            badge = self._badge(min(box.width(), box.height()), style, finger)
            if name and style[2]:
                badge = self._name(box, self.ink.name(name, style[0]), badge, may_replace=style[0] == NONE)
            if badge is not None:
                self.stamp(box, badge)

    def stamp(self, box: QRectF, badge: QPixmap, past: float = 0.0) -> None:
        """Put a badge at the beginning of a note, or so many pixels past it."""
        wide, tall = _size(badge)
        if self.falling:
            self.painter.drawPixmap(int(box.center().x() - wide / 2), int(box.bottom() - tall - 1 - past), badge)
        else:
            self.painter.drawPixmap(int(box.left() + 1 + past), int(box.center().y() - tall / 2), badge)

    def _name(self, box: QRectF, name: QPixmap, badge: QPixmap | None, may_replace: bool) -> QPixmap | None:
        """Write the name past the badge, or in its place where both have no room; the badge that is still to be put."""
        along, across = _turned(_size(name), self.falling)
        room, lane = _turned((box.width(), box.height()), self.falling)
        past = 0.0 if badge is None else _turned(_size(badge), self.falling)[0]
        if across > lane + SPILL or along > room or (past + along > room and not may_replace):
            return badge
        if past + along > room:
            badge, past = None, 0.0
        self.stamp(box, name, past)
        return badge

    def _lane(self, note: tuple[QRectF, Style, int, str]) -> float:
        """How wide the key of a note is."""
        return note[0].width() if self.falling else note[0].height()

    def _badge(self, least: float, style: Style, finger: int) -> QPixmap | None:
        if style[0] != NONE:
            return self.ink.note_mark(style[0]) if least >= MARK_LEAST else None
        return self.ink.finger(finger) if finger > 0 and style[2] and least >= FINGER_LEAST else None

    def _dress(self, style: Style, edged: bool = True) -> None:
        """Paint in a style; an edge would leave nothing of a small note."""
        pen, brush = self.ink.dress(*style)
        self.painter.setPen(pen if edged or pen is not self.ink.edge_pen else Qt.PenStyle.NoPen)
        self.painter.setBrush(brush)


def _size(badge: QPixmap) -> tuple[float, float]:
    density = badge.devicePixelRatio()
    return badge.width() / density, badge.height() / density


def _turned(size: tuple[float, float], falling: bool) -> tuple[float, float]:
    """(along time, across it) of a width and a height."""
    return (size[1], size[0]) if falling else size
