"""Whose journal and settings a command uses: the first learner's, or those of the one that ``--learner`` names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import InputError
from tutor.config import home, journal_path
from tutor.enrolment import Enrolment

if TYPE_CHECKING:
    from tutor.journal.journal import Journal


def add_learner(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--learner", metavar="NAME", help="whose journal is used (see 'learners'; default: the first)")


def check_home() -> None:
    """Raise InputError where the home is no folder."""
    if home().exists() and not home().is_dir():
        raise InputError(f"{home()}: is no folder, and DACAPO_HOME must name one")


def folder_of(arguments: argparse.Namespace) -> Path:
    """The folder of who plays. Raises InputError for an unknown name, or where the folder is gone or is none."""
    check_home()
    if arguments.learner is None:
        return home()
    enrolment = Enrolment.here()
    return enrolment.folder_of(enrolment.listed(arguments.learner))


def journal_of(arguments: argparse.Namespace) -> Path:
    """The journal that is named, or that of who plays. Raises InputError for an unknown name."""
    folder = folder_of(arguments)
    return arguments.journal or journal_path(folder)


def journal_to_read(arguments: argparse.Namespace) -> Path:
    """The same, to be read alone. Raises InputError for one that is named and is not there."""
    path = journal_of(arguments)
    if arguments.journal is not None and not path.exists():
        raise InputError(f"{path}: there is no journal")
    return path


def journal_to_write(arguments: argparse.Namespace) -> Path:
    """The same, to be written to. Raises InputError for one that is named and has no folder to be in."""
    path = journal_of(arguments)
    if arguments.journal is not None:
        check_named(path)
    return path


def check_named(journal: Path) -> None:
    """Raise InputError where the folder of a journal that somebody names is missing: the name is wrong, or a disk."""
    folder = journal.absolute().parent
    if not folder.is_dir():
        raise InputError(f"{journal}: the folder {folder} does not exist")


@contextmanager
def reading(path: Path) -> Iterator[Journal]:
    """A journal that is only read. Raises JournalError where there is none, and InputError for a file that is empty."""
    from tutor.journal.journal import Journal

    if path.is_file() and not path.stat().st_size:
        raise InputError(f"{path}: the file is empty")
    journal = Journal.open_to_read(path)
    try:
        yield journal
    finally:
        journal.close()
