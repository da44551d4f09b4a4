"""How long somebody has been at it without a rest: a sitting is takes with only short pauses between them. Pure.

Five minutes of rest in twenty-five of practice (the literature on overpractice; a starting value).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from tutor.journal.entries import TakeEntry

REST = timedelta(minutes=5)
ENOUGH = timedelta(minutes=25)


def sitting_since(takes: Iterable[TakeEntry], now: datetime) -> datetime:
    """When the sitting that goes on at ``now`` began, by the takes that were played here, newest first."""
    began = now
    for take in takes:
        if began - (take.started_at + timedelta(seconds=take.duration_sec)) >= REST:
            break
        began = min(began, take.started_at)
    return began


def rest_words(takes: Iterable[TakeEntry], now: datetime) -> str:
    """What the learner reads once it is time to rest; empty before that."""
    length = now - sitting_since(takes, now)
    if length < ENOUGH:
        return ""
    minutes = round(length / timedelta(minutes=1))
    return f"You have played for {minutes} minutes: five minutes of rest now do more than another round."
