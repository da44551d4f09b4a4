"""The player's pulse as one hypothesis sees it: when the next notes are due, and what a deviation costs.

An oscillator with an anchor (when the present place began, smoothed) and a period (seconds for a beat). A note of a
later place corrects both by a share of its deviation; a hesitation moves the anchor and leaves the period.
"""

from __future__ import annotations

from math import exp, log

from tutor.following.costs import Costs

SLOWEST_PERIOD, FASTEST_PERIOD = 6.0, 0.06
HESITATION = 0.6  # an interval longer by this (natural logarithm of the ratio) is a pause, not a tempo
ANCHOR_SHARE = 0.75
PERIOD_SHARE = 0.30
SHORT_SEC = 0.12  # intervals around this length say little about tempo


def gap_cost(gap_sec: float, due_sec: float, settled: int, costs: Costs) -> float:
    """The cost of an interval of ``gap_sec`` where ``due_sec`` was expected, after ``settled`` intervals."""
    jitter = costs.jitter_sec
    deviation = log((max(gap_sec, 0.0) + jitter) / (due_sec + jitter))
    deviation /= costs.tempo_sigma + costs.tempo_sigma_first / (1 + settled)
    if deviation < 0.0:
        return max(costs.early_worst, -costs.early_weight * log(1.0 + deviation * deviation))
    return max(costs.pause_worst, -log(1.0 + deviation * deviation))


def spread_cost(gap_sec: float, graced: bool, costs: Costs) -> float:
    """The cost of a note of the present chord that comes ``gap_sec`` after the one before."""
    over = gap_sec - costs.chord_sec
    if over <= 0.0:
        return 0.0
    return max(costs.spread_worst, -over / (costs.grace_sec if graced else costs.spread_sec))


def moved(anchor: float, period: float, settled: int, time_sec: float, beats: float) -> tuple[float, float, int]:
    """Anchor, period and number of intervals after a note ``beats`` on, struck at ``time_sec``."""
    due = period * beats
    gap = max(time_sec - anchor, 1e-3)
    deviation = log(gap / due)
    if settled > 1 and deviation > HESITATION:
        return time_sec, period, max(2, settled - 1)
    if settled > 1:
        deviation = max(deviation, -HESITATION)
    share = max(PERIOD_SHARE, 1.0 / (1 + settled)) * due / (due + SHORT_SEC)
    period = min(SLOWEST_PERIOD, max(FASTEST_PERIOD, period * exp(share * deviation)))
    return anchor + due + ANCHOR_SHARE * (gap - due), period, min(settled + 1, 8)
