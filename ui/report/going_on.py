"""Finds where to go on from what is mastered, among the pieces that the window knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lessons.library.shelf import Piece
from tutor.clock import end_of_day, utc_now
from tutor.onward import level_of, next_piece, origin_of, put_back, to_due, to_new
from tutor.step import Knob
from ui.library.due import Read, due_of, score_of

if TYPE_CHECKING:  # what comes after the window
    from lessons.assignment import Assignment
    from lessons.score import Score
    from tutor.journal.journal import Journal
    from tutor.review import Review
    from tutor.step import Step


def going_on(
    found: Review, score: Score, journal: Journal, pieces: Sequence[Piece], read: Read, given: Iterable[Assignment]
) -> Review:
    """The review of a take of ``score``; where nothing is left to do there, with what is next among the pieces.

    ``given`` are the assignments, in which there may be the piece that an exercise was made for. An exercise for one
    hand is over with that hand: in its piece it is joined to the other.
    """
    joins = found.step.knob is Knob.HANDS and found.attempt.is_clean
    if not (found.step.is_over or joins):
        return found
    step = None if _is_mastered(found) else _put_back(found, score, journal, pieces, read, given)
    if found.step.is_over:
        step = step or _due(found.step, score, journal, pieces, read) or _new(found, score, journal, pieces, read)
    step = step or found.step
    return replace(found, step=step, report=replace(found.report, step=step))


def _is_mastered(found: Review) -> bool:
    """Whether the piece is, so that nothing is to be put back into it."""
    return found.mastery is not None and found.mastery.is_mastered


def _put_back(
    found: Review, score: Score, journal: Journal, pieces: Sequence[Piece], read: Read, given: Iterable[Assignment]
) -> Step | None:
    origin = origin_of(score, journal.made_exercises())
    piece = score_of(origin.digest, origin.title, journal, pieces, read, given) if origin is not None else None
    if origin is None or piece is None:
        return None
    return put_back(found.step, piece, origin, found.attempt.settings.hands)


def _due(step: Step, score: Score, journal: Journal, pieces: Sequence[Piece], read: Read) -> Step | None:
    passages = [one for one in journal.passages(end_of_day(utc_now())) if one.score_digest != score.digest]
    first = next(iter(due_of(passages, journal.titles(), pieces, read)), None)
    return to_due(step, read(first.piece), first.bars, first.hands) if first is not None else None


def _new(found: Review, score: Score, journal: Journal, pieces: Sequence[Piece], read: Read) -> Step | None:
    before = level_of(score.title, pieces, found.learner.plays())
    piece = next_piece(pieces, {*journal.titles().values(), score.title}, before)
    return to_new(found.step, read(piece), piece.level, before) if piece is not None else None
