"""Metres as the catalogue writes them, such as ``3/4``."""

from __future__ import annotations

import re

from lessons.analogy import bars_fit

METRE = re.compile(r"(\d+)/(\d+)")


def metres_fit(ours: str, theirs: str) -> bool:
    """Whether bars such as ``3/4`` can be laid over each other; an unknown metre may."""
    numbers = [numbers_of(metre) for metre in (ours, theirs) if METRE.fullmatch(metre)]
    return len(numbers) < 2 or bars_fit(numbers[0], numbers[1])


def numbers_of(metre: str) -> tuple[int, int]:
    """Beats and unit of a metre such as ``3/4``."""
    beats, unit = metre.split("/")
    return int(beats), int(unit)
