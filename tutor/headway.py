"""What somebody has come to: how much was played of late, what is mastered, and what got better. Pure.

When a piece is mastered is said in `tutor.mastery`. What got better is told of the bars that were played at the
beginning of the week and at its end, by the same hands; with fewer sittings than make a trend nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tutor.evidence import Evidence
from tutor.learner import SITTINGS_FOR_A_TREND, Attempt
from tutor.mastery import Mastery, masteries, origin_in
from tutor.passes import CLEAN_SHARE

WEEK = timedelta(days=7)
LEAST_BETTER, MOST_TOLD = 0.05, 2
FEWEST_ROUNDS = 5


@dataclass(frozen=True)
class Played:
    """How long was played on a day, in one take."""

    day: date
    duration_sec: float


@dataclass(frozen=True)
class Better:
    """A piece of which a share of the notes was right at first and a larger one at last."""

    title: str
    before: float
    now: float


@dataclass(frozen=True)
class Headway:
    """``minutes`` and ``days`` are of the last seven days, ``sittings`` all days with a judged take.

    ``proved`` are the pieces that were played as they should be at least once and are not mastered yet; ``clean`` is
    the share of the week's times through that were clean, None where there were too few.
    """

    minutes: float = 0.0
    days: int = 0
    mastered: tuple[str, ...] = ()
    better: tuple[Better, ...] = ()
    sittings: int = 0
    proved: tuple[Mastery, ...] = ()
    clean: float | None = None

    @property
    def is_thin(self) -> bool:
        """Whether there are too few sittings to speak of a trend."""
        return self.sittings < SITTINGS_FOR_A_TREND


def headway(played: Iterable[Played], attempts: Sequence[Attempt], made_of: Mapping[str, str], today: date) -> Headway:
    """The headway by these takes and attempts, oldest first; ``made_of`` as in `tutor.mastery.masteries`."""
    late = [one for one in played if today - WEEK < one.day <= today]
    week = [one for one in attempts if today - WEEK < one.day <= today]
    pieces = [one for one in week if origin_in(made_of, one) is None]
    sittings = len({one.day for one in attempts})
    proved = [one for one in masteries(attempts, made_of).values() if one.first is not None]
    return Headway(
        sum(one.duration_sec for one in late) / 60,
        len({one.day for one in late}),
        tuple(dict.fromkeys(one.title for one in proved if one.is_mastered)),
        better(pieces) if sittings >= SITTINGS_FOR_A_TREND else (),
        sittings,
        tuple(one for one in proved if not one.is_mastered),
        clean_share(week),
    )


def clean_share(attempts: Iterable[Attempt]) -> float | None:
    """The share of all times through that were clean, which says more of practice than its minutes do."""
    rounds = [share >= CLEAN_SHARE for one in attempts for share in one.rounds]
    return sum(rounds) / len(rounds) if len(rounds) >= FEWEST_ROUNDS else None


def better(attempts: Sequence[Attempt]) -> tuple[Better, ...]:
    """The pieces whose latest attempt went better than the first one of the same hands, the most first; a few."""
    found = []
    for digest in dict.fromkeys(one.score_digest for one in attempts):
        mine = [one for one in attempts if one.score_digest == digest]
        same = [one for one in mine if one.settings.hands is mine[-1].settings.hands]
        before, now = _shares(same[0].evidence, same[-1].evidence)
        if now >= before + LEAST_BETTER:
            found.append(Better(mine[-1].title, before, now))
    return tuple(sorted(found, key=lambda one: one.before - one.now)[:MOST_TOLD])


def _shares(before: Evidence, now: Evidence) -> tuple[float, float]:
    """The shares of right notes over the bars of both; nothing where they have too few in common."""
    shared = {bar.bar for bar in before.bars} & {bar.bar for bar in now.bars}
    old, new = (Evidence(tuple(bar for bar in one.bars if bar.bar in shared)) for one in (before, now))
    return (0.0, 0.0) if old.is_thin or new.is_thin else (old.hit_share, new.hit_share)
