"""Bars as the flags of the commands name them."""

from __future__ import annotations

from lessons.bar_names import COUNTED
from lessons.errors import InputError

BARS_HELP = f"only these bars, {COUNTED}"


def bars_of(said: str | None) -> tuple[int, int] | None:
    """Bars such as ``5-8`` or ``5``; None where none are said. Raises InputError with the flag."""
    try:
        return bars_in(said) if said is not None else None
    except ValueError:
        raise InputError(f"--bars {said}: must be two bar numbers, such as 5-8") from None


def bars_in(said: str) -> tuple[int, int]:
    """The same without the flag, also as the program writes them: ``5–8``. Raises ValueError."""
    first, dash, last = said.replace("–", "-").partition("-")
    return int(first), int(last if dash else first)
