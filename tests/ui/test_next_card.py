"""The card of the next step: one button that is meant, and it says what the advice says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from desk_takes import SLUG, in_time, taken

from lessons.analogy import Analogy, Feature, Measures, Variation
from lessons.exercise import Exercise, excerpt
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.step import Knob, Step
from ui.report.next_card import NextCard, deed_words, how_made
from ui.report.page import is_told
from ui.stylesheet import wear


@pytest.fixture(scope="module")
def score():
    return with_fingers(shelf.load(SLUG))


@pytest.fixture
def card(qtbot):
    wear(True)
    made = NextCard()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def step(score):
    settings = PracticeSettings(bars=(4, 5), loop=True)
    advice = "Play only bars 4–5, again and again, until three times in a row are right."
    return Step(score, "Bar 5: a wrong note.", Knob.LENGTH, advice, settings, (5, 5), (4, 5))


def role(button):
    return button.property("role")


def test_without_an_exercise_the_advice_is_the_button(card, score, step):
    asked = []
    card.passage_asked.connect(asked.append)
    card.show_step(step, score)
    card.show_exercise(None)
    assert (card.open.isHidden(), role(card.passage), card.passage.text().strip()) == (True, "primary", "Play bars 4–5")
    assert card._advice.text() == step.advice
    card.ask()
    assert asked == [step]


def test_with_an_exercise_advice_and_button_both_name_it(card, score, step):
    made = Variation(score, Analogy(score), Measures(1, 1, 1, 1, 0), "rules-1")
    card.show_step(step, score)
    card.show_exercise(Exercise(excerpt(score, 4, 5), score, (4, 5), "why", variation=made))
    assert (card.open.isHidden(), role(card.open), role(card.passage)) == (False, "primary", "")
    assert card._advice.text().startswith("First the exercise")
    assert card._advice.text().endswith(
        "Then play only bars 4–5, again and again, until three times in a row are right."
    )


def test_who_asked_while_it_was_composed_comes_to_the_passage_where_there_is_no_exercise(card, score, step):
    asked = []
    card.passage_asked.connect(asked.append)
    card.show_step(step, score)
    card.ask()
    assert asked == []
    card.show_exercise(None)
    assert (card.open.isHidden(), role(card.passage), asked) == (True, "primary", [step])


def test_the_passage_as_it_is_written_is_no_exercise_beside_itself(desk, score):
    wrong = in_time(score, PracticeSettings()).notes.copy()
    wrong["pitch"][score.bar_numbers_at(score.notes["onset_beat"]) == 5] += 1
    told = desk.report(taken(desk, PracticeSettings(), score, Performance(wrong)))
    assert told.review.step.bars is not None
    step = replace(told.review.step, analogies=())  # no composer has an answer
    told = replace(told, review=replace(told.review, step=step))
    assert desk.make_exercise(told, None) is None
    assert desk.own.pieces() == ()


def test_it_says_which_hand_has_something_new(score):
    other = shelf.load("hot-cross-buns")
    analogy = Analogy(score, {Feature.PITCH: other}, hand=0)
    notes = score.notes.copy()
    below = np.flatnonzero(notes["hand"] == LEFT)
    notes["pitch"][below] = np.tile([48, 60], len(below))[: len(below)]
    made = Variation(score.with_notes(notes), analogy, Measures(1, 1, 1, 1, 0), "r")
    made = Exercise(made.score, score, (4, 5), "why", Feature.PITCH, made)
    assert how_made(made) == ("Keeps the melody that you practise; takes the left hand’s melody from “Hot Cross Buns”.")


@pytest.mark.parametrize(("later", "words"), [(0.0, ""), (0.5, "; takes the rhythm from “Hot Cross Buns”")])
def test_it_speaks_of_another_rhythm_only_where_there_is_one(score, later, words):
    notes = score.notes.copy()
    struck = np.flatnonzero(notes["hand"] == RIGHT)[1::2]
    notes["onset_beat"][struck] += later
    analogy = Analogy(score, {Feature.RHYTHM: shelf.load("hot-cross-buns")})
    variation = Variation(score.with_notes(notes), analogy, Measures(1, 1, 1, 1, 0), "r")
    made = Exercise(excerpt(variation.score, 4, 5), score, (4, 5), "why", Feature.PITCH, variation)
    assert how_made(made) == f"Keeps the melody that you practise{words}."


@pytest.mark.parametrize(
    ("knob", "settings", "words"),
    [
        (Knob.HANDS, PracticeSettings(hands=Hands.LEFT), "Play the left hand"),
        (Knob.HANDS, PracticeSettings(), "Play both hands"),
        (Knob.TEMPO, PracticeSettings(tempo_ratio=0.91), "Play the piece at 91 %"),
        (Knob.LENGTH, PracticeSettings(), "Play the whole piece"),
        (Knob.NOTHING, PracticeSettings(bars=(3, 4)), "Play bars 3–4 again"),
    ],
)
def test_the_button_says_what_it_does(score, knob, settings, words):
    assert deed_words(Step(score, "", knob, "", settings), score) == words


def test_the_button_names_another_piece(score):
    other = shelf.load("lightly-row")
    assert deed_words(Step(other, "", Knob.NOTHING, "", PracticeSettings()), score) == "Play Lightly Row"
    assert (
        deed_words(Step(other, "", Knob.LENGTH, "", PracticeSettings(bars=(4, 5))), score)
        == "Play bars 4–5 of Lightly Row"
    )


def test_what_the_next_step_says_is_not_minded_once_more(step):
    said = replace(step, reason="Bar 5: a wrong note was struck twice; the rhythm was right.")
    assert is_told("Bar 5: a wrong note was struck twice.", said)
    assert not is_told("Bars 7–8: a note was left out twice.", said)


def test_after_an_exercise_that_is_mastered_its_bars_come_back_in_their_piece(desk, score):
    wrong = in_time(score, PracticeSettings()).notes.copy()
    bars = score.bar_numbers_at(score.notes["onset_beat"])
    wrong["pitch"][bars == 5] += 1
    told = desk.report(taken(desk, PracticeSettings(), score, Performance(wrong)))
    made = desk.make_exercise(told, None)
    for _ in range(2):
        settings = PracticeSettings()
        told = desk.report(taken(desk, settings, made.score, in_time(made.score, settings)))
    step = told.review.step
    assert step.score.digest == score.digest
    assert step.settings.bars[0] <= 5 <= step.settings.bars[1]
    assert step.advice.startswith("Now put it back: play bars")


def test_after_a_piece_that_is_mastered_a_new_one_is_proposed_by_name(qtbot, desk, window, score):
    for _ in range(2):
        told = desk.report(taken(desk, PracticeSettings(), score))
    step = told.review.step
    assert step.advice.startswith("Something new: ")
    assert step.score.title in step.advice and step.score.title != score.title
    reviewing = window.house.reviewing
    reviewing.score = score
    reviewing._page.show_report(told)
    reviewing._page.show_exercise(None)
    reviewing._page.play_exercise()
    assert window.house.lesson.score is step.score
    assert window.house.practice.isVisible()


def test_a_next_task_without_touch_leaves_the_hand_led_as_before_afterwards(qtbot, window, open_piece, make_scale):
    open_piece()
    led = window.house.lesson.settings
    assert led.guidance == 4
    window.house.reviewing.piece_asked.emit(make_scale(3), replace(led, guidance=0, fade=False))
    assert (window.house.lesson.settings.guidance, window.house.lesson.settings.fade) == (0, False)
    window.house.reviewing.piece_asked.emit(make_scale(2), None)
    assert (window.house.lesson.settings.guidance, window.house.lesson.settings.fade) == (4, True)
