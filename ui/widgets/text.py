"""Labels of the type scale, and a label that shortens its text instead of being clipped."""

from __future__ import annotations

import re
from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtGui import Qt as PaintedQt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.theme import Type, font

FIGURE = re.compile(r"(?<=\d) (?=(?:%|ms|Hz|bars?)(?!\w))")


class _Wrapped(QLabel):
    """Words in lines, in which no figure is parted from its unit."""

    def __init__(self, words: str):
        super().__init__()
        self.setText(words)

    def setText(self, words: str) -> None:
        """Say these words."""
        self._words = words
        super().setText(FIGURE.sub("\N{NO-BREAK SPACE}", words))

    def text(self) -> str:
        """The words as they were said."""
        return self._words


def label(text: str = "", size: int = Type.BODY, tone: str = "", *, bold: bool = False, wrap: bool = False) -> QLabel:
    """A label of the type scale; ``tone`` is '', 'soft', 'faint', 'good' or 'warning'."""
    made = _Wrapped(text) if wrap else QLabel(text)
    made.setFont(font(size, bold=bold))
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    set_tone(made, tone)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a widget another tone of the style sheet."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def plain_tip(words: str) -> str:
    """A tooltip that shows these words as they are, also those that look like a page of the web: names may."""
    if not PaintedQt.mightBeRichText(words):
        return words
    return f'<span style="white-space: pre-wrap">{escape(words)}</span>'


def pressed_words(words: str) -> str:
    """Words for a button or a menu as they are: an & in them would underline what follows, and press it."""
    return words.replace("&", "&&")


def rule() -> QFrame:
    """A thin line between groups."""
    line = QFrame()
    line.setObjectName("rule")
    return line


def card() -> QFrame:
    """A surface that holds one group."""
    frame = QFrame()
    frame.setObjectName("card")
    return frame


class Elided(QLabel):
    """A one-line label that ends in … where there is no room; the whole text is its tooltip then."""

    def __init__(self, text: str = "", size: int = Type.BODY, tone: str = "", *, bold: bool = False):
        super().__init__(text)
        self.setFont(font(size, bold=bold))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_tone(self, tone)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """The whole text where there is room."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as fits."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()
