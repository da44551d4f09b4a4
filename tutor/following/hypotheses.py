"""What the follower believes, as values: one hypothesis of where the player is, and what each of its notes was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["hit", "wrong", "extra"]
Pending = tuple[tuple[int, int], ...]


@dataclass(slots=True, eq=False)
class Step:
    """What one hypothesis took one played note for; a chain through ``before``. ``gone`` was given up with it.

    ``error_sec`` is None where nobody says when the note was due.
    """

    before: Step | None
    index: int
    time_sec: float
    verdict: Verdict
    place: int
    bit: int
    error_sec: float | None
    gone: Pending
    jumped: bool


@dataclass(slots=True, eq=False)
class Hypothesis:
    """A belief: the player is at ``place``, ``left`` of its chord is still to come, and this is the pulse.

    ``pending`` are notes of earlier places that may still come; ``anchor`` is when the place began, ``last`` when its
    latest note was struck; ``coarse`` is the cost so far as the scout counts it, ``line`` the note
    of the latest jump. See `tutor.following.pulse`.
    """

    logp: float
    place: int
    left: int
    pending: Pending
    anchor: float
    last: float
    period: float
    steady: float
    settled: int
    coarse: float
    line: int
    step: Step | None
