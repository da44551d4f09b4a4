"""Passages come back in days, by how the first attempt of a day went."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playing import composed

from tutor.evidence import BarEvidence, Evidence
from tutor.learner import Attempt
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.schedule import bars_of, goal_ratio, is_cold, new_passage, rate, reviewed, shown_too

NOW = datetime(2026, 3, 1, 18, 0)


@pytest.mark.parametrize(
    ("share", "tempo", "rating"), [(0.5, 1, 1), (0.6, 1, 2), (0.8, 1, 3), (0.95, 0.8, 3), (0.95, 1, 4)]
)
def test_an_attempt_is_rated_by_its_hits_and_easy_needs_the_goal_tempo(share, tempo, rating):
    assert rate(share, tempo) == rating


def test_the_better_it_went_the_later_it_comes_back():
    fresh = new_passage("abc", (5, 8), "both", NOW)
    dues = [reviewed(fresh, share, 1.0, NOW).due_at for share in (0.5, 0.7, 0.9, 0.99)]
    assert dues == sorted(dues)
    assert dues[0] >= NOW + timedelta(hours=20)
    assert dues[-1] > dues[0]


def test_only_the_first_attempt_of_a_day_counts():
    once = reviewed(new_passage("abc", (5, 8), "both", NOW), 0.7, 1.0, NOW)
    assert reviewed(once, 0.99, 1.0, NOW + timedelta(minutes=20)) == once
    assert reviewed(once, 0.99, 1.0, NOW + timedelta(days=1)) != once


def test_success_on_more_days_spaces_a_passage_wider():
    passage, now, gaps = new_passage("abc", (5, 8), "both", NOW), NOW, []
    for _ in range(4):
        passage = reviewed(passage, 0.9, 1.0, now)
        gaps.append(passage.due_at - now)
        now = passage.due_at
    assert gaps == sorted(gaps) and gaps[-1] > 3 * gaps[0]


def test_two_attempts_of_one_evening_are_one_day_wherever_midnight_is_in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        evening = datetime(2026, 3, 2, 23, 50)
        once = reviewed(new_passage("abc", (5, 8), "both", evening), 0.7, 1.0, evening)
        assert reviewed(once, 0.99, 1.0, evening + timedelta(minutes=20)) == once
    finally:
        monkeypatch.undo()
        time.tzset()


def tried(played: range, minutes: float = 0.0, digest: str = "study", **settings) -> Attempt:
    """An attempt at a piece of 16 bars, of which these were played."""
    evidence = Evidence(tuple(BarEvidence(number, 5) for number in played))
    return Attempt(digest, "Study", PracticeSettings(**settings), evidence, 16, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("played", "shown"),
    [
        (range(1, 4), (1, 4)),
        (range(1, 6), (1, 4)),
        (range(1, 8), (1, 8)),
        (range(5, 9), (5, 8)),
        (range(1, 14), (1, 16)),
    ],
    ids=["stopped before the end", "just begun", "half of it", "from the middle", "most of the piece"],
)
def test_where_one_stops_is_no_passage_but_the_phrase_or_the_piece_is(played, shown):
    assert bars_of(composed(4, bars=16), tried(played)) == shown


def test_bars_that_were_chosen_are_the_passage():
    assert bars_of(composed(4, bars=16), tried(range(5, 7), bars=(5, 6))) == (5, 6)


def test_what_was_drilled_on_the_same_day_is_not_cold():
    drill = tried(range(5, 7), bars=(5, 6), hands=Hands.LEFT)
    assert is_cold(drill, [])
    assert not is_cold(tried(range(1, 17), 10), [drill])
    assert is_cold(tried(range(8, 17), 10), [drill])
    assert is_cold(tried(range(1, 17), 24 * 60), [drill])
    assert is_cold(tried(range(1, 17), 10, digest="other"), [drill])


def test_the_tempo_of_a_rating_is_the_one_that_was_played():
    slow = tried(range(1, 17))
    slow = replace(slow, evidence=replace(slow.evidence, tempo_ratio=0.4))
    assert goal_ratio(slow) == 0.4
    assert goal_ratio(tried(range(1, 17), mode=Mode.KEEP_TEMPO, tempo_ratio=0.9)) == 0.9
    assert goal_ratio(tried(range(1, 17), mode=Mode.WAIT)) == 0.0


def went(share: float, **settings) -> Attempt:
    """An attempt at the whole piece, this share of it right."""
    bars = tuple(BarEvidence(number, hit=round(20 * share), missed=20 - round(20 * share)) for number in range(1, 17))
    return replace(tried(range(1, 17), **settings), evidence=Evidence(bars))


def passages_of(attempt: Attempt, *hands: str, earlier=(), due_at=NOW, digest="study") -> list[tuple[str, bool]]:
    """Bars 5 to 8 with these hands, where the attempt shows them: whether they come back soon."""
    due = [replace(new_passage(digest, (5, 8), one, NOW), due_at=due_at) for one in hands]
    shown = shown_too(due, attempt, (1, 16), str(attempt.settings.hands), earlier, NOW)
    return [(one.hands, one.due_at < NOW + timedelta(days=2)) for one in shown]


def test_who_plays_the_piece_with_both_hands_need_not_play_its_bars_or_one_hand_again():
    assert passages_of(went(1.0), "both", "right", "left") == [("both", False), ("right", False), ("left", False)]
    assert passages_of(went(1.0, hands=Hands.RIGHT), "both", "right", "left") == [("right", False)]


def test_of_one_hand_nothing_is_told_where_both_together_went_badly():
    assert passages_of(went(0.5), "both", "right") == [("both", True)]


def test_only_what_is_due_and_was_not_drilled_on_that_day_is_shown_by_the_piece():
    drill = tried(range(5, 7), bars=(5, 6), hands=Hands.LEFT)
    assert passages_of(went(1.0), "both", earlier=[drill]) == []
    assert passages_of(went(1.0), "both", earlier=[tried(range(9, 11), bars=(9, 10))]) == [("both", False)]
    assert passages_of(went(1.0), "both", due_at=NOW + timedelta(days=3)) == []
    assert passages_of(went(1.0), "both", digest="other") == []
