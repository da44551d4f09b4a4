"""The piece of a command: a file, and which of its parts and hands is played."""

from __future__ import annotations

import argparse
import sys

import numpy as np

from lessons.files import read_score
from lessons.parts import for_pianist, named, playing
from lessons.score import Score
from tutor.practice import Hands, has_both_hands, tune_words

HANDS_HELP = "which hands play (default: both; of an instrument of one line, the right one's tune)"
PART_HELP = "what is played is this part, the others beside it (without this, all; in practise and assess, a piano's)"


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


def open_for_pianist(path: str, part: str | None) -> Score:
    """The same; where no part is named and some stand beside a piano, the pianist's, said on standard error."""
    score = open_score(path, part)
    if part is not None or (mine := for_pianist(score)) is score:
        return score
    played = {mine.part_names[number] for number in np.unique(mine.notes["part"]).tolist()}
    print(f"Of its parts the piano's is played ({', '.join(sorted(played))}). Say --part for another.", file=sys.stderr)
    return mine
