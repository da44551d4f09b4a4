"""Whose journal and settings a command uses: the first learner's, or those of the one that ``--learner`` names."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.config import home, journal_path
from tutor.enrolment import Enrolment


def add_learner(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--learner", metavar="NAME", help="whose journal is used (see 'learners'; default: the first)")


def folder_of(arguments: argparse.Namespace) -> Path:
    """The folder of who plays. Raises InputError for an unknown name, or where the folder is gone."""
    if arguments.learner is None:
        return home()
    enrolment = Enrolment.here()
    return enrolment.folder_of(enrolment.listed(arguments.learner))


def journal_of(arguments: argparse.Namespace) -> Path:
    """The journal that is named, or that of who plays. Raises InputError for an unknown name."""
    folder = folder_of(arguments)
    return arguments.journal or journal_path(folder)
