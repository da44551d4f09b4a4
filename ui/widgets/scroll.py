"""What is higher than its room, and hardly ever wider."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QWidget


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """A widget that goes up and down where it has not its height, and has the width that there is, if that will do.

    The Tab key comes to it, so that the arrows move it; ``name`` is what a screen reader says then.
    """
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(inside)
    scroll.setAccessibleName(name)
    return scroll
