"""The player's pulse as one hypothesis sees it: when the next notes are due, and what a deviation costs.

An oscillator with an anchor (when the present place began, smoothed) and a period (seconds for a beat). A note of a
later place corrects both by a share of its deviation; a hesitation moves the anchor and leaves the period. A second,
slower period (``steady``) remembers the tempo before a ritardando, for the return to it.
"""

from __future__ import annotations

from math import exp, log

from tutor.following.costs import Costs

SLOWEST_PERIOD, FASTEST_PERIOD = 6.0, 0.06
HESITATION = 0.6  # an interval longer by this (natural logarithm of the ratio) is a pause, not a tempo
MOST_SETTLED = 12
SHORT_SEC = 0.12  # intervals around this length say little about tempo


def timing_cost(gap_sec: float, beats: float, period: float, steady: float, settled: int, costs: Costs) -> float:
    """The cost of moving ``beats`` on in ``gap_sec``, at the latest tempo or back at the steady one."""
    cost = gap_cost(gap_sec, beats * period, settled, costs)
    if cost > costs.a_tempo:
        return cost
    return max(cost, costs.a_tempo + gap_cost(gap_sec, beats * steady, settled, costs))


def gap_cost(gap_sec: float, due_sec: float, settled: int, costs: Costs) -> float:
    """The cost of an interval of ``gap_sec`` where ``due_sec`` was expected, after ``settled`` intervals."""
    jitter = costs.jitter_sec
    deviation = log((max(gap_sec, 0.0) + jitter) / (due_sec + jitter))
    vague = 1.0 + costs.tempo_vague / (1 + settled)
    deviation /= costs.tempo_sigma * vague
    if deviation < 0.0:
        return max(costs.early_worst, -costs.early_weight * log(1.0 + deviation * deviation)) - log(vague)
    return max(costs.pause_worst, -log(1.0 + deviation * deviation)) - log(vague)


def spread_cost(gap_sec: float, graced: bool, costs: Costs) -> float:
    """The cost of a note of the present chord that comes ``gap_sec`` after the one before."""
    over = gap_sec - costs.chord_sec
    if over <= 0.0:
        return 0.0
    return max(costs.spread_worst, -over / (costs.grace_sec if graced else costs.spread_sec))


def moved(
    anchor: float, period: float, steady: float, settled: int, time_sec: float, beats: float, costs: Costs
) -> tuple[float, float, float, int]:
    """Anchor, period, steady period and number of intervals after a note ``beats`` on, struck at ``time_sec``."""
    due = period * beats
    gap = max(time_sec - anchor, 1e-3)
    deviation = log(gap / due)
    if settled > 1 and deviation > HESITATION:
        return time_sec, period, steady, max(2, settled - 1)
    if settled > 1:
        deviation = max(deviation, -HESITATION)
    share = max(costs.period_share, 1.0 / (1 + settled)) * due / (due + SHORT_SEC)
    period = min(SLOWEST_PERIOD, max(FASTEST_PERIOD, period * exp(share * deviation)))
    steady *= exp(max(costs.steady_share, 1.0 / (1 + settled)) * log(period / steady))
    return anchor + due + costs.anchor_share * (gap - due), period, steady, min(settled + 1, MOST_SETTLED)
