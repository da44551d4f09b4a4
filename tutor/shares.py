"""How much is known of each piece by the takes of a journal, kept up as takes come: assessments are long to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.journal.entries import TakeEntry
from tutor.known import known_shares

if TYPE_CHECKING:
    from tutor.journal.journal import Journal


class Shares:
    """Remembers the shares of one journal; of a piece, its takes are read again only where they have become others."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[str, ...], float]] = {}  # by title: the takes that were read, and the share

    def by_title(self, journal: Journal) -> dict[str, float]:
        """The share that is known of each piece, as in `tutor.known.known_shares`."""
        takes: dict[str, list[TakeEntry]] = {}
        for entry in journal.played_takes():
            if entry.is_judged:
                takes.setdefault(entry.title, []).append(entry)
        return {title: self._share(title, mine, journal) for title, mine in takes.items()}

    def _share(self, title: str, mine: list[TakeEntry], journal: Journal) -> float:
        names = tuple(entry.take_id for entry in mine)
        read, share = self._known.get(title, ((), 0.0))
        if read != names:
            share = known_shares(journal.whole(mine)).get(title, 0.0)
            self._known[title] = names, share
        return share
