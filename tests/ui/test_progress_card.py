"""The card of progress in the library."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from desk_takes import taken

from tutor.headway import Better, Headway
from tutor.mastery import Mastery
from tutor.practice import PracticeSettings
from ui.library.progress_card import ProgressCard, better_words
from ui.stylesheet import wear

NOON = datetime(2026, 3, 1, 12)


@pytest.fixture
def card(qtbot):
    wear(True)
    made = ProgressCard()
    qtbot.addWidget(made)
    return made


def test_it_is_there_once_something_was_played(card):
    card.show_headway(Headway())
    assert card.isHidden()
    card.show_headway(Headway(41.6, 4, ("Buns",), (), 6))
    assert not card.isHidden()
    assert card.figures == ["42 min on 4 of 7 days", "– played clean", "1 mastered"]
    assert "Buns" in card._values[-1].toolTip()
    card.show_headway(Headway(0.4, 1, (), (), 1))
    assert card.figures[0] == "< 1 min on 1 of 7 days"


def test_it_says_what_a_piece_lacks_that_is_not_mastered_yet(card):
    once = Mastery("Waltz", NOON, NOON)
    stays = Mastery("Buns", NOON, NOON + timedelta(days=1))
    card.show_headway(Headway(3.0, 1, (), (), 6, (once, stays)))
    told = card._values[-1].toolTip().splitlines()
    assert told[1:] == ["Waltz: once more on another day", "Buns: then something like it at first sight"]


def test_it_says_when_there_are_too_few_days_to_speak_of_a_trend():
    assert better_words(Headway(sittings=1)).startswith("1 day of practice so far: after 5 you")
    assert better_words(Headway(sittings=6)) == "Nothing changed much this week."
    better = (Better("Buns", 0.76, 0.95), Better("Waltz", 0.5, 0.6))
    assert better_words(Headway(sittings=6, better=better)) == (
        "Better this week: Buns, 76 % → 95 % right; Waltz, 50 % → 60 % right."
    )


def test_the_desk_tells_it_by_the_takes_of_the_journal(desk):
    assert desk.headway() == Headway()
    desk.report(taken(desk, PracticeSettings()))
    made = desk.headway()
    assert (made.sittings, made.days) == (1, 1)
    assert made.minutes > 0.2


def test_the_window_shows_it(qtbot, show_window, world):
    world.headway = Headway(12.0, 3, (), (), 6, clean=0.62)
    window = show_window(world.rooms())
    qtbot.waitUntil(window.library.preview.progress.isVisible)
    assert window.library.preview.progress.figures == ["12 min on 3 of 7 days", "62 % played clean", "0 mastered"]


@pytest.mark.parametrize("width", [880, 1280])
def test_it_is_no_wider_than_there_is_room(qtbot, show_window, world, width):
    world.headway = Headway(12.0, 3, (), (), 2)
    window = show_window(world.rooms())
    window.resize(width, 640)
    preview = window.library.preview
    qtbot.waitUntil(preview.progress.isVisible)
    qtbot.waitUntil(lambda: preview.width() <= preview.parentWidget().width())
    window.resize(1280, 640)
    qtbot.wait(20)
    window.resize(width, 640)
    qtbot.wait(20)
    assert preview.width() <= preview.parentWidget().width()
    better = preview.progress._better
    assert better.height() >= better.heightForWidth(better.width())
    assert preview.vary._make.width() >= preview.vary._make.sizeHint().width()
