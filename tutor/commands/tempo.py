"""The tempo as the flags of all commands name it: a ratio to the written tempo, or a percentage of it."""

from __future__ import annotations

import argparse

MOST_RATIO = 3.0  # what is above it is a percentage


def add_tempo(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the flag; its value is a ratio."""
    words = f"{what} the written tempo, as a ratio (0.8) or in percent (80): above {MOST_RATIO:g} it is percent"
    parser.add_argument("--tempo", type=tempo, default=1.0, metavar="TEMPO", help=words)


def tempo(said: str) -> float:
    """The ratio to the written tempo. Raises ValueError for what is no number."""
    value = float(said)
    return value / 100 if value > MOST_RATIO else value
