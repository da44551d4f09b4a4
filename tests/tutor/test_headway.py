"""How much was played of late, what is mastered, and what got better: told only as far as it can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tutor.evidence import BarEvidence, Evidence
from tutor.headway import Better, Headway, Played, headway, mastered
from tutor.journal.entries import TakeEntry
from tutor.learner import Attempt
from tutor.practice import Hands, Mode, PracticeSettings

TODAY = date(2026, 3, 20)


def attempt(days_ago: int, wrong: int = 0, digest: str = "buns", **settings) -> Attempt:
    """Four bars of five notes, the first with some wrong."""
    bars = (BarEvidence(1, 5 - wrong, wrong=wrong), *(BarEvidence(number, 5) for number in (2, 3, 4)))
    how = PracticeSettings(**settings)
    return Attempt(digest, digest.title(), how, Evidence(bars), 4, TODAY - timedelta(days=days_ago))


def told(attempts, played=(), exercises=()):
    return headway(played, attempts, exercises, TODAY)


FIVE_DAYS = [attempt(20 - day, digest="old") for day in range(4)]


def test_minutes_and_days_are_those_of_the_last_seven():
    played = [Played(TODAY - timedelta(days=ago), 90.0) for ago in (7, 6, 2, 2, 0)]
    made = told([], played)
    assert (made.minutes, made.days) == (6.0, 3)


def test_a_piece_is_mastered_when_it_was_clean_on_two_days():
    assert mastered([attempt(3), attempt(3)]) == ()
    assert mastered([attempt(3), attempt(2)]) == ("Buns",)
    assert mastered([attempt(3, wrong=4), attempt(2)]) == ()


@pytest.mark.parametrize(
    "settings", [{"hands": Hands.RIGHT}, {"tempo_ratio": 0.6}, {"mode": Mode.WAIT}], ids=["hand", "tempo", "waiting"]
)
def test_what_was_made_easier_is_not_mastered_yet(settings):
    assert mastered([attempt(3, **settings), attempt(2, **settings)]) == ()


def test_what_was_left_out_is_not_mastered():
    part = [replace(one, evidence=replace(one.evidence, unplayed=(5,))) for one in (attempt(3), attempt(2))]
    assert mastered(part) == ()


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
    assert told(week).mastered == ("Old", "Buns")
    assert told(week, exercises={"buns", "old"}) == Headway(0.0, 0, (), (), 7)


def test_a_take_from_a_file_was_played_by_nobody_now():
    entry = TakeEntry("t", None, "d", "Buns", {"source": "take"}, 9.0, 5)
    assert entry.is_from_file
    assert not replace(entry, settings={}).is_from_file
