"""The rail at the left: one button a page, signs for theme and help below, and at the foot who plays."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import draw_icon
from ui.shortcuts import named
from ui.theme import Space, Type, font, worn
from ui.widgets.button import tip_text
from ui.widgets.text import rule

WIDTH, ICON = 84, 22
HEIGHT, LEAST_HEIGHT = 62, 40  # of a button; they give way in a low window


class RailButton(QAbstractButton):
    """An icon over its word, or alone where there is no room for one.

    ``step_asked`` tells that the keys shall go to the button below (1) or above (-1).
    """

    step_asked = Signal(int)

    def __init__(self, words: str, glyph: str, keys: str, checkable: bool = False, width: int = WIDTH):
        super().__init__()
        self._glyph = glyph
        self.setText(words)
        self.setCheckable(checkable)
        self.setFixedWidth(width)
        self.setMinimumHeight(LEAST_HEIGHT)
        self._tallest = HEIGHT if width == WIDTH else LEAST_HEIGHT
        self.setMaximumHeight(self._tallest)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(tip_text(words, keys))
        self.setAccessibleName(words)

    def setText(self, text: str) -> None:
        """Show words as they are: an & in a learner's name is no key."""
        super().setText(text)
        self.setShortcut(QKeySequence())

    def sizeHint(self) -> QSize:
        """All with a word are equally high."""
        return QSize(self.minimumWidth(), self._tallest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move along the rail: an arrow chooses nothing."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.step_asked.emit(step)

    def _words_font(self) -> QFont:
        """The type of the word; a size smaller where it would touch the edges."""
        usual = font(Type.SMALL - 1)
        wide = QFontMetrics(usual).horizontalAdvance(self.text()) > WIDTH - 2 * Space.SMALL
        return font(Type.SMALL - 2) if wide else usual

    def changeEvent(self, event: QEvent) -> None:
        """Wear another theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, mark, icon and word."""
        painter, colours = QPainter(self), worn()
        side = 8 if self.width() == WIDTH else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(QColor(colours.raised if self.isChecked() else colours.surface))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(side, 2, -side, -2), 10, 10)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(side + 0.5, 2.5, -side - 0.5, -2.5), 10, 10)
        tone = colours.accent if self.isChecked() else colours.ink_soft
        if self._tallest < HEIGHT:
            middle = QRectF((self.width() - ICON) / 2, (self.height() - ICON) / 2, ICON, ICON)
            draw_icon(painter, self._glyph, middle, tone)
            painter.end()
            return
        lower = (self.height() - HEIGHT) / 2
        top, words_top = max(2.0, 11 + lower), min(36 + lower, self.height() - 17.0)
        draw_icon(painter, self._glyph, QRectF((self.width() - ICON) / 2, top, ICON, ICON), tone)
        painter.setFont(self._words_font())
        painter.setPen(QColor(colours.ink if self.isChecked() else colours.ink_soft))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 2 * side + 12)
        painter.drawText(QRectF(0, words_top, self.width(), 18), Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


class Rail(QWidget):
    """``pages`` are (name, words); the name is also that of the icon and of the shortcut. A ``foot`` comes last."""

    page_chosen = Signal(str)
    theme_asked = Signal()
    help_asked = Signal()

    def __init__(self, pages: Sequence[tuple[str, str]], foot: RailButton | None = None):
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.LARGE, 0, Space.MEDIUM)
        column.setSpacing(Space.HAIR)
        for page, words in pages:
            self._buttons[page] = self._page_button(page, words)
            column.addWidget(self._buttons[page])
        column.addStretch(1)
        column.addSpacing(Space.TIGHT)
        line = rule()
        line.setFixedWidth(WIDTH - 2 * Space.LARGE)
        column.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
        pair = QHBoxLayout()
        pair.setSpacing(0)
        for page, words, signal in (("sun", "Theme", self.theme_asked), ("help", "Help", self.help_asked)):
            shortcut = named("theme" if page == "sun" else "help")
            button = RailButton(words, page, shortcut.keys[0], width=WIDTH // 2)
            button.clicked.connect(signal)
            pair.addWidget(button)
        column.addLayout(pair)
        if foot is not None:
            column.addWidget(foot)
        for button in self.findChildren(RailButton):
            button.step_asked.connect(self._step)

    def show_page(self, page: str) -> None:
        """Mark a page as the one that is seen."""
        self._buttons[page].setChecked(True)

    def _step(self, step: int) -> None:
        buttons = self.findChildren(RailButton)
        place = [button.hasFocus() for button in buttons].index(True) + step
        buttons[min(max(place, 0), len(buttons) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _page_button(self, page: str, words: str) -> RailButton:
        button = RailButton(words, page, named(page).keys[0], checkable=True)
        button.clicked.connect(lambda: self.page_chosen.emit(page))
        self._group.addButton(button)
        return button
