"""Finds the takes that were played last, with their pieces, among those that the window knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lessons.library.shelf import Piece
from tutor.learner import practised
from tutor.sinks import FinishedTake
from ui.library.due import Read, score_of

if TYPE_CHECKING:  # what comes after the window
    from lessons.assignment import Assignment
    from tutor.journal.journal import Journal

MOST_TAKES = 20  # that are looked at, where pieces are not there any more


def last_takes(
    journal: Journal, pieces: Sequence[Piece], given: Iterable[Assignment], read: Read
) -> Iterator[FinishedTake]:
    """The takes that were judged, the latest first, as they were when they ended; those whose piece is known.

    ``given`` are the assignments, which have pieces that are on no shelf.
    """
    given = list(given)
    for entry in journal.played_takes(limit=MOST_TAKES):
        asked = entry.score_digest, entry.title, journal, pieces, read, given
        score = score_of(*asked) if entry.is_judged else None
        if score is not None:
            settings, _ = practised(entry)
            yield FinishedTake(journal.take(entry.take_id), settings, score, entry.take_id, kept=True)
