"""How much was played of late, what is mastered, and what got better: told only as far as it can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tutor.evidence import BarEvidence, Evidence
from tutor.headway import Better, Played, headway
from tutor.journal.entries import TakeEntry
from tutor.learner import Attempt
from tutor.practice import Hands, PracticeSettings

TODAY = date(2026, 3, 20)
NOON = datetime(2026, 3, 20, 12)


def attempt(days_ago: int, wrong: int = 0, digest: str = "buns", **settings) -> Attempt:
    """Four bars of five notes, the first with some wrong."""
    bars = (BarEvidence(1, 5 - wrong, wrong=wrong), *(BarEvidence(number, 5) for number in (2, 3, 4)))
    how = PracticeSettings(**settings)
    return Attempt(digest, digest.title(), how, Evidence(bars), 4, NOON - timedelta(days=days_ago))


def told(attempts, played=(), made_of=None):
    return headway(played, attempts, made_of or {}, TODAY)


FIVE_DAYS = [attempt(20 - day, digest="old") for day in range(4)]


def test_minutes_and_days_are_those_of_the_last_seven():
    played = [Played(TODAY - timedelta(days=ago), 90.0) for ago in (7, 6, 2, 2, 0)]
    made = told([], played)
    assert (made.minutes, made.days) == (6.0, 3)


def test_what_is_mastered_is_told_apart_from_what_was_proved():
    made_of = {"like buns": "buns"}
    waltz, buns, unseen = attempt(1, digest="waltz"), [attempt(3), attempt(2)], attempt(1, digest="like buns")
    made = told([*buns, waltz], made_of=made_of)
    assert (made.mastered, [one.title for one in made.proved]) == ((), ["Buns", "Waltz"])
    made = told([*buns, waltz, unseen], made_of=made_of)
    assert (made.mastered, [one.title for one in made.proved]) == (("Buns",), ["Waltz"])


def test_what_got_better_is_told_from_enough_sittings_on():
    week = [attempt(4, wrong=4), attempt(1, wrong=1)]
    few = told(week)
    assert (few.is_thin, few.better) == (True, ())
    enough = told([*FIVE_DAYS, *week])
    assert not enough.is_thin
    assert enough.better == (Better("Buns", 0.8, 0.95),)


def test_one_hand_is_not_compared_with_both_nor_last_month_with_today():
    right = attempt(4, wrong=4, hands=Hands.RIGHT)
    assert told([*FIVE_DAYS, right, attempt(1)]).better == ()
    assert told([*FIVE_DAYS, attempt(12, wrong=4), attempt(1)]).better == ()


def test_an_exercise_is_no_piece():
    week = [*FIVE_DAYS, attempt(4, wrong=4), attempt(2), attempt(1)]
    assert told(week).better
    made = told(week, made_of={"buns": "", "old": "buns"})
    assert (made.better, made.proved) == ((), ())


def test_a_take_from_a_file_was_played_by_nobody_now():
    entry = TakeEntry("t", None, "d", "Buns", {"source": "take"}, 9.0, 5)
    assert entry.is_from_file
    assert not replace(entry, settings={}).is_from_file


def test_the_share_of_clean_times_through_is_told_of_this_week_once_there_are_enough():
    week = [attempt(1), attempt(2, wrong=4), attempt(2, digest="waltz"), attempt(0)]
    assert told(week).clean is None
    rounds = replace(week[0], evidence=replace(week[0].evidence, rounds=(1.0, 0.8)))
    assert told([*week, rounds]).clean == pytest.approx(4 / 6)
    assert told([attempt(20), *week, rounds], made_of={"waltz": "buns"}).clean == pytest.approx(4 / 6)
