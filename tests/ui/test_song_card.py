"""The card that makes a song of some bars of the piece."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Feature, Growth, Style
from lessons.score import BAR_DTYPE, METRE_DTYPE, even_bars
from ui.compose.page import EARLIER
from ui.compose.refusals import refusal_in_words


@pytest.fixture
def page(qtbot, window):
    window.show_page("compose")
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window.house.compose


def made(qtbot, page, window, world):
    page.song.make.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    return world.questions[-1]


def test_chosen_bars_are_asked_to_grow(qtbot, page, window, world):
    page.song._first.setValue(2)
    page.song._last.setValue(3)
    page.song._length.button(1).click()
    page.song._form.setCurrentIndex(2)
    page.question.choose_donor(Feature.TEXTURE, "waltz")
    page.question.choose_donor(Feature.RHYTHM, "waltz")
    page.question._seed.setValue(7)
    growth = made(qtbot, page, window, world)
    assert isinstance(growth, Growth)
    assert growth.piece.bars["written"].tolist() == [2, 3]
    assert (growth.song_bars, growth.seed, growth.form, set(growth.donors)) == (16, 7, world.score, {Feature.TEXTURE})
    assert len(page.answers.cards) == 3


def test_a_pickup_comes_along_with_the_first_bar(qtbot, page, window, world):
    early = np.array([(0, 0, -1.0, 0.0)], dtype=BAR_DTYPE)
    world.score = replace(world.score, bars=np.concatenate([early, world.score.bars]))
    page.question.choose_piece("waltz")
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert made(qtbot, page, window, world).piece.bars["number"].tolist() == [0, 1, 2]


def test_a_motif_has_four_bars_at_most_and_no_bar_that_the_piece_lacks(page, world):
    page.song.show_bars(replace(world.score, bars=even_bars(12, 4.0)))
    page.song._last.setValue(12)
    assert page.song._last.value() == 4
    page.song._first.setValue(11)
    assert (page.song._last.minimum(), page.song._last.maximum()) == (11, 12)


def test_the_left_hand_of_a_song_plays_in_a_style_that_suits_the_metre_and_a_donors_texture_goes_with_it(
    qtbot, page, window, world
):
    page.question.choose_donor(Feature.TEXTURE, "waltz")
    style = page.song.style
    assert style.findText("a waltz bass") < 0
    style.setCurrentIndex(style.findText("an Alberti bass"))
    style.activated.emit(style.currentIndex())
    assert not page.song._unheeded.isVisible()
    growth = made(qtbot, page, window, world)
    assert (growth.style, set(growth.donors), len(page.answers.cards)) == (Style.ALBERTI, {Feature.TEXTURE}, 3)
    style.setCurrentIndex(0)
    style.activated.emit(0)
    assert page._outdated.isVisible()
    assert "an Alberti bass  ·  texture from Waltz" in page._outdated.text()
    page._earlier.activated.emit(0)
    assert style.currentData() == str(Style.ALBERTI)


def test_a_played_motif_has_the_styles_of_its_own_metre(page, world):
    waltz = replace(world.score, metres=np.array([(0.0, 3, 4)], METRE_DTYPE))
    page.song.own.click()
    page.song.show_played(waltz)
    assert page.song.style.findText("a waltz bass") > 0
    page.song.own.click()
    assert page.song.style.findText("a waltz bass") < 0


def test_songs_are_out_of_date_when_their_question_changes_and_only_then(qtbot, page, window, world):
    made(qtbot, page, window, world)
    page.question._strength.setValue(10)
    assert not page._outdated.isVisible()
    page.song._length.button(2).click()
    assert page._outdated.text().startswith(EARLIER)
    assert "a song of 8 bars" in page._outdated.text()


def test_one_goes_back_to_an_earlier_song(qtbot, page, window, world):
    made(qtbot, page, window, world)
    page.song._length.button(2).click()
    page.question._seed.setValue(5)
    made(qtbot, page, window, world)
    page._earlier.activated.emit(1)
    assert (page.song._length.index, page.question._seed.value()) == (0, 0)
    assert not page._outdated.isVisible()


def test_a_form_that_is_too_short_is_told_in_the_words_of_the_page():
    told = refusal_in_words("--form-from “Waltz”: it has 8 bars, the song 16; choose a longer one")
    assert told == "The form from “Waltz”: it has 8 bars, the song 16; choose a longer one"
