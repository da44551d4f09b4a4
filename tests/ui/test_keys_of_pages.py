"""The keyboard leads through the window: each page has its first field, and the arrows stay where they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from tutor.practice import Hands
from ui.rooms import DuePassage
from ui.widgets.rail import RailButton


def rail_button(window, words: str) -> RailButton:
    return next(button for button in window._rail.findChildren(RailButton) if button.text() == words)


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_the_list_has_the_keys_at_the_start(qtbot, window):
    qtbot.waitUntil(window.library.list.hasFocus)
    press(qtbot, window, Qt.Key.Key_Down)
    assert window.library.current().slug == "waltz"
    assert window.library.isVisible()


def test_the_search_is_found_and_left_by_keys_alone(qtbot, window):
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.library.search.hasFocus()
    qtbot.keyClicks(window.library.search, "walt")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down):
        press(qtbot, window, key)
        assert window.library.list.hasFocus()
        press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(window.page("practice").isVisible)


def test_the_chosen_piece_is_practised_by_keys_from_the_start(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.page("practice").isVisible)


@pytest.mark.parametrize("words", ["Library", "Me"])
def test_the_arrows_move_along_the_rail_and_choose_nothing(qtbot, window, words):
    rail_button(window, words).setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Right)
    expected = {"Library": "Practice", "Me": "Me"}[words]
    assert rail_button(window, expected).hasFocus()
    assert window.library.isVisible()
    press(qtbot, window, Qt.Key.Key_Up)
    assert rail_button(window, {"Library": "Library", "Me": "Help"}[words]).hasFocus()


def test_a_page_that_is_come_back_to_has_the_keys_in_its_first_field(qtbot, window):
    for name, field in (("compose", window.house.compose.question._piece), ("library", window.library.list)):
        window.show_page("practice")
        rail_button(window, "Practice").setFocus()
        window.show_page(name)
        assert QApplication.focusWidget() is field


def test_the_keys_of_a_page_work_while_the_rail_has_them(qtbot, window):
    rail_button(window, "Library").setFocus()
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.library.search.hasFocus()


def test_tab_comes_by_all_that_stands_above_the_list_on_its_way_to_it(qtbot, window, world):
    library = window.library
    world.due = [DuePassage(library.shelf[0], bars, Hands.BOTH, "bars") for bars in ((1, 2), (3, 4))]
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(library.due.isVisible)
    rail_button(window, "Me").setFocus()
    reached = []
    while not library.list.hasFocus():
        press(qtbot, window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        assert len(reached) < 12
    assert reached[1:] == [library.search, library.bands.button(0), library.due.turns, *library.due.rows, library.list]


def test_a_click_beside_all_fields_of_the_library_gives_the_list_the_keys(qtbot, window):
    window.library.search.setFocus()
    qtbot.mouseClick(window.library, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert window.library.list.hasFocus()


def test_tab_enters_a_choice_at_what_is_chosen_whoever_chose_it(qtbot, window):
    library, bands = window.library, window.library.bands
    for choose in (lambda: bands.button(3).click(), lambda: bands.choose(1)):
        choose()
        library.search.setFocus()
        press(qtbot, window, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is bands.button(bands.index)
    press(qtbot, window, Qt.Key.Key_Right)
    assert (bands.index, QApplication.focusWidget()) == (2, bands.button(2))
    press(qtbot, window, Qt.Key.Key_Tab)
    assert not bands.isAncestorOf(QApplication.focusWidget())
    press(qtbot, window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is bands.button(2)


def test_the_tab_key_comes_to_all_that_stands_on_the_compose_page(qtbot, window, open_piece):
    open_piece()
    window.show_page("compose")
    page = window.house.compose
    page.question.choose_seed(5)
    assert page.undo.isEnabled()
    reached = []
    for _ in range(80):
        press(qtbot, window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert page.undo in reached
    assert page.question._piece in reached
