"""Passages of today that are known take turns: the next one is what the report proposes, and the learner may stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_takes import SLUG, in_time, taken

from lessons.fingering import with_fingers
from lessons.library import shelf
from tutor.clock import utc_now
from tutor.journal.entries import PassageEntry
from tutor.practice import PracticeSettings
from tutor.sinks import FinishedTake

OTHER = "hot-cross-buns"


@pytest.fixture(scope="module")
def scores():
    return with_fingers(shelf.load(SLUG)), with_fingers(shelf.load(OTHER))


def due(desk, score) -> None:
    """The whole piece comes back today."""
    numbers = score.bars["number"]
    bars = int(numbers.min()), int(numbers.max())
    desk.journal.keep_passage(PassageEntry(score.digest, *bars, "both", utc_now() - timedelta(hours=1), {}))


def played(desk, score, ago_min: float, wrong: int = 0, long_sec: float = 200, higher: int = 0) -> FinishedTake:
    """A judged take of the whole piece that ended so long ago and lasted so long; the first notes ``wrong``.

    All of it lies some semitones ``higher`` than it is written.
    """
    settings = PracticeSettings()
    performance = in_time(score, settings)
    notes = performance.notes.copy()
    notes["pitch"][:wrong] += 1
    notes["pitch"] += higher
    take = taken(desk, settings, score, replace(performance, notes=notes))
    desk.journal.flush()
    began = utc_now() - timedelta(minutes=ago_min, seconds=long_sec)
    _as_if_played(desk, take.take_id, began, long_sec)
    return take


def _as_if_played(desk, take_id: str, began, long_sec: float) -> None:
    from sqlalchemy import update

    from tutor.journal.tables import TakeRow

    change = update(TakeRow).where(TakeRow.id == take_id).values(started_at=began, duration_sec=long_sec)
    desk.journal._writing().put(lambda transaction: transaction.execute(change))
    desk.journal.flush()


def yesterday(desk, score, wrong: int = 0) -> None:
    desk.report(played(desk, score, 24 * 60, wrong))
    desk._attempts.clear()
    due(desk, score)
    desk.journal.flush()


def test_after_three_minutes_the_next_passage_of_today_is_proposed_and_logged_with_its_reason(desk, scores):
    ode, buns = scores
    yesterday(desk, buns)
    yesterday(desk, ode)
    take = played(desk, ode, 0)
    step = desk.report(take).review.step
    assert step.score.digest == buns.digest
    assert step.reason.startswith("Ode to Joy: 3 minutes by now.")
    desk.journal.flush()
    kept = desk.journal.step(take.take_id)
    assert (kept.assignment_id, kept.task) == ("", 0)
    assert (kept.said["reason"], kept.instead_of["reason"]) == (step.reason, step.instead.reason)


def test_who_lay_an_octave_off_hears_of_that_first_and_takes_no_turn(desk, scores):
    ode, buns = scores
    yesterday(desk, buns)
    yesterday(desk, ode)
    told = desk.report(played(desk, ode, 0, higher=12))
    assert told.review.step.score.digest == ode.digest and told.review.step.instead is None
    assert told.review.step.reason.startswith("All of it lay an octave too high")


def test_turns_go_round_though_what_was_played_is_due_no_more(desk, scores):
    ode, buns = scores
    yesterday(desk, buns)
    yesterday(desk, ode)
    desk.report(played(desk, ode, 4))
    assert desk.report(played(desk, buns, 0)).review.step.score.digest == ode.digest


@pytest.mark.parametrize(("wrong", "long_sec", "wanted"), [(0, 60, True), (0, 200, False), (25, 200, True)])
def test_a_short_turn_a_piece_that_is_new_and_who_wants_none_go_on_as_before(desk, scores, wrong, long_sec, wanted):
    ode, buns = scores
    yesterday(desk, buns, wrong)
    yesterday(desk, ode)
    desk.take_turns(wanted)
    take = played(desk, ode, 0, long_sec=long_sec)
    assert desk.report(take).review.step.instead is None
    desk.journal.flush()
    assert desk.journal.step(take.take_id) is None


def test_the_learner_takes_the_turn_or_stays_or_wants_no_turns(qtbot, world, desk, scores, show_window):
    ode, buns = scores
    yesterday(desk, buns)
    yesterday(desk, ode)
    window = show_window(replace(world.rooms(), report=desk.report, take_turns=desk.take_turns))
    house, card = window.house, window.house.report._next
    asked = []
    house.reviewing.piece_asked.disconnect()
    house.reviewing.piece_asked.connect(lambda score, settings: asked.append(score.digest))
    house.lesson.take_finished.emit(played(desk, ode, 0))
    qtbot.waitUntil(lambda: house.report.isVisible() and window.tasks.idle)
    assert card.passage.text().strip() == "Play Hot Cross Buns"
    card.passage.click()
    card.stay.click()
    assert asked == [buns.digest, ode.digest]
    assert window.library.due.turns.isChecked()
    card.no_turns.click()
    assert (card.no_turns.isHidden(), card.stay.isHidden()) == (True, True)
    assert not window.library.due.turns.isChecked() and not desk._takes_turns
    window.close()
    assert world.saved[-1].takes_turns is False


def test_turns_can_be_had_again_beside_what_is_due(window, world):
    window.library.due.turns.click()
    window.library.due.turns.click()
    assert world.turns == [False, True]
