"""The notation of a score, system under system, with a cursor and the verdicts on the notes' heads.

Verovio engraves in a process of its own, systems become pictures in the background, and the window's thread only lays
them down. What is written is black on white in spirit: the theme's ink on its ground.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lessons.engrave import System
from lessons.score import LEFT, RIGHT, Score
from ui.practice.ink import Ink
from ui.practice.sheet_brush import SheetBrush
from ui.practice.sheet_page import Look, Page, system_at
from ui.practice.sheet_picture import inks_of
from ui.practice.sheet_places import Places
from ui.practice.verdict_state import VerdictState
from ui.tasks import Tasks
from ui.theme import Type, font, worn

LEAST_HEIGHT = 80
LOOK_AHEAD = 0.08  # of the height that stays above the system being played
EASE = 0.18
SETTLE_MS = 250
WHEEL_ZOOM = 1.15  # for a step of the wheel
SIZES = (0.6, 2.0)  # of the staves, beside what the width has by itself
EMPTY_WORDS = "Choose a piece in the Library, and it appears here."
BUSY_WORDS = "Drawing the notation …"
FAILED_WORDS = "This piece could not be drawn as notation; the other views show it."


class Sheet(QWidget):
    """Shows a score as notation; owns neither the clock nor the verdicts."""

    scrolled = Signal(float)  # a position to stand at

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setAccessibleName("Notation")
        self.setMinimumSize(320, LEAST_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.view_beat = 0.0
        self.loop: tuple[float, float] | None = None
        self.asks = True  # whether the notes that come next are ringed
        self._resting: int | None = None  # which of the learner's staves has a hand that does not play
        self._inks: tuple[float, ...] = ()  # of the staves of a system
        self._tasks = tasks
        self._score: Score | None = None
        self._state: VerdictState | None = None
        self._systems: tuple[System, ...] = ()
        self._places: list[Places] = []
        self._pictures: dict[int, QImage] = {}
        self._asked: set[int] = set()
        self._order = 0  # of engravings: what an older one brings home is dropped
        self._due = True
        self._words = EMPTY_WORDS
        self._offset = 0.0
        self._size = 1.0
        self._ink = Ink(worn())
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._engrave_if_seen)

    def show_score(self, score: Score, state: VerdictState) -> None:
        """Show a score from its start; it is engraved once it is seen."""
        self._score, self._state = score, state
        self.view_beat = score.start_beat
        self._systems, self._places, self._offset, self._words = (), [], 0.0, BUSY_WORDS
        self._inks = inks_of(score, self._resting)
        self._engrave_anew()

    def show_hands(self, played: Collection[int]) -> None:
        """Dim the staff of a hand that does not play."""
        idle = [staff for staff, hand in enumerate((RIGHT, LEFT)) if hand not in played]
        resting = idle[0] if len(idle) == 1 else None
        if resting != self._resting:
            self._resting = resting
            self._inks = inks_of(self._score, resting) if self._score is not None else ()
            self._forget_pictures()

    def zoom(self, factor: float) -> None:
        """Bring the notation closer (factor > 1) or further away; the lines are broken anew once that has settled."""
        size = min(max(self._size * factor, SIZES[0]), SIZES[1])
        if size != self._size:
            self._size, self._due = size, True
            self._settle.start()

    @property
    def ready(self) -> bool:
        """Whether the notation is there to be seen."""
        return bool(self._systems)

    def look_at(self, beat: float) -> None:
        """Bring the system of a position to the top, smoothly."""
        wanted = self._wanted_offset(beat)
        moving = abs(wanted - self._offset) > 0.5
        if beat != self.view_beat or moving:
            self.view_beat = beat
            near = abs(wanted - self._offset) < self.height()
            self._offset = self._offset + EASE * (wanted - self._offset) if near and moving else wanted
            self.update()

    def visible_beats(self) -> tuple[float, float] | None:
        """The stretch of the score on the systems of which more than half is seen; None where there is none."""
        top, bottom = self._offset, self._offset + self.height()
        seen = [
            place for place in self._places if len(place.onset_beat) and top <= place.top + place.height / 2 <= bottom
        ]
        return (float(seen[0].onset_beat[0]), seen[-1].end_beat) if seen else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go to the system before or after; with Ctrl, zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(WHEEL_ZOOM ** (event.angleDelta().y() / 120))
        elif self._places:
            number = self._number_at(self.view_beat) - (1 if event.angleDelta().y() > 0 else -1)
            onsets = self._places[min(max(number, 0), len(self._places) - 1)].onset_beat
            if len(onsets):
                self.scrolled.emit(float(onsets[0]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stand where the learner points."""
        for place in self._places:
            inside = place.top <= event.position().y() + self._offset < place.top + place.height
            if inside and len(place.onset_beat):
                self.scrolled.emit(place.beat_at(event.position().x()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew once the size has settled."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._due = True
            self._settle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Engrave what was opened unseen."""
        super().showEvent(event)
        self._engrave_if_seen()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._ink = Ink(worn())
            self._forget_pictures()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the systems that are seen."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ink.colours.roll))
        if not self._places:
            self._paint_words(painter)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        playing = self._number_at(self.view_beat)
        for number, place in enumerate(self._places):
            top = place.top - self._offset
            if top < self.height() and top + place.height > 0:
                self._paint_system(painter, number, top, number == playing)

    def _paint_system(self, painter: QPainter, number: int, top: float, playing: bool) -> None:
        place, picture, brush = self._places[number], self._pictures.get(number), SheetBrush(painter, self._ink)
        has_notes = len(place.onset_beat) > 0
        if playing and has_notes:
            brush.cursor(place, top, self.view_beat)
        if picture is None:
            self._ask_for_picture(number)
            return
        painter.drawImage(QPointF(0, top), picture)
        if self._state is not None:
            brush.verdicts(place, top, self._state.codes, set(self._state.next_rows if self.asks else ()))
        if self.loop is not None and has_notes:
            brush.veil(place, top, self.loop, self.width())

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(font(Type.LEAD))
        painter.setPen(QColor(self._ink.colours.ink_faint))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)

    def _number_at(self, beat: float) -> int:
        return system_at(self._places, beat)

    def _wanted_offset(self, beat: float) -> float:
        if not self._places:
            return 0.0
        last = self._places[-1]
        lowest = max(0.0, last.top + last.height - self.height())
        return min(max(0.0, self._places[self._number_at(beat)].top - LOOK_AHEAD * self.height()), lowest)

    def _engrave_anew(self) -> None:
        self._due = True
        self._engrave_if_seen()

    def _engrave_if_seen(self) -> None:
        score = self._score
        if not (self._due and self.isVisible() and score is not None):
            return
        self._due, self._order = False, self._order + 1
        order, seen = self._order, (self.view_beat, self.width(), self.height(), self._size)
        look = self._look
        self._tasks.run(
            lambda: Page.of(score, look, *seen),
            lambda page: self._engraved(order, page),
            lambda _: self._failed(order),
        )

    @property
    def _look(self) -> Look:
        return Look(self._ink, self.devicePixelRatioF(), self._inks)

    def _engraved(self, order: int, page: Page) -> None:
        """Lay a page down whole, so that what was there before stays until then."""
        if order != self._order:
            return
        self._systems, self._places = page.systems, page.places
        self._offset = self._wanted_offset(self.view_beat)
        self._forget_pictures()
        if page.look == self._look:
            self._pictures |= page.pictures
            self._asked |= set(page.pictures)

    def _failed(self, order: int) -> None:
        if order == self._order:
            self._words = FAILED_WORDS
            self.update()

    def _forget_pictures(self) -> None:
        self._pictures.clear()
        self._asked.clear()
        self.update()

    def _ask_for_picture(self, number: int) -> None:
        if number in self._asked:
            return
        self._asked.add(number)
        system, look = self._systems[number], self._look

        def hang(picture: QImage) -> None:
            still_there = number < len(self._systems) and self._systems[number] is system
            if still_there and look == self._look:
                self._pictures[number] = picture
                self.update()

        self._tasks.run(lambda: look.picture(system), hang)
