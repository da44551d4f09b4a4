"""When to play a passage again, across days: FSRS, fed with the first cold attempt of a day and nothing else.

Minutes within a sitting are the coach's own steps. Source: the Free Spaced Repetition Scheduler (py-fsrs), with a
retention of 0.9.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tutor.clock import local_day
from tutor.journal.entries import PassageEntry

if TYPE_CHECKING:
    import fsrs

RETENTION = 0.9
HARD_SHARE, GOOD_SHARE, EASY_SHARE = 0.6, 0.8, 0.95
GOAL_TEMPO = 0.98


def rate(hit_share: float, tempo_ratio: float) -> int:
    """The rating of an attempt, 1 (again) to 4 (easy): its share of notes hit, and for easy the goal tempo too."""
    if hit_share < HARD_SHARE:
        return 1
    if hit_share < GOOD_SHARE:
        return 2
    return 4 if hit_share >= EASY_SHARE and tempo_ratio >= GOAL_TEMPO else 3


def new_passage(score_digest: str, bars: tuple[int, int], hands: str, now: datetime) -> PassageEntry:
    """A passage that was never attempted: due now. Times are UTC without a zone."""
    return PassageEntry(score_digest, *bars, hands, now, {})


def reviewed(passage: PassageEntry, hit_share: float, tempo_ratio: float, now: datetime) -> PassageEntry:
    """The passage after an attempt; a second attempt of the same day changes nothing."""
    import fsrs

    card = _card(passage)
    if card.last_review is not None and local_day(card.last_review) == local_day(now):
        return passage
    scheduler = fsrs.Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    card, _ = scheduler.review_card(card, fsrs.Rating(rate(hit_share, tempo_ratio)), now.replace(tzinfo=UTC))
    return replace(passage, due_at=card.due.replace(tzinfo=None), card=dict(card.to_dict()))


def _card(passage: PassageEntry) -> fsrs.Card:
    import fsrs

    return fsrs.Card.from_dict(passage.card) if passage.card else fsrs.Card(card_id=1)  # type: ignore[arg-type]
