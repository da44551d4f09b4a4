"""The report page and what the library shows of a take say the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from desk_takes import SLUG, in_time, taken
from PySide6.QtWidgets import QBoxLayout

from lessons.errors import CheckpointError
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.note_names import Naming
from lessons.percent import percent
from tutor.listen.intonation import Intonation
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings
from ui.furnishing import Desk
from ui.report import figures
from ui.report.page import NEXT_WIDTH, WAITED, ReportPage
from ui.rooms import TakeReport
from ui.stylesheet import wear
from ui.tasks import Tasks
from ui.theme import Space


@pytest.fixture
def told(desk: Desk) -> TakeReport:
    """The first four bars of sixteen, with one wrong note and one that is nowhere written."""
    score = with_fingers(shelf.load(SLUG))
    notes = in_time(score, PracticeSettings(bars=(1, 4))).notes.copy()
    notes["pitch"][5] += 1
    stray = notes[-1:].copy()
    stray["onset_sec"] -= 0.2
    stray["pitch"] = 30
    performance = Performance(np.sort(np.concatenate([notes, stray]), order="onset_sec"))
    return desk.report(taken(desk, PracticeSettings(), score, performance))


@pytest.fixture
def page(qtbot, told) -> ReportPage:
    wear(True)
    tasks = Tasks()
    made = ReportPage(tasks)
    qtbot.addWidget(made)
    made.show_report(told)
    made.show()
    qtbot.waitUntil(lambda: tasks.idle)
    return made


def test_the_library_shows_at_once_how_much_of_the_piece_the_take_knew(desk, told):
    four_bars = (told.score.bar_numbers_at(told.score.notes["onset_beat"]) <= 4).sum() - 1
    share = four_bars / (len(told.score.notes) + 1)  # of sixteen bars, and the stray note
    assert desk.known_shares().by_title == {told.score.title: pytest.approx(share)}
    assert share < 0.3 < told.review.report.hit_share


def test_what_was_not_reached_is_no_fault(page, told):
    assert told.review.assessment["summary"]["missed"] > 10  # the last twelve bars
    right, slips, *_ = [value.text() for value in page._summary.figures._values]
    assert (right, slips) == (percent(told.review.report.hit_share), "2")
    assert [words.text() for words in page._summary.figures._words][:2] == ["right, to bar 4 of 16", "1 wrong, 1 extra"]


def test_who_played_all_up_to_the_rests_at_the_end_reads_of_no_bar_where_it_ended(page, told, desk):
    score = told.score.with_notes(told.score.notes[told.score.notes["onset_beat"] < told.score.bar_range(1, 4)[1]])
    page.show_report(desk.report(taken(desk, PracticeSettings(), score, in_time(score, PracticeSettings()))))
    assert page._summary.figures._words[0].text() == "notes right"


def test_what_comes_next_goes_below_where_the_words_of_a_take_leave_no_room(qtbot, page, told, monkeypatch):
    page.resize(page._left.minimumSize().width() + NEXT_WIDTH + 4 * Space.LARGE, 700)
    assert page._row.direction() == QBoxLayout.Direction.LeftToRight
    monkeypatch.setattr(figures, "_reached_words", lambda _told: "right, to bar 28, second time of 32²")
    page.show_report(told)
    qtbot.waitUntil(lambda: page._row.direction() == QBoxLayout.Direction.TopToBottom)
    monkeypatch.setattr(figures, "_reached_words", lambda _told: "notes right")
    page.show_report(told)
    qtbot.waitUntil(lambda: page._row.direction() == QBoxLayout.Direction.LeftToRight)


def test_what_comes_next_after_a_take_that_broke_off_is_seen_in_the_first_window(qtbot, window, told, monkeypatch):
    monkeypatch.setattr(figures, "_reached_words", lambda _told: "right, to bar 128² of 132²")
    monkeypatch.setattr(figures, "slip_words", lambda *_slips: "2 wrong, 3 missed, 2 extra")
    page = window.house.report
    window.resize(1280, 720)
    page.show_report(told)
    window.show_page("report")
    qtbot.waitUntil(lambda: window.tasks.idle and not page._next.passage.visibleRegion().isEmpty())
    assert page._row.direction() == QBoxLayout.Direction.LeftToRight
    summary = page._summary
    assert summary.trend.geometry().top() > summary.figures.geometry().bottom()
    window.resize(1920, 720)
    qtbot.waitUntil(lambda: summary.trend.geometry().left() > summary.figures.geometry().right())


def test_the_plot_of_time_wears_the_theme_that_the_window_wears(qtbot, page):
    def ground() -> str:
        return page._timing._plot.backgroundBrush().color().name()

    dark = ground()
    wear(False)
    qtbot.waitUntil(lambda: ground() != dark)
    wear(True)
    qtbot.waitUntil(lambda: ground() == dark)


def test_where_the_score_waited_nothing_is_said_of_time(qtbot, desk, page):
    score = with_fingers(shelf.load(SLUG))
    notes = in_time(score, PracticeSettings()).notes.copy()
    notes["onset_sec"] += 0.18 * (np.arange(len(notes)) % 3 == 1)
    uneven = Performance(np.sort(notes, order="onset_sec"))
    timed, waited = (
        desk.report(taken(desk, PracticeSettings(mode=mode), score, uneven)) for mode in (Mode.FOLLOW, Mode.WAIT)
    )
    assert timed.review.mistakes
    assert waited.review.mistakes == ()
    page.show_report(waited)
    assert [value.text() for value in page._summary.figures._values][2:] == ["–", "–"]
    assert page._timing._words.text() == WAITED


def test_what_is_told_late_of_an_older_take_is_not_shown(qtbot, window, desk, told):
    reviewing, shown = window.house.reviewing, []
    window.house.report.show_exercise = shown.append
    reviewing._order = 2
    reviewing._made(None, 1)
    reviewing._show(told, taken(desk, PracticeSettings()), 1)
    assert shown == [] and window.house.report._title.text() != told.score.title
    reviewing._made(None, 2)
    assert shown == [None]


def test_where_no_exercise_can_be_made_the_card_stops_composing(qtbot, window, desk, told):
    def refuse(*_):
        raise CheckpointError("the weights are damaged")

    reviewing = window.house.reviewing
    reviewing._rooms, said = replace(reviewing._rooms, make_exercise=refuse), []
    reviewing.refused.connect(said.append)
    reviewing._show(told, taken(desk, PracticeSettings()), 0)
    qtbot.waitUntil(lambda: said == ["the weights are damaged"])
    assert not window.house.report._next.open.isVisibleTo(window.house.report._next)


def test_a_take_can_be_heard_again_and_is_silent_on_another_page(qtbot, window, desk, world):
    reviewing, page, take = window.house.reviewing, window.house.report, taken(desk, PracticeSettings())
    reviewing._rooms = replace(reviewing._rooms, report=desk.report)
    reviewing._review(take)
    qtbot.waitUntil(lambda: page._title.text() == take.score.title)
    page._hear.click()
    qtbot.waitUntil(lambda: bool(reviewing._player._playing))
    assert world.sessions[-1].score.notes["pitch"].tolist() == take.performance.notes["pitch"].tolist()
    assert page._hear.text().strip() == "Stop"
    window.show_page("library")
    assert page._hear.text().strip() == "Hear your take"
    qtbot.waitUntil(lambda: not world.sessions[-1]._thread.is_alive())


def test_an_exercise_that_is_asked_for_while_it_is_composed_opens_when_it_is_there(desk, told, page):
    made, asked = desk.make_exercise(told, None), []
    assert made is not None
    page.exercise_asked.connect(asked.append)
    page.play_exercise()
    assert asked == []
    page.show_exercise(made)
    page.show_exercise(made)
    assert asked == [made]
    page.show_report(told)
    page.play_exercise()
    page.hide()
    page.show_exercise(made)
    assert asked == [made]


def played_by_chance(desk, score):
    """A take that has hardly a note of the piece."""
    rng = np.random.default_rng(5)
    notes = in_time(score, PracticeSettings()).notes.copy()
    notes["pitch"] = rng.integers(30, 100, len(notes))
    return desk.report(taken(desk, PracticeSettings(), score, Performance(notes)))


def test_where_nothing_is_praised_the_reason_of_the_next_step_comes_first(desk, page):
    told = played_by_chance(desk, with_fingers(shelf.load(SLUG)))
    assert told.review.report.praise == () and told.review.report.thin
    page.show_report(told)
    assert page._headline.text() == told.review.report.step.reason == "This did not sound like Ode to Joy."
    assert not page._next._reason.isVisible()
    assert page._summary.trend.words == told.review.report.thin


def test_of_what_was_another_piece_no_mistakes_are_told(desk, page, told):
    page.show_report(played_by_chance(desk, with_fingers(shelf.load(SLUG))))
    assert not page._minded.isVisible()
    page.show_report(told)
    assert page._minded.isVisible()


def test_the_time_axis_goes_over_what_was_played(page, told):
    start, end = told.score.bar_range(1, 4)
    left, right = page._timing._plot.getViewBox().viewRange()[0]
    assert (left, right) == (pytest.approx(start, abs=1), pytest.approx(end, abs=1))
    assert right < told.score.end_beat / 2


def test_the_report_calls_notes_as_was_chosen_on_the_practice_page(qtbot, window, desk):
    reviewing, page = window.house.reviewing, window.house.report
    take = taken(desk, PracticeSettings())
    in_tune = Intonation(440.0, (40.0,) * len(take.performance.notes))
    reviewing._rooms = replace(reviewing._rooms, report=desk.report)
    reviewing._with_intonation = lambda one: replace(one, intonation=in_tune)
    window.house.practice.names_choice.choose(Naming.SOLFEGE)
    reviewing._review(take)
    qtbot.waitUntil(lambda: page._title.text() == take.score.title)
    words = [page._items.itemAt(row).widget().text() for row in range(page._items.count())]
    assert any(said.startswith("Intonation: La = 440 Hz") for said in words)
