"""The card that says how the hand is led in a lesson: how strongly, whether that fades, by whom, and how early."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from tutor.cues import LEVEL_WORDS, Leader
from tutor.fading import Fading, fading_words
from tutor.practice import PracticeSettings
from ui.glove.cards import titled
from ui.theme import Space, Type
from ui.widgets.button import Segments, Toggle
from ui.widgets.choice import Choice
from ui.widgets.text import label

LEAD_MS = (-100, 600)
LEADERS = (Leader.LEARNER, Leader.TEMPO)
LEADER_WORDS = (
    ("After my note", "The next finger is felt as soon as you have played"),
    ("On the beat", "Each finger is felt where your tempo puts its note"),
)
STEADY = "Touch always leads like this, however well it goes."
FADING = "With each passage that goes well there is less of it, and now and then you play without touch."


class LeadCard(QWidget):
    """``way_chosen`` tells fields of `PracticeSettings`, ``lead_chosen`` milliseconds before the note."""

    way_chosen = Signal(object)  # dict
    lead_chosen = Signal(float)

    def __init__(self, lead_ms: float):
        super().__init__()
        self.strength = Choice("How strongly the hand is led")
        self.strength.addItems(LEVEL_WORDS)
        self.strength.activated.connect(lambda level: self.way_chosen.emit({"guidance": level}))
        self.fade = Toggle("Less of it as I improve", "Let touch fade as you get better")
        self.fade.clicked.connect(lambda on: self.way_chosen.emit({"fade": on}))
        self.leader = Segments(LEADER_WORDS, "Who leads the touch where you set the pace")
        self.leader.chosen.connect(lambda index: self.way_chosen.emit({"leader": LEADERS[index]}))
        self._when = label("", Type.SMALL, "soft")
        self.words = label("", Type.SMALL, "soft", wrap=True)
        self._lead = slider(*LEAD_MS, round(lead_ms), "How much before the note it is felt, in milliseconds")
        self._lead.setSingleStep(10)
        self._lead_words = label("", Type.BODY)
        self._lead_words.setFixedWidth(98)
        self._say_lead(lead_ms)
        self._lead.valueChanged.connect(self._choose_lead)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        lead = pair(self._lead, self._lead_words)
        column.addWidget(titled("In a lesson", self._when, self.strength, self.fade, self.words, self.leader, lead))

    def show_way(self, settings: PracticeSettings, fading: Fading | None) -> None:
        """Show how the hand is led, and where the passage on the stand has got to."""
        with QSignalBlocker(self.strength):
            self.strength.setCurrentIndex(settings.guidance)
        self._when.setText("To begin with:" if settings.fade else "Always:")
        self.fade.setChecked(settings.fade)
        self.leader.choose(LEADERS.index(settings.leader))
        self.words.setText(STEADY if not settings.fade else FADING if fading is None else fading_words(fading))

    def _choose_lead(self, lead_ms: int) -> None:
        self._say_lead(round(lead_ms, -1))
        self.lead_chosen.emit(float(round(lead_ms, -1)))

    def _say_lead(self, lead_ms: float) -> None:
        side = "before" if lead_ms > 0 else "after"
        self._lead_words.setText("with the note" if not lead_ms else f"{abs(lead_ms):.0f} ms {side}")


def slider(least: int, most: int, value: int, name: str) -> QSlider:
    """A slider with its name as the tip."""
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(least, most)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made


def pair(first: QWidget, second: QWidget) -> QWidget:
    """Two widgets side by side; the first takes the room."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SMALL)
    row.addWidget(first, 1)
    row.addWidget(second)
    return holder
