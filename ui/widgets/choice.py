"""A drop-down of the program's look."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter

from ui.icons import draw_icon
from ui.theme import worn

ARROW, SPARE = 16, 4
COMBO, ELIDED = QStyle.ComplexControl.CC_ComboBox, Qt.TextElideMode.ElideRight


class Choice(QComboBox):
    """A combo box that may be narrower than its words, with the program's own arrow."""

    def __init__(self, name: str, least_letters: int = 8):
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(least_letters)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_row_enabled(self, row: int, enabled: bool) -> None:
        """Let a row be chosen, or grey it."""
        model = self.model()
        item = model.item(row) if isinstance(model, QStandardItemModel) else None
        if item is not None:
            item.setEnabled(enabled)

    @property
    def shown(self) -> str:
        """The words of the choice, else its placeholder, as there is room for them: with an ellipsis where cut."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(COMBO, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        words = option.currentText or ("" if self.isEditable() else self.placeholderText())
        return option.fontMetrics.elidedText(words, ELIDED, field.width() - SPARE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is shown, and the arrow."""
        option, colours = QStyleOptionComboBox(), worn()
        self.initStyleOption(option)
        option.currentText = self.shown
        if self.currentIndex() < 0:
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
        painter = QStylePainter(self)
        painter.drawComplexControl(COMBO, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        square = QRectF(self.width() - ARROW - 10, (self.height() - ARROW) / 2, ARROW, ARROW)
        draw_icon(painter, "down", square, colours.ink_soft if self.isEnabled() else colours.ink_faint)
        painter.end()
