"""The card that says what to play next, why, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from lessons.bar_names import bars_in_words
from lessons.exercise import Exercise
from tutor.coach import Step
from ui.theme import Space, Type
from ui.widgets.button import Button, tip_text
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.text import label

COMPOSING = "Composing your exercise …"
MOST_LETTERS = len("bars 101–104")  # of a passage that has room on a button


class NextCard(QFrame):
    """First shows the step and its reason; the exercise follows when it is made."""

    exercise_asked = Signal(object)  # Exercise
    passage_asked = Signal(object)  # PracticeSettings

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._step: Step | None = None
        self._exercise: Exercise | None = None
        self._wanted = False  # asked for while it was being composed
        self._title = label("Next", Type.LEAD, bold=True)
        self._reason = label("", Type.BODY, wrap=True)
        self._advice = label("", Type.BODY, "soft", wrap=True)
        self._made = label("", Type.BODY, bold=True, wrap=True)
        self._how = label("", Type.SMALL, "soft", wrap=True)
        self._roll = MiniRoll(96, COMPOSING)
        self.open = Button(
            "Play the exercise", "arrow", "primary", tip_text("Put the exercise on the stand", "Ctrl+Return")
        )
        self.open.clicked.connect(self._open)
        self.passage = Button("Play the passage", "", "", "As it is written")
        self.passage.clicked.connect(self._play_passage)
        deeds = QHBoxLayout()
        deeds.setSpacing(Space.SMALL)
        deeds.addWidget(self.open, 1)
        deeds.addWidget(self.passage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        for widget in (self._title, self._reason, self._advice, self._roll, self._made, self._how):
            column.addWidget(widget)
        column.addSpacing(Space.TIGHT)
        column.addLayout(deeds)

    def show_step(self, step: Step, *, told: bool = False) -> None:
        """Show what comes next, before there is an exercise; a reason that was ``told`` elsewhere is not repeated."""
        self._step, self._exercise, self._wanted = step, None, False
        self._reason.setText(step.reason)
        self._reason.setVisible(not told)
        self._advice.setText(step.advice)
        waits = step.bars is not None
        for widget in (self._roll, self._made, self._how, self.open):
            widget.setVisible(waits)
        self._made.setText(COMPOSING if waits else "")
        self._how.setText("")
        self.open.setEnabled(False)
        self._show_passage(step)
        self._roll.show_score(None, words=COMPOSING)

    def _show_passage(self, step: Step) -> None:
        """Name the bars on the button where they have room; else its tip does."""
        where = bars_in_words(step.score, *step.settings.bars) if step.settings.bars else "the piece"
        self.passage.setText(f"Play {where if len(where) <= MOST_LETTERS else 'the passage'}")
        self.passage.setToolTip(f"Play {where}, as it is written")

    def show_exercise(self, exercise: Exercise | None) -> None:
        """Offer the exercise; None where the step asks for the piece itself."""
        self._exercise = exercise
        for widget in (self._roll, self._made, self._how, self.open):
            widget.setVisible(exercise is not None)
        if exercise is None:
            return
        self._roll.show_score(exercise.score)
        self._made.setText(exercise.score.title)
        self._how.setText(how_made(exercise))
        self.open.setEnabled(True)
        if self._wanted:
            self._open()

    def ask(self) -> None:
        """Open the exercise; one that is still being composed opens as soon as it is there, if this is still seen."""
        self._wanted = self._exercise is None
        self._open()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever goes elsewhere does not wait any more."""
        super().hideEvent(event)
        self._wanted = False

    def _open(self) -> None:
        if self._exercise is not None:
            self._wanted = False
            self.exercise_asked.emit(self._exercise)

    def _play_passage(self) -> None:
        if self._step is not None:
            self.passage_asked.emit(self._step.settings)


def how_made(exercise: Exercise) -> str:
    """The analogy of an exercise in one sentence."""
    if exercise.variation is None:
        return "The passage as it is written."
    donors = exercise.variation.analogy.donors
    kept = f"Keeps the {exercise.kept} that you practise" if exercise.kept else "Made from the passage"
    taken = [f"takes its {feature} from “{donor.title}”" for feature, donor in donors.items()]
    return "; ".join([kept, *taken]) + "."
