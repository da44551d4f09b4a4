"""The last seconds as they were heard: the pitch as a line over the lanes of the notes, or keys as dots on them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.note_names import Naming, called
from ui.practice.lanes import is_white
from ui.theme import Type, font, worn

SHOWN_SEC = 6.0
GAP_SEC, LEAP, LEAST_SEC = 0.05, 0.8, 0.03
LEAST_LANES, ROOM = 14, 3


class LiveView(QWidget):
    """Shows (stamp, pitch) pairs up to now; lanes are semitones, the newest at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What is heard")
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._trace: tuple[tuple[float, float], ...] = ()
        self._struck: tuple[tuple[float, int], ...] = ()
        self._now = 0.0
        self._naming = Naming.NONE
        self._low, self._high = 57, 57 + LEAST_LANES

    def call_notes(self, naming: Naming) -> None:
        """Call the notes so from now on."""
        self._naming = naming
        self.update()

    def show_heard(
        self, trace: Sequence[tuple[float, float]], struck: Sequence[tuple[float, int]], now_sec: float
    ) -> None:
        """Show what was heard until now: a line of pitch, and the keys of a piano."""
        self._trace = tuple(pair for pair in trace if pair[0] >= now_sec - SHOWN_SEC)
        self._struck = tuple(pair for pair in struck if pair[0] >= now_sec - SHOWN_SEC)
        self._now = now_sec
        keys = [float(key) for _, key in self._struck]
        pitches = [pitch for stretch in self._stretches() for _, pitch in stretch] + keys
        if pitches:
            lowest, highest = round(min(pitches)), round(max(pitches))
            self._low = max(min(lowest - ROOM, self._low), lowest - LEAST_LANES)
            self._high = min(max(highest + ROOM, self._high), highest + LEAST_LANES)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lanes, names and the line."""
        painter, colours = QPainter(self), worn()
        painter.fillRect(self.rect(), QColor(colours.roll))
        lane = self.height() / (self._high - self._low + 1)
        painter.setFont(font(Type.SMALL - 1))
        for pitch in range(self._low, self._high + 1):
            box = QRectF(0, (self._high - pitch) * lane, self.width(), lane)
            if not is_white(pitch):
                painter.fillRect(box, QColor(colours.lane))
                continue
            if is_white(pitch - 1):  # no black key parts them
                painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 2), QColor(colours.lane))
            if lane >= 10:
                painter.setPen(QColor(colours.ink_faint))
                painter.drawText(
                    box.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, called(pitch, naming=self._naming)
                )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for stretch in self._stretches():
            painter.drawPolyline([self._place(*pair) for pair in stretch])
        painter.setPen(
            QPen(QColor(colours.accent), max(4.0, 0.6 * lane), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        for pair in self._struck:
            painter.drawPoint(self._place(*pair))
        painter.end()

    def _stretches(self) -> list[list[tuple[float, float]]]:
        """The trace, cut where there was silence or a leap; what lasts but a moment is a slip of the ear."""
        cut: list[list[tuple[float, float]]] = []
        for pair in self._trace:
            before = cut[-1][-1] if cut else (-GAP_SEC, 0.0)
            if not cut or pair[0] - before[0] > GAP_SEC or abs(pair[1] - before[1]) > LEAP:
                cut.append([])
            cut[-1].append(pair)
        return [stretch for stretch in cut if stretch[-1][0] - stretch[0][0] >= LEAST_SEC]

    def _place(self, time_sec: float, pitch: float) -> QPointF:
        across = self.width() * (1 - (self._now - time_sec) / SHOWN_SEC)
        return QPointF(across, (self._high - pitch + 0.5) * self.height() / (self._high - self._low + 1))
