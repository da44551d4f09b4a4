"""Which part of a score the learner plays, where there are several; the program plays the others."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal

from lessons.parts import choices
from lessons.score import Score
from tutor.practice import Hands
from ui.widgets.choice import Choice

ALL_WORDS = "All parts"
WIDEST = 190


def hands_of(score: Score) -> frozenset[Hands]:
    """How the part that is played can be practised: with both hands, and with each that has notes in it."""
    there = set(np.unique(score.notes["hand"]).tolist())
    return frozenset(hands for hands in Hands if hands.code is None or hands.code in there)


class PartChoice(Choice):
    """Shows itself where there is a choice; ``asked`` tells the numbers of the parts to play."""

    asked = Signal(object)  # tuple[int, ...]

    def __init__(self) -> None:
        super().__init__("The part that you play")
        self.setToolTip("The part that you play; the program plays the others")
        self.setMaximumWidth(WIDEST)
        self.hide()
        self._parts: list[tuple[int, ...]] = []
        self.activated.connect(lambda row: self.asked.emit(self._parts[row]))

    def show_score(self, score: Score) -> None:
        """Offer the parts of a score, and show which ones are played."""
        parts = choices(score)
        everything = tuple(sorted(number for _, numbers in parts for number in numbers))
        self._parts = [*(numbers for _, numbers in parts), everything]
        with QSignalBlocker(self):
            self.clear()
            self.addItems([*(name for name, _ in parts), ALL_WORDS])
            now = tuple(np.unique(score.notes["part"]).tolist())
            self.setCurrentIndex(self._parts.index(now) if now in self._parts else -1)
        self.setVisible(len(parts) > 1)
