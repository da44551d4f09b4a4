"""After a take: how far its piece is mastered, and the unseen analogue that tells whether it carries over.

Once a piece stays, the coach asks for something like the part of it that went worst of all, made anew, to be played at
first sight. Takes of the piece and of all that was made of it are read from the journal, which has the take already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from lessons.analogy import Analogy, Feature
from lessons.library.shelf import Piece
from lessons.percent import percent
from lessons.score import Score
from tutor.analogue import failed_in, questions, read_donors, turn_of, wide_enough
from tutor.coach import failed_feature, worst_passage
from tutor.evidence import BIG_ENOUGH, BarEvidence, Evidence
from tutor.learner import Attempt, Learner
from tutor.mastery import (
    CARRIED_SHARE,
    NO_PIECE,
    Mastery,
    analogues,
    is_sight_reading,
    masteries,
    origin_in,
    proves,
)
from tutor.review import Known, Review, attempts_of
from tutor.step import Knob, Step

if TYPE_CHECKING:
    from tutor.journal.journal import Journal

MOST_TAKES = 1000
ENOUGH_NOTES = 2 * BIG_ENOUGH  # to be played at first sight
WHY = "{} stays. What it taught you shows in other notes."
ASKED = "Now something like it that you have never seen, once, at first sight."


def with_mastery(
    found: Review,
    score: Score,
    journal: Journal,
    library: Sequence[Piece] = (),
    seed: int = 0,
    known: Known | None = None,
) -> Review:
    """The review with what it says of mastery, and with the test as its step where only that is lacking.

    An analogue that went well at first sight needs no more practice: its step is over then. What is ``known`` of the
    journal is not read again.
    """
    made_of = analogues(journal.made_exercises())
    piece = origin_in(made_of, found.attempt)
    if piece == NO_PIECE:
        return found
    digest = found.attempt.score_digest if piece is None else piece
    attempts = _attempts(journal, digest, made_of, known)
    mastery = masteries(attempts, made_of).get(digest, Mastery(score.title))
    if piece is not None:
        return _after_analogue(found, mastery, attempts)
    if not proves(found.attempt):
        return replace(found, mastery=mastery)
    step = found.step
    if mastery.stays and not mastery.carries_over and not found.attempt.evidence.is_elsewhere:
        step = unseen(step, attempts, found.learner, library, seed)
    return _telling(found, mastery, proved_words(mastery), step)


def unseen(
    step: Step, attempts: Iterable[Attempt], learner: Learner, library: Sequence[Piece] = (), seed: int = 0
) -> Step:
    """Ask for an analogue of what went worst in all these attempts at a piece; of its busiest bar where nothing did.

    In many attempts nearly every note failed once, and where all of them stay nothing can be new. So it is asked last
    for the passage without its faults, and for its rhythm with another tune.
    """
    score = step.score
    evidence = together(one.evidence for one in attempts if one.score_digest == score.digest)
    bars = wide_enough(score, worst_passage(evidence) or busiest(score), ENOUGH_NOTES)
    feature = failed_feature(evidence.within(*bars))
    whole = Evidence(tuple(replace(bar, faults=()) for bar in evidence.bars))
    donors = read_donors(score, learner, library, turn_of(learner, failed_in(evidence, bars, feature)))
    analogies: list[Analogy] = []
    for said, kept in ((evidence, feature), (whole, feature), (whole, Feature.RHYTHM)):
        faults = failed_in(said, bars, kept)
        turn = seed + turn_of(learner, faults)
        analogies += questions(score, bars, faults, kept, step.settings, donors, turn)
    asked = replace(
        step, reason=WHY.format(score.title or "This piece"), knob=Knob.ANALOGUE, advice=ASKED, is_over=False
    )
    return replace(asked, bars=bars, context=bars, feature=feature, analogies=tuple(analogies))


def together(takes: Iterable[Evidence]) -> Evidence:
    """What all these takes say of each bar."""
    bars = sorted((bar for take in takes for bar in take.bars), key=lambda bar: bar.bar)
    return Evidence(tuple(_sum(list(same)) for _, same in groupby(bars, key=lambda bar: bar.bar)))


def busiest(score: Score) -> tuple[int, int]:
    """The bar with most notes."""
    numbers, counts = np.unique(score.bar_numbers_at(score.notes["onset_beat"]), return_counts=True)
    bar = int(numbers[counts.argmax()])
    return bar, bar


def proved_words(mastery: Mastery) -> str:
    """What the learner reads after a take that proves the piece."""
    if mastery.is_mastered:
        carried = percent(mastery.carried or 0.0)
        return f"This piece is yours: clean on two days, and {carried} of something like it at first sight."
    if mastery.stays:
        return "Clean on two days: this piece stays."
    return "Whole, clean and at its tempo: once more tomorrow or later, and it stays."


def sight_words(mastery: Mastery, share: float) -> str:
    """What the learner reads after an analogue at first sight."""
    title = mastery.title or "the piece"
    if share < CARRIED_SHARE:
        least = percent(CARRIED_SHARE)
        return f"{percent(share)} right at first sight: what {title} teaches carries over from {least} on."
    yours = f" {title} is yours." if mastery.is_mastered else ""
    return f"{percent(share)} right at first sight: what {title} taught you carries over.{yours}"


def _attempts(journal: Journal, piece: str, made_of: Mapping[str, str], known: Known | None) -> list[Attempt]:
    """The attempts at a piece and at its analogues, oldest first; also at one that is known by its title alone."""
    names = {piece, *(name for name, origin in made_of.items() if origin == piece)}
    return attempts_of(journal, journal.played_takes(names, MOST_TAKES), known)


def _after_analogue(found: Review, mastery: Mastery, attempts: Sequence[Attempt]) -> Review:
    tries = [one for one in attempts if one.score_digest == found.attempt.score_digest]
    is_first = len(tries) <= 1 and is_sight_reading(found.attempt)
    if not is_first or mastery.first is None:
        return replace(found, mastery=mastery)
    share = found.attempt.evidence.hit_share
    step = replace(found.step, is_over=True) if share >= CARRIED_SHARE else found.step
    return _telling(found, mastery, sight_words(mastery, share), step)


def _telling(found: Review, mastery: Mastery, words: str, step: Step) -> Review:
    told = replace(found.report, mastery=words, step=step)
    return replace(found, mastery=mastery, step=step, report=told)


def _sum(bars: Sequence[BarEvidence]) -> BarEvidence:
    faults = tuple(fault for bar in bars for fault in bar.faults)
    hit, wrong, missed, extra = (
        sum(getattr(bar, name) for bar in bars) for name in ("hit", "wrong", "missed", "extra")
    )
    return BarEvidence(bars[0].bar, hit, wrong, missed, extra, faults)
