"""A rest is advised after twenty-five minutes without one, and not before."""

from __future__ import annotations

from datetime import datetime, timedelta

from tutor.journal.entries import TakeEntry
from tutor.sitting import rest_words, sitting_since

NOW = datetime(2026, 3, 1, 12)


def take(minutes_ago: float, minutes: float) -> TakeEntry:
    return TakeEntry("t", NOW - timedelta(minutes=minutes_ago), "d", "Buns", {}, 60 * minutes, 9)


def test_takes_with_short_pauses_are_one_sitting():
    takes = [take(4, 3), take(10, 4), take(16, 3)]
    assert NOW - sitting_since(takes, NOW) == timedelta(minutes=16)
    assert sitting_since([], NOW) == NOW


def test_a_rest_of_five_minutes_begins_a_new_one():
    takes = [take(4, 3), take(14, 5), take(40, 20)]
    assert NOW - sitting_since(takes, NOW) == timedelta(minutes=4)


def test_what_lies_long_back_is_no_sitting():
    assert sitting_since([take(60, 30)], NOW) == NOW
    assert rest_words([take(60, 30)], NOW) == ""


def test_the_rest_is_advised_from_twenty_five_minutes_on():
    assert rest_words([take(11, 10), take(24, 11)], NOW) == ""
    assert rest_words([take(12, 11), take(26, 11)], NOW).startswith("You have played for 26 minutes: five minutes")
