"""A motif of one's own: played on a keyboard, on the computer's keys or with the mouse, or typed; seen as notation."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QImage, QKeyEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from lessons.engrave import engrave
from lessons.errors import InputError
from lessons.key_names import in_key, key_in_words
from lessons.score import Score
from lessons.timing import pulse_beats
from lessons.typed_notes import score_of_typed, typed_of
from ui.compose.motif_line import MotifLine
from ui.compose.sketching import Sketching
from ui.practice import computer_keys
from ui.practice.keyboard import Keyboard
from ui.practice.lanes import lanes
from ui.practice.lesson import Lesson
from ui.practice.sheet_picture import picture_of
from ui.practice.typed_keys import TypedKeys
from ui.tasks import Tasks
from ui.theme import Space, Type, worn
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import Flow
from ui.widgets.notice import sentences
from ui.widgets.number import Number
from ui.widgets.text import label

METRES = ((4, 4), (3, 4), (2, 4), (6, 8), (5, 4), (9, 8), (12, 8))
KEYS = tuple((fifths, minor) for minor in (False, True) for fifths in range(-5, 7))
LOWEST, HIGHEST = 48, 84
BASE_PITCH = computer_keys.BASE_PITCH + 12
TEMPO, SLOWEST, FASTEST = 80, 40, 160
NOTATION_WIDTH = 1000  # pixels, enough for four bars in one system
SMOOTH = Qt.TransformationMode.SmoothTransformation
HOW = "Try it out on the keys. Record counts in a bar, then play one to four: a keyboard, Z–M and Q–U, or the mouse."
HEARD, TYPED, AGAIN = "This is what was heard", "This is what you typed", "This is your motif again"


class SketchCard(QFrame):
    """``played`` tells the motif, ``begun`` that it is about to be listened to."""

    played = Signal(object)  # Score
    begun = Signal()

    def __init__(self, lesson: Lesson, tasks: Tasks):
        super().__init__()
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("A motif of your own: the computer's keys play")
        self._lesson, self._tasks = lesson, tasks
        self.sketching = Sketching(lesson, self)
        self._metre = Choice("Metre", 4)
        self._metre.setToolTip("The metre of the motif")
        for beats, unit in METRES:
            self._metre.addItem(f"{beats}/{unit}")
        self._tempo = Number(SLOWEST, FASTEST, "Clicks a minute")
        self._tempo.setValue(TEMPO)
        self._record = Button("Record", "metronome", "", "Count in a bar and listen; again ends it")
        self._record.clicked.connect(self.toggle)
        self.listen = Button("Listen", "listen", "", "Hear the motif, or stop hearing it")
        self.listen.hide()
        self.motif: Score | None = None
        self.key = Choice("The motif's key", 10)
        self.key.setToolTip("The key that was heard. Choose another one where you meant it")
        for fifths, minor in KEYS:
            self.key.addItem(key_in_words(fifths, minor))
        self.key.hide()
        self._status = label(HOW, Type.SMALL, "soft", wrap=True)
        self._notation = label()
        self._notation.setAccessibleName("The motif as notation")
        self._notation.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # as wide as there is room
        self._notation.hide()
        self.line = MotifLine()
        self._is_typed = False
        self._chosen_key: tuple[int, bool] | None = None  # where another one than was heard is meant
        self._drawn = QPixmap()
        self.keyboard = Keyboard()
        self.keyboard.show_lanes(lanes(LOWEST, HIGHEST))
        self.keyboard.show_labels(computer_keys.labels(BASE_PITCH))
        keys = lesson.keys
        self._typed = TypedKeys(lambda pitch: keys.play(pitch, computer_keys.VELOCITY), keys.release, self)
        self._connect()
        self._lay_out()

    def toggle(self) -> None:
        """Begin to listen, or end it."""
        if self.sketching.running:
            self.sketching.stop()
            return
        self.begun.emit()
        self._hide_motif()
        self.sketching.start(METRES[self._metre.currentIndex()], float(self._tempo.value()))
        self.setFocus()
        self._show_running()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play the computer's keys."""
        if not self._typed.pressed(event, BASE_PITCH):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let a computer's key go."""
        if not self._typed.released(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hold no key whose release goes elsewhere."""
        super().focusOutEvent(event)
        self._typed.release_all()

    def hideEvent(self, event: QHideEvent) -> None:
        """Listen to nothing while unseen; a window that was made small listens on."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._typed.release_all()
            self.sketching.cancel()
            self._show_running()

    def _connect(self) -> None:
        self.keyboard.pressed.connect(self._lesson.keys.play)
        self.keyboard.released.connect(self._lesson.keys.release)
        self.key.activated.connect(self._choose_key)
        self.line.entered.connect(self._read_line)
        self._metre.activated.connect(self._read_again)
        self._tempo.editingFinished.connect(self._read_again)
        self.sketching.counted.connect(self._show_count)
        self.sketching.ended.connect(lambda motif: self.show_motif(motif, HEARD))
        self.sketching.refused.connect(self._show_refusal)

    def _show_count(self, beat: int, bar: int) -> None:
        self._status.setText(f"Bar {bar}, beat {beat}" if bar else f"Counting in: {beat}")

    def _show_refusal(self, reason: str) -> None:
        self._status.setText(reason)
        self._show_running()

    def _show_running(self) -> None:
        running = self.sketching.running
        self._record.set_glyph("stop" if running else "metronome")
        self._record.setText("Done" if running else "Record")
        for choice in (self._metre, self._tempo, self.line):
            choice.setEnabled(not running)

    def _hide_motif(self) -> None:
        for widget in (self._notation, self.key, self.listen):
            widget.hide()

    def show_motif(self, motif: Score, came: str = AGAIN) -> None:
        """Show a motif, as one may type it too; ``came`` says where it is from."""
        metre = motif.metre_at(0.0)
        self._metre.setCurrentIndex(METRES.index(metre) if metre in METRES else 0)
        self._tempo.setValue(round(motif.tempo.bpm_at(0.0) / pulse_beats(*metre)))
        self.line.setText(typed_of(motif))
        self._chosen_key, self._is_typed = None, False
        self._show(motif, came)

    def _read_again(self) -> None:
        """Read what was typed in the metre and at the tempo that are chosen now, where they are others."""
        if self.motif is None or not self._is_typed:
            return
        metre, motif = METRES[self._metre.currentIndex()], self.motif
        chosen = metre, self._tempo.value() * pulse_beats(*metre)
        if chosen != (motif.metre_at(0.0), motif.tempo.bpm_at(0.0)):
            self._read_line(self.line.text())

    def _read_line(self, text: str) -> None:
        """Take what was typed; what cannot be read is said, and the motif stays as it was."""
        metre = METRES[self._metre.currentIndex()]
        try:
            motif = score_of_typed(text, metre, self._tempo.value() * pulse_beats(*metre))
        except InputError as error:
            self._status.setText(sentences((str(error),)))
            return
        self._is_typed = True
        self.begun.emit()
        self._show(motif if self._chosen_key is None else in_key(motif, *self._chosen_key), TYPED)

    def _show(self, motif: Score, came: str) -> None:
        self._show_running()
        fifths, minor = motif.keys[["fifths", "minor"]][0].tolist()
        self.key.setCurrentIndex(KEYS.index((fifths, minor)))
        self.key.show()
        self.listen.show()
        self._status.setText(
            f"{came}, in {key_in_words(fifths, minor)}. Correct it in the line, play it again, or make a song of it."
        )
        self._take(motif)

    def _choose_key(self, row: int) -> None:
        """Write the motif in another key."""
        if self.motif is not None:
            self._chosen_key = KEYS[row]
            self._take(in_key(self.motif, *KEYS[row]))
            self._status.setText(f"Now it is in {self.key.currentText()}.")

    def _take(self, motif: Score) -> None:
        """Show this motif, and tell it."""
        self.motif = motif
        ink, density = worn().ink, self.devicePixelRatioF()
        self._tasks.run(
            lambda: picture_of(engrave(motif, NOTATION_WIDTH)[0], ink, density),
            self._show_notation,
            self._status.setText,
        )
        self.played.emit(motif)

    def _show_notation(self, picture: QImage) -> None:
        """Show what of the picture is drawn on."""
        pixels = QPixmap.fromImage(picture)
        self._drawn = pixels.copy(QRegion(pixels.mask()).boundingRect())
        self._fit_notation()
        self._notation.show()

    def _fit_notation(self) -> None:
        """Show the notation as wide as there is room."""
        if self._drawn.isNull():
            return
        density, drawn = self.devicePixelRatioF(), self._drawn
        room = int(self.keyboard.width() * density)
        shown = drawn if drawn.width() <= room else drawn.scaledToWidth(room, SMOOTH)
        shown.setDevicePixelRatio(density)
        self._notation.setPixmap(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the notation in again."""
        super().resizeEvent(event)
        self.layout().activate()
        self._fit_notation()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        clicks = label("clicks a minute", Type.BODY, "soft")
        column.addLayout(Flow(Space.SMALL, self._metre, self._tempo, clicks, self.key, self._record))
        said = QHBoxLayout()
        said.setSpacing(Space.SMALL)
        said.addWidget(self._status, 1)
        said.addWidget(self.listen)
        column.addLayout(said)
        column.addWidget(self._notation)
        column.addWidget(self.line)
        column.addWidget(self.keyboard)
