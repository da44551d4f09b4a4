"""Which faults came often enough to have a name: what happened once is a slip."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import pairwise

from tutor.evidence import Evidence, Fault
from tutor.reasons import moments

NEAR_BARS = 4  # within which the same fault twice is no slip
OFTEN = 3  # times anywhere


def often(evidence: Evidence) -> list[list[Fault]]:
    """The faults that came again, the most frequent first: in one bar; else of one kind near by, or three times."""
    in_a_bar = _groups(evidence, lambda fault: (fault.bar, fault.kind))
    return in_a_bar or [faults for faults in _groups(evidence, lambda fault: fault.kind) if _is_no_slip(faults)]


def _groups(evidence: Evidence, place_of: Callable[[Fault], Hashable]) -> list[list[Fault]]:
    """The faults that have a place in common more than once, the most frequent first."""
    groups: dict[Hashable, list[Fault]] = {}
    for fault in evidence.faults:
        if fault.feature is not None and not (fault.hand and fault.hand == evidence.silent_hand):
            groups.setdefault(place_of(fault), []).append(fault)
    return sorted((faults for faults in groups.values() if moments(faults) > 1), key=moments, reverse=True)


def _is_no_slip(faults: list[Fault]) -> bool:
    bars = sorted(fault.bar for fault in faults)
    near = any(later - sooner < NEAR_BARS for sooner, later in pairwise(bars))
    return moments(faults) >= OFTEN or near
