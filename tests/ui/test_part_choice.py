"""Choosing which part of a song to play, in the window."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.parts import for_pianist
from tests.lessons.scores import song_score
from tutor.practice import Hands
from ui.practice.lesson import READY, RUNNING
from ui.practice.part_choice import ALL_WORDS


@pytest.fixture
def page(qtbot, window):
    window.house.lesson.open_piece(for_pianist(song_score()))
    window.show_page("practice")
    page = window.house.practice
    qtbot.waitUntil(page.part.isVisible)
    page.lesson.armed = False
    return page


def words(choice):
    return [choice.itemText(row) for row in range(choice.count())]


def choose(qtbot, page, row):
    before = page.lesson.score
    page.part.setCurrentIndex(row)
    page.part.activated.emit(row)
    qtbot.waitUntil(lambda: page.lesson.score is not before)


def test_the_pianists_part_is_offered_first_and_the_others_may_be_played(qtbot, page):
    assert (words(page.part), page.part.currentText()) == (["Voice", "Piano", ALL_WORDS], "Piano")
    choose(qtbot, page, 0)
    assert set(page.lesson.score.notes["part"].tolist()) == {0}
    assert (page.part.currentText(), len(page.lesson.verdicts.codes)) == ("Voice", 16)
    choose(qtbot, page, 2)
    assert (page.part.currentText(), len(page.lesson.score.backing)) == (ALL_WORDS, 0)


def test_the_same_bars_stay_looped_for_another_part(qtbot, page):
    page.steps.loop((2, 3))
    choose(qtbot, page, 0)
    assert (page.lesson.settings.bars, page.lesson.settings.loop) == ((2, 3), True)


def test_a_take_is_not_disturbed(qtbot, page):
    page.lesson.start()
    qtbot.waitUntil(lambda: page.lesson.phase == RUNNING)
    assert not page.part.isEnabled()
    page.lesson.stop()
    qtbot.waitUntil(lambda: page.lesson.phase == READY)
    assert page.part.isEnabled()


def test_a_piece_for_one_player_offers_nothing(page):
    page.lesson.open_piece(song_score().alone.with_notes(song_score().notes[song_score().notes["part"] == 1]))
    assert not page.part.isVisible()


@pytest.mark.parametrize("falling", [True, False])
def test_what_others_play_is_painted_faintly(page, falling):
    page.roll.turn(falling)
    page.roll.resize(600, 400)
    with_voice = page.roll.grab().toImage()
    page.roll._backing = None
    without = page.roll.grab().toImage()
    differing = sum(with_voice.pixel(x, y) != without.pixel(x, y) for x in range(0, 600, 4) for y in range(0, 400, 4))
    assert differing > 20
    assert np.all(page.roll.lanes.left[page.lesson.score.backing["pitch"]] >= 0)


def test_a_hand_that_the_part_lacks_is_not_offered_and_not_kept(qtbot, page):
    left, both, right = (page.transport._hands.button(row) for row in range(3))
    left.click()
    assert page.lesson.settings.hands is Hands.LEFT
    choose(qtbot, page, 0)
    assert page.part.currentText() == "Voice"
    assert page.lesson.settings.hands is Hands.BOTH
    assert both.isChecked() and page.roll.played_hands == Hands.BOTH.played()
    assert not left.isEnabled() and "left hand" in left.toolTip()
    choose(qtbot, page, 1)
    assert left.isEnabled() and right.isEnabled()
