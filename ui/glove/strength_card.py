"""How strongly the hand is touched: all of it, single fingers, and more gently where it is a child's."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lessons.percent import percent
from tutor.glove.limits import FULL_LEVEL
from ui.glove.cards import RIGHT_INDEX, titled
from ui.glove.hands_view import finger_words
from ui.glove.lead_card import pair, slider
from ui.theme import Type
from ui.widgets.button import Button, Toggle
from ui.widgets.text import label

FIGURE_WIDTH = 50
LEAST_PERCENT = 30


class StrengthCard(QWidget):
    """Tells what was chosen as fields of a `Touch`; ``each_asked`` asks to try one finger after the other."""

    chosen = Signal(dict)
    each_asked = Signal()

    def __init__(self, level: int, gains: tuple[float, ...], child: bool) -> None:
        super().__init__()
        self._gains, self._finger = list(gains), RIGHT_INDEX
        self.level = slider(20, FULL_LEVEL, level, "Strength of the touch")
        self.gain = slider(LEAST_PERCENT, 100, 100, "Strength of one finger: choose it on the drawing")
        self._level_words, self._gain_words, self.finger_words = label(""), label(""), label("", Type.BODY, "soft")
        for words in (self._level_words, self._gain_words):
            words.setFixedWidth(FIGURE_WIDTH)
        self.each = Button("Try each finger", "glove", "", "One finger after the other, from the left little finger")
        self.child = Toggle("A child's hand", "Gentler touch, and rest after 15 minutes")
        self.child.setChecked(child)
        levels, gain = pair(self.level, self._level_words), pair(self.gain, self._gain_words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(titled("Strength", levels, self.finger_words, gain, self.each, self.child))
        self.level.valueChanged.connect(self._level_moved)
        self.gain.valueChanged.connect(self._gain_moved)
        self.each.clicked.connect(self.each_asked)
        self.child.clicked.connect(lambda on: self.chosen.emit({"child": on}))
        self._say()
        self.choose_finger(self._finger)

    def choose_finger(self, finger: int) -> None:
        """Offer the strength of this finger."""
        self._finger = finger
        with QSignalBlocker(self.gain):
            self.gain.setValue(round(100 * self._gains[finger]))
        self._say()

    def _level_moved(self, level: int) -> None:
        self._say()
        self.chosen.emit({"level": level})

    def _gain_moved(self, percent: int) -> None:
        self._gains[self._finger] = percent / 100
        self._say()
        self.chosen.emit({"gains": tuple(self._gains)})

    def _say(self) -> None:
        self._level_words.setText(percent(self.level.value() / FULL_LEVEL))
        self._gain_words.setText(f"{self.gain.value()} %")
        self.finger_words.setText(f"Of that, for the {finger_words(self._finger)}:")
