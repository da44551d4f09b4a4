"""The one style sheet, from the colours and scales of `ui.theme`."""

from __future__ import annotations

from string import Template

from PySide6.QtWidgets import QApplication

from ui.theme import CONTROL_HEIGHT, DARK, LIGHT, RADIUS, Colours, Space, Type, font, palette, tokens

_SHEET = Template("""
QWidget { color: $ink; }
QMainWindow, QWidget#page { background: $ground; }
QToolTip { background: $raised; color: $ink; border: 1px solid $line; padding: 6px 8px; }
QLabel { background: transparent; }
QLabel[tone="soft"] { color: $ink_soft; }
QLabel[tone="faint"] { color: $ink_faint; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="warning"] { color: $warning; }
QFrame#card { background: $surface; border: 1px solid $line; border-radius: ${radius_card}px; }
QWidget#rail { background: $rail; }

QPushButton {
  background: $raised; color: $ink; border: 1px solid $line; border-radius: ${radius}px;
  padding: 0 14px; min-height: ${control}px; max-height: ${control}px; outline: none;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 0 13px; min-height: ${control_focus}px; }
QPushButton:disabled { color: $ink_faint; background: transparent; }
QPushButton:checked { background: $hover; border-color: $accent; color: $ink; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $ink; }
QPushButton[role="primary"]:disabled { background: $raised; color: $ink_faint; border-color: $line; }
QPushButton[role="danger"] { background: transparent; color: $wrong; border-color: $wrong; font-weight: 600; }
QPushButton[role="danger"]:hover { background: $wrong; color: $on_accent; }
QPushButton[role="danger"]:focus { border-color: $ink; }
QPushButton[role="danger"]:disabled { color: $ink_faint; border-color: $line; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $ink_soft; }
QPushButton[role="quiet"]:hover { background: $raised; color: $ink; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="chip"] {
  background: transparent; color: $ink_soft; border-radius: 14px; padding: 0 12px 0 8px;
  min-height: 26px; max-height: 26px; font-size: ${small}px; text-align: left;
}
QPushButton[role="chip"]:hover { background: $raised; color: $ink; }
QPushButton[role="chip"]:focus { padding: 0 11px 0 7px; min-height: 24px; }
QPushButton[role="glyph"] { padding: 0; min-width: ${control}px; }
QPushButton[role="glyph"]:focus { padding: 0; min-width: ${control_focus}px; }
QPushButton[role="segment"] { border-radius: 0; border-right-width: 0; padding: 0 12px; }
QPushButton[role="segment"]:focus { border-right-width: 2px; padding: 0 11px; }
QPushButton[role="segment"][place="first"] {
  border-top-left-radius: ${radius}px; border-bottom-left-radius: ${radius}px; }
QPushButton[role="segment"][place="last"] {
  border-right-width: 1px; border-top-right-radius: ${radius}px; border-bottom-right-radius: ${radius}px; }
QPushButton[role="segment"] { background: transparent; color: $ink_soft; }
QPushButton[role="segment"]:hover { background: $raised; color: $ink; }
QPushButton[role="segment"]:checked { background: $hover; color: $ink; border-color: $line; }
QPushButton[role="segment"]:focus { border-color: $accent; }

QLineEdit, QComboBox, QAbstractSpinBox {
  background: $surface; color: $ink; border: 1px solid $line; border-radius: ${radius}px; padding: 0 10px;
  min-height: ${control}px; max-height: ${control}px; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $ink_faint; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid $accent; padding: 0 9px; min-height: ${control_focus}px; }
QPlainTextEdit {
  background: $surface; color: $ink; border: 1px solid $line; border-radius: ${radius}px; padding: 4px 6px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit:hover { border-color: $ink_faint; }
QPlainTextEdit:focus { border: 2px solid $accent; padding: 3px 5px; }
QComboBox QLineEdit { background: transparent; border: 0; padding: 0; }
QComboBox::drop-down { border: 0; width: 26px; }
QComboBox::down-arrow { image: none; }
QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled { color: $ink_faint; background: transparent; }
QComboBox QAbstractItemView {
  background: $raised; color: $ink; border: 1px solid $line; padding: 4px; outline: 0;
  selection-background-color: $hover; selection-color: $ink;
}
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 6px; }
QAbstractSpinBox { padding: 0 4px; }
QAbstractSpinBox:focus { padding: 0 3px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }

QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
  background: $ink; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; border: 0; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent_hover; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { background: $ink_faint; }

QProgressBar { background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QListView { background: transparent; border: 0; outline: 0; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line; border-radius: 3px; min-height: 32px; margin: 2px; }
QScrollBar::handle:vertical:hover { background: $ink_faint; }
QScrollBar[tone="keys"]::handle { background: $accent; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $line; border-radius: 3px; min-width: 32px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: $raised; color: $ink; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 7px 24px 7px 12px; border-radius: 5px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $ink_faint; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QFrame#notice {
  background: $raised; border: 1px solid $line; border-left: 4px solid $accent; border-radius: ${radius}px; }
QFrame#notice[tone="warning"] { border-left-color: $wrong; }
QFrame#overlay { background: $surface; border: 1px solid $line; border-radius: 14px; }
QFrame#rule { background: $line; border: 0; max-height: 1px; min-height: 1px; }
""")


def stylesheet(colours: Colours) -> str:
    """The style sheet of the whole application in these colours."""
    sizes = {
        "radius": RADIUS,
        "radius_card": RADIUS + Space.TIGHT,
        "control": CONTROL_HEIGHT - 2,
        "control_focus": CONTROL_HEIGHT - 4,
        "small": Type.SMALL,
    }
    return _SHEET.substitute(tokens(colours), **{name: str(size) for name, size in sizes.items()})


def wear(dark: bool) -> None:
    """Give the application its colours and its type."""
    colours = DARK if dark else LIGHT
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    QApplication.setFont(font())
    sheet = stylesheet(colours)
    if application.styleSheet() != sheet:  # to dress everything anew takes long
        application.setStyleSheet("")  # from one sheet to another takes three times as long
        QApplication.setPalette(palette(colours))
        application.setStyleSheet(sheet)
