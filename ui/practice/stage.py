"""What stands before the learner: the roll, falling or sideways, or the notation."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from lessons.score import Score
from ui.practice.roll import Roll
from ui.practice.sheet import Sheet
from ui.practice.verdict_state import VerdictState
from ui.tasks import Tasks
from ui.widgets.button import Segments, tip_text
from ui.widgets.empty_state import EmptyState

FALLING, SIDEWAYS, NOTATION = range(3)
VIEWS = (
    ("", tip_text("Notes fall", "F9")),
    ("", tip_text("Notes run sideways", "F9")),
    ("", tip_text("Notation", "F9")),
)
NOTHING_ON_IT = (
    "Choose one in the Library. The keys at the foot play already: with the mouse, and with the letters on them. "
    "Ctrl+K shows and hides them."
)


class Stage(QStackedWidget):
    """Shows one of the views of the same score and take; ``choice`` is where the learner chooses it.

    Until there is a score, ``empty`` says how to come to one.
    """

    scrolled = Signal(float)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.roll, self.sheet = Roll(), Sheet(tasks)
        self.choice = Segments(VIEWS, "View of the music", ("falling", "sideways", "notation"))
        self.empty = EmptyState("practice", "No piece on the stand", NOTHING_ON_IT, "Choose a piece", "arrow")
        self._is_empty = True
        self.addWidget(self.empty)
        self.addWidget(self.roll)
        self.addWidget(self.sheet)
        self.choice.chosen.connect(self.turn)
        self.roll.scrolled.connect(self.scrolled)
        self.sheet.scrolled.connect(self.scrolled)

    def show_score(self, score: Score, state: VerdictState) -> None:
        """Prepare a score in both."""
        self.roll.show_score(score, state)
        self.sheet.show_score(score, state)
        self._is_empty = False
        self.turn(self.choice.index)

    def show_hands(self, played: Collection[int]) -> None:
        """Dim the notes of a hand that does not play."""
        self.roll.played_hands = played
        self.sheet.show_hands(played)
        self.repaint_notes()

    def show_listening(self, listening: bool) -> None:
        """Ask for no note while the program plays by itself."""
        self.sheet.asks = not listening
        self.repaint_notes()

    def show_loop(self, beats: tuple[float, float] | None) -> None:
        """Dim what lies outside a loop."""
        self.roll.loop = self.sheet.loop = beats
        self.repaint_notes()

    def turn(self, view: int) -> None:
        """Show one of the views."""
        self.choice.choose(view)
        if view != NOTATION:
            self.roll.turn(view == FALLING)
        if not self._is_empty:
            self.setCurrentWidget(self.sheet if view == NOTATION else self.roll)

    def zoom(self, factor: float) -> None:
        """Bring the view that is seen closer (factor > 1) or further away."""
        (self.sheet if self.choice.index == NOTATION else self.roll).zoom(factor)

    def visible_beats(self) -> tuple[float, float]:
        """The stretch of the score that is seen."""
        on_page = self.sheet.visible_beats() if self.choice.index == NOTATION else None
        return on_page or self.roll.visible_beats()

    def turn_on(self) -> None:
        """Show the next view."""
        self.turn((self.choice.index + 1) % len(VIEWS))

    def look_at(self, beat: float) -> None:
        """Bring a position under the cursor."""
        self.roll.look_at(beat)
        if self.currentWidget() is self.sheet:
            self.sheet.look_at(beat)

    def repaint_notes(self) -> None:
        """Show what has changed on the notes."""
        self.currentWidget().update()
