"""What a case of the conformance suite is, and what all of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tutor.glove.counting import later_by
from tutor.glove.messages import Done
from tutor.glove.rig import BrokenError, Rig

ONSET_US = 5_000
FAR_SEC = 4.0
"""So far ahead stands what must not be felt."""


@dataclass(frozen=True)
class Thoroughness:
    """How long the long cases last."""

    garbage_bytes: int = 8_000
    mutants: int = 200
    soak_sec: float = 3.0


THOROUGH = Thoroughness(garbage_bytes=1_000_000, mutants=100_000, soak_sec=600.0)
Case = Callable[[Rig, Thoroughness], dict[str, float]]
"""A case: the figures that it measured. Raises BrokenError where the glove fails, NotTriedError where it cannot try."""


def demand(kept: bool, reason: str) -> None:
    """Raise BrokenError with the reason where the glove did not keep to it."""
    if not kept:
        raise BrokenError(reason)


def on_time(rig: Rig, done: Done, asked_us: int, actuator: int) -> float:
    """How many milliseconds a motor went on after its time; broken where that is too much."""
    error_us = later_by(done.on_time, (asked_us - rig.early_us(actuator)) % (1 << 32))
    demand(abs(error_us) <= ONSET_US, f"{error_us / 1000:.1f} ms off")
    return error_us / 1000
