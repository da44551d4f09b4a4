"""Bars bent by known figures."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.library import shelf
from models.figures import bar_groups, cadences, passing, vary_curve
from models.line import cut_overlaps, line_mask
from models.measures import repeats


def test_a_bar_that_moves_is_never_bent_flat() -> None:
    piece = shelf.load("schumann-melody")
    line = cut_overlaps(piece.notes[line_mask(piece)])
    first = slice(0, 4)  # E D C B
    for seed in range(40):
        curve = vary_curve(piece, line, 0.5, [seed])[first]
        assert np.ptp(curve) >= 3


def test_a_note_struck_again_leads_to_the_next_one() -> None:
    again = np.array([False, True, False, True, False])
    assert passing(np.array([60, 60, 64, 64, 64]), again).tolist() == [60, 62, 64, 66, 64]


def test_repeats_are_counted_in_the_line() -> None:
    assert repeats(shelf.load("schumann-melody")) < 0.05 < repeats(shelf.load("lavenders-blue"))


@pytest.mark.parametrize("bar", [4, 8, 16])
def test_a_phrase_closes_on_a_short_note_before_a_rest_or_an_upbeat(bar: int) -> None:
    piece = shelf.load("schumann-wild-horseman")  # bars 4 and 8 rest before an upbeat, bar 16 rests
    line = cut_overlaps(piece.notes[line_mask(piece)])
    groups = bar_groups(piece, line)
    closing = {
        int(piece.bar_numbers_at(line["onset_beat"][groups[place][0]])) for place in cadences(piece, line, groups)
    }
    assert bar in closing


def test_a_phrase_that_runs_on_does_not_close() -> None:
    piece = shelf.load("bach-prelude-c")
    line = cut_overlaps(piece.notes[line_mask(piece)])
    groups = bar_groups(piece, line)
    assert len(cadences(piece, line, groups)) < len(groups) / 8
