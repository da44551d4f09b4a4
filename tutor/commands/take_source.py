"""Where a command's TAKE comes from: a MIDI file, or the journal by its id."""

from __future__ import annotations

from pathlib import Path

from lessons.errors import InputError
from tutor import config
from tutor.performance import Performance
from tutor.practice import Hands
from tutor.takes import load_take


def names_a_file(name: str) -> bool:
    """Whether a TAKE is meant as a file, rather than as an id in the journal."""
    return bool(Path(name).suffix) or Path(name).exists()


def recorded_hands(name: str, journal: Path | None = None) -> str | None:
    """The hands with which a take of the journal was played; None of a file, which does not say."""
    path = journal or config.journal_path()
    if names_a_file(name) or not path.exists():
        return None
    from tutor.journal.journal import Journal

    opened = Journal.open_to_read(path)
    try:
        entry = opened.entry(name)
        return str(entry.settings.get("hands", Hands.BOTH)) if entry is not None else None
    finally:
        opened.close()


def open_take(name: str, journal: Path | None = None) -> Performance:
    """The take named by a file or, where there is no such file, by its id in the journal.

    Raises InputError in one line where neither exists, FormatError where the file is no take.
    """
    if names_a_file(name):
        return load_take(name)
    path = journal or config.journal_path()
    if not path.exists():
        raise InputError(f"{name}: no such file, and there is no journal yet to look for a take of this id")
    from tutor.journal.journal import Journal

    opened = Journal.open_to_read(path)
    try:
        return opened.take(name)
    finally:
        opened.close()
