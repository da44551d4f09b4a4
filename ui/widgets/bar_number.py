"""A field for a bar of a piece: it counts along the piece, and shows and takes what a musician calls the bar."""

from __future__ import annotations

from PySide6.QtGui import QValidator

from lessons.bar_names import bar_in_words, bar_of, name_of
from lessons.score import Score
from ui.widgets.number import Number

TIP = "The number on the page; 5² is bar 5, second time, and may be typed as 5 2"


class BarNumber(Number):
    """``value`` is the number of the bar along the piece; without a piece, the number is all there is to a bar."""

    _score: Score | None = None  # asked for before there is a piece

    def __init__(self, name: str):
        super().__init__(1, 999, name)
        self._name = name
        self.valueChanged.connect(self._tell_name)

    def show_bars(self, score: Score) -> None:
        """Offer the bars of a piece."""
        self._score = score
        self.setToolTip(TIP if any(name.time > 1 for name in score.bar_names) else "")
        self.setRange(int(score.bars["number"][0]), int(score.bars["number"][-1]))
        self.setValue(self.value())
        self._tell_name()

    def textFromValue(self, value: int) -> str:
        """What a musician calls the bar."""
        return name_of(self._score, value).short if self._score is not None else str(value)

    def valueFromText(self, text: str) -> int:
        """The bar that was typed; what is no bar of the piece leaves the number as it was."""
        found = self._found(text)
        return self.value() if found is None else found

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let be typed what may become the name of a bar."""
        found = self._found(text)
        is_there = found is not None and self.minimum() <= found <= self.maximum()
        return (QValidator.State.Acceptable if is_there else QValidator.State.Intermediate), text, position

    def _found(self, text: str) -> int | None:
        if self._score is not None:
            return bar_of(self._score, text)
        return int(text) if text.isdecimal() else None

    def _tell_name(self) -> None:
        """Say to who cannot see it which time it is."""
        words = f", {bar_in_words(self._score, self.value())}" if self._score is not None else ""
        self.setAccessibleName(f"{self._name}{words}")
