"""The bars of a take as a heat map: what was clean, what was hot, what was not played; each bar can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lessons.bar_names import begun
from tutor.report import BarHeat
from ui.theme import Colours, Type, font, worn
from ui.widgets.text import plain_tip

MOST_SLIPS = 3  # that are told of one by one
CELL_HEIGHT, GAP, LEAST_CELL, MOST_CELL, GROUP, MOST_COLUMNS = 30, 4, 52, 96, 4, 16
MARGIN = 6
FAINTEST = 0.25


class HeatMap(QWidget):
    """Cells in rows, left to right; ``bar_chosen`` tells which was clicked, or entered with the keyboard."""

    bar_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("How each bar went")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bars: tuple[BarHeat, ...] = ()
        self._least = LEAST_CELL  # pixels, in which what each bar says has room
        self._hovered = -1
        self._focused = 0

    def show_bars(self, bars: tuple[BarHeat, ...]) -> None:
        """Show these bars."""
        self._bars, self._hovered, self._focused = bars, -1, 0
        self._least = max([LEAST_CELL, *map(_width, bars)])
        self._fit()
        self._tell_focused()

    def _tell_focused(self) -> None:
        """Say to who cannot see it what happened in the bar that the arrows have come to."""
        self.setAccessibleDescription(bar_words(self._bars[self._focused]) if self._bars else "")

    def hasHeightForWidth(self) -> bool:
        """Rows depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all rows."""
        columns = self._columns(width)
        rows = max(1, -(-len(self._bars) // columns))
        return rows * (CELL_HEIGHT + GAP) - GAP

    def sizeHint(self) -> QSize:
        """Room for all rows at the present width."""
        return QSize(600, self.heightForWidth(max(self.width(), 320)))

    def resizeEvent(self, event: QEvent) -> None:
        """Break into other rows."""
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what happened in the bar under the mouse."""
        hovered = self._under(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor)
            words = bar_words(self._bars[hovered]) if hovered >= 0 else ""
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(words), self)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the bar under the mouse."""
        self._hovered = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose a bar."""
        chosen = self._under(event.position())
        if chosen >= 0:
            self.bar_chosen.emit(self._bars[chosen].bar)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns(),
            Qt.Key.Key_Down: self._columns(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._bars:
            self._focused = min(max(self._focused + step, 0), len(self._bars) - 1)
            self._tell_focused()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._bars:
            self.bar_chosen.emit(self._bars[self._focused].bar)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all cells."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, bar in enumerate(self._bars):
            self._paint_cell(painter, self._box(place), bar, colours)
            if place == self._hovered or (self.hasFocus() and place == self._focused):
                painter.setPen(QPen(QColor(colours.ink if place == self._hovered else colours.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self._box(place).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _paint_cell(self, painter: QPainter, box: QRectF, bar: BarHeat, colours: Colours) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if bar.heat is None:
            painter.setPen(QPen(QColor(colours.line), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setBrush(heat_colour(bar.heat, colours))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setFont(font(Type.SMALL, bold=True))
        painter.setPen(QColor(colours.ink if bar.heat is not None else colours.ink_faint))
        inside, middle = box.adjusted(MARGIN, 0, -MARGIN, 0), Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, bar.name.short)
        painter.setFont(font(Type.SMALL))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, _sign(bar))

    def _columns(self, width: int = 0) -> int:
        """How many cells fit into a row: whole groups of four bars, as phrases have."""
        fitting = min(MOST_COLUMNS, ((width or self.width() or 600) + GAP) // (self._least + GAP))
        return max(1, fitting - fitting % GROUP if fitting > GROUP else fitting)

    def _box(self, place: int) -> QRectF:
        columns = self._columns()
        wide = min(MOST_CELL, (self.width() + GAP) / min(columns, max(1, len(self._bars))) - GAP)
        row, column = divmod(place, columns)
        return QRectF(column * (wide + GAP), row * (CELL_HEIGHT + GAP), wide, CELL_HEIGHT)

    def _under(self, place: QPointF) -> int:
        return next((row for row in range(len(self._bars)) if self._box(row).contains(place)), -1)

    def _fit(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width() or 600))
        self.update()


def _sign(bar: BarHeat) -> str:
    return "" if bar.heat is None else "✓" if bar.heat == 0 else f"✕{faults(bar) or ''}"


def _width(bar: BarHeat) -> int:
    """The pixels that the name of a bar and its sign need beside each other."""
    name, sign = QFontMetrics(font(Type.SMALL, bold=True)), QFontMetrics(font(Type.SMALL))
    return name.horizontalAdvance(bar.name.short) + sign.horizontalAdvance(_sign(bar)) + 2 * MARGIN + GAP // 2


def heat_colour(heat: float, colours: Colours) -> QColor:
    """From the calm of a clean bar to the full colour of wrong."""
    made = QColor(colours.wrong if heat > 0 else colours.hit)
    made.setAlphaF(min(1.0, FAINTEST + 0.6 * heat) if heat > 0 else FAINTEST)
    return made


def faults(bar: BarHeat) -> int:
    """How many notes of the bar were wrong, missed or extra."""
    return bar.wrong + bar.missed + bar.extra


def bar_words(bar: BarHeat) -> str:
    """One bar in words."""
    name = begun(bar.name.in_words)
    if bar.heat is None:
        return f"{name}: not played"
    counts = ((bar.hit, "right"), (bar.wrong, "wrong"), (bar.missed, "missed"), (bar.extra, "extra"))
    said = f"{name}: " + ", ".join(f"{count} {word}" for count, word in counts if count)
    return f"{said}; {bar.why}" if bar.why else said


def slips_in_words(bars: Sequence[BarHeat]) -> str:
    """What went wrong without being a mistake to mind, bar by bar, in one line; a few of them."""
    slips = [f"{bar.name.in_words}: {bar.why}" for bar in bars if bar.why]
    if not slips:
        return "Nothing went wrong."
    end = " …" if len(slips) > MOST_SLIPS else "."
    again = any(bar.again for bar in bars)  # in one bar, of a take that is too short to tell more
    return f"{'' if again else 'Nothing went wrong twice. '}{begun('; '.join(slips[:MOST_SLIPS]))}{end}"
