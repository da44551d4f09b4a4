"""The lanes of the keys: whole, in order, and found again under the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.practice.lanes import LEAST_KEYS, is_white, lanes, lanes_for


@given(st.lists(st.integers(0, 127), min_size=1, max_size=20))
def test_lanes_hold_every_pitch_of_a_piece(pitches):
    found = lanes_for(np.array(pitches, np.int16))
    assert all(pitch in found.pitches for pitch in pitches)
    assert is_white(found.low)
    assert is_white(found.high)


@given(st.lists(st.integers(40, 80), min_size=1, max_size=20))
def test_there_are_at_least_four_octaves(pitches):
    assert len(lanes_for(np.array(pitches, np.int16)).pitches) >= LEAST_KEYS


def test_white_keys_fill_the_width_side_by_side():
    found = lanes(21, 108)
    whites = [pitch for pitch in found.pitches if is_white(pitch)]
    assert len(whites) == 52
    assert found.left[whites].tolist() == pytest.approx((np.arange(52) / 52).tolist())
    assert found.width[whites] == pytest.approx(1 / 52)


@given(st.integers(36, 83))
def test_every_key_is_found_under_its_own_middle(pitch):
    found = lanes(36, 84)
    middle = found.left[pitch] + found.width[pitch] / 2
    assert found.pitch_at(middle, 0.9 if is_white(pitch) else 0.3) == pitch
