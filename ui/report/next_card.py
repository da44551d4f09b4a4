"""The card that says what to play next, why, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from lessons.bar_names import aside, bars_in_words, begun
from lessons.exercise import Exercise
from lessons.percent import percent
from lessons.score import HAND_NAMES, Score
from tutor.practice import Hands
from tutor.step import Knob, Step
from ui.compose.question import WORDS
from ui.theme import Space, Type
from ui.widgets.button import Button, tip_text
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.text import label, plain_tip

MOST_LETTERS = len("bars 101–104")  # of a passage that has room on a button
NO_TURNS = "Finish one passage after another. You can take turns again in the Library, beside what is due today"
COMPOSING = "Composing your exercise …"


class NextCard(QFrame):
    """First shows the step and its reason; the exercise follows when it is made."""

    exercise_asked = Signal(object)  # Exercise
    passage_asked = Signal(object)  # Step
    turns_refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._step: Step | None = None
        self._here: Score | None = None
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
        self.passage = Button("Play the passage", "", "", "")
        self.passage.clicked.connect(self._play_passage)
        self.stay = Button("", "", "", "Stay with this one")
        self.stay.clicked.connect(self._stay)
        self.no_turns = Button("No turns", "", "quiet", NO_TURNS)
        self.no_turns.clicked.connect(self._refuse_turns)
        others = QHBoxLayout()
        others.setSpacing(Space.SMALL)
        others.addWidget(self.stay, 1)
        others.addWidget(self.no_turns)
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
        column.addLayout(others)

    def show_step(self, step: Step, here: Score, *, told: bool = False) -> None:
        """Show what comes next after a take of ``here``, before there is an exercise.

        A reason that was ``told`` elsewhere is not repeated.
        """
        self._step, self._here, self._exercise, self._wanted = step, here, None, False
        self._reason.setText(step.reason)
        self._reason.setVisible(not told)
        waits = step.bars is not None
        self._roll.show_score(None, words=COMPOSING)
        self._made.setText(COMPOSING if waits else "")
        self._how.setText("")
        self._offer(waits)
        self.passage.setText(deed_words(step, here))
        for widget in (self.stay, self.no_turns):
            widget.setVisible(step.instead is not None)
        if step.instead is not None:
            self.stay.setText(deed_words(step.instead, here))
            self.stay.setToolTip(plain_tip(step.instead.advice))

    def _offer(self, exercise: bool) -> None:
        """Let the one button that is meant say what the advice says: the exercise where there is one, else the step."""
        assert self._step is not None
        as_written = f"{begun(passage_words(self._step))}, as it is written"
        for widget in (self._roll, self._made, self._how, self.open):
            widget.setVisible(exercise)
        self.open.setEnabled(self._exercise is not None)
        self._advice.setText(exercise_words(self._step) if exercise else self._step.advice)
        self.passage.set_role("" if exercise else "primary")
        self.passage.set_glyph("" if exercise else "arrow")
        self.passage.setToolTip(plain_tip(as_written) if exercise else tip_text(self._step.advice, "Ctrl+Return"))

    def show_exercise(self, exercise: Exercise | None) -> None:
        """Offer the exercise; where there is none, the step itself."""
        self._exercise = exercise
        if self._step is not None:
            self._offer(exercise is not None)
        if exercise is not None:
            self._roll.show_score(exercise.score)
            self._made.setText(exercise.score.title)
            self._how.setText(how_made(exercise))
        if self._wanted:
            self.ask()

    def ask(self) -> None:
        """Do what comes next; an exercise that is being composed opens when it is there, if this is still seen."""
        if self._step is not None and self.open.isHidden():
            self._wanted = False
            self._play_passage()
        else:
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

    def _stay(self) -> None:
        if self._step is not None and self._step.instead is not None:
            self.passage_asked.emit(self._step.instead)

    def _refuse_turns(self) -> None:
        """Take no turns from now on; what would have come next comes next."""
        self.turns_refused.emit()
        if self._step is not None and self._step.instead is not None and self._here is not None:
            self.show_step(self._step.instead, self._here)
            self.show_exercise(None)

    def _play_passage(self) -> None:
        if self._step is not None:
            self.passage_asked.emit(self._step)


def exercise_words(step: Step) -> str:
    """What to do where there is an exercise: that first, then what the step says."""
    if step.knob is Knob.ANALOGUE:
        return step.advice
    then = f"Then {step.advice[:1].lower()}{step.advice[1:]}"
    return f"First the exercise: it has the same difficulty in new surroundings. {then}"


def passage_words(step: Step) -> str:
    """The bars of a step, or the piece."""
    return bars_in_words(step.score, *step.settings.bars) if step.settings.bars else "the piece"


def deed_words(step: Step, here: Score) -> str:
    """What a button says that does what a step advises, after a take of ``here``: "Play bars 4–5"."""
    settings, where = step.settings, passage_words(step)
    what = where if len(where) <= MOST_LETTERS else "the passage"
    if step.score.digest != here.digest:
        title = step.score.title or "the piece"
        return f"Play {aside(what)} of {title}" if settings.bars else f"Play {title}"
    match step.knob:
        case Knob.HANDS if settings.hands is Hands.BOTH:
            return "Play both hands"
        case Knob.HANDS:
            return f"Play the {settings.hands.words}"
        case Knob.TEMPO:
            return f"Play {what} at {percent(settings.tempo_ratio)}"
        case Knob.LENGTH:
            return f"Play {what if settings.bars else 'the whole piece'}"
    return f"Play {what} again"


def how_made(exercise: Exercise) -> str:
    """The analogy of an exercise in one sentence: what stays, and in which hand what comes from where.

    What is the same in the other piece has not come from there for a learner to see.
    """
    analogy = exercise.variation.analogy if exercise.variation is not None else None
    hand = f"{HAND_NAMES[analogy.hand]} hand’s " if analogy is not None and analogy.hand in HAND_NAMES else ""
    kept = f"Keeps the {WORDS[exercise.kept]} that you practise" if exercise.kept else "Made from the passage"
    taken = [f"takes the {hand}{WORDS[feature]} from “{donor.title}”" for feature, donor in exercise.taken.items()]
    return "; ".join([kept, *taken]) + "."
