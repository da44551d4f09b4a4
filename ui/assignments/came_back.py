"""What came back: a table for each assignment, its tasks down the page and the pupils beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from lessons.assignment import Assignment, Task
from tutor.assigned.results import HandedTake, Result, TaskResult, together
from tutor.assigned.words import brief_words, day_words, result_lines
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import Elided, card, label

TASK_WIDTH, PUPIL_WIDTH = 230, 190


class CameBack(QWidget):
    """Shows results; ``hear_asked`` tells a take that shall be heard with its piece's title, or None for silence."""

    hear_asked = Signal(object, str)  # HandedTake or None
    put_away_asked = Signal(object)  # Result

    def __init__(self) -> None:
        super().__init__()
        self.results: tuple[Result, ...] = ()
        self._heard: Button | None = None
        self.hear: list[Button] = []
        self.away: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, Space.SMALL, 0)
        self._column.setSpacing(Space.MEDIUM)
        self._column.addStretch(1)
        self._tables: list[QFrame] = []

    def show_results(self, results: Sequence[Result]) -> None:
        """Show these before those that are there; a pupil's newer result stands in place of the older one."""
        fresh = {_key(one): one for one in reversed((*results, *self.results))}
        self._show(tuple(reversed(fresh.values())))

    def show_kept(self, results: Sequence[Result]) -> None:
        """Show what was kept behind what was opened since."""
        opened = {_key(one) for one in self.results}
        self._show((*self.results, *(one for one in results if _key(one) not in opened)))

    def drop(self, result: Result) -> None:
        """Show a result no more."""
        self._show(tuple(one for one in self.results if _key(one) != _key(result)))

    def _show(self, results: tuple[Result, ...]) -> None:
        self.results = results
        self.show_silence()
        for table in self._tables:
            self._column.removeWidget(table)
            table.deleteLater()
        self.hear, self.away = [], []
        self._tables = [self._table(assignment, group) for assignment, group in together(self.results)]
        for place, table in enumerate(self._tables):
            self._column.insertWidget(place, table)

    def show_silence(self) -> None:
        """Nothing is heard any more."""
        if self._heard is not None:
            _show_heard(self._heard, False)
        self._heard = None

    @property
    def is_heard(self) -> bool:
        """Whether a take is heard."""
        return self._heard is not None

    def _table(self, assignment: Assignment, results: Sequence[Result]) -> QFrame:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.MEDIUM)
        for column, result in enumerate(results, 1):
            grid.addWidget(self._pupil(result), 0, column)
            grid.setColumnMinimumWidth(column, PUPIL_WIDTH)
            grid.setColumnStretch(column, 1)
        grid.setColumnMinimumWidth(0, TASK_WIDTH)
        grid.setColumnStretch(0, 1)
        for row, task in enumerate(assignment.tasks, 1):
            grid.addWidget(_what(task), row, 0, Qt.AlignmentFlag.AlignTop)
            for column, result in enumerate(results, 1):
                cell = self._cell(task, result.tasks[row - 1], result.pupil)
                grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
        frame, whole = card(), QVBoxLayout()
        whole.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        whole.setSpacing(Space.MEDIUM)
        whole.addWidget(Elided(assignment.title, Type.TITLE, bold=True))
        whole.addLayout(grid)
        frame.setLayout(whole)
        return frame

    def _pupil(self, result: Result) -> QWidget:
        name = result.pupil or "No name"
        away = Button("", "remove", "glyph", f"Put away what {name} handed in")
        away.clicked.connect(lambda: self.put_away_asked.emit(result))
        self.away.append(away)
        words = QWidget()
        grid = QGridLayout(words)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(Space.HAIR)
        grid.addWidget(Elided(name, Type.LEAD, bold=True), 0, 0)
        grid.addWidget(label(f"Handed in on {day_words(result.day)}", Type.SMALL, "soft"), 1, 0)
        grid.addWidget(away, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        return words

    def _cell(self, task: Task, result: TaskResult, pupil: str) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        first, *others = result_lines(task, result.progress)
        column.addWidget(label(first, Type.BODY, "good" if result.progress.done else "", wrap=True))
        for words in others:
            column.addWidget(label(words, Type.SMALL, "soft", wrap=True))
        if result.takes:
            column.addSpacing(Space.TIGHT)
            column.addLayout(self._hear_row(task, result.takes[-1], pupil))
        return cell

    def _hear_row(self, task: Task, take: HandedTake, pupil: str) -> QHBoxLayout:
        button = Button("Hear", "listen", "", f"Hear {pupil or 'the pupil'} play {task.title}")
        button.setAccessibleName(f"Hear {pupil or 'the pupil'} play {task.title}")
        button.clicked.connect(lambda: self._ask_to_hear(button, take, task.title))
        self.hear.append(button)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        return row

    def _ask_to_hear(self, button: Button, take: HandedTake, title: str) -> None:
        stops = button is self._heard
        self.show_silence()
        if not stops:
            self._heard = button
            _show_heard(button, True)
        self.hear_asked.emit(None if stops else take, title)


def _show_heard(button: Button, heard: bool) -> None:
    button.set_glyph("stop" if heard else "listen")
    button.setText("Stop" if heard else "Hear")


def _key(result: Result) -> tuple[str, str]:
    """Which assignment of which pupil it is of."""
    return result.assignment.id, result.pupil


def _what(task: Task) -> QWidget:
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.HAIR)
    column.addWidget(Elided(task.title, Type.BODY, bold=True))
    column.addWidget(label(brief_words(task), Type.SMALL, "soft", wrap=True))
    return words
