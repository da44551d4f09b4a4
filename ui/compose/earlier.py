"""The questions that were answered before, to return to: shown once there are two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from ui.compose.history import Answer, Asked
from ui.compose.question import Question, question_in_words
from ui.widgets.choice import Choice


class EarlierQuestions(Choice):
    """A list of questions, the latest first; ``title_of`` names the pieces in them."""

    chosen = Signal(object, object)  # Question, and its answers

    def __init__(self, title_of: Callable[[str], str]):
        super().__init__("What you asked before", 14)
        self._title_of, self._asked = title_of, Asked()
        self.setVisible(False)
        self.activated.connect(self._choose)

    def keep(self, question: Question, answers: Sequence[Answer]) -> None:
        """Remember the answers to a question."""
        self._asked.keep(question, answers)
        self.clear()
        for asked, _ in self._asked.answered:
            self.addItem(question_in_words(asked, self._title_of))
        self.setVisible(len(self._asked.answered) > 1)

    def answers_to(self, question: Question) -> Sequence[Answer]:
        """The answers that a question got; none where it was not asked, or is forgotten."""
        return self._asked.answers_to(question)

    def _choose(self, row: int) -> None:
        self.chosen.emit(*self._asked.answered[row])
