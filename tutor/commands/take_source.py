"""Where a command's TAKE comes from: a MIDI file, or the journal by its id."""

from __future__ import annotations

from pathlib import Path

from lessons.errors import InputError
from tutor.commands.learner_source import reading
from tutor.performance import Performance
from tutor.practice import Hands
from tutor.takes import load_take


def names_a_file(name: str) -> bool:
    """Whether a TAKE is meant as a file, rather than as an id in the journal."""
    return bool(Path(name).suffix) or Path(name).exists()


def recorded_hands(name: str, path: Path) -> str | None:
    """The hands with which a take of the journal was played; None of a file, which does not say."""
    if names_a_file(name) or not path.exists():
        return None
    with reading(path) as journal:
        entry = journal.entry(name)
        return str(entry.settings.get("hands", Hands.BOTH)) if entry is not None else None


def open_take(name: str, path: Path) -> Performance:
    """The take named by a file or, where there is no such file, by its id in the journal.

    Raises InputError in one line where neither exists, FormatError where the file is no take.
    """
    if names_a_file(name):
        return load_take(name)
    if not path.exists():
        raise InputError(f"{name}: no such file, and no take has been kept here yet that could have this id")
    with reading(path) as journal:
        return journal.take(name)
