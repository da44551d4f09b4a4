"""The answers that are seen: one is heard at a time, and each left hand can change while all else stays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lessons.analogy import Style, Variation
from ui.compose.answer_card import AnswerCard
from ui.compose.history import Answer
from ui.theme import Space


class AnswerList(QWidget):
    """Tells what shall be done with an answer."""

    listen_asked = Signal(object)  # Score, or None to be silent
    practise_asked = Signal(object)  # Variation
    keep_asked = Signal(object)  # Variation
    vary_asked = Signal(object)  # Variation, that shall be the piece of the next question
    save_asked = Signal(object)  # Variation
    assign_asked = Signal(object)  # Variation
    style_asked = Signal(object, object)  # Answer, Style

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[AnswerCard] = []
        self._playing: AnswerCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.MEDIUM)

    @property
    def playing(self) -> bool:
        """Whether an answer is heard."""
        return self._playing is not None

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Show these instead of those before."""
        self.show_silence()
        self.listen_asked.emit(None)
        for old in self.cards:
            old.hide()  # it takes no room until it goes
            old.deleteLater()
        self.cards = [self._card(number, answer) for number, answer in enumerate(answers, 1)]

    def show_silence(self) -> None:
        """No answer is heard any more."""
        if self._playing is not None:
            self._playing.show_playing(False)
        self._playing = None

    def show_styled(self, answer: Answer, style: Style, variation: Variation | None) -> None:
        """Show an answer with its left hand in a style; None where it could not be had."""
        if variation is not None:
            answer.styled[style], answer.style = variation, style
        for card in self.cards:
            if card.answer is answer:
                card.set_styling(False)
                card.show_answer()

    def _card(self, number: int, answer: Answer) -> AnswerCard:
        made = AnswerCard(number, answer)
        made.listen_asked.connect(self._listen)
        made.practise_asked.connect(self.practise_asked)
        made.keep_asked.connect(lambda card: self._keep(card, self.keep_asked))
        made.vary_asked.connect(lambda card: self._keep(card, self.vary_asked))
        made.save_asked.connect(self.save_asked)
        made.assign_asked.connect(self.assign_asked)
        made.style_asked.connect(self._style)
        self._column.addWidget(made)
        return made

    def _listen(self, chosen: AnswerCard) -> None:
        was = self._playing
        self.show_silence()
        if chosen is was:
            self.listen_asked.emit(None)
            return
        self.listen_asked.emit(chosen.variation.score)
        self._playing = chosen
        chosen.show_playing(True)

    def _keep(self, chosen: AnswerCard, told: Signal) -> None:
        chosen.show_kept()
        told.emit(chosen.variation)  # type: ignore[attr-defined]

    def _style(self, card: AnswerCard, style: Style | None) -> None:
        """Let a left hand play otherwise; what was made before is there again at once."""
        if card is self._playing:
            self.show_silence()
            self.listen_asked.emit(None)
        if style is None or style in card.answer.styled:
            card.answer.style = style
            card.show_answer()
        else:
            card.set_styling(True)
            self.style_asked.emit(card.answer, style)
