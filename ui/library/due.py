"""Which pieces the passages that come back belong to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from lessons.errors import InputError
from lessons.library.own import may_be
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.journal.entries import PassageEntry
from tutor.practice import Hands
from ui.rooms import DuePassage

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
        for piece in pieces:
            if not may_be(piece, titles.get(passage.score_digest, "")):
                continue
            score = _readable(piece, read)
            if score is not None and score.digest == passage.score_digest:
                bars = (passage.first_bar, passage.last_bar)
                whole = bars == (int(score.bars["number"].min()), int(score.bars["number"].max()))
                yield DuePassage(piece, None if whole else bars, Hands(passage.hands))
                break


def _readable(piece: Piece, read: Read) -> Score | None:
    try:
        return read(piece)
    except InputError as error:
        log.info("not looked for what is due: %s", error)
        return None
