"""When to play a passage again, across days: FSRS, fed with the first cold attempt of a day and nothing else.

Cold is what nothing of was played before on that day: who has just drilled bars shows nothing by playing the piece.
Minutes within a sitting are the coach's own steps. Source: the Free Spaced Repetition Scheduler (py-fsrs), with a
retention of 0.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lessons.form import phrases
from lessons.score import Score
from tutor.clock import end_of_day, local_day
from tutor.journal.entries import PassageEntry
from tutor.learner import Attempt
from tutor.practice import Hands, Mode

if TYPE_CHECKING:
    import fsrs

RETENTION = 0.9
HARD_SHARE, GOOD_SHARE, EASY_SHARE = 0.6, 0.8, 0.95
GOAL_TEMPO = 0.98


def bars_of(score: Score, attempt: Attempt) -> tuple[int, int]:
    """The bars that an attempt shows: those that were chosen, the piece where most of it was played, else its phrases
    from the first to the last of which half was played, so that where somebody happens to stop is no passage."""
    numbers = score.bars["number"]
    if attempt.settings.bars is not None:
        return attempt.settings.bars
    if attempt.covers_piece:
        return int(numbers[0]), int(numbers[-1])
    played = [bar.bar for bar in attempt.evidence.bars if not bar.is_silent]
    spans = [(one.start_beat, one.end_beat) for one in phrases(score, score.start_beat, score.end_beat)]
    bars = [numbers[(score.bars["start_beat"] >= a) & (score.bars["start_beat"] < b)] for a, b in spans]
    begun = [here for here in bars if 2 * len({*here.tolist()} & {*played}) >= len(here)]
    return (int(begun[0][0]), int(begun[-1][-1])) if begun else (played[0], played[-1])


def is_cold(attempt: Attempt, earlier: Iterable[Attempt]) -> bool:
    """Whether nothing of an attempt was played before on its day, with whatever hand."""
    bars = {bar.bar for bar in attempt.evidence.bars}
    same = (one for one in earlier if one.score_digest == attempt.score_digest and one.day == attempt.day)
    return not any(bars & {bar.bar for bar in one.evidence.bars} for one in same)


def shown_too(
    due: Iterable[PassageEntry],
    attempt: Attempt,
    bars: tuple[int, int],
    hands: str,
    earlier: Sequence[Attempt],
    now: datetime,
) -> list[PassageEntry]:
    """The due passages that an attempt at more, at ``bars`` with ``hands``, showed cold, each as it went there.

    Who plays the piece with both hands need not play its bars, or one hand of it, again. Of one hand nothing is told
    where both together did not go well.
    """
    found = []
    for one in due:
        is_within = one.score_digest == attempt.score_digest and bars[0] <= one.first_bar and one.last_bar <= bars[1]
        here = replace(attempt, evidence=attempt.evidence.within(one.first_bar, one.last_bar))
        is_told = one.hands == hands or (hands == Hands.BOTH and here.evidence.hit_share >= GOOD_SHARE)
        if is_within and is_told and one.due_at <= end_of_day(now) and is_cold(here, earlier):
            found.append(reviewed(one, here.evidence.hit_share, goal_ratio(attempt), now))
    return found


def goal_ratio(attempt: Attempt) -> float:
    """How fast it went, as a rating counts it: where the score waited nobody played at a tempo."""
    return 0.0 if attempt.settings.mode is Mode.WAIT else attempt.tempo_ratio


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


def drilled_passage(score_digest: str, bars: tuple[int, int], hands: str, now: datetime) -> PassageEntry:
    """A passage that was drilled today, before it could be attempted cold: due tomorrow."""
    return replace(new_passage(score_digest, bars, hands, now), due_at=now + timedelta(days=1))


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


def is_reviewed(passage: PassageEntry, now: datetime) -> bool:
    """Whether a passage was attempted cold on this day of the learner's; ``now`` is UTC without a zone."""
    said = str(passage.card.get("last_review") or "")
    return bool(said) and local_day(datetime.fromisoformat(said).replace(tzinfo=None)) == local_day(now)


def _card(passage: PassageEntry) -> fsrs.Card:
    import fsrs

    return fsrs.Card.from_dict(passage.card) if passage.card else fsrs.Card(card_id=1)  # type: ignore[arg-type]
