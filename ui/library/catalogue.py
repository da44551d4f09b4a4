"""The pieces that the window knows: the shelf, the learner's own, and the scores that were read of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from lessons.library.shelf import Piece
from lessons.score import Score
from ui.rooms import Rooms
from ui.tasks import Tasks


class Catalogue(QObject):
    """``changed`` tells all pieces, the shelf first; ``results_changed`` how much is known of each.

    ``due_changed`` tells what is to be played again today, ``headway_changed`` what the learner has come to.
    """

    changed = Signal(object)  # tuple[Piece, ...]
    results_changed = Signal(object)  # KnownShares
    headway_changed = Signal(object)  # Headway
    due_changed = Signal(object)  # Sequence[DuePassage]
    refused = Signal(str)

    def __init__(self, rooms: Rooms, tasks: Tasks, parent: QObject):
        super().__init__(parent)
        self._rooms, self._tasks = rooms, tasks
        self._shelf: tuple[Piece, ...] = ()
        self._own: tuple[Piece, ...] | None = None  # until the journal has told them
        self._scores: dict[str, Score] = {}

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces."""
        return (*self._shelf, *(self._own or ()))

    def named(self, slug: str) -> Piece | None:
        """The piece of this name."""
        return next((piece for piece in self.pieces if piece.slug == slug), None)

    def fetch(self) -> None:
        """Fetch the shelf, then what the journal knows."""
        self._tasks.run(self._rooms.pieces, self._show_shelf)
        self.fetch_own()

    def fetch_own(self) -> None:
        """Fetch how much is known, exercises that were kept, and what is due of all pieces."""
        self._tasks.run(self._rooms.known_shares, self.results_changed.emit)
        self.fetch_own_pieces()
        self._tasks.run(self._rooms.headway, self.headway_changed.emit)

    def fetch_own_pieces(self) -> None:
        """Fetch exercises that were kept and the learner's own files, with what is known of them by now."""
        self._tasks.run(self._rooms.own_pieces, self._show_own)

    def with_score(
        self, piece: Piece, done: Callable[[Score], object], failed: Callable[[str], object] | None = None
    ) -> None:
        """Read a piece once, then go on with its score; ``failed`` is told instead of all why it cannot be read."""
        if piece.slug in self._scores:
            done(self._scores[piece.slug])
            return

        def read(score: Score) -> None:
            self._scores[piece.slug] = score
            done(score)

        self._tasks.run(lambda: self._rooms.read_piece(piece), read, failed or self.refused.emit)

    def forget(self, piece: Piece) -> None:
        """Show the shelf without a piece that was taken away or renamed, and read what has its place next anew."""
        self._scores.pop(piece.slug, None)
        self.fetch_own()

    def _show_shelf(self, shelf: Sequence[Piece]) -> None:
        self._shelf = tuple(shelf)
        self.changed.emit(self.pieces)
        self._fetch_due()

    def _show_own(self, own: Sequence[Piece]) -> None:
        before, self._own = self._own or (), tuple(own)
        if self._own != before:
            self.changed.emit(self.pieces)
        self._fetch_due()

    def _fetch_due(self) -> None:
        """Ask what is due once the pieces are known, the shelf's and the learner's own."""
        pieces = self.pieces
        if self._shelf and self._own is not None:
            self._tasks.run(lambda: self._rooms.due(pieces), self.due_changed.emit)
