"""Shares as people read them: "88 %"."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share of one, in whole hundredths."""
    return f"{100 * share:.0f} %"
