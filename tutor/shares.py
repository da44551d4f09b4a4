"""How much is known of each piece by the takes of a journal, kept up as takes come: assessments are long to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lessons.errors import InputError
from lessons.library.own import goes_by
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.journal.entries import TakeEntry
from tutor.known import known_share_of_newest
from tutor.namesakes import told_apart

if TYPE_CHECKING:
    from tutor.journal.journal import Journal

Takes = Sequence[TakeEntry]
ReadTakes = tuple[tuple[str, ...], float]  # the ids of those that were read, and the share that is known by them
Stamp = tuple[int, int]  # of a file: when it was written, in ns, and its size


@dataclass(frozen=True)
class KnownShares:
    """The share that is known of each title that was played, and of each piece that shares its title, by its slug."""

    by_title: Mapping[str, float]
    by_slug: Mapping[str, float | None] = field(default_factory=dict)

    def of(self, piece: Piece) -> float | None:
        """The share that is known of a piece; None where it was never played."""
        return self.by_slug[piece.slug] if piece.slug in self.by_slug else self.by_title.get(piece.title)


class Shares:
    """Remembers the shares of one journal; of a piece, its takes are read again only where they have become others."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], ReadTakes] = {}  # by title, and slug where several pieces share it
        self._scores: dict[Path, tuple[Stamp, Score]] = {}

    def known(self, journal: Journal, pieces: Iterable[Piece] = ()) -> KnownShares:
        """What is known of all that was played, and of each of these pieces apart where several go by one title."""
        shelf, by_slug = tuple(pieces), dict[str, float | None]()
        takes, removed = _judged(journal), journal.names.of_removed()
        for title, mine in takes.items():
            namesakes = [piece for piece in shelf if goes_by(piece, title)]
            is_alone = [piece.title for piece in namesakes] == [title]
            if namesakes and not (is_alone and removed.isdisjoint(entry.score_digest for entry in mine)):
                found = self._apart(title, namesakes, mine, journal)
                by_slug |= {slug: share for slug, share in found.items() if by_slug.get(slug) is None}
        return KnownShares({title: self._share(title, "", mine, journal) for title, mine in takes.items()}, by_slug)

    def _apart(self, title: str, pieces: Sequence[Piece], takes: Takes, journal: Journal) -> dict[str, float | None]:
        """The share that is known of each piece, by its slug; None of one that was never played."""
        scores = {piece.slug: score for piece in pieces if (score := self._score(piece)) is not None}

        def judgement(take: TakeEntry) -> Mapping[str, Any]:
            entry = journal.entry(take.take_id)
            return entry.assessment or {} if entry is not None else {}

        found = told_apart(scores, takes, judgement)
        shares = {slug: self._share(title, slug, mine, journal) for slug, mine in found.items() if mine}
        return {piece.slug: shares.get(piece.slug) for piece in pieces}

    def _share(self, title: str, slug: str, mine: Takes, journal: Journal) -> float:
        names = tuple(entry.take_id for entry in mine)
        read, share = self._known.get((title, slug), ((), 0.0))
        if read != names:
            share = known_share_of_newest(journal.whole(mine))
            self._known[title, slug] = names, share
        return share

    def _score(self, piece: Piece) -> Score | None:
        """The score of a piece, read where its file is new or another one; None where it cannot be read."""
        try:
            kept = piece.path.stat()
            stamp = kept.st_mtime_ns, kept.st_size
            read = self._scores.get(piece.path)
            if read is None or read[0] != stamp:
                read = self._scores[piece.path] = stamp, piece.score()
        except (OSError, InputError):
            return None
        return read[1]


def _judged(journal: Journal) -> dict[str, list[TakeEntry]]:
    """The judged takes that were played here, by title, newest first."""
    takes: dict[str, list[TakeEntry]] = {}
    for entry in journal.played_takes():
        if entry.is_judged:
            takes.setdefault(entry.title, []).append(entry)
    return takes
