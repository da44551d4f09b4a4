"""The bar ruler: the whole piece in one strip; click to go to a bar, drag over bars to loop them.

The bars stand in a picture that is painted anew only when they change: with each frame no more is due than the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.score import Score
from ui.practice.verdict_state import MISSED, NONE, WRONG
from ui.theme import Type, font, worn

HEIGHT = 40
LEAST_NUMBER_PIXELS = 30.0  # from one printed number to the next
NUMBER_PIXELS = 24.0  # that one takes
EDGE = 1e-6
STEPS = (1, 2, 4, 5, 10, 20, 50)  # bars from one printed number to the next


class BarRuler(QWidget):
    """Bars from left to right, equally wide by time; ``loop_chosen`` tells first and last bar, both included."""

    loop_chosen = Signal(int, int)
    bar_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Bar ruler")
        self.setToolTip("Click a bar to go there; drag over bars to loop them (Shift+→)")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._score: Score | None = None
        self._loop: tuple[int, int] | None = None
        self._view: tuple[float, float] = (0.0, 0.0)
        self._beat = 0.0
        self._pressed: int | None = None
        self._dragged: tuple[int, int] | None = None
        self._hovered: int | None = None
        self._faults: list[int] = []
        self._numbered: set[int] = set()
        self._picture: QPixmap | None = None  # of the bars; None where they have changed

    def show_score(self, score: Score) -> None:
        """Show the bars of a score."""
        self._score, self._loop, self._faults = score, None, [NONE] * len(score.bars)
        self._numbered = numbered_rows(score, self.width())
        self._bar_of_note = (
            np.searchsorted(score.bars["start_beat"], score.notes["onset_beat"] + 1e-9, side="right") - 1
        )
        self._bars_changed()

    def show_loop(self, bars: tuple[int, int] | None) -> None:
        """Mark the loop."""
        self._loop = bars
        self.update()

    def show_place(self, beat: float, view: tuple[float, float]) -> None:
        """Mark the cursor and what the roll shows."""
        if (beat, view) != (self._beat, self._view):
            before = self._place() if self._score is not None else self.rect()
            self._beat, self._view = beat, view
            self.update(before.united(self._place()) if self._score is not None else before)

    def show_verdicts(self, codes: NDArray[np.uint8]) -> None:
        """Mark the bars in which something went wrong."""
        if self._score is None:
            return
        faulty = np.zeros(len(self._score.bars), int)
        for code in (MISSED, WRONG):
            faulty[self._bar_of_note[codes == code]] = code
        if faulty.tolist() != self._faults:
            self._faults = faulty.tolist()
            self._bars_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Number more bars, or fewer."""
        super().resizeEvent(event)
        if self._score is not None:
            self._numbered = numbered_rows(self._score, self.width())
            self._bars_changed()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._bars_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._bar_under(event)
            self._dragged = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the loop."""
        hovered, self._hovered = self._hovered, self._bar_under(event)
        if self._pressed is not None and self._hovered is not None and self._hovered != self._pressed:
            self._dragged = (min(self._pressed, self._hovered), max(self._pressed, self._hovered))
        elif self._pressed is not None and self._dragged:
            self._dragged = (self._pressed, self._pressed)
        if self._hovered != hovered:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Loop the bars that were dragged over, or go to the one clicked."""
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = None
        if dragged is not None:
            self.loop_chosen.emit(*dragged)
        elif pressed is not None:
            self.bar_chosen.emit(pressed)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the bar under the mouse."""
        self._hovered = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars, loop, view and cursor."""
        if self._score is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = self._painted(self._score)
        painter.drawPixmap(0, 0, self._picture)
        if self._hovered is not None:
            row = int(np.searchsorted(self._score.bars["number"], self._hovered))
            self._paint_bars(painter, self._score, [row], lit=True)
        self._paint_loop(painter)
        self._paint_place(painter)
        painter.end()

    def _bars_changed(self) -> None:
        self._picture = None
        self.update()

    def _painted(self, score: Score) -> QPixmap:
        """The bars of a score with their faults and numbers."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bars(painter, score, range(len(score.bars)))
        painter.end()
        return picture

    def _paint_bars(self, painter: QPainter, score: Score, rows: Sequence[int], lit: bool = False) -> None:
        """Paint bars, all of one colour at once; those that are ``lit`` all with their numbers."""
        colours = worn()
        boxes = {row: self._box(row) for row in rows}
        _fill(painter, colours.line if lit else colours.raised, boxes.values(), 2)
        for fault, colour in ((WRONG, colours.wrong), (MISSED, colours.missed)):
            marks = [
                box.adjusted(0, box.height() - 3, 0, 0) for row, box in boxes.items() if self._faults[row] == fault
            ]
            _fill(painter, colour, marks, 1)
        painter.setFont(font(Type.SMALL - 1))
        painter.setPen(QColor(colours.ink if lit else colours.ink_faint))
        for row in boxes if lit else sorted(self._numbered):
            name = score.bar_names[row].short
            wide = painter.fontMetrics().horizontalAdvance(name)
            left = min(boxes[row].left() + 1, self.width() - wide)
            painter.drawText(QRectF(left, 0, wide + 1, 14), Qt.AlignmentFlag.AlignLeft, name)

    def _box(self, row: int) -> QRectF:
        assert self._score is not None
        _, _, start, end = self._score.bars[row].tolist()
        left = self._across(start)
        return QRectF(left + 0.5, 16, self._across(end) - left - 1, 12)

    def _place(self) -> QRect:
        """Where the cursor and what the roll shows are painted."""
        first, last = min(self._view[0], self._beat), max(self._view[1], self._beat)
        left, right = int(self._across(first)) - 3, int(self._across(last)) + 4
        return QRect(left, 0, right - left, HEIGHT)

    def _paint_loop(self, painter: QPainter) -> None:
        bars = self._dragged or self._loop
        if bars is None or self._score is None:
            return
        start, end = self._score.bar_range(*bars)
        accent = QColor(worn().accent)
        box = QRectF(self._across(start), 14, self._across(end) - self._across(start), 16)
        painter.setPen(QPen(accent, 2))
        accent.setAlpha(60)
        painter.setBrush(accent)
        painter.drawRoundedRect(box.adjusted(1, 0, -1, 0), 4, 4)

    def _paint_place(self, painter: QPainter) -> None:
        colours = worn()
        view = QRectF(self._across(self._view[0]), 33, 0, 3)
        view.setRight(min(self._across(self._view[1]), self.width()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.ink_faint))
        painter.drawRoundedRect(view.intersected(QRectF(self.rect())), 1.5, 1.5)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(QRectF(self._across(self._beat) - 1.5, 12, 3, 25), 1.5, 1.5)

    def _across(self, beat: float) -> float:
        assert self._score is not None
        start, end = self._score.start_beat, self._score.end_beat
        return (beat - start) / max(1e-6, end - start) * self.width()

    def _bar_under(self, event: QMouseEvent) -> int | None:
        if self._score is None or not len(self._score.bars):
            return None
        start, end = self._score.start_beat, self._score.end_beat
        share = min(max(event.position().x() / max(1, self.width()), 0.0), 0.9999)
        return int(self._score.bar_numbers_at(start + share * (end - start)))


def _fill(painter: QPainter, colour: str, boxes: Iterable[QRectF], radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    for box in boxes:
        painter.drawRoundedRect(box, radius, radius)


def numbered_rows(score: Score, width: int) -> set[int]:
    """The bars whose number there is room for: where a repeat begins again, and every so many of the page."""
    bars, written = score.bars, score.bars["written"]
    apart = int(np.ceil(LEAST_NUMBER_PIXELS * len(bars) / max(1, width)))
    step = next((step for step in STEPS if step >= apart), 100)
    first = np.flatnonzero(written == 1)[:1].tolist()
    again = (np.flatnonzero(np.diff(written) < 0) + 1).tolist()
    length = max(1e-6, score.end_beat - score.start_beat)
    left = (bars["start_beat"] - score.start_beat) / length * width
    within = left.clip(max=width - NUMBER_PIXELS)  # where a number stands whose bar begins too near to the end
    shown: list[int] = []
    for row in [*first, *again, *np.flatnonzero(written % step == 0).tolist()]:
        if all(_apart(left, row, other) and _apart(within, row, other, NUMBER_PIXELS) for other in shown):
            shown.append(row)
    return set(shown)


def _apart(places: NDArray[np.float64], row: int, other: int, pixels: float = LEAST_NUMBER_PIXELS) -> bool:
    return bool(abs(places[row] - places[other]) >= pixels - EDGE)
