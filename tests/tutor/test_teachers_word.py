"""The teacher's word stands before the coach's until the goal is met, and the journal keeps both with their reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from playing import composed, joined, played

from lessons.assignment import Assignment, assignment_bytes, parse_assignment, task_of
from lessons.errors import FormatError
from lessons.files.archive import packed
from lessons.fingering import with_fingers
from lessons.score import RIGHT
from tutor.assigned.keeping import keep_opened, opened, standing_of
from tutor.assigned.results import (
    parse_result,
    read_result,
    result_bytes,
    result_name,
    result_of,
    together,
    write_result,
)
from tutor.assigned.teacher import under_teacher
from tutor.assigned.words import settings_for
from tutor.clock import local_day, utc_now
from tutor.journal.journal import Journal
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.review import keep, learner_from, review
from tutor.step import Knob

BARS = (3, 6)
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12)


@pytest.fixture(scope="module")
def score():
    return with_fingers(composed(5, bars=8, voices=2))


@pytest.fixture(scope="module")
def assignment(score):
    task = task_of(score, bars=BARS, hands="right", tempo=0.8)
    return parse_assignment(assignment_bytes(Assignment("Week 5", (task, task_of(score, passes=1)))))


@pytest.fixture
def journal(tmp_path):
    made = Journal.open(tmp_path / "journal.db")
    yield made
    made.close()


def performed(score, period_sec: float = 0.75, wrong: int = 0, times: int = 1) -> Performance:
    """The right hand of the passage at the goal of 80 beats a minute, some times over, with wrong notes in each."""
    start, end = score.bar_range(*BARS)
    mine = (score.notes["onset_beat"] >= start) & (score.notes["onset_beat"] < end) & (score.notes["hand"] == RIGHT)
    notes = played(score.with_notes(score.notes[mine]), period_sec, np.random.default_rng(1)).notes.copy()
    notes["pitch"][:wrong] += 1
    return joined(*[Performance(notes)] * times, gap_sec=4 * period_sec)


def practise(journal, score, performance, settings, assignments):
    """Play, judge, keep, and hear what comes next: the take's id, the coach's step, the review and the line."""
    take_log = journal.begin_take(score.digest, score.title, settings.as_json())
    take_log.finish(performance)
    found = review(score, performance, settings, learner_from(journal), NOON)
    keep(journal, take_log.take_id, found, None)
    journal.flush()
    said, words = under_teacher(journal, assignments, take_log.take_id, found)
    journal.flush()
    return take_log.take_id, found.step, said, words


@pytest.fixture
def settings(assignment):
    return settings_for(assignment.tasks[0], PracticeSettings())


def test_a_task_sets_how_it_is_practised(assignment, settings):
    assert (settings.bars, settings.hands, settings.tempo_ratio, settings.loop) == (BARS, Hands.RIGHT, 0.8, True)
    alone = task_of(assignment.tasks[0].score, mode="keep-tempo", guidance=False)
    asked = settings_for(alone, PracticeSettings(bars=BARS, hands=Hands.LEFT))
    assert (asked.mode, asked.guidance, asked.fade) == (Mode.KEEP_TEMPO, 0, False)
    assert (asked.bars, asked.hands, asked.loop) == (None, Hands.BOTH, False)


def test_the_next_step_stays_with_the_task_until_its_goal_is_met(journal, score, assignment, settings):
    take_id, coachs, said, words = practise(journal, score, performed(score), settings, [assignment])
    assert said.step.reason == "Your teacher asks for bars 3–6 with the right hand at ♩ = 80; one more clean pass."
    assert (said.step.settings.bars, said.step.settings.tempo_ratio, said.step.knob) == (BARS, 0.8, Knob.NOTHING)
    assert said.report.step is said.step
    assert said.step.advice == coachs.reason
    assert words == "Week 5, task 1: 1 of 2 clean passes · best 100 % right."
    logged = journal.step(take_id)
    assert (logged.assignment_id, logged.task) == (assignment.id, 1)
    assert (logged.said["reason"], logged.instead_of["reason"]) == (said.step.reason, coachs.reason)
    assert coachs.advice in logged.instead_of["advice"]


def test_once_the_goal_is_met_the_next_task_comes(journal, score, assignment, settings):
    take_id, coachs, said, words = practise(journal, score, performed(score, times=2), settings, [assignment])
    assert words == "Week 5, task 1 is done: two clean passes at ♩ = 80."
    assert said.step.score is assignment.tasks[1].score
    assert said.step.settings == settings_for(assignment.tasks[1], settings)
    assert said.step.reason.startswith("Next is task 2 of 2 of Week 5: ")
    assert said.step.advice.startswith("Your teacher asks for the whole piece with both hands")
    assert journal.step(take_id).instead_of["reason"] == coachs.reason


def test_once_every_goal_is_met_the_coach_speaks_again(journal, score, assignment, settings):
    alone = replace(assignment, tasks=assignment.tasks[:1])
    take_id, coachs, said, words = practise(journal, score, performed(score, times=2), settings, [alone])
    assert said.step is coachs
    assert words == "Week 5 is done: two clean passes at ♩ = 80."
    assert journal.step(take_id) is None


def test_who_fails_at_the_goal_comes_to_it_by_the_coachs_ladder(journal, score, assignment, settings):
    for _ in range(2):
        *_, said, _ = practise(journal, score, performed(score, wrong=4), settings, [assignment])
    assert said.step.settings.tempo_ratio == pytest.approx(0.728)
    assert said.step.knob is Knob.TEMPO
    assert said.step.advice == "Take it at 73 % of the written tempo first."
    slower = said.step.settings
    for _ in range(4):
        *_, said, _ = practise(journal, score, performed(score, 0.6 / 0.728), slower, [assignment])
        slower = said.step.settings
    assert slower.tempo_ratio == 0.8


def test_too_little_of_a_task_is_still_the_tasks(journal, score, assignment, settings):
    *_, said, words = practise(journal, score, Performance(performed(score).notes[:3]), settings, [assignment])
    assert said.step.reason.startswith("Your teacher asks for bars 3–6")
    assert words == "Week 5, task 1: Not tried yet · two clean passes wanted."


def test_what_belongs_to_no_task_is_the_coachs(journal, score, assignment, settings):
    other = with_fingers(composed(9, bars=8, voices=2))
    _, coachs, said, words = practise(journal, other, performed(other), settings, [assignment])
    assert (said.step, words) == (coachs, "")
    left = PracticeSettings(hands=Hands.LEFT)
    _, coachs, said, words = practise(journal, score, performed(score), left, [assignment])
    assert (said.step, words) == (coachs, "")


def test_an_assignment_that_was_opened_stays_without_its_file(journal, assignment):
    keep_opened(journal, assignment, "week.dacapo")
    keep_opened(journal, assignment, "copy.dacapo")
    journal.flush()
    assert [entry.file_name for entry in journal.assigned.assignments()] == ["week.dacapo"]
    assert [one.id for one in opened(journal)] == [assignment.id]
    journal.assigned.remove(assignment.id)
    journal.flush()
    assert opened(journal) == []
    keep_opened(journal, assignment, "week.dacapo")
    journal.flush()
    assert [one.id for one in opened(journal)] == [assignment.id]


def test_an_assignment_that_cannot_be_read_any_more_hides_no_other(journal, assignment):
    journal.assigned.keep("broken", "Broken", "broken.dacapo", b"PK nothing")
    keep_opened(journal, assignment, "week.dacapo")
    journal.flush()
    assert [one.id for one in opened(journal)] == [assignment.id]


def test_what_is_handed_in_comes_back_with_its_takes(journal, score, assignment, settings, tmp_path):
    practise(journal, score, performed(score, wrong=2), settings, [])
    practise(journal, score, performed(score, times=2), settings, [])
    result = result_of(assignment, journal, "Ann", DAY)
    write_result(result, tmp_path / result_name(assignment, "Ann"))
    read = read_result(tmp_path / "Week 5 - Ann.dacapo-result")
    assert (read.assignment.id, read.pupil, read.day) == (assignment.id, "Ann", DAY)
    first, second = read.tasks
    assert first.progress == standing_of(assignment, journal).progress[0]
    assert (first.progress.clean, first.progress.tries, first.progress.done) == (2, 3, True)
    (take,) = first.takes
    assert (take.counts, take.share) == (True, 1.0)
    assert take.performance.notes["pitch"].tolist() == performed(score, times=2).notes["pitch"].tolist()
    assert (second.progress.tries, second.takes) == (0, ())
    assert result_bytes(read) == result_bytes(result)


def test_results_stand_together_by_assignment_and_by_name(journal, assignment, score):
    other = Assignment("Week 6", (task_of(score),))
    results = [
        result_of(assignment, journal, "Ben", DAY),
        result_of(other, journal, "Ann", DAY),
        result_of(assignment, journal, "ann", DAY),
    ]
    shown = [(one.title, [result.pupil for result in group]) for one, group in together(results)]
    assert shown == [("Week 5", ["ann", "Ben"]), ("Week 6", ["Ann"])]


def with_share(task: dict, share: float) -> dict:
    return task | {"progress": task["progress"] | {"best_share": share}}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda said: said | {"version": 2}, "later version"),
        (lambda said: said | {"format": "other"}, "is no result"),
        (lambda said: said | {"assignment": "0" * 16}, "another assignment"),
        (lambda said: said | {"tasks": said["tasks"][:1]}, "another assignment"),
        (lambda said: said | {"tasks": [{}]}, "cannot be used"),
        (lambda said: said | {"pupil": None}, "cannot be used"),
        (lambda said: said | {"tasks": [with_share(task, float("nan")) for task in said["tasks"]]}, "no such figure"),
        (lambda said: said | {"tasks": [with_share(task, -1) for task in said["tasks"]]}, "no such figure"),
    ],
)
def test_a_broken_result_is_refused_with_the_reason(journal, assignment, change, reason):
    result = result_of(assignment, journal, "Ann", DAY)
    said = {"format": "dacapo-result", "version": 1, "assignment": assignment.id, "pupil": "Ann", "day": "2026-03-01"}
    said["tasks"] = [{"progress": task.progress.as_json(), "takes": []} for task in result.tasks]
    assert parse_result(packed([("result.json", json.dumps(said).encode()), *assignment.entries])).pupil == "Ann"
    content = packed([("result.json", json.dumps(change(said)).encode()), *assignment.entries])
    with pytest.raises(FormatError, match=reason):
        parse_result(content)
    with pytest.raises(FormatError, match="is no result"):
        parse_result(assignment_bytes(assignment))


@pytest.mark.parametrize(("given", "tries"), [(None, 1), (0, 1), (1, 0)], ids=["not said", "that day", "later"])
def test_what_was_played_before_it_was_given_does_not_count(journal, score, assignment, settings, given, tries):
    today = local_day(utc_now())
    asked = replace(assignment, given=today + timedelta(days=given) if given is not None else None)
    asked = parse_assignment(assignment_bytes(asked))
    _, _, _, words = practise(journal, score, performed(score), settings, [asked])
    assert ("0 of 2" in words or "Not tried yet" in words) == (tries == 0)
    assert standing_of(asked, journal).progress[0].tries == tries
    assert len(result_of(asked, journal, "Ann", today).tasks[0].takes) == tries


def test_an_assignment_that_does_not_say_when_it_was_given_has_the_id_that_it_had(assignment):
    assert b"given" not in assignment.entries[0][1]
    assert parse_assignment(assignment_bytes(assignment)).id == assignment.id
    assert replace(assignment, given=date(2026, 3, 1)).id != assignment.id
