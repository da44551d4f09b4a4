"""The question to the composer, as the learner puts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from lessons.analogy import STYLE_WORDS, Feature, Level, Style, styles_for
from lessons.bar_names import bars_in_words
from lessons.library.metres import METRE, metres_fit, numbers_of
from lessons.library.shelf import Piece
from lessons.score import LEFT, RIGHT, Score
from ui.compose.question import FEATURES, Question
from ui.theme import Space, Type
from ui.widgets.bar_number import BarNumber
from ui.widgets.button import Button, Segments
from ui.widgets.choice import Choice
from ui.widgets.number import Number
from ui.widgets.text import label, rule

FREE, KEPT, AS_WRITTEN = "may move", "stays as it is", "as written"
ALIKE = {Feature.RHYTHM: "much alike in rhythm", Feature.PITCH: "much alike in melody"}
MOST_ALIKE = 3
LEVELS = (Level.EASIER, Level.SAME, Level.HARDER)
LEVEL_WORDS = (("Easier", "Easier than the piece"), ("As hard", "As hard as the piece"), ("Harder", "Harder"))
HANDS = (LEFT, None, RIGHT)
HAND_WORDS = (("Left", "Only the left hand changes"), ("Both", "Both hands change"), ("Right", "Only the right hand"))
SEEDS, MOST = 9999, 6


class QuestionPanel(QFrame):
    """Choices in words; ``asked`` tells the question, ``piece_chosen`` the slug of the piece."""

    asked = Signal(object)  # Question
    changed = Signal()
    piece_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._rng = np.random.default_rng()
        self._piece = Choice("The piece", 12)
        self.setFocusProxy(self._piece)
        self._piece.activated.connect(lambda _row: self.piece_chosen.emit(self.piece))
        self._piece.currentIndexChanged.connect(lambda _row: self.show_what_fits())
        self._features = {feature: Choice(f"What the {words.lower()} does") for feature, words in FEATURES}
        self._style = Choice("How the left hand plays")
        self._style.setToolTip("Only the left hand changes; the tune and the chords stay")
        self._only = Button("Only bars", "", "", "Only these bars change", checkable=True)
        self._first, self._last = BarNumber("From bar"), BarNumber("To bar")
        self._only.toggled.connect(self._show_bars)
        self._strength = QSlider(Qt.Orientation.Horizontal)
        self._strength.setRange(0, 100)
        self._strength.setValue(50)
        self._strength.setAccessibleName("How far what may move moves, in percent")
        self._percent: QLabel = label("50 %", Type.BODY)
        self._percent.setFixedWidth(46)
        self._strength.valueChanged.connect(lambda value: self._percent.setText(f"{value} %"))
        self._level, self._hand = Segments(LEVEL_WORDS, "Difficulty"), Segments(HAND_WORDS, "Hand")
        self._level.choose(1)
        self._hand.choose(1)
        self._seed, self._count = Number(0, SEEDS, "Seed"), Number(1, MOST, "How many")
        self._seed.setToolTip("The same number gives the same pieces")
        self._count.setValue(3)
        self._die = Button("", "die", "glyph", "Another seed, other pieces")
        self._die.clicked.connect(lambda: self.choose_seed(int(self._rng.integers(SEEDS + 1))))
        self.ask = Button("Compose", "compose", "primary", "Ask the composer", "Ctrl+Return")
        self.ask.clicked.connect(lambda: self.asked.emit(self.question()))
        self._shelf: Sequence[Piece] = ()
        self._score: Score | None = None
        self._quiet = False
        self.is_settled = False  # whether the learner chose a piece here, or asked about one
        self._piece.activated.connect(self.settle)
        self._show_styles()
        self._lay_out()
        self._show_bars()
        self._tell_changes()

    @property
    def piece(self) -> str:
        """The slug of the chosen piece; '' without one."""
        return str(self._piece.currentData() or "")

    def title_of(self, slug: str) -> str:
        """The title of a piece that is offered; its slug where none is."""
        return next((piece.title for piece in self._shelf if piece.slug == slug), slug)

    def show_shelf(self, shelf: Sequence[Piece]) -> None:
        """Offer these pieces, as pieces and as donors; what was chosen stays chosen."""
        self._shelf = shelf
        _refill(self._piece, [(piece.title, piece.slug) for piece in shelf])
        self.show_alike({})

    def show_alike(self, alike: Mapping[Feature, Sequence[str]]) -> None:
        """Offer the pieces most like the chosen one first, feature by feature."""
        donors = {piece.slug: f"from “{piece.title}”  {piece.metre}" for piece in self._shelf}
        for feature, choice in self._features.items():
            first = [slug for slug in alike.get(feature, ()) if slug in donors][:MOST_ALIKE]
            likest = [(f"{donors[slug]}  ·  {ALIKE[feature]}", slug) for slug in first]
            others = [(words, slug) for slug, words in donors.items() if slug not in first]
            _refill(choice, [(FREE, ""), (KEPT, KEPT), *likest, *others])
            if first:
                choice.insertSeparator(2)
                choice.insertSeparator(3 + len(first))
        self.show_what_fits()

    def _show_styles(self) -> None:
        """Offer the styles that suit the metre of the piece; where it is not known, all."""
        metre = next((piece.metre for piece in self._shelf if piece.slug == self.piece), "")
        styles = styles_for(numbers_of(metre)) if METRE.fullmatch(metre) else tuple(Style)
        _refill(self._style, [(AS_WRITTEN, ""), *((STYLE_WORDS[style], str(style)) for style in styles)])
        self._show_style()

    def _show_style(self) -> None:
        """Grey what does not count where the left hand plays in a style."""
        for widget in (*self._features.values(), self._strength, self._level, self._hand, self._count):
            widget.setEnabled(not self._style.currentData())

    def show_what_fits(self) -> None:
        """Grey the donors of rhythm and texture whose bars cannot be laid over those of the piece."""
        self._show_styles()
        metres = {piece.slug: piece.metre for piece in self._shelf}
        for feature in (Feature.RHYTHM, Feature.TEXTURE):
            choice = self._features[feature]
            for row in range(choice.count()):
                choice.set_row_enabled(
                    row, metres_fit(metres.get(self.piece, ""), metres.get(choice.itemData(row), ""))
                )

    def settle(self) -> None:
        """From now on the piece is the learner's choice."""
        self.is_settled = True

    def choose_piece(self, slug: str) -> None:
        """Choose a piece."""
        self.settle()
        self.suggest_piece(slug)

    def suggest_piece(self, slug: str) -> None:
        """Have a piece there that the learner may want."""
        self._piece.setCurrentIndex(max(0, self._piece.findData(slug)))
        self.piece_chosen.emit(self.piece)
        self._tell()

    def choose_donor(self, feature: Feature, slug: str) -> None:
        """Take a feature from a piece."""
        choice = self._features[feature]
        choice.setCurrentIndex(max(0, choice.findData(slug)))
        self._tell()

    def restore(self, state: Question) -> None:
        """Choose everything as it was, and tell once."""
        piece, self._quiet = self.piece, True
        self._piece.setCurrentIndex(max(0, self._piece.findData(state.piece)))
        for feature, choice in self._features.items():
            chosen = state.donors.get(feature, KEPT if feature in state.keep else "")
            choice.setCurrentIndex(max(0, choice.findData(chosen)))
        self._style.setCurrentIndex(max(0, self._style.findData(str(state.style or ""))))
        self._show_style()
        self._only.setChecked(state.bars is not None)
        for spin, number in zip((self._first, self._last), state.bars or (), strict=False):
            spin.setRange(min(number, spin.minimum()), max(number, spin.maximum()))
            spin.setValue(number)
        self._strength.setValue(round(100 * state.strength))
        self._level.choose(LEVELS.index(state.level))
        self._hand.choose(HANDS.index(state.hand))
        self._seed.setValue(state.seed)
        self._count.setValue(state.count)
        self._quiet = False
        if self.piece != piece:
            self.piece_chosen.emit(self.piece)
        self.changed.emit()

    def _tell_changes(self) -> None:
        """Let every control tell that it was changed."""
        self._style.activated.connect(self._show_style)
        for choice in (self._piece, *self._features.values(), self._style):
            choice.activated.connect(self._tell)
        for spin in (self._first, self._last, self._seed, self._count):
            spin.valueChanged.connect(self._tell)
        self._strength.valueChanged.connect(self._tell)
        self._only.toggled.connect(self._tell)
        for segments in (self._level, self._hand):
            segments.chosen.connect(self._tell)

    def _tell(self, *_value: object) -> None:
        if not self._quiet:
            self.changed.emit()

    def choose_seed(self, seed: int) -> None:
        """Choose a seed."""
        self._seed.setValue(seed)

    def show_bars(self, score: Score) -> None:
        """Offer the bars that the piece has; bars that were chosen stay chosen."""
        self._score, self._quiet = score, True
        for spin in (self._first, self._last):
            spin.show_bars(score)
        if not self._only.isChecked():
            self._first.setValue(self._first.minimum())
            self._last.setValue(self._first.minimum() + 3)
        self._quiet = False

    def set_busy(self, busy: bool) -> None:
        """Whether the composer is at work."""
        self.ask.setEnabled(not busy)
        self.ask.setText("Composing …" if busy else "Compose")

    def question(self) -> Question:
        """What is chosen now."""
        chosen = {feature: str(choice.currentData() or "") for feature, choice in self._features.items()}
        first, last = sorted((self._first.value(), self._last.value()))
        passage = bars_in_words(self._score, first, last) if self._score is not None else ""
        style = Style(self._style.currentData()) if self._style.currentData() else None
        chosen = {} if style else chosen
        return Question(
            self.piece,
            {feature: slug for feature, slug in chosen.items() if slug not in ("", KEPT)},
            frozenset(feature for feature, slug in chosen.items() if slug == KEPT),
            (first, last) if self._only.isChecked() else None,
            self._strength.value() / 100,
            LEVELS[self._level.index],
            HANDS[self._hand.index],
            self._seed.value(),
            self._count.value(),
            style=style,
            passage=passage,
        )

    def _show_bars(self) -> None:
        for spin in (self._first, self._last):
            spin.setEnabled(self._only.isChecked())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.MEDIUM, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(label("What would this piece be …", Type.LEAD, bold=True))
        column.addWidget(self._piece)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.SMALL)
        grid.setColumnStretch(1, 1)
        for row, (feature, words) in enumerate(FEATURES):
            grid.addWidget(label(words, Type.BODY, "soft"), row, 0)
            grid.addWidget(self._features[feature], row, 1)
        column.addWidget(label("… if its", Type.BODY, "soft"))
        grid.addWidget(label("Left hand", Type.BODY, "soft"), len(FEATURES), 0)
        grid.addWidget(self._style, len(FEATURES), 1)
        column.addLayout(grid)
        column.addWidget(rule())
        column.addLayout(_row(label("Move", Type.BODY, "soft"), self._strength, self._percent))
        column.addLayout(_row(self._only, self._first, label("to", Type.BODY, "soft"), self._last, None))
        column.addLayout(_row(self._level, None))
        column.addLayout(_row(self._hand, None))
        numbers = (label("Seed", Type.BODY, "soft"), self._seed, self._die, None)
        column.addLayout(_row(*numbers, label("Count", Type.BODY, "soft"), self._count))
        column.addStretch(1)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets in a row; None stands for what room is left."""
    row = QHBoxLayout()
    row.setSpacing(Space.SMALL)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _refill(choice: Choice, options: list[tuple[str, str]]) -> None:
    chosen = choice.currentData()
    choice.clear()
    for words, value in options:
        choice.addItem(words, value)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
