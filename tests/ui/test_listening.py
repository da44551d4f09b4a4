"""While the program plays: the keys that sound are alight, and nothing is asked of the learner."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor

from lessons.score import LEFT, RIGHT
from tutor.clock import stamp
from tutor.practice import Hands
from ui.practice.lesson import RUNNING
from ui.practice.lit_keys import next_keys, sounding_keys
from ui.practice.sheet_brush import SheetBrush
from ui.theme import worn


@pytest.fixture
def page(qtbot, window, open_piece, world):
    """The practice page while the program plays the scale."""
    open_piece()
    page = window.house.practice
    page._frames.stop()
    page.listen()
    qtbot.waitUntil(lambda: page.lesson.phase == RUNNING)
    qtbot.waitUntil(lambda: world.sessions[0].transport.beat_at(stamp()) > 0.1)
    yield page
    page.lesson.stop()
    qtbot.waitUntil(lambda: not page.lesson.running)
    page.look()
    assert page.keyboard._sounding == {}


def colour_of(keyboard, pitch: int) -> QColor:
    box = keyboard._box(pitch)
    return keyboard.grab().toImage().pixelColor(int(box.center().x()), int(box.bottom() - 30))


def test_the_keys_that_sound_have_the_colour_of_their_hand(qtbot, page):
    page.lesson.beat_now = lambda: 1.5
    page.look()
    assert page.keyboard._sounding == {62: RIGHT, 48: LEFT}
    assert colour_of(page.keyboard, 62) == QColor(worn().right)
    assert colour_of(page.keyboard, 48) == QColor(worn().left)
    assert colour_of(page.keyboard, 60) == QColor(worn().white_key)


def test_a_key_that_is_struck_again_goes_dark_before(page):
    assert sounding_keys(page.lesson, 3.95) == {}
    assert sounding_keys(page.lesson, 4.0) == {60: RIGHT, 48: LEFT}


def test_a_hand_that_is_not_heard_is_not_alight(page):
    page.lesson.settings_of_take = replace(page.lesson.settings_of_take, hands=Hands.RIGHT)
    assert sounding_keys(page.lesson, 0.5) == {60: RIGHT}


def test_nothing_is_ringed_while_the_program_plays(qtbot, page, monkeypatch):
    from ui.practice.stage import NOTATION

    sheet, ringed = page.stage.sheet, []
    page.stage.turn(NOTATION)
    monkeypatch.setattr(SheetBrush, "_ring", lambda *_: ringed.append(1))
    qtbot.waitUntil(lambda: sheet.ready and not sheet._settle.isActive(), timeout=60_000)
    sheet._state.next_rows = (0, 4)
    sheet.grab()
    assert ringed == [] and next_keys(page.lesson) == {}
    page.stage.show_listening(False)
    sheet.grab()
    assert len(ringed) == 2


def test_the_button_that_began_it_shows_that_it_sounds(qtbot, page):
    button = page.transport._listen
    assert button.isChecked()
    button.click()
    qtbot.waitUntil(lambda: not page.lesson.running)
    assert not button.isChecked()
