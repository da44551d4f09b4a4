"""The tuner: the note that is heard, and by how many cents it is too low or too high."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.note_names import Naming, called
from ui.theme import Type, font, worn

HEIGHT = 170
WIDEST_CENTS, IN_TUNE_CENTS = 50.0, 8.0


class Tuner(QWidget):
    """A scale of a hundred cents with a needle, and the note's name."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Tuner")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pitch: float | None = None
        self._cents = 0.0
        self._naming = Naming.NONE

    def call_notes(self, naming: Naming) -> None:
        """Call the notes so from now on."""
        self._naming = naming
        self._tell()
        self.update()

    def show_pitch(self, pitch: float | None) -> None:
        """Show a MIDI number with its fraction; None is silence."""
        if pitch is not None:
            cents = 100 * (pitch - round(pitch))
            near = self._pitch is not None and round(self._pitch) == round(pitch)
            self._cents = 0.7 * self._cents + 0.3 * cents if near else cents
        if pitch != self._pitch:
            self._pitch = pitch
            self._tell()
            self.update()

    def _tell(self) -> None:
        """Say to who cannot see it what is heard, without cents: a screen reader speaks whenever it is told."""
        said = f"Tuner: {self.name}, {self._side}" if self._pitch is not None else "Tuner"
        if said != self.accessibleName():
            self.setAccessibleName(said)

    @property
    def name(self) -> str:
        """What is heard; '–' in silence."""
        return called(round(self._pitch), naming=self._naming) if self._pitch is not None else "–"

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, scale and needle."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        heard = self._pitch is not None
        in_tune = heard and self._is_in_tune
        painter.setFont(font(2 * Type.DISPLAY, bold=True))
        painter.setPen(QColor(colours.good if in_tune else colours.ink if heard else colours.ink_faint))
        painter.drawText(QRectF(0, 0, self.width(), 70), Qt.AlignmentFlag.AlignCenter, self.name)
        painter.setFont(font(Type.BODY))
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(QRectF(0, 70, self.width(), 24), Qt.AlignmentFlag.AlignCenter, self._words())
        self._paint_scale(painter)
        painter.end()

    @property
    def _is_in_tune(self) -> bool:
        return abs(self._cents) <= IN_TUNE_CENTS

    @property
    def _side(self) -> str:
        if self._is_in_tune:
            return "in tune"
        return "too low" if self._cents < 0 else "too high"

    def _words(self) -> str:
        if self._pitch is None:
            return "Play or sing a note"
        return self._side if self._is_in_tune else f"{abs(self._cents):.0f} cents {self._side}"

    def _paint_scale(self, painter: QPainter) -> None:
        colours, middle, half = worn(), self.width() / 2, min(self.width() / 2 - 20, 240)
        line = 132.0
        band = half * IN_TUNE_CENTS / WIDEST_CENTS
        calm = QColor(colours.good)
        calm.setAlpha(60)
        painter.fillRect(QRectF(middle - band, line - 14, 2 * band, 28), calm)
        painter.setPen(QPen(QColor(colours.line), 2))
        painter.drawLine(QPointF(middle - half, line), QPointF(middle + half, line))
        for cents in range(-50, 51, 10):
            across, tall = middle + half * cents / WIDEST_CENTS, 10 if cents % 50 == 0 else 5
            painter.drawLine(QPointF(across, line - tall), QPointF(across, line + tall))
        painter.setPen(QColor(colours.ink_faint))
        painter.setFont(font(Type.SMALL - 1))
        for words, at in (("−50", -half), ("0", 0.0), ("+50", half)):
            box = QRectF(middle + at - 30, line + 18, 60, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        if self._pitch is not None:
            place = middle + half * max(-1.0, min(1.0, self._cents / WIDEST_CENTS))
            painter.setPen(QPen(QColor(colours.accent), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(place, line - 18), QPointF(place, line + 18))
