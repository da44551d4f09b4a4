"""The rail at the left: one button a page, theme and help below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from ui.icons import draw_icon
from ui.shortcuts import named
from ui.theme import Space, Type, font, worn
from ui.widgets.button import tip_text

WIDTH, BUTTON_HEIGHT, ICON = 84, 62, 22


class RailButton(QAbstractButton):
    """An icon over its word."""

    def __init__(self, words: str, glyph: str, keys: str, checkable: bool = False):
        super().__init__()
        self._glyph = glyph
        self.setText(words)
        self.setCheckable(checkable)
        self.setFixedSize(WIDTH, BUTTON_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(tip_text(words, keys))
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """All are equally large."""
        return QSize(WIDTH, BUTTON_HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark, icon and word."""
        painter, colours = QPainter(self), worn()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(colours.raised if self.isChecked() else colours.surface))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(8, 2, -8, -2), 10, 10)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(8.5, 2.5, -8.5, -2.5), 10, 10)
        tone = colours.accent if self.isChecked() else colours.ink_soft
        draw_icon(painter, self._glyph, QRectF((WIDTH - ICON) / 2, 11, ICON, ICON), tone)
        painter.setFont(font(Type.SMALL - 1))
        painter.setPen(QColor(colours.ink if self.isChecked() else colours.ink_soft))
        painter.drawText(QRectF(0, 36, WIDTH, 18), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Rail(QWidget):
    """``pages`` are (name, words); the name is also that of the icon and of the shortcut."""

    page_chosen = Signal(str)
    theme_asked = Signal()
    help_asked = Signal()

    def __init__(self, pages: Sequence[tuple[str, str]]):
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.LARGE, 0, Space.MEDIUM)
        column.setSpacing(Space.TIGHT)
        for page, words in pages:
            self._buttons[page] = self._page_button(page, words)
            column.addWidget(self._buttons[page])
        column.addStretch(1)
        for page, words, signal in (("sun", "Theme", self.theme_asked), ("help", "Help", self.help_asked)):
            shortcut = named("theme" if page == "sun" else "help")
            button = RailButton(words, page, shortcut.keys[0])
            button.clicked.connect(signal)
            column.addWidget(button)

    def show_page(self, page: str) -> None:
        """Mark a page as the one that is seen."""
        self._buttons[page].setChecked(True)

    def _page_button(self, page: str, words: str) -> RailButton:
        button = RailButton(words, page, named(page).keys[0], checkable=True)
        button.clicked.connect(lambda: self.page_chosen.emit(page))
        self._group.addButton(button)
        return button
