"""A name that somebody types."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QInputDialog, QLabel, QPushButton, QWidget

from ui.widgets.text import pressed_words

ASKED_WIDTH = 380


def asked_name(window: QWidget, title: str, deed: str, longest: int, name: str = "") -> str | None:
    """The name of up to ``longest`` letters that somebody types; None where they would rather not."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle(title)
    dialog.setLabelText(pressed_words(f"{title}: name, up to {longest} letters"))
    dialog.setTextValue(name)
    dialog.setOkButtonText(deed)
    dialog.resize(ASKED_WIDTH, dialog.height())
    for label in dialog.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)  # the title may have a name in it
    for button in dialog.findChildren(QPushButton):
        button.setIcon(QIcon())
    try:
        return dialog.textValue() if dialog.exec() else None
    finally:
        dialog.deleteLater()
