"""By how much the level of one line dips about a moment: a breath, a consonant, a bow that turns."""

from __future__ import annotations

import numpy as np

from tutor.listen.periodicity import Values

DIP_SEC, BEFORE_SEC, AFTER_SEC = (-0.07, 0.05), (-0.17, -0.05), (0.0, 0.13)
SMOOTH_HOPS, LOUD = 5, 75.0
SWAY_RISE_DB_SEC = 110.0  # as fast a flutter rises at most
LEAST_RISE_DB_SEC = 140.0  # of one that nobody wrote; nearly all strikes rise by more than 170
SWAY_HOPS, RANGE, STEEP = 3, (5, 95), 98  # percentiles of what varies
LEAST_DIP_DB = 1.8  # of a tone that surely begins anew; most flutters are shallower
PLAIN_DIP_DB = 4.0  # of one that nobody wrote; flutes flutter up to 3.4, and tongue with 5 and more


def dip_db(levels: Values, hop: int, hop_sec: float) -> float:
    """The dip about a hop against what is softer of before and after, in dB; ``levels`` in dB, shape (hops,)."""
    lowest, before, after = (_part(levels, hop, hop_sec, *span) for span in (DIP_SEC, BEFORE_SEC, AFTER_SEC))
    if not (len(lowest) and len(before) and len(after)):
        return 0.0
    power, count = 10 ** (lowest / 10), min(SMOOTH_HOPS, len(lowest))
    smooth = np.convolve(power, np.ones(count) / count, "valid")
    edge = min(float(np.percentile(before, LOUD)), float(np.percentile(after, LOUD)))
    return edge - 10 * float(np.log10(smooth.min() + 1e-12))


def rise_db_sec(levels: Values, hop: int, hop_sec: float) -> float:
    """How fast the level rises about a hop where it does so most, in dB a second; ``levels`` as for `dip_db`."""
    near = _swayed(_part(levels, hop, hop_sec, *DIP_SEC))
    return float(np.diff(near).max()) / hop_sec if len(near) > 1 else float("inf")


def steepness(levels: Values, period_hops: float) -> float:
    """How steeply a level, in dB hop by hop, rises where it does so most, against a sine of its range and period."""
    smooth = _swayed(levels)
    if len(smooth) < 2:
        return float("inf")
    lowest, highest = np.percentile(smooth, RANGE)
    return float(np.percentile(np.diff(smooth), STEEP) * period_hops / (np.pi * (highest - lowest) + 1e-9))


def _swayed(levels: Values) -> Values:
    """The levels, each the mean of a few hops; none where there are too few."""
    return np.convolve(levels, np.ones(SWAY_HOPS) / SWAY_HOPS, "valid") if len(levels) >= SWAY_HOPS else levels[:0]


def _part(levels: Values, hop: int, hop_sec: float, first_sec: float, end_sec: float) -> Values:
    first, end = (max(0, hop + round(seconds / hop_sec)) for seconds in (first_sec, end_sec))
    return levels[first:end]
