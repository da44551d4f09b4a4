"""Buttons that know their icon, their role in the style sheet and their key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from ui.icons import icon
from ui.theme import Colours, worn
from ui.widgets.text import plain_tip

ICON_PIXELS = 18


def tip_text(tip: str, keys: str = "") -> str:
    """A tooltip that ends with the shortcut."""
    return plain_tip(f"{tip}  ({keys})" if keys else tip)


class Button(QPushButton):
    """A push button; ``role`` is '', 'primary', 'danger', 'quiet', 'chip', 'glyph' or 'segment'."""

    def __init__(
        self,
        text: str = "",
        glyph: str = "",
        role: str = "",
        tip: str = "",
        keys: str = "",
        checkable: bool = False,
    ):
        super().__init__()
        self._glyph = glyph
        self.setText(text)
        self._tone = ""
        self.setProperty("role", role)
        self.setCheckable(checkable)
        self.setAutoDefault(True)  # Enter presses it, since Space starts and stops the lesson
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(ICON_PIXELS, ICON_PIXELS))
        self.tell_of(tip, keys)
        self.setAccessibleName(text or tip)
        self.toggled.connect(self._colour)
        self._colour()

    def setText(self, text: str) -> None:
        """Show a word, with a little air between it and the icon."""
        super().setText(f" {text}" if text and self._glyph else text)

    def tell_of(self, tip: str, keys: str = "") -> None:
        """Tell what it does, with its key."""
        self.setToolTip(tip_text(tip, keys))
        self.setAccessibleDescription(tip)

    def set_glyph(self, glyph: str, tone: str = "") -> None:
        """Show another icon; ``tone`` names a colour of the theme, '' takes the role's own."""
        if (glyph, tone) != (self._glyph, self._tone):
            self._glyph, self._tone = glyph, tone
            self._colour()

    def set_role(self, role: str) -> None:
        """Take another role in the style sheet."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
            self._colour()

    def minimumSizeHint(self) -> QSize:
        """Never less than the words need."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew with the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._colour()

    def _colour(self) -> None:
        if not self._glyph:
            self.setIcon(QIcon())
        else:
            self.setIcon(icon(self._glyph, self._icon_colour(worn()), ICON_PIXELS))

    def _icon_colour(self, colours: Colours) -> str:
        role = self.property("role")
        if not self.isEnabled():
            return colours.ink_faint
        if self._tone:
            return str(getattr(colours, self._tone))
        if role == "primary":
            return colours.on_accent
        if role == "danger":
            return colours.wrong
        if self.isChecked():
            return colours.accent
        return colours.ink_soft if role in ("quiet", "chip", "segment") else colours.ink


class Toggle(Button):
    """A button that is on or off, and says so by its sign as well."""

    def __init__(self, text: str, tip: str):
        super().__init__(text, "minus", "", tip, checkable=True)
        self.toggled.connect(lambda on: self.set_glyph("check" if on else "minus"))


class Segments(QWidget):
    """Buttons in a row of which exactly one is chosen. The Tab key comes to that one, the arrows go on from there."""

    chosen = Signal(int)

    def __init__(self, options: Sequence[tuple[str, str]], name: str, glyphs: Sequence[str] = ()):
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, (text, tip) in enumerate(options):
            button = Button(text, glyphs[index] if glyphs else "", "segment", tip, checkable=True)
            place = "first" if index == 0 else "last" if index == len(options) - 1 else "middle"
            button.setProperty("place", place)
            button.setAccessibleName(f"{name}: {text or tip}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.idToggled.connect(self._let_tab_in)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    @property
    def index(self) -> int:
        """Which one is chosen."""
        return self._group.checkedId()

    def choose(self, index: int) -> None:
        """Choose one without telling."""
        self._group.button(index).setChecked(True)

    def _let_tab_in(self, index: int, chosen: bool) -> None:
        """Let the Tab key come to a button that is chosen, and to no other."""
        self._group.button(index).setFocusPolicy(Qt.FocusPolicy.TabFocus if chosen else Qt.FocusPolicy.NoFocus)

    def button(self, index: int) -> Button:
        """One of the buttons."""
        found = self._group.button(index)
        assert isinstance(found, Button)
        return found
