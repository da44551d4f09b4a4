"""A calm line in the window: it says what happened and goes away by itself; it never takes the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QElapsedTimer, QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import Space
from ui.widgets.button import Button
from ui.widgets.text import label, set_tone

SHOWN_MS, READ_MS = 9000, 2000
WIDEST = 720  # so that a line can be read


class NoticeBar(QFrame):
    """Shows the newest notice; a warning stays until it is put away, or has been read and left.

    It covers nothing that is pressed: ``told`` asks for a place for its `size_within` a width, ``gone`` gives it back.
    """

    told = Signal()
    gone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._text = label(wrap=True)
        self._text.setAccessibleName("Notice")
        self._close = Button(glyph="cross", role="quiet", tip="Close the notice", keys="Esc")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.TIGHT, Space.TIGHT, Space.TIGHT)
        self._undo = Button("Undo", "undo", "quiet", "Undo it")
        self._undo.clicked.connect(self._take_back)
        self._taking_back: Callable[[], object] | None = None
        row.addWidget(self._text, 1)
        row.addWidget(self._undo)
        row.addWidget(self._close)
        self._since, self._is_warning = QElapsedTimer(), False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; '' when it is away."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, text: str, *, warning: bool = False, undo: Callable[[], object] | None = None) -> None:
        """Show a line; a warning stays. With an ``undo``, what was done can be taken back while it is told."""
        self._text.setText(sentence(text))
        self._taking_back = undo
        self._undo.setVisible(undo is not None)
        self._is_warning = warning
        self._since.start()
        set_tone(self, "warning" if warning else "")
        self.show()
        self.told.emit()
        self.raise_()
        self._timer.stop() if warning else self._timer.start(SHOWN_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the place back; a window that is made small keeps it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.gone.emit()

    def move_on(self) -> None:
        """Go with what comes next: at once where there was time to read it, else as soon as there was.

        What warns stays, and so does what can be taken back.
        """
        if self._is_warning or self._taking_back is not None:
            return
        if self._since.elapsed() > READ_MS:
            self.hide()
        else:
            self._timer.start(READ_MS)

    def leave(self) -> None:
        """Go with what was warned of: at once where there was time to read it, else as soon as there was."""
        if self._is_warning and self._since.elapsed() > READ_MS:
            self.hide()
        elif self._is_warning and not self._timer.isActive():
            self._timer.start(2 * READ_MS)

    def size_within(self, width: int) -> QSize:
        """As wide as the words need, and no wider than this; as high as they are then."""
        row = self.layout()
        buttons = sum(one.sizeHint().width() + row.spacing() for one in (self._undo, self._close) if not one.isHidden())
        margins = row.contentsMargins().left() + row.contentsMargins().right() + 2 * self.frameWidth() + Space.SMALL
        words = self._text.fontMetrics().horizontalAdvance(self._text.text()) + Space.SMALL
        fitting = min(words + buttons + margins, WIDEST, width)
        lines = max(self._text.heightForWidth(fitting - buttons - margins), self._close.sizeHint().height())
        return QSize(fitting, lines + 2 * Space.TIGHT + 2 * self.frameWidth())

    def _take_back(self) -> None:
        self.hide()
        if self._taking_back is not None:
            self._taking_back()

    def take_back(self, words: str) -> None:
        """Put these words away, if they are still told."""
        if words and self.text == sentence(words):
            self.hide()

    def settle(self) -> None:
        """Put a warning away, since what was refused has come about."""
        if self._is_warning:
            self.hide()


def sentence(words: str) -> str:
    """The words with a capital letter, unless they begin with the name of a file."""
    first = words.split(" ", 1)[0]
    return words[:1].upper() + words[1:] if first.isalpha() else words


def sentences(said: Iterable[str], between: str = " ") -> str:
    """Several words of that kind, each with its full stop."""
    return between.join(f"{sentence(words)}." for words in said)
