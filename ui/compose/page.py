"""The compose page: put a question, then hear, see and keep the answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lessons.analogy import Variation
from lessons.library.shelf import Piece
from lessons.score import Score
from ui.compose.answer_card import AnswerCard
from ui.compose.question import QuestionPanel
from ui.theme import Space, Type
from ui.widgets.mini_roll import MiniRoll
from ui.widgets.text import card, label

QUESTION_WIDTH = 372
NOTHING_YET = "Say what each feature shall do, then press Compose.\nThe answers appear here."


class ComposePage(QWidget):
    """Tells the question, and what shall be done with an answer."""

    asked = Signal(object)  # Question
    piece_chosen = Signal(str)
    listen_asked = Signal(object)  # Score, or None to be silent
    practise_asked = Signal(object)  # Variation
    keep_asked = Signal(object)  # Variation

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.question = QuestionPanel()
        self.question.asked.connect(self.asked)
        self.question.piece_chosen.connect(self.piece_chosen)
        self._roll = MiniRoll(92, "Choose a piece.")
        self._source = label("", Type.BODY, "soft")
        self._nothing = label(NOTHING_YET, Type.BODY, "soft")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(Space.MEDIUM)
        self._cards: list[AnswerCard] = []
        self._playing: AnswerCard | None = None
        self._lay_out()

    def show_shelf(self, shelf: Sequence[Piece]) -> None:
        """Offer these pieces."""
        self.question.show_shelf(shelf)
        self.piece_chosen.emit(self.question.piece)

    def show_source(self, score: Score) -> None:
        """Show the piece."""
        self._roll.show_score(score)
        self._source.setText(f"{score.title}, as it is written")
        if len(score.bars):
            self.question.show_bar_numbers(int(score.bars["number"][0]), int(score.bars["number"][-1]))

    def show_answers(self, variations: Sequence[Variation]) -> None:
        """Show what the composer made."""
        self._clear()
        for number, variation in enumerate(variations, 1):
            made = AnswerCard(number, variation)
            made.listen_asked.connect(self._listen)
            made.practise_asked.connect(self.practise_asked)
            made.keep_asked.connect(self._keep)
            self._answers.addWidget(made)
            self._cards.append(made)
        self._nothing.setVisible(not variations)

    def show_silence(self) -> None:
        """No answer is heard any more."""
        if self._playing is not None:
            self._playing.show_playing(False)
        self._playing = None

    def _listen(self, chosen: AnswerCard) -> None:
        was = self._playing
        self.show_silence()
        if chosen is was:
            self.listen_asked.emit(None)
            return
        self._playing = chosen
        chosen.show_playing(True)
        self.listen_asked.emit(chosen.variation.score)

    def _keep(self, chosen: AnswerCard) -> None:
        chosen.show_kept()
        self.keep_asked.emit(chosen.variation)

    def _clear(self) -> None:
        self.show_silence()
        self.listen_asked.emit(None)
        for old in self._cards:
            old.deleteLater()
        self._cards.clear()

    def _lay_out(self) -> None:
        self.question.setFixedWidth(QUESTION_WIDTH)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        left.addWidget(label("Compose", Type.DISPLAY, bold=True))
        left.addWidget(self.question, 1)
        inner = QWidget()
        right = QVBoxLayout(inner)
        right.setContentsMargins(0, 0, Space.SMALL, 0)
        right.setSpacing(Space.MEDIUM)
        right.addWidget(self._source_card())
        right.addLayout(self._answers)
        right.addWidget(self._nothing, 1)
        right.addStretch(0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        row.setSpacing(Space.LARGE)
        row.addLayout(left)
        row.addWidget(scroll, 1)

    def _source_card(self) -> QFrame:
        frame, column = card(), QVBoxLayout()
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(self._source)
        column.addWidget(self._roll)
        frame.setLayout(column)
        return frame
