"""Fields for numbers, whole ones and those with a decimal, with a name for who cannot see them."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

WIDTH = 64
TYPED = re.compile(r"\d*([.,]\d?)?")


class Number(QSpinBox):
    """From ``least`` to ``most``."""

    def __init__(self, least: int, most: int, name: str):
        super().__init__()
        self.setRange(least, most)
        self.setFixedWidth(WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)


class Decimal(QDoubleSpinBox):
    """From ``least`` to ``most``, with one decimal; ``refused`` tells what was typed that is not among them."""

    refused = Signal(str)

    def __init__(self, least: float, most: float, name: str):
        super().__init__()
        self.setLocale(QLocale.c())
        self.setDecimals(1)
        self.setRange(least, most)
        self.setFixedWidth(WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)

    def textFromValue(self, value: float) -> str:
        """The number, with a decimal where it has one."""
        return f"{value:.1f}".removesuffix(".0")

    def valueFromText(self, text: str) -> float:
        """What was typed, with a point or a comma."""
        return float(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let any number be typed, so that one out of range can be refused in words."""
        if not TYPED.fullmatch(text):
            return QValidator.State.Invalid, text, position
        is_number = text.strip(".,") != ""
        is_there = is_number and self.minimum() <= self.valueFromText(text) <= self.maximum()
        return (QValidator.State.Acceptable if is_there else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """Refuse what is out of range; the number stays as it was."""
        if text:
            self.refused.emit(text)
        return self.textFromValue(self.value())
