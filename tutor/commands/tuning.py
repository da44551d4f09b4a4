"""What A is tuned to, as the flag of the commands that hear sound says it."""

from __future__ import annotations

import argparse

from tutor.listen.tuning import A4_HERTZ, known_a4


def add_a4(parser: argparse.ArgumentParser, otherwise: str) -> None:
    """Add the flag; what holds without it is said ``otherwise``."""
    words = f"what A is tuned to, {A4_HERTZ[0]:g} to {A4_HERTZ[1]:g} Hz, such as 415 (default: {otherwise})"
    parser.add_argument("--a4", metavar="HZ", type=float, help=words)


def a4_of(arguments: argparse.Namespace) -> float | None:
    """What A is tuned to in hertz, None where nobody says. Raises InputError where nobody tunes so."""
    return known_a4(arguments.a4) if arguments.a4 is not None else None
