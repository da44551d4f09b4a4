"""The keyboard below the roll: shows what is down and what comes next, and can be played with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lessons.note_names import Naming, class_name, pitch_name
from lessons.score import LEFT
from ui.practice.lanes import BLACK_LENGTH, Lanes, is_white, lanes
from ui.practice.verdict_state import NONE, VERDICT_NAMES
from ui.theme import VERDICT_MARK, Type, font, verdict_colour, worn

HEIGHT, LEAST_HEIGHT = 104, 72
FELT = 3
NAME_LEAST = 16  # pixels of a key's width


class Keyboard(QWidget):
    """Keys of a range; ``pressed`` and ``released`` tell of the mouse."""

    pressed = Signal(int, int)  # pitch, velocity
    released = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("On-screen keyboard")
        self.setToolTip("Play with the mouse, or with the computer's keys: Z–M and Q–U")
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._lanes = lanes(36, 84)
        self._held: dict[int, int] = {}
        self._next: dict[int, int] = {}
        self._sounding: dict[int, int] = {}
        self._labels: dict[int, str] = {}
        self._naming: Naming = Naming.NONE
        self._under_mouse: int | None = None
        self._colours = worn()

    def sizeHint(self) -> QSize:
        """As high as it may be."""
        return QSize(320, HEIGHT)

    def show_lanes(self, wanted: Lanes) -> None:
        """Show the keys of these lanes."""
        self._lanes = wanted
        self.update()

    def show_held(self, held: dict[int, int]) -> None:
        """Light the keys that are down, by verdict."""
        if held != self._held:
            self._held = dict(held)
            self.update()

    def show_next(self, hands_by_pitch: dict[int, int]) -> None:
        """Show the keys that come next, by hand."""
        if hands_by_pitch != self._next:
            self._next = dict(hands_by_pitch)
            self.update()

    def show_sounding(self, hands_by_pitch: dict[int, int]) -> None:
        """Light the keys that the program holds down, by hand."""
        if hands_by_pitch != self._sounding:
            self._sounding = dict(hands_by_pitch)
            self.update()

    def show_labels(self, labels: dict[int, str]) -> None:
        """Write on keys, as the letters of the computer's keyboard."""
        self._labels = dict(labels)
        self.update()

    def show_names(self, naming: Naming) -> None:
        """Write on the white keys what they are called; without a naming each C alone."""
        self._naming = naming
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._colours = worn()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Strike the key under the mouse; lower on the key is louder."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._strike(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Slide from key to key."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._pitch_under(event) != self._under_mouse:
            self._let_go()
            self._strike(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the key go."""
        self._let_go()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint white keys, then black keys over them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._colours.key_edge))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pitch in sorted(self._lanes.pitches, key=is_white, reverse=True):
            self._paint_key(painter, pitch)
        painter.fillRect(0, 0, self.width(), FELT, QColor(self._colours.bar_line))
        painter.end()

    def _paint_key(self, painter: QPainter, pitch: int) -> None:
        white = is_white(pitch)
        box = self._box(pitch)
        painter.setPen(QPen(QColor(self._colours.key_edge if white else self._colours.on_note), 1))
        painter.setBrush(QColor(self._key_colour(pitch)))
        painter.drawRoundedRect(box, 3, 3)
        if pitch in self._next and pitch not in self._held:
            self._paint_next(painter, box, self._next[pitch])
        self._paint_words(painter, box, pitch)

    def _key_colour(self, pitch: int) -> str:
        if pitch in self._held:
            code = self._held[pitch]
            return self._colours.accent if code == NONE else verdict_colour(self._colours, VERDICT_NAMES[code])
        if pitch in self._sounding:
            return self._hand_colour(self._sounding[pitch])
        return self._colours.white_key if is_white(pitch) else self._colours.black_key

    def _hand_colour(self, hand: int) -> str:
        return self._colours.left if hand == LEFT else self._colours.right

    def _paint_next(self, painter: QPainter, box: QRectF, hand: int) -> None:
        """A bar in the hand's colour at the key's end: square for the left hand, round for the right."""
        mark = QRectF(box.left() + 2, box.bottom() - box.height() * 0.42, box.width() - 4, box.height() * 0.42 - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._hand_colour(hand)))
        radius = 0 if hand == LEFT else min(mark.width() / 2, 7)
        painter.drawRoundedRect(mark, radius, radius)

    def _paint_words(self, painter: QPainter, box: QRectF, pitch: int) -> None:
        code, name = self._held.get(pitch), self._name(pitch, box.width())
        text = VERDICT_MARK[VERDICT_NAMES[code]] if code else self._labels.get(pitch, "")
        painter.setPen(QColor(self._words_colour(pitch)))
        painter.setFont(font(Type.SMALL - 1, bold=bool(code)))
        for row, words in enumerate(filter(None, (text, name if self._naming or not text else ""))):
            place = box.adjusted(0, 0, 0, -5 - row * painter.fontMetrics().height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, words)

    def _name(self, pitch: int, wide: float) -> str:
        """What a white key is called: each C with its octave, the others where names are wanted."""
        if not is_white(pitch) or wide < NAME_LEAST:
            return ""
        if self._naming in (Naming.NONE, Naming.LETTERS) and pitch % 12 == 0:
            return pitch_name(pitch)
        return class_name(pitch, self._naming) if self._naming else ""

    def _words_colour(self, pitch: int) -> str:
        if pitch in self._held or pitch in self._next or pitch in self._sounding:
            return self._colours.on_note
        return "#5d5a54" if is_white(pitch) else "#d7d9de"

    def _box(self, pitch: int) -> QRectF:
        left, width = self._lanes.left[pitch] * self.width(), self._lanes.width[pitch] * self.width()
        height = self.height() - FELT
        return QRectF(left, FELT - 3, width, height + 2 if is_white(pitch) else height * BLACK_LENGTH + 3)

    def _pitch_under(self, event: QMouseEvent) -> int | None:
        place = event.position()
        return self._lanes.pitch_at(place.x() / max(1, self.width()), place.y() / max(1, self.height()))

    def _strike(self, event: QMouseEvent) -> None:
        self._under_mouse = self._pitch_under(event)
        if self._under_mouse is not None:
            deep = min(max(event.position().y() / max(1, self.height()), 0.0), 1.0)
            self.pressed.emit(self._under_mouse, 40 + int(60 * deep))

    def _let_go(self) -> None:
        if self._under_mouse is not None:
            self.released.emit(self._under_mouse)
            self._under_mouse = None
