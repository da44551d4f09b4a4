"""The panel that asks the composer: take one feature from a donor, or let the piece move freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from lessons.analogy import Feature, Level
from lessons.library.metres import metres_fit
from lessons.library.shelf import Piece
from ui.theme import Space, Type
from ui.widgets.button import Button, Segments
from ui.widgets.choice import Choice
from ui.widgets.text import label
from ui.widgets.working import Working

FEATURES = (None, Feature.RHYTHM, Feature.PITCH, Feature.CHORDS, Feature.TEXTURE)
FEATURE_WORDS = ("Nothing: vary it freely", "The rhythm", "The melody", "The chords", "The texture")
LEVELS = (Level.EASIER, Level.SAME, Level.HARDER)
LEVEL_WORDS = (("Easier", "Easier than the piece"), ("As hard", "As hard as the piece"), ("Harder", "Harder"))
STRENGTH_WORDS = ("just a little", "a little", "somewhat", "a lot", "as far as it goes")
SEED_RANGE = 9999
BESIDE = 420  # pixels from which there is room for the button beside the level


@dataclass(frozen=True)
class VaryWish:
    """What the learner asks for; ``donor`` is the slug of a piece where a feature is taken from one."""

    feature: Feature | None
    donor: str
    strength: float
    level: Level
    seed: int


class VaryPanel(QWidget):
    """Choices in words; ``asked`` tells the wish, ``cancel_asked`` that nobody waits for it any more."""

    asked = Signal(object)  # VaryWish
    cancel_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rng = np.random.default_rng()
        self._pieces: Sequence[Piece] = ()
        self._piece: Piece | None = None
        self._feature = Choice("What to take from another piece")
        self._feature.addItems(FEATURE_WORDS)
        self._feature.currentIndexChanged.connect(self._show_feature)
        self._donor = Choice("The other piece")
        self._strength = QSlider(Qt.Orientation.Horizontal)
        self._strength.setRange(0, 100)
        self._strength.setValue(50)
        self._strength.setAccessibleName("How far it may move")
        self._strength.valueChanged.connect(self._say_strength)
        self._strength_words = label("", Type.SMALL, "soft")
        self._strength_words.setMinimumWidth(112)
        self._level = Segments(LEVEL_WORDS, "Difficulty")
        self._level.choose(1)
        self._make = Button(
            "Make a variation", "compose", "", "Compose it and open it in Practice: another one each time"
        )
        self._make.clicked.connect(lambda: self.asked.emit(self.wish()))
        self.working = Working()
        self.working.cancel_asked.connect(self.cancel_asked)
        self._lay_out()
        self.set_busy(False)
        self._show_feature()
        self._say_strength()

    def show_donors(self, pieces: Sequence[Piece]) -> None:
        """Offer these pieces as donors, where they fit; what was chosen stays chosen."""
        self._pieces, chosen = pieces, self._donor.currentData()
        self._donor.clear()
        for piece in pieces:
            self._donor.addItem(f"{piece.title}  ({piece.metre})" if piece.metre else piece.title, piece.slug)
        self._donor.setCurrentIndex(max(0, self._donor.findData(chosen)))
        self._show_feature()

    def show_piece(self, piece: Piece) -> None:
        """Offer only what can be laid over the bars of this piece, and not the piece itself."""
        self._piece = piece
        self._show_feature()

    def _fits(self, donor: Piece) -> bool:
        feature, piece = FEATURES[self._feature.currentIndex()], self._piece
        if piece is None or feature is None:
            return True
        by_bars = feature in (Feature.RHYTHM, Feature.TEXTURE)
        return donor.slug != piece.slug and (not by_bars or metres_fit(piece.metre, donor.metre))

    def set_busy(self, busy: bool) -> None:
        """Whether a variation is being made: how far it is stands where it was asked for."""
        focused = self._make.hasFocus() or self.working.cancel.hasFocus()
        self.working.begin()
        self.working.setVisible(busy)
        self._make.setVisible(not busy)
        if focused:
            (self.working.cancel if busy else self._make).setFocus()

    def wish(self) -> VaryWish:
        """What is chosen now, with a seed of its own: who wants the same again finds the seed with what was made."""
        feature = FEATURES[self._feature.currentIndex()]
        donor = str(self._donor.currentData() or "") if feature and self._donor.isEnabled() else ""
        strength, seed = self._strength.value() / 100, int(self._rng.integers(SEED_RANGE + 1))
        return VaryWish(feature if donor else None, donor, strength, LEVELS[self._level.index], seed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make it beside the level, or below it."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._last.setDirection(ways.LeftToRight if event.size().width() >= BESIDE else ways.TopToBottom)

    def _show_feature(self) -> None:
        fits = [self._fits(donor) for donor in self._pieces]
        for row, fitting in enumerate(fits):
            self._donor.set_row_enabled(row, fitting)
        if any(fits) and not fits[self._donor.currentIndex()]:
            self._donor.setCurrentIndex(fits.index(True))
        self._donor.setEnabled(self._feature.currentIndex() > 0 and any(fits))

    def _say_strength(self) -> None:
        words = STRENGTH_WORDS[min(len(STRENGTH_WORDS) - 1, self._strength.value() * len(STRENGTH_WORDS) // 101)]
        self._strength_words.setText(words)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.MEDIUM)
        grid.setVerticalSpacing(Space.SMALL)
        for row, words in enumerate(("Take", "from", "Move")):
            grid.addWidget(label(words, Type.BODY, "soft"), row, 0)
        grid.addWidget(self._feature, 0, 1)
        grid.addWidget(self._donor, 1, 1)
        strength = QHBoxLayout()
        strength.setSpacing(Space.MEDIUM)
        strength.addWidget(self._strength, 1)
        strength.addWidget(self._strength_words)
        grid.addLayout(strength, 2, 1)
        grid.setColumnStretch(1, 1)
        self._last = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._last.setSpacing(Space.MEDIUM)
        self._last.addWidget(self._level)
        self._last.addWidget(self._make, 1)
        self._last.addWidget(self.working, 1)
        self._make.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(grid)
        column.addLayout(self._last)
