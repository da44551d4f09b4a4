"""The size of the window: no larger than the screen, and as it was left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from tutor.register import FIRST, Register
from ui.placing import FIRST_SIZE, FRAME, LEAST_SIZE, place, placement
from ui.who_plays import WhoPlays
from ui.widgets.rail import Rail, RailButton
from ui.window import PAGES, MainWindow


class FakeScreen:
    """A screen of some size."""

    def __init__(self, *size: int):
        self.availableSize = lambda: QSize(*size)


class OnScreen(QWidget):
    """A window on a screen of some size."""

    def __init__(self, *size: int):
        super().__init__()
        self.screen = lambda: FakeScreen(*size)


@pytest.mark.parametrize("size", [(911, 512), (800, 420), (1920, 1080)], ids=str)
def test_a_window_fits_its_screen_at_first(qtbot, size):
    window = OnScreen(*size)
    qtbot.addWidget(window)
    place(window, "")
    room = QSize(*size) - FRAME
    assert window.size() == FIRST_SIZE.boundedTo(room)
    assert window.minimumSize() == LEAST_SIZE.boundedTo(room)


def test_a_window_comes_back_as_it_was_left(qtbot, window, world):
    window.resize(800, 505)  # the screen of this machine may be no larger
    window.close()
    again = MainWindow(replace(world.rooms(), config=world.saved[-1]))
    qtbot.addWidget(again)
    assert again.size() == QSize(800, 505)
    assert not again.isMaximized()


def test_a_window_that_filled_the_screen_does_so_again(qtbot, window):
    window.showMaximized()
    again = QWidget()
    qtbot.addWidget(again)
    place(again, placement(window))
    assert again.isMaximized()


def test_what_is_no_geometry_is_passed_over(qtbot):
    window = OnScreen(1920, 1080)
    qtbot.addWidget(window)
    place(window, "nonsense")
    assert window.size() == FIRST_SIZE


def test_the_rail_gives_way_in_a_low_window(qtbot):
    rail = Rail(PAGES, WhoPlays(FIRST, Register()))
    qtbot.addWidget(rail)
    assert rail.minimumSizeHint().height() <= LEAST_SIZE.height()
    for height in (LEAST_SIZE.height(), 900):
        rail.resize(rail.width(), height)
        rail.show()
        qtbot.waitExposed(rail)
        bottom = max(button.geometry().bottom() for button in rail.findChildren(RailButton))
        assert bottom < height


def test_in_a_low_window_the_roll_gives_way_before_the_keys(qtbot, window, open_piece):
    open_piece()
    page = window.house.practice
    window.resize(LEAST_SIZE)
    qtbot.waitUntil(lambda: window.height() == LEAST_SIZE.height())
    qtbot.wait(20)
    assert page.minimumSizeHint().height() <= LEAST_SIZE.height()
    assert page.transport.geometry().bottom() < page.height()
    assert not page._line.legend.isVisible()  # before the words above the notes
    keys = page.keyboard.height()
    window.resize(LEAST_SIZE.width(), 600)
    qtbot.waitUntil(lambda: page.height() > 560)
    assert page.keyboard.height() == 104 >= keys
    assert page.stage.height() > 150


def test_the_help_keeps_its_lines_apart_in_a_low_window(qtbot, window):
    window.resize(LEAST_SIZE)
    window._help.toggle()
    qtbot.wait(20)
    low = [line.text() for line in window._help.findChildren(QLabel) if line.height() < line.sizeHint().height()]
    assert low == []
    scroll = window._help.findChild(QScrollArea)
    assert scroll.widget().width() <= scroll.viewport().width()
