"""Lets the passages of today that are known take turns, among the pieces that the window knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lessons.library.shelf import Piece
from tutor.clock import utc_now
from tutor.interleaving import is_over, spent, to_turn, todays, turn_of, waiting
from tutor.journal.entries import StepEntry
from tutor.schedule import is_reviewed
from ui.library.due import Read, piece_of

if TYPE_CHECKING:  # what comes after the window
    from lessons.score import Score
    from tutor.journal.journal import Journal
    from tutor.learner import Attempt
    from tutor.review import Review

MOST_TAKES = 100  # of a sitting


def in_turns(
    found: Review,
    score: Score,
    take_id: str | None,
    journal: Journal,
    known: Mapping[str, Attempt | None],
    pieces: Sequence[Piece],
    read: Read,
) -> Review:
    """The review of a take of ``score``; with the next passage of today, where the turn of this one is over.

    The journal keeps what was said instead of what, each with its reason.
    """
    evidence = found.attempt.evidence
    if evidence.is_thin or evidence.is_elsewhere or found.step.is_foreign:
        return found
    now, attempts = utc_now(), found.learner.attempts
    turns = todays(journal.passages(), attempts, now)
    mine, others = turn_of(turns, found.attempt), waiting(turns, found.attempt)
    if mine is None:
        return found
    takes = [one for one in journal.takes(limit=MOST_TAKES) if not one.is_from_file]
    length = spent(takes, known, mine, others)
    if not is_over(mine, length):
        return found
    titles = journal.titles()
    for chosen in others:
        passage = chosen.passage
        there = piece_of(passage.score_digest, titles.get(passage.score_digest, ""), pieces, read)
        if there is not None:
            step = to_turn(found.step, score, mine, there[1], chosen, length, is_reviewed(passage, now))
            if take_id is not None:
                journal.keep_step(StepEntry(take_id, "", 0, step.as_json(), found.step.as_json()))
            return replace(found, step=step, report=replace(found.report, step=step))
    return found
