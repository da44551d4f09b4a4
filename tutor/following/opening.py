"""The first note of a take where it is not what was expected: rather a wrong or a stray key than another place.

Who really begins elsewhere is believed after a few notes that fit there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.following.beam import Beam
from tutor.following.hypotheses import Hypothesis, Step, Verdict


def slips(
    beam: Beam, starts: Iterable[tuple[int, float]], pitch: int, now_sec: float, period_sec: float
) -> Iterator[Hypothesis]:
    """What a first note may be at each of ``starts``, (place, cost of beginning there), that has it not."""
    places, costs = beam.places, beam.costs
    for place, cost in starts:
        full = places.full[place]
        if pitch in places.bits[place]:
            continue
        meant, wrong = beam.meant(places.bits[place], full, pitch)
        yield _begun(cost + wrong, place, "wrong", meant, full & ~meant, now_sec, period_sec)
        yield _begun(cost + costs.false_start, place, "extra", 0, full, now_sec, period_sec)


def _begun(
    cost: float, place: int, verdict: Verdict, bit: int, left: int, now_sec: float, period_sec: float
) -> Hypothesis:
    step = Step(None, 0, now_sec, verdict, place, bit, None, (), True)
    return Hypothesis(cost, place, left, (), now_sec, now_sec, period_sec, period_sec, 0, cost, -1, step)
