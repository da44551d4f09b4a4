"""One hand alone is judged by what it played; one that lay an octave off did play, and is told so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playing import between, composed, in_order, joined, played

from lessons.score import LEFT, RIGHT, Score
from tutor.assess import assess
from tutor.assessing.assessment import HIT, MISSED, WRONG
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.review import Review, review, schedule

SCORE = composed(4, bars=16)


def reviewed(score: Score, notes: NDArray[np.void]) -> Review:
    return review(score, Performance(notes), PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


def alone(hand: int) -> Review:
    notes = played(SCORE).notes
    return reviewed(SCORE, notes[in_order(SCORE)["hand"] == hand])


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_the_hand_that_was_silent_costs_the_other_one_nothing(hand: int) -> None:
    found = alone(hand)
    assert found.step.knob == "hands" and found.step.reason.endswith("hand alone.")
    assert found.report.hit_share == 1.0
    assert found.report.praise[0].startswith("You made no fault: all ")
    assert found.report.items == ()


def test_only_the_hand_that_played_is_due_again(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    passage = schedule(journal, SCORE, alone(LEFT), datetime(2026, 3, 1))
    assert passage is not None and passage.hands == Hands.LEFT
    journal.close()


def test_who_played_one_hand_alone_does_not_yet_play_the_piece() -> None:
    found = alone(RIGHT)
    assert found.learner.plays() == ()
    assert not found.attempt.is_clean


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_a_hand_an_octave_off_was_not_silent_and_is_told_so(hand: int) -> None:
    notes = played(SCORE).notes.copy()
    notes["pitch"][in_order(SCORE)["hand"] == hand] += 12
    found = reviewed(SCORE, notes)
    whose = "left" if hand == LEFT else "right"
    assert found.attempt.evidence.silent_hand == ""
    assert found.step.reason.startswith(f"The notes were right but an octave off: your {whose} hand")
    assert found.report.items == (f"Bars 1–16: your {whose} hand lay an octave off.",)


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_who_plays_both_hands_where_one_is_practised_is_followed_and_hears_of_no_fault(hand: int) -> None:
    take, follower = played(SCORE, rng=np.random.default_rng(hand)), Follower(SCORE, hands=hand)
    said = [follower.step(NoteOn(onset, pitch))[0] for onset, _, pitch, _ in take.notes.tolist()]
    asked = int((SCORE.notes["hand"] == hand).sum())
    assert [one.verdict for one in said].count("hit") == asked
    assert all(one.unasked for one in said if one.verdict == "extra")
    assert not (follower.lost or follower.says_not_this_piece)
    judged = assess(SCORE, take, hands=hand)
    assert (judged.count(HIT), len(judged.notes), len(judged.extra)) == (asked, asked, 0)


def test_a_slip_of_who_plays_both_hands_where_one_is_practised_is_told() -> None:
    notes, written = played(SCORE).notes.copy(), in_order(SCORE)
    right = np.flatnonzero(written["hand"] == RIGHT)
    notes["pitch"][right[20]] += 1
    notes["pitch"][np.flatnonzero(written["hand"] == LEFT)[20]] = 30
    judged = assess(SCORE, Performance(notes), hands=RIGHT)
    assert (judged.count(WRONG), judged.count(MISSED), len(judged.extra)) == (1, 0, 1)


def test_who_goes_back_with_both_hands_where_one_is_practised_is_found_again() -> None:
    take = played(SCORE)
    notes = joined(between(SCORE, take, 0.0, 24.0), between(SCORE, take, 8.0, 64.0)).notes.tolist()
    follower = Follower(SCORE, hands=RIGHT)
    said = [follower.step(NoteOn(onset, pitch))[0] for onset, _, pitch, _ in notes]
    assert said[-1].position_beat == SCORE.notes["onset_beat"][SCORE.notes["hand"] == RIGHT][-1]
    assert sum(one.verdict == "wrong" for one in said) <= 2
