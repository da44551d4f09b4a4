"""The piece of a command: a file, and which of its parts and hands is played."""

from __future__ import annotations

import argparse
import sys

from lessons.files import read_score
from lessons.parts import named, playing
from lessons.score import Score
from tutor.practice import Hands, has_both_hands, tune_words

HANDS_HELP = "which hands play (default: both; of an instrument of one line, the right one's tune)"
PART_HELP = "what is played is this part; the others stand beside it (without this, all parts are played)"


def add_part(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--part", metavar="NAME", help=PART_HELP)


def add_hands(parser: argparse.ArgumentParser) -> None:
    """Add the flag."""
    parser.add_argument("--hands", choices=[hands.value for hands in Hands], default=None, help=HANDS_HELP)


def hands_of(said: str | None, score: Score | None, one_line: str = "") -> Hands:
    """The hands that are said; where none are, both, or the tune where ``one_line`` names an instrument of one line."""
    return Hands.RIGHT if _is_chosen(said, score, one_line) else Hands(said or Hands.BOTH)


def tell_of_hands(said: str | None, score: Score | None, one_line: str = "") -> None:
    """Say on standard error what `hands_of` chose for the player, where it did."""
    if _is_chosen(said, score, one_line):
        print(f"{tune_words(one_line)} Say --hands for another.", file=sys.stderr)


def _is_chosen(said: str | None, score: Score | None, one_line: str) -> bool:
    return said is None and bool(one_line) and score is not None and has_both_hands(score)


def open_score(path: str, part: str | None) -> Score:
    """Read a score for who plays a part. Raises FormatError for the file, InputError for a part that it has not."""
    score = read_score(path)
    return score if part is None else playing(score, named(score, part))
