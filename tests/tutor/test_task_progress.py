"""How a task stands by the takes of the journal: passes are told apart, and only what was asked for counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from playing import composed, joined, played

from lessons.assignment import Task, task_of
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.score import RIGHT
from tutor.assigned.progress import JudgedTake, TaskProgress, progress_of, tries_of
from tutor.assigned.words import asked_words, brief_words, more_words, report_words, result_lines, standing_words
from tutor.fading import GuidedPass
from tutor.journal.entries import TakeEntry
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.review import review

BARS = (3, 4)


@pytest.fixture(scope="module")
def score():
    return with_fingers(composed(5, bars=8, voices=2))


def kept(score, performance: Performance, settings: PracticeSettings, day: int = 1, **said) -> JudgedTake:
    """A take as the journal keeps it once it was judged."""
    found = review(score, performance, settings, Learner(), datetime(2026, 3, day, 12))
    entry = TakeEntry(
        f"take{day}-{performance.digest}",
        datetime(2026, 3, day, 12),
        score.digest,
        score.title,
        settings.as_json() | said,
        performance.end_sec,
        len(performance.notes),
        assessment=found.assessment,
    )
    return JudgedTake(entry, found.mistakes)


def passage(score, hand: int | None = RIGHT, bars=BARS):
    start, end = score.bar_range(*bars)
    here = (score.notes["onset_beat"] >= start) & (score.notes["onset_beat"] < end)
    mine = here if hand is None else here & (score.notes["hand"] == hand)
    return score.with_notes(score.notes[mine])


def take_of(score, period_sec: float = 0.6, wrong: int = 0, times: int = 1, seed: int = 1) -> Performance:
    """The right hand of the passage, some times over, the first with wrong notes; 0.6 s a beat is as written."""
    rng = np.random.default_rng(seed)
    takes = [played(passage(score), period_sec, rng) for _ in range(times)]
    notes = takes[0].notes.copy()
    notes["pitch"][2 : 2 + wrong] += 1
    return joined(Performance(notes), *takes[1:], gap_sec=4 * period_sec)


@pytest.fixture(scope="module")
def task(score) -> Task:
    return task_of(score, bars=BARS, hands="right")


@pytest.fixture
def settings() -> PracticeSettings:
    return PracticeSettings(bars=BARS, hands=Hands.RIGHT, loop=True)


def test_nothing_played_is_nothing_tried(task):
    assert progress_of(task, ()) == TaskProgress(wanted=2)


def test_clean_passes_at_the_goal_count_until_it_is_met(task, score, settings):
    first = progress_of(task, [kept(score, take_of(score), settings)])
    assert (first.tries, first.clean, first.done, first.left, first.days) == (1, 1, False, 1, 1)
    assert first.best_share == 1.0
    assert first.best_tempo == pytest.approx(1.0, abs=0.03)
    both = [kept(score, take_of(score), settings, 1), kept(score, take_of(score, seed=2), settings, 2)]
    second = progress_of(task, both)
    assert (second.clean, second.done, second.left, second.days) == (2, True, 0, 2)
    assert second.takes == tuple(take.entry.take_id for take in both)


def test_passes_within_one_take_are_told_apart(task, score, settings):
    found = progress_of(task, [kept(score, take_of(score, wrong=2, times=3), settings)])
    assert (found.tries, found.clean, len(found.takes)) == (3, 2, 1)
    assert found.worst_bars == (3,)


def test_who_goes_over_the_bars_again_without_a_loop_breaks_nothing_off(task, score):
    found = progress_of(task, [kept(score, take_of(score, times=3), PracticeSettings(hands=Hands.RIGHT))])
    assert (found.tries, found.clean) == (3, 3)


def test_a_take_of_the_whole_piece_shows_the_bars_of_the_task(score):
    task = task_of(score, bars=BARS)
    found = progress_of(task, [kept(score, played(score, 0.6, np.random.default_rng(1)), PracticeSettings())])
    assert (found.tries, found.clean) == (1, 1)


@pytest.mark.parametrize(
    ("period_sec", "counts"), [(0.6, True), (0.62, True), (0.7, False)], ids=["at the goal", "as good as", "slower"]
)
def test_only_the_goal_tempo_counts_and_slower_is_told(task, score, settings, period_sec, counts):
    found = progress_of(task, [kept(score, take_of(score, period_sec), settings)])
    assert (found.tries, found.clean == 1) == (1, counts)
    assert found.best_tempo == pytest.approx(0.6 / period_sec, abs=0.03)


def test_a_goal_below_the_written_tempo_is_met_at_that(score, settings):
    task = task_of(score, bars=BARS, hands="right", tempo=0.8)
    assert progress_of(task, [kept(score, take_of(score, 0.75), settings)]).clean == 1


def test_where_nobody_keeps_time_only_a_task_that_waits_is_met(score, task, settings):
    take = kept(score, take_of(score, 1.5), replace(settings, mode=Mode.WAIT))
    waiting = task_of(score, bars=BARS, hands="right", mode=Mode.WAIT)
    assert progress_of(task, [take]).clean == 0
    assert progress_of(task, [take]).best_tempo is None
    assert progress_of(waiting, [take]).clean == 1


def test_another_mode_than_is_asked_for_is_tried_and_does_not_count(score, settings):
    task = task_of(score, bars=BARS, hands="right", mode=Mode.KEEP_TEMPO)
    takes = [kept(score, take_of(score), replace(settings, mode=mode)) for mode in (Mode.FOLLOW, Mode.KEEP_TEMPO)]
    assert [progress_of(task, [take]).clean for take in takes] == [0, 1]


def test_other_hands_other_bars_and_other_pieces_say_nothing(task, score, settings):
    other = with_fingers(composed(6, bars=8, voices=2))
    takes = [
        kept(score, played(passage(score, None), 0.6), replace(settings, hands=Hands.BOTH)),
        kept(score, played(passage(score, bars=(6, 7)), 0.6), replace(settings, bars=(6, 7))),
        kept(other, played(passage(other), 0.6), settings),
    ]
    assert progress_of(task, takes) == TaskProgress(wanted=2)


def test_a_pass_that_was_not_finished_is_tried_and_not_clean(task, score, settings):
    half = Performance(take_of(score).notes[:-3])
    found = progress_of(task, [kept(score, half, settings)])
    assert (found.tries, found.clean, found.best_share, found.takes) == (1, 0, None, ())


def test_the_teacher_may_ask_for_less_or_for_more(score, settings):
    take = kept(score, take_of(score, wrong=1), settings)
    notes = len(take_of(score).notes)
    shares = (0.8, 1 - 1.5 / notes, 1.0)
    met = [progress_of(task_of(score, bars=BARS, hands="right", accuracy=share), [take]).clean for share in shares]
    assert met == [1, 1, 0]


def test_what_a_glove_led_counts_only_where_guidance_is_allowed(score, task, settings):
    led = kept(score, take_of(score), settings, passes=[GuidedPass(3, 1.0).as_json()])
    alone = task_of(score, bars=BARS, hands="right", guidance=False)
    assert [progress_of(one, [led]).clean for one in (task, alone)] == [1, 0]
    assert progress_of(alone, [kept(score, take_of(score), settings)]).clean == 1


def test_a_take_from_a_file_is_told_and_counts_for_nothing(task, score, settings):
    found = progress_of(task, [kept(score, take_of(score), settings, source="take")])
    assert (found.tries, found.clean, found.from_files) == (0, 0, 1)


def test_a_take_that_cannot_be_read_is_passed_over(task, score, settings):
    take = kept(score, take_of(score), settings)
    broken = [
        replace(take, entry=replace(take.entry, assessment={"notes": 3})),
        replace(take, entry=replace(take.entry, assessment=None)),
        replace(take, entry=replace(take.entry, settings={"mode": "dancing"})),
    ]
    assert progress_of(task, [*broken, take]).clean == 1


def test_a_straight_take_of_an_older_program_counts_too(task, score, settings):
    take = kept(score, take_of(score), settings)
    old = {
        **take.entry.assessment,
        "notes": [
            {name: value for name, value in note.items() if name != "in_pass"}
            for note in take.entry.assessment["notes"]
        ],
    }
    assert len(tries_of(task, replace(take, entry=replace(take.entry, assessment=old)))) == 1


def test_the_passage_that_was_practised_is_meant_where_its_music_comes_again():
    piece = with_fingers(shelf.load("ode-to-joy"))
    mine = passage(piece, bars=(5, 8))
    settings = PracticeSettings(bars=(5, 8), hands=Hands.RIGHT)
    found = review(piece, played(mine), settings, Learner(), datetime(2026, 3, 1, 12))
    assert {note["bar"] for note in found.assessment["notes"] if note["reached"]} == {5, 6, 7, 8}


def test_progress_comes_back_from_plain_values(task, score, settings):
    found = progress_of(task, [kept(score, take_of(score, wrong=2, times=2), settings)])
    assert TaskProgress.from_json(found.as_json()) == found


def test_a_task_and_its_standing_are_told_in_plain_words(task, score, settings):
    slow = progress_of(task, [kept(score, take_of(score, 0.75), settings)])
    one = progress_of(task, [kept(score, take_of(score), settings)])
    done = replace(one, clean=2)
    assert asked_words(task) == "bars 3–4 with the right hand at ♩ = 100"
    assert brief_words(task) == "bars 3–4 · right hand · ♩ = 100 (100 %)"
    assert standing_words(task, TaskProgress(2)) == "Not tried yet · two clean passes wanted"
    assert standing_words(task, slow) == "0 of 2 clean passes · best 100 % right · clean at ♩ = 80"
    assert standing_words(task, one) == "1 of 2 clean passes · best 100 % right"
    assert more_words(TaskProgress(2)) == "two clean passes"
    assert more_words(one) == "one more clean pass"
    assert report_words("Week 5", 2, 3, task, one).startswith("Week 5, task 2: 1 of 2 clean passes")
    assert report_words("Week 5", 1, 1, task, done) == "Week 5 is done: two clean passes at ♩ = 100."
    waiting = task_of(score, bars=(3, 3), mode=Mode.WAIT, accuracy=0.9, guidance=False)
    assert asked_words(waiting) == "bar 3 with both hands, the score waiting"
    assert brief_words(waiting) == (
        "bar 3 · both hands · the score waiting for you · 90 % of the notes right · without touch"
    )
    assert report_words("Week 5", 1, 1, waiting, done) == "Week 5 is done: two clean passes."
    assert result_lines(task, done)[0].startswith("Done: 2 of 2 clean")
    assert result_lines(task, replace(one, clean=3))[0].startswith("Done: 3 times clean")
    assert result_lines(task, slow)[0] == "0 of 2 clean · 1 tried on 1 day"
