"""Where else somebody plays while the score waits."""

from __future__ import annotations

import numpy as np

from tutor.elsewhere import WATCHED, Elsewhere

BARS = 10 * WATCHED


def watched() -> Elsewhere:
    """A very long tune that has each of eight keys once a bar, in an order that is the bar's own."""
    rng = np.random.default_rng(5)
    return Elsewhere([(int(key),) for _ in range(BARS) for key in rng.permutation(np.arange(60, 68))])


def test_a_key_of_a_very_long_piece_is_looked_for_near_by() -> None:
    elsewhere = watched()
    elsewhere.strike(60, awaited=False, here=4 * BARS)
    places = [run.place - 1 for run in elsewhere._runs]
    assert len(places) == 2 * WATCHED
    assert min(places) > 4 * BARS - 8 * (WATCHED + 1)
    assert max(places) < 4 * BARS + 8 * (WATCHED + 1)


def test_who_plays_scores_of_bars_further_on_is_found() -> None:
    elsewhere = watched()
    there = 8 * (WATCHED - 10)
    for place in range(there, there + 6):
        (key,) = elsewhere._onsets[place]
        elsewhere.strike(key, awaited=False, here=0)
    assert elsewhere.believed(0) == there + 6


def test_at_the_ends_of_a_piece_all_keys_near_by_are_looked_for() -> None:
    elsewhere = watched()
    elsewhere.strike(60, awaited=False, here=8 * BARS)
    assert len(elsewhere._runs) == WATCHED
