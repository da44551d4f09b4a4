"""Where somebody begins who has never played here: the first piece, and on what it can be played."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lessons.library.shelf import Piece
from ui.theme import Space, Type
from ui.widgets.button import Button
from ui.widgets.sign import Sign
from ui.widgets.text import card, label

SIGN = 16
KEYS_PLAY = "This computer's keyboard plays: its letters are on the keys."
KEYS_PLAY_TOO = "This computer's keyboard plays too, and so does the mouse."


class StartCard(QWidget):
    """Hidden once anything was played; ``asked`` tells the `Piece` to begin with."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._piece: Piece | None = None
        self._first = label("", Type.BODY, wrap=True)
        self.begin = Button("", "play", "primary", "Put it on the stand, with the right hand alone")
        self.begin.be_narrow()
        self.begin.clicked.connect(lambda: self.asked.emit(self._piece))
        self._ways = QVBoxLayout()
        self._ways.setSpacing(Space.TIGHT)
        frame, column = card(), QVBoxLayout()
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addWidget(label("Start here", Type.LEAD, bold=True))
        column.addWidget(self._first)
        column.addLayout(self._ways)
        column.addSpacing(Space.TIGHT)
        column.addWidget(self.begin)
        frame.setLayout(column)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        self.hide()

    def show_piece(self, piece: Piece | None) -> None:
        """Offer this piece; hide where there is none to begin with."""
        self._piece = piece
        if piece is not None:
            self._first.setText(f"{piece.title}, with the right hand alone; the left hand joins in later.")
            self.begin.setText(f"Play {piece.title}")
            self.begin.setAccessibleName(f"Play {piece.title}, the right hand alone")
        self.setVisible(piece is not None)

    def show_ways(self, keyboard: str, microphones: Sequence[str]) -> None:
        """Say what it can be played on: a ``keyboard`` that is heard, '' where none is, and what else there is."""
        while self._ways.count():
            item = self._ways.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.deleteLater()
        if keyboard:
            self._ways.addWidget(_Way("check", f"Your keyboard is heard: {keyboard}."))
        self._ways.addWidget(_Way("check", KEYS_PLAY_TOO if keyboard else KEYS_PLAY))
        if not keyboard:
            self._ways.addWidget(
                _Way("dot", "Do you have a keyboard with USB or MIDI? Plug it in, and it is found by itself.")
            )
        if microphones:
            words = "There is a microphone for another instrument or your voice: see the Microphone page."
            self._ways.addWidget(_Way("microphone", words))

    @property
    def ways(self) -> list[str]:
        """What it says of each way to play."""
        found = [self._ways.itemAt(place).widget() for place in range(self._ways.count())]
        return [way.words for way in found if isinstance(way, _Way)]


class _Way(QWidget):
    """One way to play, with a sign."""

    def __init__(self, glyph: str, words: str):
        super().__init__()
        self.words = words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(Sign(glyph, SIGN, "good" if glyph == "check" else "ink_faint"))
        row.addWidget(label(words, Type.SMALL, "soft", wrap=True), 1)
