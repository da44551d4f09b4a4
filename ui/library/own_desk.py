"""The learner's own pieces on the disk and in the journal: listed, opened, taken away and put back.

Every method may take long, and any thread may call it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import InputError
from lessons.files import ABC_ENDINGS
from lessons.library import own, shelf
from lessons.library.names import names_in
from lessons.library.shelf import Piece
from lessons.score import Score

if TYPE_CHECKING:  # what comes after the window
    from tutor.journal.journal import Journal


class OwnDesk:
    """Keeps a ``folder`` of score files, and lays the exercises of the journal into another one to be read."""

    def __init__(self, journal: Callable[[], Journal], exercises: Path, folder: Path, notice: Callable[[str], object]):
        self._journal, self._exercises, self._folder, self._notice = journal, exercises, folder, notice
        self._looking = threading.Lock()

    def pieces(self) -> Sequence[Piece]:
        """What was kept, the exercises that were played, and the learner's own files, with what is known of them."""
        from lessons.library.facts import facts_in, with_facts
        from ui.library.kept import pieces_of

        kept, files = pieces_of(self._journal().shelved(), self._exercises), own.folder(self._folder)
        found = [(pieces, facts_in(folder)) for pieces, folder in ((kept, self._exercises), (files, self._folder))]
        return tuple(with_facts(piece, facts) for pieces, facts in found for piece in pieces)

    def look_into(self, piece: Piece) -> Piece:
        """A piece of the learner's own with what its score says; the shelf knows it from now on."""
        from lessons.library.facts import looked_into

        with self._looking:
            return looked_into(piece)

    def remove(self, piece: Piece) -> Path:
        """Take a piece of the learner's own off the shelf; where its file lies from now on. Raises InputError."""
        try:
            path = own.remove(piece)
            if piece.path.parent == self._exercises:
                self._journal().remove_exercise(piece.slug)
                self._journal().flush()
            return path
        except OSError as fault:
            raise InputError(f"{piece.title} cannot be removed: {fault.strerror or fault}") from fault

    def restore(self, piece: Piece, path: Path) -> None:
        """Put a piece back on the shelf whose file lies elsewhere since it was removed. Raises InputError."""
        try:
            own.restore(piece, path)
            if piece.path.parent == self._exercises:
                self._journal().restore_exercise(piece.slug)
                self._journal().flush()
        except OSError as fault:
            raise InputError(f"{piece.title} cannot be put back: {fault.strerror or fault}") from fault

    def open_file(self, path: Path) -> Score:
        """The score of a file, with fingers; a copy of the file is kept among the learner's own."""
        from lessons.files import read_score
        from lessons.fingering import with_fingers
        from lessons.parts import for_pianist

        score, kept_in = for_pianist(read_score(path)), self._folder
        if path.resolve().parent not in (kept_in.resolve(), shelf.PIECES):
            try:
                path = self._keep_file(path, kept_in, score.title)
            except OSError as error:
                self._notice(f"{path.name} cannot be kept for next time: {error.strerror or error}")
        given = names_in(kept_in).get(path.name) if path.parent.resolve() == kept_in.resolve() else None
        return with_fingers(replace(score, title=given or score.title))

    def _keep_file(self, path: Path, directory: Path, title: str) -> Path:
        """Copy a file into a folder; of a book of tunes each tune, and say how many there are. Raises OSError.

        Tells where the first one lies.
        """
        from lessons.files.abc_book import tunes_of

        tunes = tunes_of(path.read_bytes()) if path.suffix.lower() in ABC_ENDINGS else ()
        if len(tunes) < 2:
            return own.keep(directory, path, title)
        kept = [
            own.keep_content(directory, tune.content, tune.title or f"{path.stem} {number}", path.suffix.lower())
            for number, tune in enumerate(tunes, 1)
        ]
        self._notice(f"{path.name} holds {len(tunes)} tunes: this is the first, all are on the shelf, under Yours.")
        return kept[0]
