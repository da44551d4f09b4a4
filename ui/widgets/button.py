"""Buttons that know their icon, their role in the style sheet and their key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.icons import icon
from ui.theme import Colours, worn
from ui.widgets.text import plain_tip, pressed_words

ICON_PIXELS, ICON_GAP = 18, 4
CONTENTS, PUSH_BUTTON = QStyle.SubElement.SE_PushButtonContents, QStyle.ControlElement.CE_PushButton


def tip_text(tip: str, keys: str = "") -> str:
    """A tooltip that ends with the shortcut."""
    return plain_tip(_with_keys(tip, keys))


def _with_keys(tip: str, keys: str) -> str:
    return f"{tip}  ({keys})" if keys else tip


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
        self._glyph, self._tone, self._tip, self.words, self._narrow = glyph, "", "", "", False
        self._drawn = "", ""  # the sign and the colour of the icon as it is
        self.setText(text)
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
        """Show words as they are, with a little air between them and the icon."""
        self.words = text
        super().setText(pressed_words(self._aired(text)))
        if self._narrow:
            self._show_tip()

    def _aired(self, words: str) -> str:
        return f" {words}" if words and self._glyph else words

    def be_narrow(self) -> None:
        """Take what room there is: words with a title in them may be too long for any, and end in … then."""
        self._narrow = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def tell_of(self, tip: str, keys: str = "") -> None:
        """Tell what it does, with its key."""
        self._tip = _with_keys(tip, keys)
        self._show_tip()
        self.setAccessibleDescription(tip)

    def _show_tip(self) -> None:
        """Tell what it does, after its words where they are cut."""
        self.setToolTip(plain_tip(f"{self.words}\n{self._tip}" if self._is_cut else self._tip))

    @property
    def _is_cut(self) -> bool:
        return self._narrow and self.width() < self.sizeHint().width()

    @property
    def shown(self) -> str:
        """The words as there is room for them."""
        return self._option().text.strip().replace("&&", "&")

    def _option(self) -> QStyleOptionButton:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self._is_cut:
            room = self.style().subElementRect(CONTENTS, option, self).width()
            room -= ICON_PIXELS + 2 * ICON_GAP if self._glyph else 0
            cut = self.fontMetrics().elidedText(self._aired(self.words), Qt.TextElideMode.ElideRight, room)
            option.text = pressed_words(cut)
        return option

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the words where there is no room for them."""
        super().resizeEvent(event)
        if self._narrow:
            self._show_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the words as there is room for."""
        if not self._is_cut:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        painter.drawControl(PUSH_BUTTON, self._option())
        painter.end()

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
        """Never less than the words need, unless they may be cut."""
        return QSize(0, self.sizeHint().height()) if self._narrow else self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew with the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._colour()

    def _colour(self) -> None:
        wanted = self._glyph, self._icon_colour(worn())
        if wanted == self._drawn:
            return  # a theme that changes tells a button a dozen times
        self._drawn = wanted
        self.setIcon(icon(*wanted, ICON_PIXELS) if self._glyph else QIcon())

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
