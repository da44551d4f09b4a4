"""The assignments page: what is to be done, what a teacher makes, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tutor.assigned.keeping import Standing
from tutor.assigned.results import Result
from ui.assignments.came_back import CameBack
from ui.assignments.making import Making
from ui.assignments.to_do import ToDo
from ui.theme import Space, Type
from ui.widgets.button import Button, Segments
from ui.widgets.empty_state import EmptyState
from ui.widgets.scroll import Scrolled
from ui.widgets.text import label

VIEWS = (
    ("To do", "What your teacher asks for, and how it stands"),
    ("Make one", "For teachers: an assignment for your pupils"),
    ("What came back", "For teachers: what your pupils handed in"),
)
OPEN = ("Open file …", "folder", "Ctrl+O")
TO_DO, MAKE, BACK = range(len(VIEWS))
NOTHING_TO_DO = "Open the file that your teacher gave you, or drop it on the window."
NOTHING_BACK = (
    "Open the files that your pupils sent back, or drop them on the window: they stand beside each other here, "
    "and stay."
)


class AssignmentsPage(QWidget):
    """Three views, one at a time; ``shown`` tells that the page came into sight."""

    open_asked = Signal()
    shown = Signal()
    silence_asked = Signal()

    def __init__(self, pupil: str = ""):
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.views = Segments(VIEWS, "Assignments")
        self.views.chosen.connect(self.show_view)
        self.to_do, self.making, self.back = ToDo(pupil), Making(), CameBack()
        self.open = Button("Open file …", "folder", "", "Open an assignment, or what came back of one", "Ctrl+O")
        self.open.clicked.connect(self.open_asked)
        self._no_task = EmptyState("assignments", "Nothing to do yet", NOTHING_TO_DO, *OPEN)
        self._no_result = EmptyState("assignments", "Nothing came back yet", NOTHING_BACK, *OPEN)
        for empty in (self._no_task, self._no_result):
            empty.asked.connect(self.open_asked)
        self._stack = QStackedWidget()
        views = zip((self.to_do, self.making, self.back), VIEWS, strict=True)
        self._scrolls = [Scrolled(view, words) for view, (words, _) in views]
        for widget in (*self._scrolls, self._no_task, self._no_result):
            self._stack.addWidget(widget)
        self._lay_out()
        self.show_view(TO_DO)

    def show_view(self, view: int) -> None:
        """Show one of the views, or what to do where it has nothing yet."""
        self.views.choose(view)
        self._fall_silent()
        empty = {TO_DO: self._no_task, BACK: self._no_result}.get(view)
        there = {TO_DO: bool(self.to_do.cards), BACK: bool(self.back.results)}.get(view, True)
        self._stack.setCurrentWidget(self._scrolls[view] if there or empty is None else empty)
        self.open.setVisible(view != MAKE and there)

    @property
    def words(self) -> str:
        """The one sentence that stands where there is nothing yet; "" where there is something."""
        shown = self._stack.currentWidget()
        return shown.words if isinstance(shown, EmptyState) else ""

    def show_standings(self, standings: Sequence[Standing], today: date) -> None:
        """Show what is to be done."""
        self.to_do.show_standings(standings, today)
        self.show_view(self.views.index)

    def show_results(self, results: Sequence[Result]) -> None:
        """Show what came back, beside what is there."""
        self.back.show_results(results)
        self.show_view(BACK)

    def show_kept(self, results: Sequence[Result]) -> None:
        """Show what came back at another time, on whatever view."""
        self.back.show_kept(results)
        self.show_view(self.views.index)

    def drop_result(self, result: Result) -> None:
        """Show no more what a pupil handed in."""
        self.back.drop(result)
        self.show_view(self.views.index)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is seen."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Be silent while unseen."""
        super().hideEvent(event)
        self._fall_silent()

    def _fall_silent(self) -> None:
        if self.back.is_heard:
            self.back.show_silence()
            self.silence_asked.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.LARGE)
        head.setContentsMargins(0, 0, Space.SMALL, 0)
        head.addWidget(label("Assignments", Type.DISPLAY, bold=True))
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.MEDIUM, Space.LARGE)
        column.setSpacing(Space.LARGE)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
