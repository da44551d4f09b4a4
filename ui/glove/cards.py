"""The cards of the glove page that live by themselves: the tap test and the rehearsal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from lessons.bar_names import bars_in_words
from lessons.errors import InputError
from lessons.score import Score
from tutor.clock import stamp
from tutor.rehearsal import DEFAULT_MINUTES, rehearse
from ui.glove.hands_view import finger_words
from ui.glove.rehearsing import Rehearsing
from ui.glove.tap_test import FIRST_SEC, GAP_SEC, PULSES, felt_lag_ms, pulse_times
from ui.glove.watched import WatchedGlove
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import card, label

LEFT_INDEX, RIGHT_INDEX, TEST_MS = 1, 6, 100
NO_PASSAGES = "Play a piece first: its worst bars can then be rehearsed."
TAP_ADVICE = "Tap the space bar together with what your {} feels."


class TapCard(QWidget):
    """Measures how late a touch is felt; ``measured`` tells by how many milliseconds."""

    start_asked = Signal()
    measured = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self._pulses: list[float] = []
        self._taps: list[float] = []
        self._finger = -1
        self.words = label("", Type.BODY, "soft", wrap=True)
        self.button = Button("Begin the tap test", "metronome", "", "Measure how late a touch is felt")
        self.button.clicked.connect(self.start_asked)
        _hold(self, titled("When you feel it", self.words, self.button))

    @property
    def running(self) -> bool:
        """Whether taps are counted now."""
        return bool(self._pulses)

    def use(self, finger: int) -> None:
        """Try this finger."""
        if finger != self._finger and not self.running:
            self._finger = finger
            seconds = round(FIRST_SEC + PULSES * GAP_SEC)
            self.words.setText(f"{TAP_ADVICE.format(finger_words(finger))} It takes {seconds} seconds.")

    def start(self, glove: WatchedGlove, level: int, lead_sec: float) -> None:
        """Give the pulses, ``lead_sec`` after they are meant to be felt: by so much every touch is brought forward."""
        glove.lend()
        self._pulses, self._taps = pulse_times(stamp()), []
        for at_sec in self._pulses:
            glove.cue((self._finger,), at_sec + lead_sec, level, TEST_MS)
        self.words.setText(TAP_ADVICE.format(finger_words(self._finger)))

    def stop(self) -> None:
        """Count no more."""
        self._pulses = []

    def tap(self) -> None:
        """The learner tapped."""
        self._taps.append(stamp())

    def look(self) -> None:
        """Say what was measured, once the last pulse is over."""
        if not self._pulses or stamp() < self._pulses[-1] + GAP_SEC:
            return
        lag = felt_lag_ms(self._pulses, self._taps)
        self._pulses = []
        if lag is None:
            self.words.setText("Too few taps went along with the touches. Try again, and tap with every one.")
        else:
            self.measured.emit(lag)


class RehearsalCard(QWidget):
    """Lets the worst bars of the last take be felt again and again."""

    noticed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._score: Score | None = None
        self._passages: tuple[tuple[int, int], ...] = ()
        self._glove: WatchedGlove | None = None
        self.child = False
        self._words = label(NO_PASSAGES, Type.BODY, "soft", wrap=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("How far the rehearsal is")
        self._button = Button("Rehearse", "loop", "", "Feel the worst bars again and again while you do something else")
        self._button.clicked.connect(self._toggle)
        self._rehearsing = Rehearsing(self)
        self._rehearsing.moved.connect(self._show)
        self._rehearsing.ended.connect(self._ended)
        _hold(self, titled("Rehearse while you rest", self._words, self._progress, self._button))

    def show_passages(self, score: Score, passages: Sequence[tuple[int, int]]) -> None:
        """Offer the worst passages of a take."""
        self._score, self._passages = score, tuple(passages)
        bars = " · ".join(bars_in_words(score, *passage) for passage in passages)
        self._words.setText(f"{score.title}: {bars}" if passages else NO_PASSAGES)

    def use(self, glove: WatchedGlove | None, present: bool) -> None:
        """Rehearse with this glove, where it is present."""
        self._glove = glove
        self._button.setEnabled(self._rehearsing.running or (present and bool(self._passages)))

    def stop(self) -> None:
        """End the rehearsal."""
        self._rehearsing.stop()

    def _toggle(self) -> None:
        if self._rehearsing.running:
            self._rehearsing.stop()
            return
        if self._glove is None or self._score is None:
            return
        try:
            self._rehearsing.start(rehearse(self._score, self._passages, DEFAULT_MINUTES, self.child), self._glove)
        except InputError as error:
            self.noticed.emit(str(error))
            return
        self._button.setText("End the rehearsal")

    def _show(self, gone_sec: float, length_sec: float) -> None:
        self._progress.setMaximum(max(1, round(length_sec)))
        self._progress.setValue(min(round(gone_sec), round(length_sec)))

    def _ended(self) -> None:
        self._button.setText("Rehearse")
        self._progress.setValue(0)


def titled(title: str, *widgets: QWidget) -> QFrame:
    """A card with a title over widgets."""
    frame, column = card(), QVBoxLayout()
    column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
    column.setSpacing(Space.SMALL)
    column.addWidget(label(title, Type.LEAD, bold=True))
    for widget in widgets:
        column.addWidget(widget)
    frame.setLayout(column)
    return frame


def _hold(holder: QWidget, frame: QFrame) -> None:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(frame)
