"""How much later a touch is felt than it was meant: the learner taps along with a row of pulses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PULSES, GAP_SEC, FIRST_SEC = 12, 0.6, 1.2
LEAST_TAPS = 6
WIDEST_SEC = 0.28
ANTICIPATION_SEC = 0.03
"""People tap a little before what they tap along with; about so much (Repp 2005)."""


def pulse_times(now_sec: float) -> list[float]:
    """When the pulses of a test are meant to be felt."""
    return [now_sec + FIRST_SEC + number * GAP_SEC for number in range(PULSES)]


def felt_lag_ms(pulses: Sequence[float], taps: Sequence[float]) -> float | None:
    """By how many milliseconds the touch is felt late; None where too few taps went along.

    Each tap counts for the pulse nearest to it; the median passes over single slips.
    """
    if not pulses or not taps:
        return None
    gaps = np.subtract.outer(np.asarray(taps), np.asarray(pulses))
    nearest = gaps[np.arange(len(taps)), np.abs(gaps).argmin(axis=1)]
    along = nearest[np.abs(nearest) <= WIDEST_SEC]
    if len(along) < LEAST_TAPS:
        return None
    return float(1000 * (np.median(along) + ANTICIPATION_SEC))
