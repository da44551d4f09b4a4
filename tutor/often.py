"""Which faults have a name: what happened once is a slip, and who played nearly all right may take small liberties.

A *grave* fault (the music stopped, or was broken off) is told though it came but once. Where nearly every note was
right, a *slight* one is told only where it came `MANY` times in a bar.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from itertools import pairwise

from tutor.assessing.mistake import Degree
from tutor.evidence import Evidence
from tutor.faults import Fault, moments
from tutor.passes import CLEAN_SHARE

NEAR_BARS = 4  # within which the same fault twice is no slip
OFTEN = 3  # times anywhere
MANY = {"missing": 4, "missed": 4, "extra": 4, "hands apart": 3}  # slight ones in one bar; of time, any are an art


def often(evidence: Evidence) -> list[list[Fault]]:
    """The faults with a name, the gravest and most frequent first.

    Once is enough for what is grave; else it came again in one bar; else, of one kind, near by or three times. Three
    slips anywhere are none where nearly every note was right, nor are hands that part here and there.
    """
    nearly_right = evidence.hit_share >= CLEAN_SHARE
    told = [fault for fault in evidence.faults if fault.feature is not None]
    grave = _groups([fault for fault in told if fault.degree is Degree.GRAVE], lambda fault: fault.kind)
    others = [fault for fault in told if fault.degree is not Degree.GRAVE]
    in_a_bar = _named(_groups(others, lambda fault: (fault.bar, fault.kind)), nearly_right)
    of_a_kind = _named(_groups(others, lambda fault: fault.kind), nearly_right)
    return grave + (in_a_bar or [faults for faults in of_a_kind if _is_no_slip(faults, nearly_right)])


def telling(evidence: Evidence) -> Evidence:
    """The evidence with nothing but what has a name, where nearly every note was right; else as it is."""
    if evidence.hit_share < CLEAN_SHARE:
        return evidence
    named = {id(fault) for faults in often(evidence) for fault in faults}
    bars = (bar.only([fault for fault in bar.faults if id(fault) in named]) for bar in evidence.bars)
    return replace(evidence, bars=tuple(bars))


def _groups(faults: Iterable[Fault], place_of: Callable[[Fault], Hashable]) -> list[list[Fault]]:
    """The faults that have a place in common, the most frequent first."""
    groups: dict[Hashable, list[Fault]] = {}
    for fault in faults:
        groups.setdefault(place_of(fault), []).append(fault)
    return sorted(groups.values(), key=lambda faults: len(moments(faults)), reverse=True)


def _named(groups: Iterable[list[Fault]], nearly_right: bool) -> list[list[Fault]]:
    """The groups of what came again, and is worth a name in a take like this."""
    return [faults for faults in groups if _is_named(moments(faults), nearly_right)]


def _is_named(faults: list[Fault], nearly_right: bool) -> bool:
    plain = [fault for fault in faults if fault.degree is not Degree.SLIGHT]
    least = MANY.get(faults[0].kind, math.inf) if len({fault.bar for fault in faults}) == 1 else math.inf
    return len(faults) > 1 and (not nearly_right or len(plain) > 1 or len(faults) >= least)


def _is_no_slip(faults: list[Fault], nearly_right: bool) -> bool:
    bars = sorted(fault.bar for fault in moments(faults))
    near = any(later - sooner < NEAR_BARS for sooner, later in pairwise(bars))
    return near and faults[0].kind != "hands apart" if nearly_right else near or len(bars) >= OFTEN
