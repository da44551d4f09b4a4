"""Words on buttons and in menus: as they are, whatever the titles in them have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from tutor.practice import Hands
from tutor.register import Person, Register
from ui.library.piece_menu import piece_menu
from ui.rooms import DuePassage
from ui.who_plays import WhoPlays
from ui.widgets.button import Button

LONG = "A very long title indeed, " * 8 + "the end"


@pytest.fixture
def button(qtbot):
    """Makes a button of a width whose words may be cut."""

    def go(words: str, width: int, tip: str = "") -> Button:
        made = Button(words, "play", "", tip)
        qtbot.addWidget(made)
        made.be_narrow()
        made.resize(width, 34)
        made.show()
        return made

    return go


def test_an_ampersand_in_a_title_presses_no_button(button):
    made = button("Play Fish & Chips", 600)
    assert made.shortcut().isEmpty()
    assert (made.words, made.shown) == ("Play Fish & Chips", "Play Fish & Chips")


@pytest.mark.parametrize("words", [LONG, "& " * 200 + "&"])
def test_words_too_long_for_a_button_end_in_an_ellipsis_and_its_tooltip_has_them_whole(button, words):
    made = button(words, 200, "Put it on the stand")
    assert made.shown.endswith("…")
    assert words.startswith(made.shown.removesuffix("…"))
    assert words in made.toolTip()
    assert "Put it on the stand" in made.toolTip()


def test_words_that_fit_are_not_told_twice(button):
    made = button("Play Scale", 200, "Put it on the stand")
    assert (made.shown, made.toolTip()) == ("Play Scale", "Put it on the stand")


def test_long_titles_on_the_library_page_widen_no_column(window):
    piece = replace(window.library.shelf[0], title=LONG)
    window.library.due.show_due([DuePassage(piece, None, Hands.BOTH, "")])
    window.library.start.show_piece(piece)
    for shown in (window.library.due, window.library.start):
        shown.layout().activate()
        assert shown.minimumSizeHint().width() < window.library._column.width()


def test_a_menu_of_a_piece_says_what_its_buttons_say(window):
    piece = window.library.current()
    words = [action.text() for action in piece_menu(piece, window.library.preview, window.library).actions()]
    assert words[0] == "Practise\tCtrl+Return"


def test_a_learner_with_an_ampersand_is_called_so_in_the_menu(qtbot):
    person = Person("Ann & Ben")
    owner = QWidget()
    qtbot.addWidget(owner)
    who = WhoPlays(person, Register((person,)))
    who.setParent(owner)
    assert next(action.text() for action in who.menu().actions()) == "Ann && Ben"
    assert who.shortcut().isEmpty()
