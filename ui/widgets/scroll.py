"""What is higher than its room, and hardly ever wider."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


def scrolled(inside: QWidget) -> QScrollArea:
    """A widget that goes up and down where it has not its height, and has the width that there is, if that will do."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(inside)
    return scroll
