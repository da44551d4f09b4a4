"""Brings what was played of the pieces on the shelf to the identities that they have today."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from lessons.identity import is_former
from lessons.library.own import may_be
from lessons.library.shelf import Piece
from ui.library.due import Read, readable

if TYPE_CHECKING:  # what comes after the window
    from tutor.journal.journal import Journal


def is_behind(journal: Journal) -> bool:
    """Whether anything is kept under a former identity."""
    return bool(journal.identities.former_titles() or _made(journal))


def bring_forward(journal: Journal, pieces: Iterable[Piece], read: Read) -> None:
    """Have what is kept of these pieces under former identities under those of today.

    A page need not say all that was made: of an exercise, what it was known by when it was made is brought along.
    """
    from tutor import histories

    titles, made = set(journal.identities.former_titles().values()), _made(journal)
    for piece in pieces:
        score = None
        if piece.slug in made or any(may_be(piece, title) for title in titles):
            score = readable(piece, read)
        if score is not None:
            histories.bring_forward(journal, score, partial(may_be, piece))
            if piece.slug in made:
                journal.identities.bring_forward(made[piece.slug], score.digest)


def _made(journal: Journal) -> dict[str, str]:
    """The former identities of exercises, by their ids."""
    return {one.exercise_id: one.score_digest for one in journal.made_exercises() if is_former(one.score_digest)}
