"""The piano roll: notes fall onto the keys or run sideways, and show what became of them.

``view_beat`` is the position under the cursor. Lanes run across, time runs along: down the height when falling, along
the width when sideways. Only visible notes are painted, from arrays prepared once a score.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from lessons.note_names import Naming
from lessons.score import LEFT, Score
from ui.practice.backdrop import backdrop
from ui.practice.ink import Ink
from ui.practice.intonation import IntonationLine, across
from ui.practice.lanes import Lanes, lanes_for
from ui.practice.note_brush import MARK_LEAST, NOTE_RADIUS, NoteBrush
from ui.practice.roll_notes import RollNotes, beat_lines, roll_notes
from ui.practice.verdict_state import EXTRA, WRONG, Ghost, VerdictState
from ui.theme import Type, font, worn

LEAST_HEIGHT = 80  # in a low window this gives way first
CURSOR_SHARE_FALLING, CURSOR_SHARE_SIDEWAYS = 0.74, 0.3
ZOOM_RANGE = (14.0, 260.0)
GHOST_LEAST_BEAT = 0.12
INSET = 0.75
BEATS_FROM = 24.0  # pixels of a beat; below, only bar lines are drawn
MANY = 320  # notes to be seen at once, from which on they are too small for round corners
GHOST_EDGE, GHOST_WIDTH = 0.06, 0.16  # of the lane: beside the mark, not over it


Beats = NDArray[np.float64]


class Roll(QWidget):
    """Paints a score and the state of a take; owns neither the clock nor the verdicts."""

    scrolled = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Piano roll")
        self.setMinimumSize(320, LEAST_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.score: Score | None = None
        self.lanes: Lanes | None = None
        self.view_beat = 0.0
        self.falling = True
        self.pixels_per_beat = 64.0
        self.played_hands: Collection[int] = ()
        self.loop: tuple[float, float] | None = None
        self.intonation = IntonationLine()
        self._naming: Naming = Naming.NONE
        self._notes: RollNotes | None = None
        self._backing: RollNotes | None = None
        self._state: VerdictState | None = None
        self._ink = Ink(worn())
        self._backdrop = QPixmap()

    def show_score(self, score: Score, state: VerdictState) -> None:
        """Prepare a score and show it from its start."""
        self.score, self._state = score, state
        self.lanes = lanes_for(np.concatenate([score.notes["pitch"], score.backing["pitch"]]))
        self._notes = roll_notes(score.notes, self.lanes, self._naming)
        self._backing = roll_notes(score.backing, self.lanes)
        self._bar_beats, self._beat_beats, self._bar_numbers = beat_lines(score)
        self.view_beat = score.start_beat
        self._rebuild()

    def show_names(self, naming: Naming) -> None:
        """Write on the notes what they are called; nothing where there is no naming."""
        self._naming = naming
        if self.score is not None and self.lanes is not None:
            self._notes = roll_notes(self.score.notes, self.lanes, naming)
            self.update()

    def turn(self, falling: bool) -> None:
        """Fall, or run sideways."""
        self.falling = falling
        self._rebuild()

    def look_at(self, beat: float) -> None:
        """Bring a position under the cursor."""
        if beat != self.view_beat:
            self.view_beat = beat
            self.update()

    def zoom(self, factor: float) -> None:
        """Show more or less time at once."""
        self.pixels_per_beat = min(max(self.pixels_per_beat * factor, ZOOM_RANGE[0]), ZOOM_RANGE[1])
        self.update()

    def visible_beats(self) -> tuple[float, float]:
        """The stretch of the score that shows now."""
        after, before = self._room()
        return self.view_beat - before / self.pixels_per_beat, self.view_beat + after / self.pixels_per_beat

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll through the score; with Ctrl, zoom."""
        steps = event.angleDelta().y() / 120.0
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15**steps)
        elif self.score is not None:
            self.scrolled.emit(self.view_beat + steps * (1.0 if self.falling else -1.0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lanes out anew."""
        super().resizeEvent(event)
        self._rebuild()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._ink = Ink(worn())
            self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is visible."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._backdrop)
        if self._notes is not None and self._state is not None:
            self._paint_lines(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_backing(painter)
            self._paint_notes(painter, self._notes, self._state)
            self._paint_ghosts(painter, self._state)
            self._paint_intonation(painter)
            self._paint_loop(painter)
            self._paint_cursor(painter)
        painter.end()

    def _room(self) -> tuple[float, float]:
        """Pixels after and before the cursor along time."""
        if self.falling:
            after = self.height() * CURSOR_SHARE_FALLING
            return after, self.height() - after
        before = self.width() * CURSOR_SHARE_SIDEWAYS
        return self.width() - before, before

    def _along(self, beat: float) -> float:
        """The pixel of a position along time."""
        offset = (beat - self.view_beat) * self.pixels_per_beat
        return self._room()[0] - offset if self.falling else self._room()[1] + offset

    def _boxes(self, onset: Beats, end: Beats, left: Beats, width: Beats) -> list[QRectF]:
        """The boxes of notes; all arguments of shape (n,), ``left`` and ``width`` as shares of the keyboard."""
        scale, (after, before) = self.pixels_per_beat, self._room()
        length = np.maximum((end - onset) * scale - 2 * INSET, 1.0)
        if self.falling:
            x, wide = left * self.width() + INSET, width * self.width() - 2 * INSET
            y, tall = after - (end - self.view_beat) * scale + INSET, length
        else:
            x, wide = before + (onset - self.view_beat) * scale + INSET, length
            y, tall = (1 - left - width) * self.height() + INSET, width * self.height() - 2 * INSET
        return [QRectF(*box) for box in zip(x.tolist(), y.tolist(), wide.tolist(), tall.tolist(), strict=True)]

    def _paint_lines(self, painter: QPainter) -> None:
        low, high = self.visible_beats()
        painter.setPen(self._ink.beat_pen)
        beats = self._beat_beats
        if self.pixels_per_beat >= BEATS_FROM:
            painter.drawLines([self._line(beat) for beat in beats[(beats >= low) & (beats <= high)].tolist()])
        painter.setPen(self._ink.bar_pen)
        bars = self._bar_beats
        shown = ((bars >= low) & (bars <= high)).nonzero()[0].tolist()
        painter.drawLines([self._line(float(bars[row])) for row in shown])
        painter.setFont(font(Type.SMALL))
        painter.setPen(self._ink.number_pen)
        for row in shown:
            along = self._along(float(bars[row]))
            number = self._bar_numbers[row]
            if self.falling:
                painter.drawText(6, int(along) - 5, number)
            else:
                painter.drawText(int(along) + 5, 15, number)

    def _line(self, beat: float) -> QLineF:
        along = round(self._along(beat)) + 0.5
        return QLineF(0, along, self.width(), along) if self.falling else QLineF(along, 0, along, self.height())

    def _paint_backing(self, painter: QPainter) -> None:
        """What others play, faintly behind the learner's notes."""
        if self._backing is None or not len(self._backing.onset_beat):
            return
        others, rows = self._backing, self._backing.visible(*self.visible_beats())
        painter.setPen(self._ink.backing_pen)
        painter.setBrush(self._ink.backing_brush)
        boxes = self._boxes(others.onset_beat[rows], others.end_beat[rows], others.left[rows], others.width[rows])
        for box in boxes:
            painter.drawRoundedRect(box, NOTE_RADIUS, NOTE_RADIUS)

    def _paint_notes(self, painter: QPainter, notes: RollNotes, state: VerdictState) -> None:
        rows = notes.visible(*self.visible_beats())
        boxes = self._boxes(notes.onset_beat[rows], notes.end_beat[rows], notes.left[rows], notes.width[rows])
        codes, lefts = state.codes[rows].tolist(), (notes.hand[rows] == LEFT).tolist()
        played = np.isin(notes.hand[rows], list(self.played_hands)) if self.played_hands else notes.hand[rows] > -2
        styles = list(zip(codes, lefts, played.tolist(), strict=True))
        brush = NoteBrush(painter, self._ink, self.falling)
        if len(boxes) > MANY:
            brush.paint_plainly(boxes, styles)
        else:
            brush.paint_finely(boxes, styles, notes.finger[rows].tolist(), notes.name[rows])

    def _paint_ghosts(self, painter: QPainter, state: VerdictState) -> None:
        """What was played: a thin line beside the mark where the key was right, the whole key where it was not."""
        right: list[tuple[Ghost, float]] = []
        astray: list[tuple[Ghost, float]] = []
        for ghost, end in self._seen_ghosts(state):
            (astray if ghost.verdict in (WRONG, EXTRA) else right).append((ghost, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink.ghost_brush)
        edge = GHOST_EDGE if self.falling else 1 - GHOST_EDGE - GHOST_WIDTH
        painter.drawRects(self._ghost_boxes(right, edge, GHOST_WIDTH))
        painter.setPen(self._ink.ghost_pen)
        for (ghost, _), box in zip(astray, self._ghost_boxes(astray, GHOST_EDGE, 1 - 2 * GHOST_EDGE), strict=True):
            painter.setBrush(self._ink.brush(ghost.verdict))
            painter.drawRoundedRect(box, NOTE_RADIUS, NOTE_RADIUS)
            if min(box.width(), box.height()) >= MARK_LEAST:
                NoteBrush(painter, self._ink, self.falling).stamp(box, self._ink.mark(ghost.verdict))

    def _seen_ghosts(self, state: VerdictState) -> list[tuple[Ghost, float]]:
        """The ghosts to be seen, with their ends."""
        low, high = self.visible_beats()
        seen = []
        for ghost in state.ghosts.values():
            if ghost.onset_beat <= high:
                end = self.view_beat if ghost.end_beat is None else ghost.end_beat
                end = max(end, ghost.onset_beat + GHOST_LEAST_BEAT)
                if end >= low:
                    seen.append((ghost, end))
        return seen

    def _ghost_boxes(self, ghosts: list[tuple[Ghost, float]], edge: float, width: float) -> list[QRectF]:
        """Boxes that take ``width`` of their lanes from ``edge`` on."""
        if not ghosts or self.lanes is None:
            return []
        onset, end = (
            np.array(values) for values in zip(*((ghost.onset_beat, end) for ghost, end in ghosts), strict=True)
        )
        pitch = [ghost.pitch for ghost, _ in ghosts]
        lane = self.lanes.width[pitch]
        return self._boxes(onset, end, self.lanes.left[pitch] + edge * lane, width * lane)

    def _paint_loop(self, painter: QPainter) -> None:
        """Dim what lies outside the loop."""
        if self.loop is None:
            return
        begin, finish = (self._along(edge) for edge in self.loop)
        veil = self._ink.veil
        if self.falling:
            painter.fillRect(QRectF(0, begin, self.width(), self.height() - begin), veil)
            painter.fillRect(QRectF(0, 0, self.width(), finish), veil)
        else:
            painter.fillRect(QRectF(0, 0, begin, self.height()), veil)
            painter.fillRect(QRectF(finish, 0, self.width() - finish, self.height()), veil)

    def _paint_cursor(self, painter: QPainter) -> None:
        along = self._along(self.view_beat)
        glow = QColor(self._ink.colours.accent)
        if self.falling:
            gradient = QLinearGradient(0, along - 16, 0, along + 16)
            band = QRectF(0, along - 16, self.width(), 32)
        else:
            gradient = QLinearGradient(along - 16, 0, along + 16, 0)
            band = QRectF(along - 16, 0, 32, self.height())
        for place, alpha in ((0.0, 0), (0.5, 56), (1.0, 0)):
            glow.setAlpha(alpha)
            gradient.setColorAt(place, QColor(glow))
        painter.fillRect(band, gradient)
        painter.setPen(self._ink.cursor_pen)
        painter.drawLine(self._line(self.view_beat))

    def _paint_intonation(self, painter: QPainter) -> None:
        """The line of what the microphone heard."""
        if self.lanes is None:
            return
        painter.setPen(self._ink.voice_pen)
        for part in self.intonation.stretches(*self.visible_beats()):
            along = [self._along(beat) for beat in part[:, 0].tolist()]
            places = across(self.lanes, part[:, 1])
            if self.falling:
                points = [QPointF(x * self.width(), y) for x, y in zip(places.tolist(), along, strict=True)]
            else:
                points = [QPointF(x, (1 - y) * self.height()) for x, y in zip(along, places.tolist(), strict=True)]
            painter.drawPolyline(points)

    def _rebuild(self) -> None:
        """Paint the lanes once, behind everything that moves."""
        density = self.devicePixelRatioF()
        self._backdrop = backdrop(self.lanes, self.size(), self.falling, density, self._ink.colours)
        self.update()
