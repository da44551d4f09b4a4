"""What is to be done: each assignment that was opened, its tasks, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from lessons.assignment import Assignment, Task
from lessons.bar_names import bars_listed
from tutor.assigned.keeping import Standing
from tutor.assigned.progress import TaskProgress
from tutor.assigned.words import brief_words, day_words, standing_words
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.text import Elided, label, rule, set_tone

NAME_WIDTH = 200


class ToDo(QWidget):
    """Tells which task shall be practised, and which assignment handed in or put away."""

    practise_asked = Signal(object, object)  # Task, TaskProgress
    hand_in_asked = Signal(object)  # Assignment
    put_away_asked = Signal(object)  # Assignment
    name_wanted = Signal()

    def __init__(self, pupil: str):
        super().__init__()
        self.pupil = pupil
        self.cards: list[AssignmentCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, Space.SMALL, 0)
        self._column.setSpacing(Space.MEDIUM)
        self._column.addStretch(1)

    def show_standings(self, standings: Sequence[Standing], today: date) -> None:
        """Show these, in place of what was shown; the keys stay where they were, if that is still there."""
        place = next((self._place_of(card) for card in self.cards if card.has_keys), None)
        for card in self.cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = [self._card(standing, today) for standing in standings]
        for number, card in enumerate(self.cards):
            self._column.insertWidget(number, card)
        if place is not None and place[0] < len(self.cards):
            self.cards[place[0]].give_keys(place[1])

    def _place_of(self, card: AssignmentCard) -> tuple[int, int]:
        return self.cards.index(card), card.place_of_keys

    def _card(self, standing: Standing, today: date) -> AssignmentCard:
        card = AssignmentCard(standing, today, self.pupil)
        card.practise_asked.connect(self.practise_asked)
        card.hand_in_asked.connect(self.hand_in_asked)
        card.put_away_asked.connect(self.put_away_asked)
        card.named.connect(self._name)
        card.name_wanted.connect(self.name_wanted)
        return card

    def _name(self, pupil: str) -> None:
        self.pupil = pupil
        for card in self.cards:
            card.show_name(pupil)


class AssignmentCard(QFrame):
    """One assignment: the teacher's words, a row for each task, and the way back to the teacher."""

    practise_asked = Signal(object, object)  # Task, TaskProgress
    hand_in_asked = Signal(object)  # Assignment
    put_away_asked = Signal(object)  # Assignment
    named = Signal(str)
    name_wanted = Signal()

    def __init__(self, standing: Standing, today: date, pupil: str):
        super().__init__()
        self.setObjectName("card")
        self.assignment = assignment = standing.assignment
        self.setAccessibleName(assignment.title)
        self.practise: list[Button] = []
        self.standings: list[str] = []
        away = Button("", "remove", "glyph", f"Put {assignment.title} away")
        away.clicked.connect(lambda: self.put_away_asked.emit(assignment))
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(Elided(assignment.title, Type.TITLE, bold=True), 1)
        head.addWidget(_due_label(standing, today))
        head.addWidget(away)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.SMALL)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        for row, (task, progress) in enumerate(zip(assignment.tasks, standing.progress, strict=True)):
            self._add_row(row, task, progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(head)
        if assignment.words:
            column.addWidget(label(assignment.words, Type.BODY, wrap=True))
        column.addLayout(self._grid)
        column.addWidget(rule())
        column.addLayout(self._way_back(pupil, "primary" if standing.done else ""))

    @property
    def has_keys(self) -> bool:
        """Whether one of its buttons has the keyboard."""
        return any(button.hasFocus() for button in self.practise)

    @property
    def place_of_keys(self) -> int:
        """Which task's button has it."""
        return next((row for row, button in enumerate(self.practise) if button.hasFocus()), 0)

    def give_keys(self, row: int) -> None:
        """Give the keyboard to the button of a task."""
        self.practise[min(row, len(self.practise) - 1)].setFocus()

    def show_name(self, pupil: str) -> None:
        """Show the pupil's name as it was typed elsewhere."""
        if self._name.text().strip() != pupil:
            self._name.setText(pupil)

    def _hand_in(self) -> None:
        """Ask to hand it in, or first for a name: a teacher has more than one pupil."""
        if self._name.text().strip():
            self.hand_in_asked.emit(self.assignment)
        else:
            self._name.setFocus()
            self.name_wanted.emit()

    def _add_row(self, row: int, task: Task, progress: TaskProgress) -> None:
        what = QVBoxLayout()
        what.setSpacing(Space.HAIR)
        what.addWidget(Elided(task.title, Type.BODY, bold=True))
        what.addWidget(label(brief_words(task), Type.SMALL, "soft", wrap=True))
        what.addStretch(1)
        how = QVBoxLayout()
        how.setSpacing(Space.HAIR)
        stands = standing_words(task, progress)
        standing = label(stands, Type.BODY, wrap=True)
        set_tone(standing, "good" if progress.done else "")
        how.addWidget(standing)
        if progress.worst_bars and not progress.done:
            how.addWidget(label(_mind(task, progress.worst_bars), Type.SMALL, "soft"))
        how.addStretch(1)
        practise = Button("Practise", "practice", "", f"Put {task.title}, {brief_words(task)}, on the stand")
        practise.setAccessibleName(f"Practise {task.title}: {stands}")
        practise.clicked.connect(lambda: self.practise_asked.emit(task, progress))
        self.practise.append(practise)
        self.standings.append(stands)
        self._grid.addLayout(what, row, 0)
        self._grid.addLayout(how, row, 1)
        self._grid.addWidget(practise, row, 2)

    def _way_back(self, pupil: str, role: str) -> QHBoxLayout:
        self._name = QLineEdit(pupil)
        self._name.setPlaceholderText("Your name")
        self._name.setAccessibleName("Your name")
        self._name.setFixedWidth(NAME_WIDTH)
        self._name.textEdited.connect(lambda: self.named.emit(self._name.text().strip()))
        self.hand_in = Button(
            "Hand in …", "save", role, "Write a file for your teacher: how each task stands, and your takes"
        )
        self.hand_in.clicked.connect(self._hand_in)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addStretch(1)
        row.addWidget(self._name)
        row.addWidget(self.hand_in)
        return row


def _mind(task: Task, bars: Sequence[int]) -> str:
    """The bars that went worst, in the order of the page: "Watch bars 5, 6 and 7"."""
    return f"Watch {bars_listed(task.score, sorted(bars))}"


def _due_label(standing: Standing, today: date) -> QWidget:
    """From when on it counts and by when it is wanted, in the colour of a warning once that day is over."""
    assignment: Assignment = standing.assignment
    if standing.done:
        return label("Done", Type.BODY, "good")
    late = assignment.due is not None and assignment.due < today
    words = [f"Given on {day_words(assignment.given)}"] if assignment.given is not None else []
    words += [f"{'Was due' if late else 'Due'} by {day_words(assignment.due)}"] if assignment.due is not None else []
    return label(" · ".join(words), Type.BODY, "warning" if late else "soft")
