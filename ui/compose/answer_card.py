"""One answer of the composer: its notes over those of the piece, its measures, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from lessons.analogy import Measures, Variation
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.notice import sentence
from ui.widgets.text import Elided, label


class AnswerCard(QFrame):
    """Tells what shall be done with its variation."""

    listen_asked = Signal(object)  # AnswerCard
    practise_asked = Signal(object)  # Variation
    keep_asked = Signal(object)  # AnswerCard
    save_asked = Signal(object)  # Variation
    assign_asked = Signal(object)  # Variation

    def __init__(self, number: int, variation: Variation):
        super().__init__()
        self.setObjectName("card")
        self.variation = variation
        roll = MiniRoll(92)
        roll.show_score(variation.score, variation.analogy.bars, behind=variation.analogy.piece)
        self._listen = Button("Listen", "listen", "", "Hear it, or stop hearing it")
        self._listen.clicked.connect(lambda: self.listen_asked.emit(self))
        practise = Button("Practise", "practice", "", "Put it on the stand")
        practise.clicked.connect(lambda: self.practise_asked.emit(variation))
        self._keep = Button("Keep", "check", "", "Keep it as an exercise of your own, with its analogy")
        self._keep.clicked.connect(lambda: self.keep_asked.emit(self))
        save = Button("Save as …", "save", "", "Save it as a file: MusicXML or MIDI")
        save.clicked.connect(lambda: self.save_asked.emit(variation))
        assign = Button("", "assignments", "glyph", "Assign: add it to the assignment that you are making")
        assign.clicked.connect(lambda: self.assign_asked.emit(variation))
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(label(f"{number}", Type.LEAD, bold=True))
        head.addStretch(1)
        for button in (self._listen, practise, self._keep, save, assign):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(roll)
        column.addWidget(Elided(measures_in_words(variation.measures), Type.SMALL, "soft"))
        for notice in variation.notices:
            column.addWidget(label(f"{sentence(notice)}.", Type.SMALL, "faint", wrap=True))

    def show_playing(self, playing: bool) -> None:
        """Say whether it is heard now."""
        self._listen.set_glyph("stop" if playing else "listen")
        self._listen.setText("Stop" if playing else "Listen")

    def show_kept(self) -> None:
        """Say that it is kept."""
        self._keep.setText("Kept")
        self._keep.setEnabled(False)


def measures_in_words(measures: Measures) -> str:
    """How an answer relates to its question, in one line; a contour that goes against the piece's keeps nothing."""
    return (
        f"level {measures.difficulty:.1f}  ·  rhythm kept {measures.rhythm_kept:.0%}  ·  "
        f"contour kept {max(0.0, measures.contour_kept):.0%}  ·  chord tones {measures.chord_tones:.0%}"
    )
