"""One task of an assignment that is being made, in a line: all that it asks can be changed there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lessons.assignment import MOST_PASSES, TEMPO_RANGE, Task
from lessons.bar_names import passage_in_short, passage_of
from lessons.errors import InputError
from tutor.assigned.words import brief_words
from tutor.practice import Hands, Mode, has_both_hands
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import Flow
from ui.widgets.number import Number
from ui.widgets.text import Elided, label

MODES = (("in any mode", ""), ("Follow me", Mode.FOLLOW), ("Wait for me", Mode.WAIT), ("Keep tempo", Mode.KEEP_TEMPO))
ACCURACIES = (("clean", None), ("90 % right", 0.9), ("80 % right", 0.8), ("all right", 1.0))
HANDS = tuple(Hands)
BARS_WIDTH, CHOICE_WIDTH = 92, 140
TITLE_WIDTH = 180  # with less room for its words they stand above the fields


class TaskRow(QFrame):
    """What a task asks, how often, how well and in which way; ``refused`` tells why it cannot ask so."""

    changed = Signal(object)  # Task
    remove_asked = Signal()
    refused = Signal(str)

    def __init__(self, number: int, task: Task):
        super().__init__()
        self._task = task
        name = f"task {number}, {task.title}"
        self.bars = QLineEdit()
        self.bars.setPlaceholderText("all bars")
        self.bars.setAccessibleName(f"Bars, {name}")
        self.bars.setToolTip("Bars of the page, such as 5–8; 5² is bar 5, second time. Empty is the whole piece")
        self.bars.setFixedWidth(BARS_WIDTH)
        self.bars.editingFinished.connect(self._change_bars)
        self.hands = Choice(f"Hands, {name}", 8)
        self.hands.addItems([hands.words for hands in HANDS])
        self.hands.activated.connect(lambda row: self._change(hands=str(HANDS[row])))
        if not has_both_hands(task.score):
            self.hands.hide()
        low, high = (round(100 * ratio) for ratio in TEMPO_RANGE)
        self.tempo = Number(low, high, f"Percent of the written tempo, {name}")
        self.tempo.valueChanged.connect(lambda percent: self._change(tempo=percent / 100))
        self.passes = Number(1, MOST_PASSES, f"How many times, {name}")
        self.passes.valueChanged.connect(lambda passes: self._change(passes=passes))
        self.accuracy = Choice(f"How well, {name}", 8)
        self.accuracy.addItems([words for words, _ in ACCURACIES])
        self.accuracy.activated.connect(lambda row: self._change(accuracy=ACCURACIES[row][1]))
        self.mode = Choice(f"Who leads, {name}", 8)
        self.mode.addItems([words for words, _ in MODES])
        self.mode.activated.connect(lambda row: self._change(mode=str(MODES[row][1])))
        self.remove = Button("", "remove", "glyph", f"Take {name}, out again")
        self.remove.clicked.connect(self.remove_asked)
        self._asked = Elided("", Type.SMALL, "soft")
        self._lay_out(f"{number}. {task.title}")
        self._show()

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What takes the keys, in the order in which it stands."""
        return self.bars, self.hands, self.tempo, self.passes, self.accuracy, self.mode, self.remove

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what is asked beside the fields, or above them where there is no room for words."""
        super().resizeEvent(event)
        ways, beside = QBoxLayout.Direction, event.size().width() >= TITLE_WIDTH + self._fields.sizeHint().width()
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _change_bars(self) -> None:
        said = self.bars.text().strip()
        bars = passage_of(self._task.score, said)
        if said and bars is None:
            self._refuse(f"{said}: must be bars of the page, such as 5–8")
        else:
            self._change(bars=bars)

    def _change(self, **fields: Any) -> None:
        """Ask otherwise; what cannot be asked is told, and all stays as it was."""
        try:
            task = replace(self._task, **fields)
        except InputError as fault:
            self._refuse(str(fault))
            return
        if all(getattr(self._task, name) == value for name, value in fields.items()):
            return
        self._task = task
        self._show()
        self.changed.emit(task)

    def _refuse(self, reason: str) -> None:
        self._show()
        self.refused.emit(reason)

    def _show(self) -> None:
        """Show what is asked."""
        task = self._task
        self.bars.setText(passage_in_short(task.score, *task.bars) if task.bars else "")
        for number, value in ((self.tempo, round(100 * task.tempo)), (self.passes, task.passes)):
            with QSignalBlocker(number):
                number.setValue(value)
        self.hands.setCurrentIndex(HANDS.index(Hands(task.hands)))
        _choose(self.accuracy, [value for _, value in ACCURACIES], task.accuracy)
        _choose(self.mode, [str(value) for _, value in MODES], task.mode)
        self._asked.setText(brief_words(replace(task, mode="", accuracy=None)))

    def _lay_out(self, title: str) -> None:
        what = QVBoxLayout()
        what.setSpacing(Space.HAIR)
        what.addWidget(Elided(title, Type.BODY, bold=True))
        what.addWidget(self._asked)
        for choice in (self.hands, self.accuracy, self.mode):
            choice.setFixedWidth(CHOICE_WIDTH)
        tempo, passes = _with_words(self.tempo, "%"), _with_words(self.passes, "times")
        self._fields = QWidget()
        self._fields.setLayout(
            Flow(Space.SMALL, self.bars, self.hands, tempo, passes, self.accuracy, self.mode, self.remove)
        )
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.SMALL)
        self._row.addLayout(what, 1)
        self._row.addWidget(self._fields)


def _with_words(number: Number, words: str) -> QWidget:
    """A number with what it counts."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(number)
    row.addWidget(label(words, Type.SMALL, "soft"))
    return both


def _choose(choice: Choice, values: list[Any], value: object) -> None:
    """Show a value; one that is not offered here, as of an assignment from the terminal, shows none."""
    choice.setCurrentIndex(values.index(value) if value in values else -1)
