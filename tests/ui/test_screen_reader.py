"""What a screen reader is told: a name for all that has the keys, and what is played next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from lessons.note_names import Naming
from tutor.report import BarHeat
from ui.practice.standing import next_words
from ui.report.heat import HeatMap
from ui.widgets.scroll import Scrolled
from ui.window import PAGES


def said_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def takes_keys(widget: QWidget) -> bool:
    """Whether the Tab key or a click comes to it; the field of a spin box speaks for the spin box."""
    inside = isinstance(widget, QLineEdit) and isinstance(widget.parent(), QAbstractSpinBox)
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not inside


@pytest.mark.parametrize("name", [name for name, _ in PAGES])
def test_all_that_takes_the_keys_has_a_name(qtbot, window, open_piece, name):
    open_piece()
    window.show_page(name)
    window.house.compose.song.own.setChecked(True)
    qtbot.waitUntil(lambda: window.tasks.idle)
    nameless = [one for one in window.findChildren(QWidget) if one.isVisible() and takes_keys(one) and not said_of(one)]
    assert nameless == []


def test_who_cannot_see_the_notes_is_told_what_comes_next(page):
    page.lesson.verdicts.next_rows = (0, 1)
    page.look()
    assert page.accessibleDescription() == "Next: C3 left hand; C4 right hand finger 1."
    assert next_words(page.lesson, Naming.SOLFEGE) == "Next: Do left hand; Do right hand finger 1."


def test_the_arrows_tell_how_each_bar_went(qtbot):
    heat = HeatMap()
    qtbot.addWidget(heat)
    heat.show_bars((BarHeat(1, 0.0, hit=4), BarHeat(2, 0.5, hit=3, wrong=1)))
    assert heat.accessibleDescription() == "Bar 1: 4 right"
    QTest.keyClick(heat, Qt.Key.Key_Right)
    assert heat.accessibleDescription() == "Bar 2: 3 right, 1 wrong"


def test_the_tab_key_comes_only_to_what_can_be_scrolled_and_its_bar_shows_that(qtbot):
    inside = QWidget()
    inside.setMinimumHeight(900)
    area = Scrolled(inside, "The report")
    qtbot.addWidget(area)
    area.resize(300, 300)
    area.show()
    assert takes_keys(area)
    area.activateWindow()
    area.setFocus()
    qtbot.waitUntil(lambda: area.verticalScrollBar().property("tone") == "keys")
    area.clearFocus()
    assert area.verticalScrollBar().property("tone") == ""
    area.resize(300, 1000)
    assert not takes_keys(area)
