"""What was chosen and what was asked before: steps to take back, and questions to return to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lessons.analogy import Style, Variation
from ui.compose.question import Question

MOST_STEPS, MOST_ASKED = 100, 20


@dataclass
class Steps:
    """The states of the choices, the present one last."""

    states: list[Question] = field(default_factory=list)

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before the present one."""
        return len(self.states) > 1

    def moved(self, state: Question) -> None:
        """Remember a state that is new; a slider on its way is one step."""
        if self.states and state == self.states[-1]:
            return
        if len(self.states) > 1 and _slides(self.states[-2], self.states[-1]) and _slides(self.states[-1], state):
            self.states.pop()
        self.states.append(state)
        del self.states[:-MOST_STEPS]

    def undo(self) -> Question:
        """The state before the present one, which is forgotten."""
        self.states.pop()
        return self.states[-1]


def _slides(before: Question, after: Question) -> bool:
    """Whether two states differ in their strength only."""
    return replace(before, strength=after.strength) == after


@dataclass(eq=False)
class Answer:
    """An answer as the composer made it, and what it became with its left hand in other styles; one of these is shown.

    What was made once is there again at once, and the answer itself is never lost.
    """

    made: Variation
    style: Style | None = None  # what is shown; None as it was made
    styled: dict[Style, Variation] = field(default_factory=dict)

    @property
    def variation(self) -> Variation:
        """What is shown."""
        return self.made if self.style is None else self.styled[self.style]


@dataclass
class Asked:
    """The questions that were answered, the latest first, with their answers."""

    answered: list[tuple[Question, tuple[Answer, ...]]] = field(default_factory=list)

    def keep(self, question: Question, answers: Sequence[Answer]) -> None:
        """Remember an answer in place of an older one to the same question."""
        others = [entry for entry in self.answered if entry[0] != question]
        self.answered = [(question, tuple(answers)), *others][:MOST_ASKED]

    def answers_to(self, question: Question) -> tuple[Answer, ...]:
        """The answers that a question got; none where it was not asked, or is forgotten."""
        return next((answers for asked, answers in self.answered if asked == question), ())
