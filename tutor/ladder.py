"""The ladder of tempos: 5 % up after two clean attempts, 9 % down after two failed; never under half."""

from __future__ import annotations

UP, DOWN, SLOWEST = 1.05, 0.91, 0.5
CLEAN_TO_SPEED_UP, FAILED_TO_SLOW_DOWN = 2, 2


def ladder(ratio: float, clean: int, failed: int) -> float:
    """The next tempo ratio: up after two clean attempts in a row, down after two failed, else the same."""
    if clean >= CLEAN_TO_SPEED_UP and ratio < 1.0:
        return min(1.0, round(ratio * UP, 3))
    if failed >= FAILED_TO_SLOW_DOWN:
        return max(min(SLOWEST, ratio), round(ratio * DOWN, 3))
    return ratio
