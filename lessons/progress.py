"""How far a long piece of work is, told by whoever does it to whoever waits for it.

``told(stage, share)`` says in words what is being done, and how much of all is done, 0 to 1. It is called often, on the
thread that works. Who listens may raise `CancelledError`: then the work ends there, and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable

from lessons.errors import TutorError

Told = Callable[[str, float], None]


class CancelledError(TutorError):
    """Work that whoever waited for it has stopped."""


def unheard(_stage: str, _share: float) -> None:
    """Tell nobody."""


def part_of(told: Told, number: int, count: int, stage: str = "") -> Told:
    """Who hears of part ``number`` of so many, from 0, and tells of the whole; ``stage`` is what the part is.

    A part beyond the last one is what was not foreseen.
    """
    return lambda inner, share: told(stage or inner, min(1.0, (number + share) / count))
