"""The report page: how the take went and what comes next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from lessons.exercise import Exercise
from lessons.score import Score
from tutor.assigned.words import day_words
from tutor.known import reached_bars
from tutor.practice import Mode
from tutor.report import Report
from tutor.sinks import FinishedTake
from tutor.step import Step
from ui.report.heat import HeatMap, slips_in_words
from ui.report.next_card import NextCard
from ui.report.summary import Summary
from ui.report.timing import TimingPlot
from ui.rooms import TakeReport
from ui.tasks import Tasks
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.scroll import Scrolled
from ui.widgets.text import Elided, card, label

NOTHING_YET = "Play something, and read here how it went and what to play next."
CHOOSE = "Choose a piece"
LOOKING_BACK = "Looking for your last take …"
READING = "Listening to your take once more …"
WAITED = "The score waited for you: nothing was early or late."
NEXT_WIDTH = 372
WIDEST = 16_777_215  # the width that Qt takes for none in particular


class ReportPage(QWidget):
    """Shows one take. Tells what shall be played next."""

    exercise_asked = Signal(object)  # Exercise
    passage_asked = Signal(object)  # Step
    again_asked = Signal()
    practise_asked = Signal()  # from an empty page
    hear_asked = Signal(bool)  # the take, or silence
    bar_asked = Signal(int)
    turns_refused = Signal()
    empty_seen = Signal()

    def __init__(self, tasks: Tasks):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.empty = EmptyState("report", "No report yet", NOTHING_YET, CHOOSE, "arrow")
        self.empty.asked.connect(self.practise_asked)
        self._words = label("", Type.LEAD, "soft")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = Elided("", Type.DISPLAY, bold=True)
        self._again = Button("Play it again", "restart", "", "The same once more")
        self._again.clicked.connect(self.again_asked)
        self._hear = Button("Hear your take", "listen", "", "Hear what you played")
        self._hear.clicked.connect(lambda: self._ask_to_hear(not self._heard))
        self._heard = False
        self._headline = label("", Type.TITLE, wrap=True)
        self._touch = label("", Type.BODY, "soft", wrap=True)
        self._task = label("", Type.BODY, bold=True, wrap=True)
        self._summary = Summary()
        self._heat = HeatMap()
        self._heat.bar_chosen.connect(self.bar_asked)
        self._items = QVBoxLayout()
        self._items.setSpacing(Space.SMALL)
        self._timing = TimingPlot(tasks)
        self._next = NextCard()
        self._next.exercise_asked.connect(self.exercise_asked)
        self._next.passage_asked.connect(self.passage_asked)
        self._next.turns_refused.connect(self.turns_refused)
        self._lay_out()

    def show_heard(self, heard: bool) -> None:
        """Whether the take is being played back."""
        self._heard = heard
        self._hear.set_glyph("stop" if heard else "listen")
        self._hear.setText("Stop" if heard else "Hear your take")

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks for a report where there is none yet."""
        super().showEvent(event)
        if self._stack.currentWidget() is self.empty:
            self.empty_seen.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent while unseen."""
        super().hideEvent(event)
        if self._heard:
            self._ask_to_hear(False)

    def _ask_to_hear(self, heard: bool) -> None:
        self.show_heard(heard)
        self.hear_asked.emit(heard)

    def show_stand(self, score: Score) -> None:
        """Offer to play what is on the stand, while there is no report yet."""
        self.empty.show_deed(f"Play {score.title}" if score.title else "Play the piece on the stand")

    def show_looking_back(self) -> None:
        """Say that the last take is being looked for."""
        self._words.setText(LOOKING_BACK)
        self._stack.setCurrentWidget(self._words)

    def show_nothing(self) -> None:
        """Say that there is no report yet."""
        self._stack.setCurrentWidget(self.empty)

    def show_reading(self, take: FinishedTake) -> None:
        """Say that the take is being judged."""
        if self._heard:
            self._ask_to_hear(False)
        self._words.setText(READING)
        self._stack.setCurrentWidget(self._words)

    def show_trouble(self, reason: str) -> None:
        """Say why there is no report; the take is kept."""
        self._words.setText(f"This take could not be judged; it is kept.\n{reason}")
        self._stack.setCurrentWidget(self._words)

    def show_report(self, told: TakeReport) -> None:
        """Show a take."""
        report = told.review.report
        self._title.setText(told.score.title or "Your take")
        self._headline.setText(" ".join(report.praise) or report.step.reason)
        day = f"Your last take, of {day_words(told.day)}." if told.day is not None else ""
        aside = " ".join(words for words in (day, report.mastery, report.notice, report.touch, report.rest) if words)
        self._touch.setText(aside)
        self._touch.setVisible(bool(aside))
        self._task.setText(told.task)
        self._task.setVisible(bool(told.task))
        self._summary.show_take(told)
        self._heat.show_bars(report.bars)
        self._show_items(report)
        self._minded.setVisible(not report.step.is_foreign and self._items.count() > 0)
        if told.settings.mode is Mode.WAIT:
            self._timing.show_words(WAITED)
        else:
            reached = reached_bars(told.review.assessment)
            self._timing.show_notes(told.score, told.review.assessment["notes"], reached[:2] if reached else None)
        self._next.show_step(report.step, told.score, told=not report.praise)
        self._stack.setCurrentWidget(self._whole)

    def show_exercise(self, exercise: Exercise | None) -> None:
        """Show the exercise that was made while the learner read."""
        self._next.show_exercise(exercise)

    def play_exercise(self) -> None:
        """Put what comes next on the stand: the exercise where there is one."""
        self._next.ask()

    def _show_items(self, report: Report) -> None:
        while self._items.count():
            item = self._items.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.deleteLater()
        for words in [said for said in report.items if not is_told(said, report.step)]:
            self._items.addWidget(label(words, Type.BODY, wrap=True))
        if not report.items:
            self._items.addWidget(label(slips_in_words(report.bars), Type.BODY, "soft", wrap=True))
        if report.intonation:
            self._items.addWidget(label(report.intonation, Type.BODY, "soft", wrap=True))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._hear)
        head.addWidget(self._again)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        left.addWidget(self._headline)
        left.addWidget(self._touch)
        left.addWidget(self._task)
        left.addWidget(self._summary)
        left.addWidget(_titled("Bar by bar", self._heat))
        left.addWidget(_titled("Timing", self._timing), 4)
        left.addStretch(0)
        right = QVBoxLayout()
        right.setSpacing(Space.MEDIUM)
        minded = QWidget()
        minded.setLayout(self._items)
        self._items.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._next)
        self._minded = _titled("Also watch", minded)
        right.addWidget(self._minded)
        right.addStretch(1)
        side = QWidget()
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(Space.LARGE)
        row.addLayout(left, 1)
        row.addWidget(side)
        self._left, self._side, self._row = left, side, row
        inner = QWidget()
        inner.installEventFilter(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, Space.SMALL, 0)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(head)
        column.addLayout(row, 1)
        self._stack, self._whole = QStackedLayout(self), _framed(inner)
        for widget in (self.empty, self._words, self._whole):
            self._stack.addWidget(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Find room for what comes next when the words of a take need more of it, or less."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_side()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find room for what comes next."""
        super().resizeEvent(event)
        self._place_side()

    def _place_side(self) -> None:
        """Lay what comes next beside the take, or below it where there is no room."""
        needed = self._left.minimumSize().width() + NEXT_WIDTH + 4 * Space.LARGE
        beside = needed <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._side.setMinimumWidth(NEXT_WIDTH if beside else 0)
        self._side.setMaximumWidth(NEXT_WIDTH if beside else WIDEST)


def is_told(item: str, step: Step) -> bool:
    """Whether the next step says already what is to be minded, perhaps with more."""
    return any(words.startswith(item.removesuffix(".")) for words in (step.reason, step.advice))


def _titled(title: str, content: QWidget) -> QFrame:
    frame, column = card(), QVBoxLayout()
    column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
    column.setSpacing(Space.SMALL)
    column.addWidget(label(title, Type.LEAD, bold=True))
    column.addWidget(content, 1)
    frame.setLayout(column)
    return frame


def _framed(inner: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(Space.LARGE, Space.LARGE, Space.MEDIUM, Space.LARGE)
    column.addWidget(Scrolled(inner, "The report"))
    return holder
