"""Where the window stands and how large it is: as it was left, and never larger than its screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

FIRST_SIZE, LEAST_SIZE = QSize(1280, 720), QSize(860, 460)
FRAME = QSize(0, 40)  # what the system's frame may take of the screen


def place(window: QWidget, remembered: str) -> None:
    """Make a window as large as it was, or as it shall be at first, as far as its screen has room for that."""
    room = window.screen().availableSize() - FRAME
    window.setMinimumSize(LEAST_SIZE.boundedTo(room))
    window.resize(FIRST_SIZE.boundedTo(room))
    if remembered:
        window.restoreGeometry(QByteArray.fromBase64(remembered.encode()))


def placement(window: QWidget) -> str:
    """What `place` is to remember: size, place, and whether it fills the screen."""
    return bytes(window.saveGeometry().toBase64().data()).decode()
