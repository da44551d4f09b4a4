"""One answer of the composer: its notes over those of the piece, its measures, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from lessons.analogy import STYLE_WORDS, Growth, Style, Variation, styles_for
from lessons.harmonising import is_lone_tune
from lessons.percent import percent
from lessons.score import LEFT, RIGHT
from ui.compose.history import Answer
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import Flow
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.notice import sentences
from ui.widgets.text import label

AS_MADE = "as it was"
NUMBER_WIDTH = 24
MEASURE_TIPS = (
    "How hard it is, from 1 to 9",
    "How much of the rhythm is as in the piece, or as in the one that it was taken from",
    "How much of the melody's shape, its ups and downs, is as there",
    "How many notes belong to the chord that sounds with them",
)


class AnswerCard(QFrame):
    """Tells what shall be done with its variation."""

    listen_asked = Signal(object)  # AnswerCard
    practise_asked = Signal(object)  # Variation
    keep_asked = Signal(object)  # AnswerCard
    vary_asked = Signal(object)  # AnswerCard
    save_asked = Signal(object)  # Variation
    assign_asked = Signal(object)  # Variation
    style_asked = Signal(object, object)  # AnswerCard, Style or None

    def __init__(self, number: int, answer: Answer):
        super().__init__()
        self.setObjectName("card")
        self._number, self._answer = number, answer
        self._kept: set[Variation] = set()
        self._roll = MiniRoll(92)
        self._measures = [label("", Type.SMALL, "soft") for _ in MEASURE_TIPS]
        for measure, tip in zip(self._measures, MEASURE_TIPS, strict=True):
            measure.setToolTip(tip)
        self._notices = label("", Type.SMALL, "faint", wrap=True)
        self._listen = Button("Listen", "listen", "", "Hear it, or stop hearing it")
        self._listen.clicked.connect(lambda: self.listen_asked.emit(self))
        self._keep = Button("Keep", "check", "", "Keep it as an exercise of your own, with its analogy")
        self._keep.clicked.connect(lambda: self.keep_asked.emit(self))
        self.style = Choice(f"How the left hand of answer {number} plays", 13)
        self.style.setToolTip("Only the left hand changes: the tune and its chords stay")
        self.style.activated.connect(lambda _row: self.style_asked.emit(self, chosen_style(self.style)))
        self._show_styles()
        self._lay_out()
        self.show_answer()

    @property
    def variation(self) -> Variation:
        """What is shown."""
        return self._answer.variation

    @property
    def answer(self) -> Answer:
        """The answer with all that was made of it."""
        return self._answer

    def show_answer(self) -> None:
        """Show the answer in the style that it has now."""
        shown = self.variation
        self._roll.show_score(shown.score, shown.analogy.bars, behind=self._answer.made.analogy.piece)
        told = measures_in_words(shown)
        for place, measure in enumerate(self._measures):
            measure.setText(told[place] if place < len(told) else "")
            measure.setVisible(place < len(told))
        self._notices.setText(sentences(shown.notices, "\n"))
        self._notices.setVisible(bool(shown.notices))
        self.style.setCurrentIndex(max(0, self.style.findData(str(self._answer.style or ""))))
        self._show_kept()

    def set_styling(self, under_way: bool) -> None:
        """Whether its left hand is being changed."""
        self.style.setEnabled(not under_way)

    def show_playing(self, playing: bool) -> None:
        """Say whether it is heard now."""
        self._listen.set_glyph("stop" if playing else "listen")
        self._listen.setText("Stop" if playing else "Listen")

    def show_kept(self) -> None:
        """Say that what is shown is kept."""
        self._kept.add(self.variation)
        self._show_kept()

    def _show_kept(self) -> None:
        kept = self.variation in self._kept
        self._keep.setText("Kept" if kept else "Keep")
        self._keep.setEnabled(not kept)

    def _show_styles(self) -> None:
        """Offer the styles that suit its metre, where it has a left hand or can have one."""
        made = self._answer.made
        self.style.addItem(AS_MADE, "")
        for style in styles_for(made.score.metre_at(0.0)):
            if style is not made.analogy.style:
                self.style.addItem(STYLE_WORDS[style], str(style))

    @property
    def _can_be_styled(self) -> bool:
        score = self._answer.made.score
        return {LEFT, RIGHT} <= set(score.notes["hand"].tolist()) or is_lone_tune(score)

    def _lay_out(self) -> None:
        practise = Button("Practise", "practice", "", "Put it on the stand")
        practise.clicked.connect(lambda: self.practise_asked.emit(self.variation))
        vary = Button("Vary it", "compose", "", "Keep it, and ask what it would be if …")
        vary.clicked.connect(lambda: self.vary_asked.emit(self))
        save = Button("Save as …", "save", "", "Save it as a file: MusicXML, MIDI or PDF")
        save.clicked.connect(lambda: self.save_asked.emit(self.variation))
        assign = Button("", "assignments", "glyph", "Assign: add it to the assignment that you are making")
        assign.clicked.connect(lambda: self.assign_asked.emit(self.variation))
        number = label(f"{self._number}", Type.LEAD, bold=True)
        number.setMinimumWidth(NUMBER_WIDTH)
        head = Flow(Space.SMALL, number, self._listen, practise, vary, self._keep, save, assign)
        foot = Flow(Space.MEDIUM, *self._measures, self._hand())
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addLayout(head)
        column.addWidget(self._roll)
        column.addLayout(foot)
        column.addWidget(self._notices)

    def _hand(self) -> QWidget:
        """How the left hand plays, where it has something to play."""
        holder, row = QWidget(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(label("Left hand", Type.SMALL, "soft"))
        row.addWidget(self.style)
        holder.setLayout(row)
        holder.setVisible(self._can_be_styled)
        return holder


def chosen_style(choice: Choice) -> Style | None:
    """The style that a choice stands on; None where it names none."""
    return Style(choice.currentData()) if choice.currentData() else None


def measures_in_words(variation: Variation) -> tuple[str, ...]:
    """How an answer relates to its question; a contour that goes against the piece's keeps nothing.

    A song has its motif as it was, so it has a level alone.
    """
    measures = variation.measures
    level = f"Level {measures.difficulty:.1f}"
    if isinstance(variation.analogy, Growth):
        return (level,)
    return (
        level,
        f"rhythm kept {percent(measures.rhythm_kept)}",
        f"shape kept {percent(max(0.0, measures.contour_kept))}",
        f"chord notes {percent(measures.chord_tones)}",
    )
