"""How the notes are called on the roll and on the keys: a button with a menu."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from lessons.note_names import Naming
from ui.widgets.button import Button

WORDS = {Naming.NONE: "No names", Naming.LETTERS: "C D E", Naming.SOLFEGE: "Do Re Mi", Naming.GERMAN: "C D E … H"}


class NamingChoice(Button):
    """Shows whether notes have names; ``chosen`` tells how."""

    chosen = Signal(Naming)

    def __init__(self) -> None:
        super().__init__(
            "", "names", "glyph", "What the notes are called, on the music and on the keys", checkable=True
        )
        self.naming = Naming.NONE
        self.clicked.connect(self._ask)

    def choose(self, naming: Naming) -> None:
        """Call the notes so from now on."""
        self.naming = naming
        self.setChecked(bool(naming))
        self.chosen.emit(naming)

    def _ask(self) -> None:
        self.setChecked(bool(self.naming))  # until something else is chosen
        menu = QMenu(self)
        group = QActionGroup(menu)
        for naming, words in WORDS.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(naming is self.naming)
            action.triggered.connect(lambda _checked=False, chosen=naming: self.choose(chosen))
            group.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
