"""What is higher than its room, and hardly ever wider."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.widgets.text import set_tone


class Scrolled(QScrollArea):
    """Goes up and down where it has not its height, and has the width that there is, if that will do.

    The Tab key comes to it where there is something to scroll, so that the arrows move it; its bar shows that, and
    ``name`` is what a screen reader says then.
    """

    def __init__(self, inside: QWidget, name: str):
        super().__init__()
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setAccessibleName(name)
        self.verticalScrollBar().rangeChanged.connect(self._let_tab_in)
        self._let_tab_in(0, 0)

    def _let_tab_in(self, least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > least else Qt.FocusPolicy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the arrows scroll."""
        super().focusInEvent(event)
        set_tone(self.verticalScrollBar(), "keys")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they do not."""
        super().focusOutEvent(event)
        set_tone(self.verticalScrollBar(), "")
