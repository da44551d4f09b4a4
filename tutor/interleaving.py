"""Taking turns: passages of today that are known already are played alternately, some minutes each, not one to its end.

Interleaving helps what is known and harms what is new; that it helps at all is contested (Carter & Grahn 2016 against
Mathias & Goldman 2025), so it is a policy that the learner can switch off, and what was said instead of what is kept.
What belongs to today is what is due, and what was due and was played cold today. Pure: values in, a `Step` out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lessons.bar_names import aside, bars_in_words, begun
from lessons.score import Score
from tutor.clock import end_of_day
from tutor.journal.entries import PassageEntry, TakeEntry
from tutor.learner import Attempt
from tutor.practice import Hands
from tutor.schedule import is_reviewed
from tutor.sitting import REST
from tutor.step import Knob, Step

KNOWN = 0.7  # the share of right notes from which on a passage is interleaved
TURN = timedelta(minutes=3)
ABOUT = timedelta(seconds=20)  # so much sooner a turn may be over: takes end where the music does
COVERS = 0.5  # the share of its bars that shows how well a passage is known


@dataclass(frozen=True)
class Turn:
    """A passage of today: the share of it that was right when it was last played, when that was, and at which tempo."""

    passage: PassageEntry
    share: float
    played_at: datetime
    tempo_ratio: float = 1.0

    @property
    def is_known(self) -> bool:
        """Whether it is known well enough to take turns."""
        return self.share >= KNOWN


def todays(passages: Iterable[PassageEntry], attempts: Sequence[Attempt], now: datetime) -> list[Turn]:
    """The passages of today that were played before, the one that waits longest first; ``now`` is UTC."""
    by = end_of_day(now)
    found = [_turn(one, attempts) for one in passages if one.due_at <= by or is_reviewed(one, now)]
    return sorted((one for one in found if one is not None), key=lambda one: one.played_at)


def turn_of(turns: Iterable[Turn], attempt: Attempt) -> Turn | None:
    """The passage whose turn it was in an attempt, the shortest that there is; None where it was none of these."""
    mine = [one for one in turns if _shows(one.passage, attempt)]
    return min(mine, key=lambda one: one.passage.last_bar - one.passage.first_bar, default=None)


def waiting(turns: Iterable[Turn], attempt: Attempt) -> list[Turn]:
    """Those known ones that were not played in an attempt, in the order of their turns."""
    return [one for one in turns if one.is_known and not _shows(one.passage, attempt)]


def spent(
    takes: Sequence[TakeEntry], attempts: Mapping[str, Attempt | None], mine: Turn, others: Sequence[Turn]
) -> timedelta:
    """For how long it has been the turn of what was played last: until one of the ``others`` was, or there was a rest.

    ``takes`` come newest first, ``attempts`` are known by their ids. What is no passage of today, as an exercise is
    not, is part of the turn where it came after ``mine`` had begun; another piece that was played before it is not.
    """
    ends = begins = earliest = _end(takes[0]) if takes else datetime.min
    for take in takes:
        attempt = attempts.get(take.take_id)
        if earliest - _end(take) >= REST or (attempt is not None and turn_of(others, attempt) is not None):
            break
        earliest = min(earliest, take.started_at)
        if attempt is not None and _shows(mine.passage, attempt):
            begins = earliest
    return ends - begins


def is_over(mine: Turn, length: timedelta) -> bool:
    """Whether a turn is over, where there is somebody to take the next: what is not known yet is played to its end."""
    return mine.is_known and length >= TURN - ABOUT


def to_turn(step: Step, here: Score, mine: Turn, piece: Score, chosen: Turn, length: timedelta, again: bool) -> Step:
    """Go on with another passage of today, perhaps ``again``; ``step`` is what else would come next.

    The first attempt of a day is one time through, as it is rated.
    """
    minutes = max(1, round(length / timedelta(minutes=1)))
    reason = f"{begun(_words(mine, here))}: {minutes} minutes by now. What you know well keeps better in turns."
    advice = f"Now {_words(chosen, piece)} for about three minutes, then the next again."
    bars = _bars(chosen.passage, piece)
    hands, loop = Hands(chosen.passage.hands), again and bars is not None
    settings = replace(step.settings, bars=bars, loop=loop, hands=hands, tempo_ratio=chosen.tempo_ratio)
    return Step(piece, reason, Knob.NOTHING, advice, settings, instead=step)


def _turn(passage: PassageEntry, attempts: Sequence[Attempt]) -> Turn | None:
    latest = next((one for one in reversed(attempts) if _shows(passage, one)), None)
    if latest is None:
        return None
    share = latest.evidence.within(passage.first_bar, passage.last_bar).hit_share
    return Turn(passage, share, latest.at, latest.settings.tempo_ratio)


def _shows(passage: PassageEntry, attempt: Attempt) -> bool:
    """Whether most of a passage was played in an attempt, with its hands or with both."""
    if attempt.score_digest != passage.score_digest or attempt.settings.hands not in (passage.hands, Hands.BOTH):
        return False
    bars = attempt.evidence.within(passage.first_bar, passage.last_bar).bars
    return sum(not bar.is_silent for bar in bars) >= COVERS * (passage.last_bar - passage.first_bar + 1)


def _bars(passage: PassageEntry, score: Score) -> tuple[int, int] | None:
    """The bars of a passage; None where they are the whole piece."""
    bars, numbers = (passage.first_bar, passage.last_bar), score.bars["number"]
    return None if bars == (int(numbers.min()), int(numbers.max())) else bars


def _words(turn: Turn, score: Score) -> str:
    bars, hands = _bars(turn.passage, score), Hands(turn.passage.hands)
    where = f"{aside(bars_in_words(score, *bars))} of " if bars else ""
    hand = "" if hands is Hands.BOTH else f" with the {hands.words}"
    return f"{where}{score.title or 'the piece'}{hand}"


def _end(take: TakeEntry) -> datetime:
    return take.started_at + timedelta(seconds=take.duration_sec)
