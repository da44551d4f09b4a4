"""A line in which a motif is typed, or what was played is corrected."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

EXAMPLE = "Or type it:  D | G A/2 B/2 d2 | F# G2 z"
HOW = (
    "C D E … B are the notes from middle C, c d e … those an octave higher, G, is lower and c' higher.\n"
    "F# and Bb are altered, z is a rest. G2 is twice as long, G/2 half, G3/2 one and a half.\n"
    "In 3/4 a plain letter is a quarter, in 6/8 an eighth. C - C is tied, | a bar line."
)


class MotifLine(QLineEdit):
    """``entered`` tells the text, once it was changed and Return or another place was chosen."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The motif as letters")
        self.setPlaceholderText(EXAMPLE)
        self.setToolTip(HOW)
        self.editingFinished.connect(self._tell)

    def _tell(self) -> None:
        if self.isModified():
            self.setModified(False)
            if self.text().strip():
                self.entered.emit(self.text())
