"""The test of what carries over: asked for once a piece stays, and told of when it was played."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from playing import composed, played

from lessons.exercise import Exercise
from lessons.fingering import with_fingers
from lessons.library.shelf import Piece, load, pieces
from lessons.percent import percent
from lessons.score import HAND_NAMES
from models.rules import RuleComposer
from tutor.analogue import exercise
from tutor.evidence import BarEvidence, Evidence
from tutor.faults import Fault
from tutor.journal import take_log
from tutor.journal.journal import Journal
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.review import keep, learner_from, review
from tutor.step import Knob
from tutor.transfer import busiest, together, unseen, with_mastery

NOON = datetime(2026, 3, 1, 12)
TOMORROW = NOON + timedelta(hours=22)
SETTINGS = PracticeSettings()


@pytest.fixture(scope="module")
def score():
    return with_fingers(composed(5, bars=8, voices=2))


@pytest.fixture(scope="module")
def analogue(score):
    return replace(with_fingers(composed(6, bars=4, voices=2)), title=f"After {score.title}, bar 2")


@pytest.fixture
def journal(tmp_path):
    made = Journal.open(tmp_path / "journal.db")
    yield made
    made.close()


@pytest.fixture
def practise(journal, score, monkeypatch):
    """Plays something at a moment, and gives the review with its mastery."""

    def go(what, at: datetime, wrong: int = 0):
        monkeypatch.setattr(take_log, "utc_now", lambda: at)
        notes = played(what, 0.6).notes.copy()
        notes["pitch"][1 : wrong + 1] += 1
        take, learner = Performance(notes), learner_from(journal)
        logged = journal.begin_take(what.digest, what.title, SETTINGS.as_json())
        logged.finish(take)
        found = review(what, take, SETTINGS, learner, at)
        keep(journal, logged.take_id, found, None)
        journal.flush()
        return with_mastery(found, what, journal)

    return go


@pytest.fixture
def know(journal, score, analogue):
    """Makes the journal know of what the analogue was made."""

    def go(weights: str = "melody-1"):
        made = Exercise(analogue, score, (1, 4), "why").provenance | {"weights": weights}
        journal.keep_exercise(analogue.title, analogue.digest, "why", made, "x.musicxml", b"")
        journal.flush()

    return go


def test_the_first_proof_says_what_is_still_to_come(practise, score):
    found = practise(score, NOON)
    assert found.report.mastery == "Whole, clean and at its tempo: once more tomorrow or later, and it stays."
    assert found.step.knob is not Knob.ANALOGUE
    assert not practise(score, NOON + timedelta(hours=1)).mastery.stays


def test_what_stays_is_followed_by_its_test(practise, score):
    practise(score, NOON)
    found = practise(score, TOMORROW)
    assert found.report.mastery == "Clean on two days: this piece stays."
    assert (found.step.knob, found.step.is_over) == (Knob.ANALOGUE, False)
    assert found.report.step is found.step
    assert found.step.reason == f"{score.title} stays. What it taught you shows in other notes."
    assert found.step.advice == "Now something like it that you have never seen, once, at first sight."
    assert found.step.analogies and all(one.bars == found.step.bars for one in found.step.analogies)


def test_a_take_with_mistakes_asks_for_no_test(practise, score):
    practise(score, NOON)
    practise(score, TOMORROW)
    found = practise(score, TOMORROW + timedelta(hours=1), wrong=12)
    assert (found.report.mastery, found.step.advice.startswith("Now something")) == ("", False)
    assert found.mastery.stays


def test_the_test_is_passed_at_first_sight(practise, know, score, analogue):
    practise(score, NOON)
    practise(score, TOMORROW)
    know()
    found = practise(analogue, TOMORROW + timedelta(minutes=5), wrong=2)
    share = found.attempt.evidence.hit_share
    assert found.mastery.is_mastered
    assert found.report.mastery == (
        f"{percent(share)} right at first sight: what {score.title} taught you carries over. {score.title} is yours."
    )
    assert found.step.is_over
    again = practise(score, TOMORROW + timedelta(hours=1))
    assert again.report.mastery.startswith("This piece is yours: clean on two days, and 9")
    assert again.step.knob is not Knob.ANALOGUE


def test_a_test_that_went_badly_is_followed_by_another_one(practise, know, score, analogue):
    practise(score, NOON)
    practise(score, TOMORROW)
    know()
    found = practise(analogue, TOMORROW + timedelta(minutes=5), wrong=len(analogue.notes) // 3)
    assert "carries over from 85 % on" in found.report.mastery
    assert not found.step.is_over
    better = practise(analogue, TOMORROW + timedelta(minutes=9))  # it is known by now
    assert (better.report.mastery, better.mastery.is_mastered) == ("", False)
    assert practise(score, TOMORROW + timedelta(hours=1)).step.knob is Knob.ANALOGUE


def test_an_analogue_that_was_read_anew_is_known_by_its_title_in_its_own_report(practise, know, score, analogue):
    practise(score, NOON)
    practise(score, TOMORROW)
    know()
    read_anew = analogue.with_notes(analogue.notes[:-1])
    assert read_anew.digest != analogue.digest
    found = practise(read_anew, TOMORROW + timedelta(minutes=5))
    assert found.mastery.carried == found.attempt.evidence.hit_share
    assert found.report.mastery.endswith(f"{score.title} is yours.")


def test_bars_as_they_are_written_test_nothing(practise, know, score, analogue):
    know("as written")
    found = practise(analogue, NOON)
    assert (found.mastery, found.report.mastery) == (None, "")


def test_the_test_is_of_what_went_worst_in_all_takes(practise, score):
    worst = Evidence((BarEvidence(5, 2, wrong=6), BarEvidence(6, 8)))
    attempts = [practise(score, NOON).attempt]
    attempts.append(replace(attempts[0], evidence=worst))
    learner = practise(score, TOMORROW).learner
    step = unseen(practise(score, TOMORROW).step, attempts, learner)
    assert step.bars[0] <= 5 <= step.bars[1]
    assert together([worst, worst]).bars[0] == BarEvidence(5, 4, wrong=12)


def test_donors_are_read_once_for_all_that_is_asked(practise, score, monkeypatch):
    found, shelf, read = practise(score, TOMORROW), pieces(), []
    reading = Piece.score
    monkeypatch.setattr(Piece, "score", lambda piece: read.append(piece.slug) or reading(piece))
    step = unseen(found.step, [found.attempt], found.learner, shelf)
    assert step.analogies
    assert len(read) == len(set(read)) > 1


def test_what_never_went_wrong_is_tested_where_most_notes_are(score):
    numbers = score.bar_numbers_at(score.notes["onset_beat"])
    bar, _ = busiest(score)
    assert np.count_nonzero(numbers == bar) == max(np.count_nonzero(numbers == one) for one in score.bars["number"])


def test_a_test_is_made_also_where_each_note_failed_once_in_all_takes(practise, journal):
    tune = with_fingers(load("hot-cross-buns"))
    practise(tune, NOON)
    found = practise(tune, TOMORROW)
    failed = [
        Fault(
            "wrong", int(tune.bar_numbers_at(note["onset_beat"])), float(note["onset_beat"]), HAND_NAMES[note["hand"]]
        )
        for note in tune.notes
    ]
    bars = [tuple(fault for fault in failed if fault.bar == bar) for bar in tune.bars["number"].tolist()]
    weeks = Evidence(tuple(BarEvidence(bar, 9, wrong=1, faults=each) for bar, each in enumerate(bars, 1)))
    attempts = [replace(found.attempt, evidence=weeks), found.attempt]
    step = unseen(found.step, attempts, found.learner, pieces())
    made = exercise(step, RuleComposer)
    assert made.variation is not None
