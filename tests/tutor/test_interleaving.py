"""What is known well takes turns of some minutes; what is new is played to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lessons.fingering import with_fingers
from lessons.library.shelf import load
from tutor.evidence import BarEvidence, Evidence
from tutor.interleaving import KNOWN, TURN, Turn, is_over, spent, to_turn, todays, turn_of, waiting
from tutor.journal.entries import PassageEntry, TakeEntry
from tutor.learner import Attempt
from tutor.practice import Hands, PracticeSettings
from tutor.schedule import new_passage, reviewed
from tutor.step import Knob, Step

NOW = datetime(2026, 3, 10, 12)
MINUTE = timedelta(minutes=1)
A, B, C = (PassageEntry(digest, 1, 4, "both", NOW - MINUTE, {}) for digest in "abc")


def evidence(right: int, bars: range = range(1, 5)) -> Evidence:
    """So many of ten notes right in each bar."""
    return Evidence(tuple(BarEvidence(bar, hit=right, wrong=10 - right) for bar in bars))


def attempt(passage: PassageEntry, right: int = 9, at: datetime = NOW, **settings) -> Attempt:
    bars = range(passage.first_bar, passage.last_bar + 1)
    return Attempt(passage.score_digest, "", PracticeSettings(**settings), evidence(right, bars), 8, at)


def take(number: int, ended: timedelta, seconds: float = 60) -> TakeEntry:
    """A take that ended so long ago."""
    return TakeEntry(f"t{number}", NOW - ended - timedelta(seconds=seconds), "", "", {}, seconds, 40)


def test_the_passages_of_today_are_those_that_are_due_and_those_that_were_due():
    tomorrow = replace(B, due_at=NOW + timedelta(days=1))
    done = reviewed(new_passage("c", (1, 4), "both", NOW), 0.9, 1.0, NOW - 5 * MINUTE)
    attempts = [attempt(A, at=NOW - 9 * MINUTE), attempt(B, at=NOW - 8 * MINUTE), attempt(C, at=NOW - 5 * MINUTE)]
    found = todays([tomorrow, done, A], attempts, NOW)
    assert [one.passage.score_digest for one in found] == ["a", "c"]


def test_what_was_cold_yesterday_and_is_due_later_is_not_todays():
    done = reviewed(new_passage("c", (1, 4), "both", NOW), 0.9, 1.0, NOW - timedelta(days=1))
    assert todays([done], [attempt(C)], NOW) == []


def test_what_waits_longest_comes_first_and_what_was_never_played_is_not_known():
    attempts = [attempt(B, at=NOW - timedelta(days=2)), attempt(A, at=NOW - timedelta(days=1))]
    assert [one.passage.score_digest for one in todays([A, B, C], attempts, NOW)] == ["b", "a"]


@pytest.mark.parametrize(("right", "known"), [(6, False), (7, True), (10, True)])
def test_only_what_was_known_when_it_was_last_played_takes_turns(right, known):
    older = attempt(B, 10, NOW - timedelta(days=3))
    turns = todays([A, B], [older, attempt(B, right, NOW - MINUTE), attempt(A)], NOW)
    assert KNOWN == 0.7
    assert [one.passage for one in waiting(turns, attempt(A))] == ([B] if known else [])


def test_a_few_bars_of_a_passage_do_not_say_how_well_it_is_known():
    bars = replace(attempt(B, 10), evidence=evidence(10, range(1, 2)))
    assert todays([B], [attempt(B, 5, NOW - MINUTE), bars], NOW)[0].share == 0.5


def test_one_hand_does_not_show_how_both_go_and_both_show_one():
    left, both = replace(B, hands="left"), attempt(B)
    right = attempt(B, hands=Hands.RIGHT)
    assert todays([left], [right], NOW) == [] and todays([B], [right], NOW) == []
    assert len(todays([left], [both], NOW)) == 1


def test_the_turn_is_that_of_the_shortest_passage_that_was_played_and_none_of_it_waits():
    whole, part = replace(A, last_bar=8), A
    played = attempt(whole)
    turns = todays([whole, part, B], [attempt(B, at=NOW - MINUTE), played], NOW)
    assert turn_of(turns, played).passage == part
    assert [one.passage for one in waiting(turns, played)] == [B]
    assert turn_of(turns, attempt(C)) is None


@pytest.mark.parametrize(("share", "length", "over"), [(0.9, TURN, True), (0.9, MINUTE, False), (0.6, 9 * TURN, False)])
def test_a_turn_is_over_after_three_minutes_of_what_is_known(share, length, over):
    assert is_over(Turn(A, share, NOW), length) is over


def test_a_turn_lasts_from_the_first_take_of_it_to_the_last():
    mine, others = Turn(A, 0.9, NOW), [Turn(B, 0.9, NOW)]
    takes = [take(3, 0 * MINUTE), take(2, 1.5 * MINUTE), take(1, 3 * MINUTE), take(0, 5 * MINUTE)]
    known = {"t0": attempt(B), "t1": attempt(A), "t3": attempt(A)}  # t2 was an exercise, or cannot be read
    assert spent(takes, known, mine, others) == 4 * MINUTE
    assert spent([], {}, mine, others) == timedelta(0)


def test_what_was_played_before_the_passage_is_no_part_of_its_turn():
    takes = [take(3, 0 * MINUTE), take(2, 1.5 * MINUTE)]  # t2 was another piece, of which nothing is due
    known = {"t2": attempt(C), "t3": attempt(A)}
    assert spent(takes, known, Turn(A, 0.9, NOW), [Turn(B, 0.9, NOW)]) == MINUTE


def test_a_rest_ends_a_turn():
    known = {"t1": attempt(A), "t2": attempt(A)}
    assert spent([take(2, 0 * MINUTE), take(1, 6 * MINUTE)], known, Turn(A, 0.9, NOW), []) == MINUTE


@pytest.fixture(scope="module")
def pieces():
    return with_fingers(load("hot-cross-buns")), with_fingers(load("ode-to-joy"))


@pytest.mark.parametrize("again", [False, True])
def test_the_next_turn_says_why_and_how_and_what_else_would_come(pieces, again):
    here, there = pieces
    coachs = Step(here, "why", Knob.TEMPO, "faster", PracticeSettings(tempo_ratio=0.8, echo=True, bars=(1, 2)))
    mine = Turn(PassageEntry(here.digest, 1, 4, "both", NOW, {}), 0.9, NOW)
    chosen = Turn(PassageEntry(there.digest, 5, 8, "right", NOW, {}), 0.8, NOW, tempo_ratio=0.9)
    step = to_turn(coachs, here, mine, there, chosen, 3.2 * MINUTE, again)
    assert step.reason == "Bars 1–4 of Hot Cross Buns: 3 minutes by now. What you know well keeps better in turns."
    assert step.advice.startswith("Now bars 5–8 of Ode to Joy with the right hand for about three minutes")
    wanted = replace(coachs.settings, bars=(5, 8), hands=Hands.RIGHT, tempo_ratio=0.9, loop=again)
    assert (step.score, step.settings, step.instead, step.analogies) == (there, wanted, coachs, ())


def test_a_whole_piece_is_played_once_through_and_then_again(pieces):
    here, there = pieces
    last = int(there.bars["number"].max())
    chosen = Turn(PassageEntry(there.digest, 1, last, "both", NOW, {}), 0.8, NOW)
    coachs = Step(here, "why", Knob.NOTHING, "again", PracticeSettings())
    step = to_turn(coachs, here, Turn(A, 0.9, NOW), there, chosen, 3 * MINUTE, True)
    assert (step.settings.bars, step.settings.loop) == (None, False)


def test_bars_that_are_played_again_are_named_within_the_sentence(pieces):
    here, theme = pieces[0], load("mozart-theme-a")
    mine = Turn(PassageEntry(theme.digest, 9, 12, "both", NOW, {}), 0.9, NOW)
    coachs = Step(theme, "why", Knob.NOTHING, "again", PracticeSettings())
    step = to_turn(coachs, theme, mine, here, Turn(A, 0.9, NOW), 3 * MINUTE, True)
    assert step.reason.startswith("Bars 1–4, second time, of Theme in A: 3 minutes by now.")
