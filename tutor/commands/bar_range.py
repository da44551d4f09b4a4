"""Bars as the flags of the commands name them."""

from __future__ import annotations

from lessons.bar_names import COUNTED
from lessons.errors import InputError

BARS_HELP = f"only these bars, {COUNTED}"


def bars_of(said: str | None) -> tuple[int, int] | None:
    """Bars such as ``5-8`` or ``5``; None where none are said. Raises InputError with the flag."""
    if said is None:
        return None
    first, dash, last = said.replace("–", "-").partition("-")
    try:
        return int(first), int(last if dash else first)
    except ValueError:
        raise InputError(f"--bars {said}: must be two bar numbers, such as 5-8") from None
