"""A motif from the piece: some of its bars, how long a song they shall become, and in whose form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lessons.analogy import MOTIF_BARS, SONG_BARS, STYLE_WORDS, Feature, Style, styles_for
from lessons.bar_names import bars_in_words
from lessons.library.shelf import Piece
from lessons.score import Score
from ui.compose.answer_card import chosen_style
from ui.compose.question import FEATURES, WORDS, Question
from ui.theme import Space, Type
from ui.widgets.bar_number import BarNumber
from ui.widgets.button import Button, Segments
from ui.widgets.choice import Choice
from ui.widgets.flow import Flow
from ui.widgets.text import label

LENGTH_WORDS = tuple((f"{bars} bars", f"The song has {bars} bars") for bars in SONG_BARS)
NO_MOTIF = "Play or type a motif above."
OWN_FORM = "in a form of its own"
BY_TURNS = "as it comes"


class SongCard(QFrame):
    """``asked`` tells that the song is wanted, ``changed`` that it would be another one."""

    asked = Signal()
    changed = Signal()
    sketch_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._first, self._last = BarNumber("The motif's first bar"), BarNumber("The motif's last bar")
        self._last.setValue(2)
        self._first.valueChanged.connect(self._keep_short)
        self._length = Segments(LENGTH_WORDS, "Length of the song")
        self._form = Choice("The form of the song", 12)
        self.style = Choice("How the left hand plays", 13)
        self.style.setToolTip("The tune and its chords are the same, whatever the left hand plays")
        self._metre: tuple[int, int] | None = None
        self.make = Button("Make a song", "compose", "", "Let these bars grow into a song with an accompaniment")
        self.make.clicked.connect(self.asked)
        self.own = Button(
            "My own motif", "practice", "", "Play or type a motif instead of taking bars of the piece", checkable=True
        )
        self.own.toggled.connect(self._show_own)
        self._played: Score | None = None
        self._score: Score | None = None
        self._unheeded = label("", Type.SMALL, "soft", wrap=True)
        self._unheeded.hide()
        self._heard = label("", Type.BODY, "soft")
        self._last.valueChanged.connect(self.changed)
        self._length.chosen.connect(self.changed)
        self._form.activated.connect(self.changed)
        self.style.activated.connect(self.changed)
        self._busy = False
        self.show_shelf(())
        self._lay_out()
        self._show_own(False)

    def show_shelf(self, shelf: Sequence[Piece]) -> None:
        """Offer the forms of these pieces; what was chosen stays chosen."""
        chosen = self._form.currentData()
        self._form.clear()
        self._form.addItem(OWN_FORM, "")
        for piece in shelf:
            self._form.addItem(f"in the form of “{piece.title}”", piece.slug)
        self._form.setCurrentIndex(max(0, self._form.findData(chosen)))

    def show_bars(self, score: Score) -> None:
        """Offer the bars that the piece has; a pickup comes with the first one. Bars that were chosen stay chosen."""
        self._score = score
        for spin in (self._first, self._last):
            spin.show_bars(score)
        least = max(1, self._first.minimum())
        self._first.setRange(least, max(least, self._first.maximum()))
        self._keep_short()

    def show_metre(self, metre: tuple[int, int]) -> None:
        """Offer the styles that suit the metre of the piece."""
        self._metre = metre
        self._show_styles()

    def _show_styles(self) -> None:
        """Offer the styles that suit the motif; what was chosen stays chosen where it does."""
        played = self._played if self.own.isChecked() else None
        metre = self._metre if played is None else played.metre_at(0.0)
        chosen = self.style.currentData()
        self.style.clear()
        self.style.addItem(BY_TURNS, "")
        for style in styles_for(metre) if metre is not None else tuple(Style):
            self.style.addItem(STYLE_WORDS[style], str(style))
        self.style.setCurrentIndex(max(0, self.style.findData(chosen)))

    def of(self, question: Question) -> Question:
        """The question for a song with what is chosen here; of the donors only the texture's counts."""
        style = chosen_style(self.style)
        donors = {feature: slug for feature, slug in question.donors.items() if feature is Feature.TEXTURE}
        bars = (self._first.value(), self._last.value())
        length, form = SONG_BARS[self._length.index], str(self._form.currentData() or "")
        return replace(
            question,
            donors=donors,
            keep=frozenset(),
            bars=bars,
            hand=None,
            strength=0.5,
            style=style,
            song_bars=length,
            form=form,
            passage=bars_in_words(self._score, *bars) if self._score is not None else "",
            played=self._played if self.own.isChecked() else None,
        )

    def show_unheeded(self, question: Question) -> None:
        """Say which of the choices for the piece do not count for a song."""
        unheeded = [words.lower() for feature, words in FEATURES if feature is not Feature.TEXTURE]
        chosen = {WORDS[feature] for feature in {*question.donors, *question.keep}}
        named = [words for words in unheeded if words in chosen] + ["left hand"] * (question.style is not None)
        self._unheeded.setText(f"A song heeds the texture alone: not what is chosen for {' and '.join(named)}.")
        self._unheeded.setVisible(bool(named))

    def show_played(self, motif: Score) -> None:
        """Take this motif instead of bars of the piece."""
        self._played = motif
        self._show_own(True)

    def restore(self, question: Question) -> None:
        """Choose what a question for a song has."""
        self._played = question.played or self._played
        self.own.setChecked(question.played is not None)
        if question.bars is not None:
            self._first.setValue(question.bars[0])
            self._last.setValue(question.bars[1])
        self._length.choose(SONG_BARS.index(question.song_bars))
        self._form.setCurrentIndex(max(0, self._form.findData(question.form)))
        self.style.setCurrentIndex(max(0, self.style.findData(str(question.style or ""))))

    def set_busy(self, busy: bool) -> None:
        """Whether the composer is at work."""
        self._busy = busy
        self._show_ready()

    def _show_own(self, own: bool) -> None:
        """Show the bars of the piece, or what was played."""
        for widget in self._of_piece:
            widget.setVisible(not own)
        self._heard.setVisible(own)
        count = 0 if self._played is None else int(self._played.bars["number"][-1])
        self._heard.setText(f"Your motif ({count} bar{'s' if count > 1 else ''}) grows into" if count else NO_MOTIF)
        self._show_ready()
        self._show_styles()
        self.sketch_wanted.emit(own)
        self.changed.emit()

    def _show_ready(self) -> None:
        self.make.setEnabled(not self._busy and (self._played is not None or not self.own.isChecked()))

    def _keep_short(self) -> None:
        """A motif has a few bars, in order."""
        first = self._first.value()
        self._last.setRange(first, min(first + MOTIF_BARS - 1, self._first.maximum()))
        self.changed.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        words = [label(text, Type.BODY, "soft") for text in ("Bars", "to", "grow into")]
        self._of_piece: tuple[QWidget, ...] = (words[0], self._first, words[1], self._last, words[2])
        hand = label("Left hand", Type.BODY, "soft")
        column.addLayout(Flow(Space.SMALL, *self._of_piece, self._heard, self._length, self.own))
        column.addLayout(Flow(Space.SMALL, self._form, hand, self.style, self.make))
        column.addWidget(self._unheeded)
