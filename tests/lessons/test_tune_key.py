"""The key of a tune whose page names none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.harmony import Key, score_key
from lessons.score import NOTE_DTYPE, RIGHT, Score, even_bars
from lessons.tune_key import key_of_tune

C, A_MINOR = (0, False), (9, True)


def tune(pitches: list[int]) -> Score:
    notes = np.zeros(len(pitches), NOTE_DTYPE)
    notes["onset_beat"], notes["pitch"] = range(len(pitches)), pitches
    notes["duration_beat"], notes["velocity"], notes["hand"] = 1, 80, RIGHT
    return Score(notes, even_bars(-(-len(pitches) // 4), 4.0))


@pytest.mark.parametrize(
    ("pitches", "key"),
    [
        ([60, 64, 67, 69, 67, 64], C),  # the sixth makes it no E minor
        ([64, 64, 65, 67, 67, 65, 64, 62], C),  # the Ode to Joy begins on the third
        ([60, 62, 64, 67, 65, 64, 62, 67], C),  # a natural fourth makes it no G major
        ([57, 60, 64], A_MINOR),
        ([57, 59, 60, 64, 62, 60, 59, 57], A_MINOR),
    ],
)
def test_a_few_bars_tell_their_key(pitches: list[int], key: tuple[int, bool]) -> None:
    score = tune(pitches)
    assert key_of_tune(score.notes, score.bars) == key
    assert score_key(score) == Key(*key)


@given(st.lists(st.integers(48, 84), min_size=1, max_size=16), st.integers(1, 11))
def test_a_tune_that_is_moved_moves_its_key(pitches: list[int], semitones: int) -> None:
    here, there = tune(pitches), tune([pitch + semitones for pitch in pitches])
    tonic, minor = key_of_tune(here.notes, here.bars)
    assert key_of_tune(there.notes, there.bars) == ((tonic + semitones) % 12, minor)
