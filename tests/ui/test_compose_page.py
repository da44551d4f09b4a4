"""The compose page: what is chosen is asked, and what is answered can be heard, practised and kept."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from held_composer import HeldComposer

from lessons.analogy import Analogy, Feature, Growth, Level, Measures, Style, Variation
from lessons.errors import ComposerError
from lessons.key_names import in_key
from lessons.score import LEFT, RIGHT
from models.rules import check
from tutor.synth import SilentSynth
from ui import saving
from ui.compose.answer_card import AnswerCard, measures_in_words
from ui.compose.page import EARLIER
from ui.compose.refusals import refusal_in_words
from ui.widgets.button import Button


@pytest.fixture
def page(qtbot, window):
    window.show_page("compose")
    qtbot.waitUntil(lambda: window.tasks.idle)
    return window.house.compose


def asked(qtbot, page, window, world):
    page.question.ask.click()
    qtbot.waitUntil(lambda: window.tasks.idle and bool(page.answers.cards))
    return world.questions[-1]


def test_the_choices_become_the_analogy(qtbot, page, window, world):
    question = page.question
    question.choose_donor(Feature.RHYTHM, "waltz")
    question._features[Feature.CHORDS].setCurrentIndex(1)
    question._only.setChecked(True)
    question._first.setValue(2)
    question._last.setValue(3)
    question._strength.setValue(80)
    question._level.button(2).click()
    question._seed.setValue(11)
    analogy = asked(qtbot, page, window, world)
    assert set(analogy.donors) == {Feature.RHYTHM}
    assert analogy.keep == {Feature.CHORDS}
    assert (analogy.bars, analogy.strength, analogy.level, analogy.seed) == ((2, 3), 0.8, Level.HARDER, 11)


def test_a_style_of_the_left_hand_is_asked_for_by_itself(qtbot, page, window, world):
    question = page.question
    question.choose_donor(Feature.RHYTHM, "scale")
    question._style.setCurrentIndex(question._style.findText("an Alberti bass"))
    question._style.activated.emit(question._style.currentIndex())
    assert not question._features[Feature.RHYTHM].isEnabled()
    analogy = asked(qtbot, page, window, world)
    assert (analogy.style, analogy.donors, len(page.answers.cards)) == (Style.ALBERTI, {}, 1)


def test_only_styles_of_its_metre_are_offered_for_a_piece(qtbot, page, window):
    style = page.question._style
    for slug, there in (("waltz", True), ("scale", False)):
        page.question.choose_piece(slug)
        assert (style.findText("a waltz bass") >= 0) is there
        assert (style.findText("an Alberti bass") >= 0) is not there


def test_it_is_said_what_a_song_does_not_heed(qtbot, page, window):
    assert not page.song._unheeded.isVisibleTo(page.song)
    page.question.choose_donor(Feature.CHORDS, "waltz")
    assert page.song._unheeded.isVisibleTo(page.song)
    assert "chords" in page.song._unheeded.text()
    page.question.choose_donor(Feature.CHORDS, "")
    page.question.choose_donor(Feature.TEXTURE, "waltz")
    assert not page.song._unheeded.isVisibleTo(page.song)


@pytest.fixture
def stand(qtbot, window, world):
    """Puts a piece of the shelf on the stand; each of them is another one."""
    for higher, slug in enumerate(("scale", "waltz")):
        notes = world.score.notes.copy()
        notes["pitch"] += higher
        world.scores[slug] = replace(world.score, notes=notes, title=slug.title())

    def put(slug):
        window.house.lesson.open_piece(world.scores[slug])
        qtbot.waitUntil(lambda: window.tasks.idle)

    return put


def test_it_opens_on_the_piece_on_the_stand(page, stand):
    stand("waltz")
    assert page.question.piece == "waltz"
    assert page.source.name.text() == "Waltz, as it is written"
    assert not page.undo.isEnabled()
    stand("scale")
    assert page.question.piece == "scale"


def test_a_piece_that_was_chosen_or_asked_about_stays_whatever_is_on_the_stand(qtbot, page, stand, window, world):
    page.question.choose_piece("scale")
    stand("waltz")
    assert page.question.piece == "scale"
    page.question.is_settled = False
    asked(qtbot, page, window, world)
    stand("waltz")
    assert page.question.piece == "scale"


def test_as_many_answers_appear_as_were_asked_for(qtbot, page, window, world):
    page.question._count.setValue(4)
    asked(qtbot, page, window, world)
    assert len(page.findChildren(AnswerCard)) == 4
    assert not page._nothing.isVisible()


def test_the_left_hand_of_an_answer_changes_and_comes_back(qtbot, page, window, world):
    world.score = with_left_hand(world.score)
    asked(qtbot, page, window, world)
    first, second = page.answers.cards[:2]
    made = first.variation
    styled(qtbot, window, first, Style.BROKEN)
    analogy = world.questions[-1]
    assert (analogy.style, analogy.piece) == (Style.BROKEN, made.score)
    assert analogy.after == made.analogy.provenance(made.weights)
    assert first.variation.analogy is analogy
    assert second.style.currentIndex() == 0
    questions = len(world.questions)
    styled(qtbot, window, first, None)
    assert first.variation is made
    styled(qtbot, window, first, Style.BROKEN)
    assert len(world.questions) == questions  # it was there
    page._earlier.activated.emit(0)
    assert page.answers.cards[0].variation.analogy is analogy


def test_each_left_hand_of_an_answer_is_kept_for_itself(qtbot, page, window, world):
    world.score = with_left_hand(world.score)
    asked(qtbot, page, window, world)
    card = page.answers.cards[0]
    card._keep.click()
    styled(qtbot, window, card, Style.BLOCK)
    assert card._keep.isEnabled()
    card._keep.click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert [kept.analogy.style for kept in world.kept] == [None, Style.BLOCK]


def test_a_left_hand_that_cannot_be_had_is_told_and_the_answer_stays(qtbot, page, window, world):
    world.score = with_left_hand(world.score)
    asked(qtbot, page, window, world)
    card, rooms = page.answers.cards[0], window.house.composing._rooms

    def refuse(_analogy, _count, _told):
        raise ComposerError("--style: the left hand rests there")

    made, window.house.composing._rooms = card.variation, replace(rooms, compose=refuse)
    styled(qtbot, window, card, Style.HYMN)
    assert window.notice.text == "The left hand rests there"
    assert (card.variation, card.style.currentIndex(), card.style.isEnabled()) == (made, 0, True)


def test_a_tune_among_others_is_offered_no_left_hand(qtbot, page, window, world):
    notes = np.concatenate([world.score.notes, world.score.notes])
    notes["pitch"][len(world.score.notes) :] += 4
    notes["hand"] = RIGHT
    world.score = world.score.with_notes(notes)
    asked(qtbot, page, window, world)
    assert not page.answers.cards[0].style.isVisible()


def test_an_answer_becomes_the_piece_of_the_next_question(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    next(button for button in page.answers.cards[1].findChildren(Button) if "Vary it" in button.text()).click()
    qtbot.waitUntil(lambda: page.question.piece == "kept-1")
    assert len(world.kept) == 1
    assert not page.answers.cards[1]._keep.isEnabled()


def test_an_answer_that_is_just_being_kept_becomes_the_piece_once_it_is(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    card = page.answers.cards[0]
    vary = next(button for button in card.findChildren(Button) if "Vary it" in button.text())
    card._keep.click()
    vary.click()
    qtbot.waitUntil(lambda: page.question.piece == "kept-1")
    page.question.choose_piece("scale")
    vary.click()
    qtbot.waitUntil(lambda: page.question.piece == "kept-1")
    assert len(world.kept) == 1


def test_it_is_seen_how_far_the_composer_is_and_cancel_stops_it(qtbot, page, window, world):
    composer = HeldComposer(window.house.composing._rooms)
    window.house.composing._rooms = composer.rooms
    page.question.ask.click()
    qtbot.waitUntil(lambda: page.working.stage.text() == "Draft 2 of 6")
    assert (page.working.isVisible(), page.working.bar.value(), page.question.ask.isVisible()) == (True, 250, False)
    page.working.cancel.click()
    assert (page.working.isVisible(), page.question.ask.isVisible(), page.question.ask.isEnabled()) == (
        False,
        True,
        True,
    )
    composer.go_on.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert (composer.ended, page.answers.cards, window.notice.text) == (["cancelled"], [], "")
    page.question.ask.click()
    qtbot.waitUntil(lambda: bool(page.answers.cards))
    assert composer.ended == ["cancelled", "answered"]
    assert not page.working.isVisible()


def with_left_hand(score):
    below = score.notes[::2].copy()
    below["pitch"] -= 24
    below["hand"] = LEFT
    return score.with_notes(np.concatenate([score.notes, below]))


def styled(qtbot, window, card, style):
    row = card.style.findData(str(style or ""))
    card.style.setCurrentIndex(row)
    card.style.activated.emit(row)
    qtbot.waitUntil(lambda: window.tasks.idle)


def test_an_answer_is_kept_once(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    page.answers.cards[0]._keep.click()
    page.answers.cards[0]._keep.click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert len(world.kept) == 1


def test_it_is_said_where_an_answer_that_is_kept_is_found(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    page.answers.cards[0]._keep.click()
    qtbot.waitUntil(lambda: "under Yours" in window.notice.text)
    assert window.notice.text.startswith("Scale is kept")


def test_an_answer_that_was_kept_is_not_offered_for_keeping_on_the_stand(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    page.answers.cards[0]._keep.click()
    for card, offered in ((page.answers.cards[0], False), (page.answers.cards[1], True)):
        window.house.compose.practise_asked.emit(card.variation)
        qtbot.waitUntil(lambda: window.tasks.idle)
        assert window.house.practice.deeds.keep.isVisible() is offered


def test_an_answer_is_saved_with_what_made_it(qtbot, page, window, world, tmp_path, monkeypatch):
    asked(qtbot, page, window, world)
    monkeypatch.setattr(saving, "wanted_path", lambda _window, suggested: tmp_path / suggested.name)
    next(button for button in page.answers.cards[0].findChildren(Button) if "Save as" in button.text()).click()
    qtbot.waitUntil(lambda: window.notice.text == f"Saved as {tmp_path / 'Scale.musicxml'}.")
    assert b'name="analogy"' in (tmp_path / "Scale.musicxml").read_bytes()


def test_an_answer_is_heard_until_another_is(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    first, second = page.answers.cards[:2]
    first._listen.click()
    qtbot.waitUntil(lambda: len(world.sessions) == 1 and window.tasks.idle)
    second._listen.click()
    qtbot.waitUntil(lambda: len(world.sessions) == 2 and window.tasks.idle)
    assert first._listen.text().strip() == "Listen"
    assert world.sessions[0].join(2.0) is not None
    second._listen.click()
    qtbot.waitUntil(lambda: world.sessions[1].join(0.0) is not None)


def test_where_there_is_no_sound_it_is_said(qtbot, page, window, world):
    window.house.lesson.ports._speaker.device = SilentSynth("no sound card was found")
    asked(qtbot, page, window, world)
    page.answers.cards[0]._listen.click()
    qtbot.waitUntil(lambda: not page.answers.playing)
    assert window.notice.text == "There is no sound here: no sound card was found"
    assert (page.answers.cards[0]._listen.text().strip(), world.sessions) == ("Listen", [])


def test_an_answer_goes_onto_the_stand(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    page.practise_asked.emit(page.answers.cards[0].variation)
    assert window.house.practice.isVisible()
    assert window.house.lesson.score is world.score


def test_the_last_choice_can_be_taken_back(qtbot, page, window):
    question = page.question
    assert not page.undo.isEnabled()
    question._seed.setValue(11)
    question._features[Feature.RHYTHM].setCurrentIndex(1)
    question._features[Feature.RHYTHM].activated.emit(1)
    page.undo.click()
    assert (question.question().keep, question.question().seed) == (frozenset(), 11)
    page.undo.click()
    assert question.question().seed == 0
    assert not page.undo.isEnabled()


def test_a_slider_on_its_way_is_one_step(page):
    for value in (51, 60, 75):
        page.question._strength.setValue(value)
    page.undo.click()
    assert page.question.question().strength == 0.5


def test_an_earlier_question_comes_back_with_its_answers(qtbot, page, window, world):
    assert not page._earlier.isVisible()
    asked(qtbot, page, window, world)
    first = page.answers.cards[0].variation
    page.question._seed.setValue(11)
    page.question._only.setChecked(True)
    asked(qtbot, page, window, world)
    assert page._earlier.count() == 2
    assert page._earlier.itemText(0) == "seed 11  ·  moved 50 %  ·  bars 1–4  ·  Scale"
    page._earlier.activated.emit(1)
    assert page.answers.cards[0].variation is first
    assert (page.question.question().seed, page.question.question().bars) == (0, None)


def test_pieces_that_are_alike_are_offered_first_as_donors(qtbot, page, window):
    choice = page.question._features[Feature.RHYTHM]
    qtbot.waitUntil(lambda: choice.count() == 6)
    assert choice.itemData(3) == "waltz"
    assert "alike in rhythm" in choice.itemText(3)
    assert page.question._features[Feature.TEXTURE].count() == 4


def test_the_piece_itself_can_be_heard(qtbot, page, window, world):
    page.source.listen.click()
    qtbot.waitUntil(lambda: len(world.sessions) == 1 and window.tasks.idle)
    assert page.source.listen.text().strip() == "Stop"
    page.source.listen.click()
    assert page.source.listen.text().strip() == "Listen"
    qtbot.waitUntil(lambda: world.sessions[0].join(0.0) is not None)


@pytest.mark.parametrize("what", ["piece", "answer"])
def test_what_is_heard_ends_when_the_page_is_left(qtbot, page, window, world, what):
    asked(qtbot, page, window, world)
    button = page.source.listen if what == "piece" else page.answers.cards[0]._listen
    button.click()
    qtbot.waitUntil(lambda: len(world.sessions) == 1 and window.tasks.idle)
    assert button.text().strip() == "Stop"
    window.show_page("library")
    qtbot.waitUntil(lambda: world.sessions[0].join(0.0) is not None)
    assert button.text().strip() == "Listen"


def test_a_window_that_closes_waits_for_what_it_plays(qtbot, page, window, world):
    page.source.listen.click()
    qtbot.waitUntil(lambda: len(world.sessions) == 1 and window.tasks.idle)
    playing = [thread for thread in threading.enumerate() if thread.name == "session"]
    assert playing
    window.close()
    assert not any(thread.is_alive() for thread in playing)


def test_donors_with_other_bars_are_grey_for_rhythm_and_not_for_melody(qtbot, page, window):
    qtbot.waitUntil(lambda: window.tasks.idle)
    for feature, enabled in ((Feature.RHYTHM, False), (Feature.TEXTURE, False), (Feature.PITCH, True)):
        choice = page.question._features[feature]
        assert choice.model().item(choice.findData("waltz")).isEnabled() == enabled
        assert choice.model().item(choice.findData("scale")).isEnabled()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("--rhythm-from “Waltz”: it is in 3/4", "The rhythm from “Waltz”: it is in 3/4"),
        (
            "--texture-from takes all: it goes with --chords-from only",
            "The texture takes all: it goes with the chords only",
        ),
        ("--keep: nothing is left to vary", "Nothing is left to vary"),
        ("--strength 0 moves nothing", "Strength 0 moves nothing"),
        ("--count 4: only 2 different answers were found", "Only 2 different answers were found"),
        (
            "--pitch-from “Waltz”: it rests there; choose another donor, or other bars",
            "The melody from “Waltz”: it rests there; choose another piece, or other bars",
        ),
    ],
)
def test_what_is_refused_is_said_without_flags(reason, words):
    assert refusal_in_words(reason) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {"keep": frozenset(Feature)},
            "Everything stays as it is. Let the melody or the rhythm move, or take something from another piece.",
        ),
        ({"strength": 0.0}, "With “Move” at 0 % there is one answer only. Move it further, or ask for one."),
    ],
)
def test_what_composers_refuse_is_said_in_the_words_of_the_page(make_scale, asked, words):
    with pytest.raises(ComposerError) as refused:
        check(Analogy(make_scale(4), **asked), 3)
    assert refusal_in_words(str(refused.value)) == words


def test_a_contour_that_goes_the_other_way_is_not_kept(make_scale):
    measures = Measures(1, -0.07, 0.9, 2, 0.3)
    scale = make_scale()
    assert "shape kept 0 %" in measures_in_words(Variation(scale, Analogy(scale), measures, "rules-1"))
    assert measures_in_words(Variation(scale, Growth(scale), measures, "rules-1")) == ("Level 2.0",)


def test_good_answers_put_the_refusal_before_them_away(qtbot, page, window, world):
    real, rooms = window.rooms.compose, window.house.composing._rooms

    def refuse(_analogy, _count, _told):
        raise ComposerError("--keep: nothing is left to vary; unlock pitch or rhythm, or name a donor")

    window.house.composing._rooms = replace(rooms, compose=refuse)
    page.question.ask.click()
    qtbot.waitUntil(lambda: window.notice.text.startswith("Everything stays as it is."))
    window.house.composing._rooms = replace(rooms, compose=real)
    asked(qtbot, page, window, world)
    assert window.notice.text == ""


def test_what_is_told_begins_with_a_capital(window):
    window.house.lesson.noticed.emit("the left hand plays a pattern: waltz")
    assert window.notice.text == "The left hand plays a pattern: waltz"


def test_answers_under_a_changed_question_say_so_until_it_is_taken_back(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    assert not page._outdated.isVisible()
    page.question._seed.setValue(7)
    assert page._outdated.isVisible()
    assert page._outdated.text() == f"{EARLIER} seed 0  ·  moved 50 %  ·  Scale"
    page.undo.click()
    assert not page._outdated.isVisible()


def test_a_question_that_undo_brings_back_has_its_own_answers(qtbot, page, window, world):
    asked(qtbot, page, window, world)
    first = page.answers.cards[0].variation
    page.question._seed.setValue(7)
    asked(qtbot, page, window, world)
    assert page.answers.cards[0].variation is not first
    page.undo.click()
    assert page.answers.cards[0].variation is first
    assert not page._outdated.isVisible()


@pytest.mark.parametrize("width", [860, 1024, 1280])
def test_answers_and_a_motif_are_seen_whole_in_a_narrow_window(qtbot, page, window, world, width):
    asked(qtbot, page, window, world)
    page.song.own.click()
    page.sketch.show_motif(in_key(page.source.score, 0, False))
    qtbot.waitUntil(lambda: window.tasks.idle)
    window.resize(width, 600)
    qtbot.wait(50)
    inner = page._beside.widget()
    assert inner.minimumSizeHint().width() <= page._beside.viewport().width()
    for button in page.answers.cards[0].findChildren(Button):
        left = button.mapTo(inner, button.rect().topLeft()).x()
        assert left >= 0
        assert left + button.width() <= page._beside.viewport().width()
