"""Whether a piece is mastered: it stays from one day to another, and what it taught carries over. Pure.

A take *proves* a piece that was played whole, as written, at its tempo and with nobody to lead or to wait, with hardly
a wrong note and nearly all of them in time. Two proofs far enough apart show that it *stays* (what was clean today may
be gone tomorrow). An analogue that was made of it and never seen before, played right at first sight after the first
proof, shows that it *carries over*. Both are mastery; the shares and hours are the starting values of the design.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lessons.exercise import AS_WRITTEN
from tutor.journal.entries import MadeExercise
from tutor.learner import Attempt

APART = timedelta(hours=20)
PITCH_SHARE, TIME_SHARE, CARRIED_SHARE = 0.98, 0.90, 0.85
NO_PIECE = ""
GOAL_TEMPO = 0.95  # of the written one


@dataclass(frozen=True)
class Mastery:
    """How far somebody is with a piece: when they first and last proved it (UTC), and how much of the best unseen
    analogue was right; None where there was none yet."""

    title: str
    first: datetime | None = None
    last: datetime | None = None
    carried: float | None = None

    @property
    def stays(self) -> bool:
        """Whether two proofs are far enough apart."""
        return self.first is not None and self.last is not None and self.last - self.first >= APART

    @property
    def carries_over(self) -> bool:
        """Whether an unseen analogue went well enough."""
        return self.carried is not None and self.carried >= CARRIED_SHARE

    @property
    def is_mastered(self) -> bool:
        """Both."""
        return self.stays and self.carries_over

    def proved(self, at: datetime) -> Mastery:
        """After one more proof."""
        return replace(self, first=self.first or at, last=at)

    def sight_read(self, share: float) -> Mastery:
        """After an unseen analogue; before the first proof it shows nothing."""
        return replace(self, carried=max(share, self.carried or 0.0)) if self.first is not None else self


def masteries(attempts: Iterable[Attempt], made_of: Mapping[str, str]) -> dict[str, Mastery]:
    """How far somebody is with each piece, by its digest; ``attempts`` are oldest first.

    ``made_of`` are the digests of the pieces that analogues were made of (`analogues`).
    """
    found: dict[str, Mastery] = {}
    seen: set[str] = set()
    for one in attempts:
        piece = origin_in(made_of, one)
        if piece is None:
            before = found.get(one.score_digest) or Mastery(one.title)
            found[one.score_digest] = before.proved(one.at) if proves(one) else before
        elif one.score_digest not in seen and piece in found and is_sight_reading(one):
            found[piece] = found[piece].sight_read(one.evidence.hit_share)
        seen.add(one.score_digest)
    return found


def analogues(exercises: Iterable[MadeExercise]) -> dict[str, str]:
    """Of which piece each exercise was made, by their digests; one that was read anew is known by its title.

    Bars as they are written are no analogue of anything, and a song that grew from a motif is a piece of its own.
    """
    made = [entry for entry in exercises if "song_bars" not in entry.provenance]
    pieces = [_analogue_of(entry) for entry in made]
    titles = {entry.title: piece for entry, piece in zip(made, pieces, strict=True)}
    return titles | {entry.score_digest: piece for entry, piece in zip(made, pieces, strict=True)}


def _analogue_of(entry: MadeExercise) -> str:
    """The digest of the piece; `NO_PIECE` where nothing was changed."""
    as_written = entry.provenance.get("weights", AS_WRITTEN) == AS_WRITTEN
    return NO_PIECE if as_written else str(entry.provenance["piece"]["digest"])


def origin_in(made_of: Mapping[str, str], attempt: Attempt) -> str | None:
    """The digest of the piece that what was played is an exercise for; None where it is a piece."""
    return made_of.get(attempt.score_digest, made_of.get(attempt.title))


def proves(attempt: Attempt) -> bool:
    """Whether a take shows that its piece is played as it should be."""
    evidence = attempt.evidence
    keeps_time = attempt.tempo_ratio >= GOAL_TEMPO and not (evidence.off_beat or evidence.drift)
    right = evidence.hit_share >= PITCH_SHARE and evidence.on_time_share >= TIME_SHARE
    return attempt.is_clean and right and keeps_time and _is_whole(attempt)


def is_sight_reading(attempt: Attempt) -> bool:
    """Whether a take shows how all of something goes, with nobody to lead or to wait."""
    return _is_whole(attempt) and not attempt.evidence.is_thin


def _is_whole(attempt: Attempt) -> bool:
    return attempt.is_as_written and attempt.covers_piece and not attempt.evidence.gaps
