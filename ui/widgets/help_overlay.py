"""The help: all shortcuts on one card over the window, from the one table of them."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.shortcuts import PIANO_WORDS, SHORTCUTS, Shortcut
from ui.theme import Space, Type, font, worn
from ui.widgets.text import label

KEYS_WIDTH = 104
COLUMNS = (("", "Library", "Report", "Compose"), ("Practice", "Microphone"))


class HelpOverlay(QWidget):
    """Covers its parent while shown; a click or Esc puts it away."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._covered = parent
        self.setAccessibleName("Help: keyboard shortcuts")
        parent.installEventFilter(self)
        frame = QFrame()
        frame.setObjectName("overlay")
        frame.setLayout(self._content())
        scroll = QScrollArea()  # a window may be lower than the list
        scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        scroll.setWidget(frame)
        centre = QVBoxLayout(self)
        centre.addWidget(scroll)
        self.hide()

    def toggle(self) -> None:
        """Show or put away."""
        self.setGeometry(self._covered.rect())
        self.setVisible(self.isHidden())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the parent at any size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.setGeometry(self._covered.rect())
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies behind."""
        painter = QPainter(self)
        veil = QColor(worn().rail)
        veil.setAlpha(190)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def _content(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(label("Keys", Type.DISPLAY, bold=True))
        groups = {page: list(found) for page, found in groupby(SHORTCUTS, lambda shortcut: shortcut.page)}
        row = QHBoxLayout()
        row.setSpacing(Space.LARGE)
        for pages in COLUMNS:
            groups_below = QVBoxLayout()
            groups_below.setSpacing(Space.LARGE)
            for page in pages:
                groups_below.addLayout(_group(page or "Everywhere", groups[page]))
            groups_below.addStretch(1)
            row.addLayout(groups_below)
        column.addLayout(row)
        column.addWidget(label(f"{PIANO_WORDS[1]}:  {PIANO_WORDS[0]}", Type.BODY, "soft"))
        return column


def _group(title: str, shortcuts: list[Shortcut]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.MEDIUM)
    grid.setVerticalSpacing(Space.TIGHT)
    grid.setColumnMinimumWidth(0, KEYS_WIDTH)
    grid.setColumnStretch(1, 1)
    grid.addWidget(label(title, Type.LEAD, "soft", bold=True), 0, 0, 1, 2)
    for row, shortcut in enumerate(shortcuts, 1):
        keys = "  or  ".join(
            QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcut.keys
        )
        shown = label(keys, Type.SMALL)
        shown.setFont(font(Type.SMALL, mono=True))
        grid.addWidget(shown, row, 0)
        grid.addWidget(label(shortcut.words, Type.BODY), row, 1)
    grid.setRowStretch(len(shortcuts) + 1, 1)
    return grid
