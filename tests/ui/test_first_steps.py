"""Somebody who never played here is told where to begin, and each empty page has one thing to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.fingering import with_fingers
from lessons.library.shelf import load
from tutor.practice import Hands
from tutor.shares import KnownShares
from ui.library.start_card import KEYS_PLAY, KEYS_PLAY_TOO
from ui.practice import computer_keys
from ui.practice.lesson import READY
from ui.report.figures import evenness, slip_words


@pytest.fixture
def known():
    """What is known of each piece, as the journal says it."""
    return {}


@pytest.fixture
def new(show_window, world, known):
    """The window of somebody who has never played."""
    rooms = world.rooms()
    parts = replace(rooms.parts, microphone_names=lambda: ["Built-in"])
    return show_window(replace(rooms, parts=parts, known_shares=lambda: KnownShares(dict(known))))


def role(button):
    return button.property("role")


def test_the_library_says_where_to_begin_and_on_what(qtbot, new):
    start = new.library.start
    qtbot.waitUntil(start.isVisible)
    assert start.begin.text().strip() == "Play Scale"
    qtbot.waitUntil(lambda: len(start.ways) == 3)
    assert start.ways[0] == KEYS_PLAY
    assert "microphone" in start.ways[-1]
    assert (role(start.begin), role(new.library.preview.practise)) == ("primary", "")


def test_a_keyboard_that_is_heard_comes_first_among_the_ways(qtbot, new, world):
    new.house.lesson.ports.open_midi("Piano")
    qtbot.waitUntil(lambda: new.library.start.ways[0] == "Your keyboard is heard: Piano.")
    assert new.library.start.ways[1] == KEYS_PLAY_TOO


def test_the_first_piece_comes_with_the_right_hand_alone(qtbot, new):
    qtbot.waitUntil(new.library.start.isVisible)
    new.library.start.begin.click()
    lesson = new.house.lesson
    qtbot.waitUntil(lambda: lesson.phase == READY)
    assert (lesson.settings.hands, new.house.practice.isVisible()) == (Hands.RIGHT, True)
    assert "right hand alone" in new.notice.text


def test_the_first_take_takes_the_card_away(qtbot, new, known):
    qtbot.waitUntil(new.library.start.isVisible)
    known["Scale"] = 0.25
    new.house.reviewing.journal_changed.emit()
    qtbot.waitUntil(lambda: not new.library.start.isVisible())
    assert role(new.library.preview.practise) == "primary"
    new.house.stand.practise_current()
    qtbot.waitUntil(lambda: new.house.lesson.phase == READY)
    assert new.house.lesson.settings.hands is Hands.BOTH


def test_who_has_played_is_not_told_where_to_begin(window):
    assert not window.library.start.isVisible()


def test_an_empty_stand_leads_to_the_library_and_goes_with_a_piece(qtbot, window, open_piece):
    window.show_page("practice")
    empty = window.house.practice.stage.empty
    assert empty.isVisible()
    empty.button.click()
    assert window.library.isVisible()
    assert empty._words.height() >= empty._words.heightForWidth(empty._words.width())
    open_piece()
    window.show_page("practice")
    assert window.house.practice.roll.isVisible() and not empty.isVisible()


def test_an_empty_report_leads_to_a_piece_or_to_the_one_on_the_stand(window, open_piece):
    window.show_page("report")
    window.house.report.empty.button.click()
    assert window.library.isVisible()
    open_piece()
    window.show_page("report")
    assert window.house.report.empty.button.text().strip() == "Play Scale"
    window.house.report.empty.button.click()
    assert window.house.practice.isVisible()


def test_an_empty_list_of_tasks_asks_for_the_teachers_file(qtbot, window):
    asked = []
    window.show_page("assignments")
    page = window.house.assignments
    qtbot.waitUntil(lambda: window.tasks.idle)
    page.open_asked.disconnect()
    page.open_asked.connect(lambda: asked.append(True))
    page._no_task.button.click()
    assert asked == [True]
    assert not page.open.isVisible()


def test_letters_that_were_learned_stay_where_another_octave_reaches_no_more():
    piece = with_fingers(load("hot-cross-buns")).notes["pitch"].tolist()
    low = [pitch for pitch in piece if pitch < 60]
    base = computer_keys.nearest_base(piece)
    assert computer_keys.nearest_base(low) != base
    assert computer_keys.steady_base(low, base) == base
    assert computer_keys.steady_base([96, 98, 100], base) == computer_keys.nearest_base([96, 98, 100])


def test_how_even_and_how_many_slips_is_said_in_words():
    assert [evenness(spread) for spread in (None, 0.014, 0.03, 0.06, 0.2)] == [
        "–", "very even", "even", "nearly even", "uneven",
    ]  # fmt: skip
    assert [slip_words(*counts) for counts in ((0, 0, 0), (8, 0, 0), (8, 2, 0))] == [
        "slips", "wrong", "8 wrong, 2 missed",
    ]  # fmt: skip
