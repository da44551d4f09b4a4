"""The piece of a command: a file, and which of its parts and hands is played."""

from __future__ import annotations

import argparse

from lessons.files import read_score
from lessons.parts import named, playing
from lessons.score import Score
from tutor.practice import Hands

HANDS_HELP = "which hands play (default: both)"
PART_HELP = "what is played is this part; the others stand beside it (without this, all parts are played)"


def add_part(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--part", metavar="NAME", help=PART_HELP)


def add_hands(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--hands", choices=[hands.value for hands in Hands], default=Hands.BOTH, help=HANDS_HELP)


def open_score(path: str, part: str | None) -> Score:
    """Read a score for who plays a part. Raises FormatError for the file, InputError for a part that it has not."""
    score = read_score(path)
    return score if part is None else playing(score, named(score, part))
