"""A field for a whole number, with a name for who cannot see it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox

WIDTH = 64


class Number(QSpinBox):
    """From ``least`` to ``most``."""

    def __init__(self, least: int, most: int, name: str):
        super().__init__()
        self.setRange(least, most)
        self.setFixedWidth(WIDTH)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)
