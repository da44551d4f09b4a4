"""What a teacher makes: an assignment that grows by pieces, each as it is set on the Practice page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from lessons.assignment import Task
from lessons.draft import Draft
from lessons.library.shelf import Piece
from ui.assignments.offer import Offer
from ui.assignments.task_row import TaskRow
from ui.theme import Space, Type
from ui.widgets.button import Button, Toggle
from ui.widgets.choice import Choice
from ui.widgets.text import card, label, rule

DAYS = 28  # as far ahead as a due day can be chosen
WORDS_HEIGHT = 74
NOTHING_YET = (
    "Add the piece on the stand, as it is set on the Practice page, or one from the shelf, as it is written. Bars, "
    "hands and tempo can be changed here."
)


class Making(QWidget):
    """The assignment that is being made; tells what shall be added to it, and that it shall be saved."""

    stand_asked = Signal()
    piece_asked = Signal(object)  # Piece
    save_asked = Signal(object)  # Assignment
    anew_asked = Signal()
    changed = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.offer = Offer()
        self.tasks: list[Task] = []
        self.rows: list[TaskRow] = []
        self._pieces: tuple[Piece, ...] = ()
        self._days: tuple[date, ...] = ()
        self.title = QLineEdit()
        self.title.setPlaceholderText("Title, such as Week 5")
        self.title.setAccessibleName("Title of the assignment")
        self.due = Choice("Due day", 18)
        self.words = QPlainTextEdit()
        self.words.setPlaceholderText("What you say to your pupil")
        self.words.setAccessibleName("What you say to your pupil")
        self.words.setFixedHeight(WORDS_HEIGHT)
        self.words.setTabChangesFocus(True)
        self.touch = Toggle("A glove may help", "Whether what is played with touch on the hand counts")
        self.touch.setChecked(True)
        self.stand = Button(
            "Add the piece on the stand", "plus", "", "With its bars, hands and tempo as they are set now"
        )
        self.stand.clicked.connect(self.stand_asked)
        self.shelf = Choice("Add a piece from the shelf", 18)
        self.shelf.setPlaceholderText("Add one from the shelf …")
        self.shelf.activated.connect(self._add_from_shelf)
        self.save = Button("Save as …", "save", "primary", "Write the file that you give to your pupils")
        self.save.clicked.connect(self._ask_to_save)
        self.anew = Button("Start over", "", "quiet", "Make another one; what is here is cleared, its file stays")
        self.anew.clicked.connect(self.anew_asked)
        for told in (self.title.textChanged, self.words.textChanged, self.due.currentIndexChanged, self.touch.toggled):
            told.connect(lambda *_: self._tell_changed())
        self._nothing = label(NOTHING_YET, Type.BODY, "soft", wrap=True)
        self._lay_out()
        self.show_stand(False)
        self._show_tasks()

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Offer the pieces that are known."""
        self._pieces = tuple(pieces)
        with QSignalBlocker(self.shelf):
            self.shelf.clear()
            self.shelf.addItems([piece.title for piece in pieces])
            self.shelf.setCurrentIndex(-1)

    def show_days(self, today: date) -> None:
        """Offer the days from tomorrow on; what was chosen stays chosen while it is one of them or later."""
        self._offer_days(today, self.due_day)

    def _offer_days(self, today: date, chosen: date | None) -> None:
        days = tuple(today + timedelta(days=ahead) for ahead in range(1, DAYS + 1))
        self._days = (*days, chosen) if chosen is not None and chosen > days[-1] else days
        with QSignalBlocker(self.due):
            self.due.clear()
            self.due.addItems(["No due day", *(f"Due by {day:%A} {day.day} {day:%B}" for day in self._days)])
            self.due.setCurrentIndex(self._days.index(chosen) + 1 if chosen in self._days else 0)

    def show_stand(self, there: bool) -> None:
        """Whether there is a piece on the stand."""
        self.stand.setEnabled(there)

    @property
    def due_day(self) -> date | None:
        """The day that is chosen."""
        return self._days[self.due.currentIndex() - 1] if self.due.currentIndex() > 0 else None

    def add(self, task: Task) -> None:
        """Put one more task into it."""
        self.tasks.append(task)
        self._show_tasks()

    def draft(self) -> Draft:
        """What is made so far."""
        words, touch = self.words.toPlainText(), self.touch.isChecked()
        return Draft(self.title.text(), words, self.due_day, touch, tuple(self.tasks))

    def show_draft(self, draft: Draft, today: date) -> None:
        """Show this, in place of what stood here."""
        self.title.setText(draft.title)
        self.words.setPlainText(draft.words)
        self._offer_days(today, draft.due)
        self.touch.setChecked(draft.guidance)
        self.tasks = list(draft.tasks)
        self._show_tasks()

    def restore(self, draft: Draft, today: date) -> None:
        """Show what was being made when the page was left; what was begun since comes after it."""
        now = self.draft()
        title, words, due = now.title or draft.title, now.words or draft.words, now.due or draft.due
        self.show_draft(Draft(title, words, due, draft.guidance and now.guidance, (*draft.tasks, *now.tasks)), today)

    def _add_from_shelf(self, row: int) -> None:
        self.shelf.setCurrentIndex(-1)
        self.piece_asked.emit(self._pieces[row])

    def _ask_to_save(self) -> None:
        self.save_asked.emit(self.draft().assignment())

    def _change(self, row: int, task: Task) -> None:
        self.tasks[row] = task
        self._tell_changed()

    def _tell_changed(self) -> None:
        self.anew.setEnabled(not self.draft().is_empty)
        self.changed.emit()

    def _remove(self, row: int) -> None:
        del self.tasks[row]
        self._show_tasks()
        (self.rows[min(row, len(self.rows) - 1)].remove if self.rows else self.stand).setFocus()

    def _show_tasks(self) -> None:
        for old in self.rows:
            self._list.removeWidget(old)
            old.deleteLater()
        self.rows = [self._row(number, task) for number, task in enumerate(self.tasks)]
        for row in self.rows:
            self._list.addWidget(row)
        fields = [field for row in self.rows for field in row.fields]
        for before, field in zip((self.words, *fields), fields, strict=False):
            self.setTabOrder(before, field)
        self._nothing.setVisible(not self.tasks)
        self.save.setEnabled(bool(self.tasks))
        self._tell_changed()

    def _row(self, number: int, task: Task) -> TaskRow:
        row = TaskRow(number + 1, task)
        row.changed.connect(lambda changed: self._change(number, changed))
        row.refused.connect(self.refused)
        row.remove_asked.connect(lambda: self._remove(number))
        return row

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(Space.SMALL)
        first.addWidget(self.title, 3)
        first.addWidget(self.due, 2)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.SMALL)
        adding = QHBoxLayout()
        adding.setSpacing(Space.SMALL)
        adding.addWidget(self.stand)
        adding.addWidget(self.shelf, 1)
        adding.addStretch(1)
        ending = QHBoxLayout()
        ending.setSpacing(Space.SMALL)
        ending.addWidget(self.touch)
        ending.addStretch(1)
        ending.addWidget(self.anew)
        ending.addWidget(self.save)
        frame, column = card(), QVBoxLayout()
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(first)
        column.addWidget(self.words)
        column.addWidget(rule())
        column.addWidget(self._nothing)
        column.addLayout(self._list)
        column.addLayout(adding)
        column.addWidget(rule())
        column.addLayout(ending)
        frame.setLayout(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, Space.SMALL, 0)
        whole.setSpacing(Space.MEDIUM)
        whole.addWidget(self.offer)
        whole.addWidget(frame)
        whole.addStretch(1)
