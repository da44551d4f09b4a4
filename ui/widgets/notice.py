"""A calm line at the top of the window: it says what happened and goes away by itself; it never takes the focus."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import Space
from ui.widgets.button import Button
from ui.widgets.text import label, set_tone

SHOWN_MS = 9000


class NoticeBar(QFrame):
    """Shows the newest notice; a warning stays until it is put away or answered by a better one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._text = label(wrap=True)
        self._text.setAccessibleName("Notice")
        close = Button(glyph="cross", role="quiet", tip="Put the notice away", keys="Esc")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.TIGHT, Space.TIGHT, Space.TIGHT)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; '' when it is away."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Show a line; a warning stays."""
        self._text.setText(text)
        set_tone(self, "warning" if warning else "")
        self.show()
        self._timer.stop() if warning else self._timer.start(SHOWN_MS)
