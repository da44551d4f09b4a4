"""The report of the last take is there again when the program was started anew, or another learner plays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from desk_takes import SLUG, in_time, taken

from lessons.errors import JournalError
from lessons.fingering import with_fingers
from lessons.library import shelf
from main import build_parts
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings
from ui.furnishing import Desk
from ui.rooms import TakeReport


@pytest.fixture
def told(desk) -> TakeReport:
    """Two wrong notes in the fifth bar, and a repetition of the first one in the sixth."""
    score = with_fingers(shelf.load(SLUG))
    notes = in_time(score, PracticeSettings()).notes.copy()
    notes["pitch"][[24, 25, 30]] += 1
    return desk.report(taken(desk, PracticeSettings(), score, Performance(notes)))


@pytest.fixture
def after_a_restart(desk, told, tmp_path) -> Iterator[Desk]:
    """The desk of the next start, over the same journal."""
    desk.journal.flush()
    made = Desk(build_parts(), tmp_path / "journal.db", tmp_path)
    yield made
    made.close()


def test_after_a_restart_the_last_report_says_what_it_said(after_a_restart, told):
    again, take = after_a_restart.last_report()
    assert told.review.report.items and again.review.report.items == told.review.report.items
    assert again.review.report.praise == told.review.report.praise
    assert again.review.report.bars == told.review.report.bars
    assert again.review.step.as_json() == told.review.step.as_json()
    assert again.history == told.history
    assert again.day == told.review.attempt.day
    assert take.score.digest == told.score.digest
    assert (np.sort(take.performance.notes["pitch"]) != np.sort(told.score.notes["pitch"])).any()  # as it was struck


def test_after_a_restart_the_report_has_the_exercise_that_it_had_and_keeps_it_once(desk, tmp_path):
    score = with_fingers(shelf.load(SLUG))
    notes = in_time(score, PracticeSettings()).notes.copy()
    notes["pitch"][[24, 25, 30]] += 1
    take = taken(desk, PracticeSettings(), score, Performance(notes))
    first = desk.make_exercise(desk.report(take), take.take_id)
    assert first.variation is not None
    desk.journal.flush()
    anew = Desk(build_parts(), tmp_path / "journal.db", tmp_path)
    told, again = anew.last_report()
    assert anew.make_exercise(told, again.take_id).score.digest == first.score.digest
    assert [made.score_digest for made in anew.journal.made_exercises()] == [first.score.digest]
    anew.close()


def test_what_is_shown_again_counts_no_second_time(after_a_restart):
    passages, takes = after_a_restart.journal.passages(), after_a_restart.journal.takes()
    after_a_restart.last_report()
    after_a_restart.journal.flush()
    assert after_a_restart.journal.passages() == passages
    assert after_a_restart.journal.takes() == takes


def test_the_last_take_is_shown_of_those_whose_piece_is_there(after_a_restart, told):
    gone = replace(told.score, title="Not on any shelf", notes=told.score.notes[:40])
    after_a_restart.report(taken(after_a_restart, PracticeSettings(), gone))
    assert after_a_restart.last_report()[0].score.title == told.score.title


def test_who_was_never_judged_has_no_last_report(desk):
    taken(desk, PracticeSettings())
    assert desk.last_report() is None


def test_the_page_shows_the_last_take_when_it_is_first_seen(qtbot, show_window, world, after_a_restart, told):
    window = show_window(replace(world.rooms(), last_report=after_a_restart.last_report))
    page = window.house.report
    assert page._title.text() == ""  # nobody looked yet, and the start waits for nothing
    window.show_page("report")
    qtbot.waitUntil(lambda: page._title.text() == told.score.title)
    assert window.windowTitle().startswith(told.score.title)
    assert page._touch.text().startswith("Your last take, of ")
    asked = []
    window.house.reviewing.piece_asked.connect(lambda score, settings: asked.append((score.digest, settings.mode)))
    page.again_asked.emit()
    assert asked == [(told.score.digest, Mode.FOLLOW)]


def test_the_next_learner_sees_the_last_take_of_their_own(qtbot, show_window, world, after_a_restart, told):
    window = show_window(world.rooms())
    window.show_page("report")
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert window.house.report.empty.isVisible()
    window.leave()()
    window.move_in(replace(world.rooms(), last_report=after_a_restart.last_report))
    window.begin()
    window.show_page("report")
    qtbot.waitUntil(lambda: window.house.report._title.text() == told.score.title)


def test_a_journal_that_cannot_be_read_is_told_and_leaves_the_page_empty(qtbot, show_window, world):
    def refuse():
        raise JournalError("the journal cannot be read")

    window = show_window(replace(world.rooms(), last_report=refuse))
    with qtbot.waitSignal(window.house.reviewing.refused) as refused:
        window.show_page("report")
    assert refused.args == ["the journal cannot be read"]
    assert window.house.report.empty.isVisible()


def test_what_is_played_meanwhile_is_not_hidden_by_the_last_take(qtbot, window, desk, told):
    reviewing = window.house.reviewing
    reviewing._rooms = replace(reviewing._rooms, report=lambda _take, _naming: told)
    window.house.report.empty_seen.emit()
    reviewing._review(taken(desk, PracticeSettings()))
    reviewing._show_last(None)
    assert not window.house.report.empty.isVisible()
