"""Other names for the learner's own pieces, in the folder and in the journal; every method may take long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import InputError
from lessons.library import names
from lessons.library.own import goes_by
from lessons.library.shelf import Piece, folded
from lessons.score import Score

if TYPE_CHECKING:  # what comes after the window
    from tutor.journal.journal import Journal

LONGEST_TITLE = 100


@dataclass(frozen=True)
class Renamed:
    """A piece as it is called now and as it was ``before``; the takes of these scores, under a title, go with it."""

    piece: Piece
    before: Piece
    digests: frozenset[str]
    title_before: str


class NamesDesk:
    """Renames pieces, with what the journal knows of them: a take counts for its piece by its title.

    ``exercises`` is the folder of those that the journal keeps, ``renamed`` is called once takes have another title.
    """

    def __init__(
        self,
        journal: Callable[[], Journal],
        exercises: Path,
        pieces: Callable[[], Sequence[Piece]],
        read: Callable[[Piece], Score],
        renamed: Callable[[], object],
    ):
        self._journal, self._exercises, self._pieces, self._read = journal, exercises, pieces, read
        self._renamed = renamed

    def rename(self, piece: Piece, wanted: str) -> Renamed:
        """Call a piece otherwise. Raises InputError where that is no name for it, or cannot be written."""
        others = [other for other in self._pieces() if other.slug != piece.slug]
        title, score = _name(wanted, others), self._score(piece)
        digests, before = (frozenset({score.digest}), score.title) if score is not None else (frozenset(), piece.title)
        if not any(goes_by(other, before) for other in others):
            digests |= self._journal().names.digests(before)  # also of parts of it, and of what it was before
        given = Renamed(replace(piece, title=title, renamed=True), piece, digests, before)
        self._call(given.piece, digests, title)
        return given

    def take_back(self, given: Renamed) -> None:
        """Call a piece again what it was called before. Raises InputError where that cannot be written."""
        self._call(given.before, given.digests, given.title_before)

    def _call(self, piece: Piece, digests: frozenset[str], title: str) -> None:
        journal = self._journal()
        try:
            if piece.path.parent == self._exercises:
                journal.names.call_exercise(piece.slug, piece.title)
            else:
                names.call(piece.path, piece.title if piece.renamed else "")
        except OSError as fault:
            raise InputError(f"{piece.title} cannot be written: {fault.strerror or fault}") from fault
        journal.names.call_takes(digests, title)
        journal.flush()
        self._renamed()

    def _score(self, piece: Piece) -> Score | None:
        """As which the takes know the piece; None where it cannot be read, so that nobody can have played it."""
        try:
            return self._read(piece)
        except InputError:
            return None


def _name(wanted: str, others: Iterable[Piece]) -> str:
    """The name that somebody wants, where a piece may have it."""
    title = " ".join(wanted.split())
    if not title:
        raise InputError("A piece needs a name")
    if len(title) > LONGEST_TITLE:
        raise InputError(f"A name has up to {LONGEST_TITLE} letters; this one has {len(title)}")
    if folded(title) in {folded(other.title) for other in others}:
        raise InputError(f"There is another {title} on the shelf: with one name nobody could tell them apart")
    return title
