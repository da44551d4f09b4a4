"""What stands on a page that has nothing yet: a sign, what will be here, and the one thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Space, Type
from ui.widgets.button import Button, tip_text
from ui.widgets.sign import Sign
from ui.widgets.text import label

SIGN, ROUND = 28, 64
WIDEST = 440  # of the words, so that a line can be read


class EmptyState(QWidget):
    """``asked`` tells that the one thing shall be done."""

    asked = Signal()

    def __init__(self, glyph: str, title: str, words: str, deed: str, deed_glyph: str = "", keys: str = ""):
        super().__init__()
        self._title = label(title, Type.TITLE, bold=True)
        self._words = label(words, Type.BODY, "soft", wrap=True)
        for said in (self._title, self._words):
            said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setFixedWidth(WIDEST)
        self._words.setMinimumHeight(self._words.heightForWidth(WIDEST))
        self.button = Button(deed, deed_glyph, "primary", tip_text(deed, keys))
        self.button.clicked.connect(self.asked)
        self.button.be_narrow()
        self.button.setMaximumWidth(WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # it asks for no higher window
        column = QVBoxLayout(self)
        column.setSpacing(Space.SMALL)
        column.addStretch(2)
        column.addWidget(Sign(glyph, SIGN, "accent", ROUND), 0, Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._title)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(Space.MEDIUM)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_deed(self, deed: str) -> None:
        """Offer another thing to do."""
        self.button.setText(deed)
        self.button.setAccessibleName(deed)
