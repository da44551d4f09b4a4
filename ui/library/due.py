"""Which pieces the passages that come back, and the takes of the journal, belong to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from lessons.bar_names import bars_in_words
from lessons.errors import InputError
from lessons.library.own import may_be
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.journal.entries import PassageEntry
from tutor.practice import Hands
from ui.rooms import DuePassage

if TYPE_CHECKING:  # what comes after the window
    from lessons.assignment import Assignment
    from tutor.journal.journal import Journal

log = logging.getLogger(__name__)
MOST_DUE = 3
Read = Callable[[Piece], Score]


def due_of(
    passages: Iterable[PassageEntry], titles: Mapping[str, str], pieces: Sequence[Piece], read: Read
) -> Sequence[DuePassage]:
    """The first few of these passages whose piece is known; ``titles`` are those of scores by digest."""
    return list(islice(_found(passages, titles, pieces, read), MOST_DUE))


def _found(
    passages: Iterable[PassageEntry], titles: Mapping[str, str], pieces: Sequence[Piece], read: Read
) -> Iterator[DuePassage]:
    for passage in passages:
        known = piece_of(passage.score_digest, titles.get(passage.score_digest, ""), pieces, read)
        if known is not None:
            piece, score = known
            bars = (passage.first_bar, passage.last_bar)
            whole = bars == (int(score.bars["number"].min()), int(score.bars["number"].max()))
            words = "" if whole else bars_in_words(score, *bars)
            yield DuePassage(piece, None if whole else bars, Hands(passage.hands), words)


def piece_of(digest: str, title: str, pieces: Sequence[Piece], read: Read) -> tuple[Piece, Score] | None:
    """The piece whose score has this digest, or had it once, and the score; None where none of these has."""
    for piece in pieces:
        score = readable(piece, read) if may_be(piece, title) else None
        if score is not None and digest in (score.digest, score.former_digest):
            return piece, score
    return None


def score_of(
    digest: str, title: str, journal: Journal, pieces: Sequence[Piece], read: Read, given: Iterable[Assignment]
) -> Score | None:
    """The score of this digest among the pieces, else among the tasks of assignments, which are on no shelf."""
    known = piece_of(digest, title, pieces, read)
    if known is not None:
        return known[1]
    tasks = (task for assignment in given for task in assignment.tasks)
    return next((task.score for task in tasks if digest in journal.identities.today(task.known_by)), None)


def readable(piece: Piece, read: Read) -> Score | None:
    """The score of a piece; None where its file cannot be read."""
    try:
        return read(piece)
    except InputError as error:
        log.info("not looked at: %s", error)
        return None
