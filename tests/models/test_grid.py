"""Scores to steps and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.errors import ComposerError
from lessons.score import BAR_DTYPE, CHORD_DTYPE, METRE_DTYPE, NOTE_DTYPE, Score
from models.grid import (
    HOLD,
    PAD,
    REST,
    bar_steps,
    chord_steps,
    from_tokens,
    held_curve,
    is_on_grid,
    rhythm_of,
    to_tokens,
)


def line(rows: list[tuple[float, float, int]]) -> np.ndarray:
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch"), zip(*rows, strict=True), strict=True):
        notes[name] = column
    return notes


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[float, float, int]]:
    steps = draw(
        st.lists(st.tuples(st.integers(0, 4), st.integers(1, 8), st.integers(0, 127)), min_size=1, max_size=12)
    )
    rows, now = [], 0
    for rest, length, pitch in steps:
        rows.append(((now + rest) / 4, length / 4, pitch))
        now += rest + length
    return rows


@given(lines(), st.integers(-8, 8))
def test_a_line_survives_the_way_to_tokens_and_back(rows: list[tuple[float, float, int]], start: int) -> None:
    moved = [(onset + start, duration, pitch) for onset, duration, pitch in rows]
    steps = int(4 * (rows[-1][0] + rows[-1][1]))
    assert from_tokens(to_tokens(line(moved), float(start), steps), float(start)).tolist() == [
        list(row) for row in moved
    ]


def test_triplets_are_refused_and_not_bent() -> None:
    triplets = line([(0, 1 / 3, 60), (1 / 3, 1 / 3, 62), (2 / 3, 1 / 3, 64)])
    assert not is_on_grid(triplets)
    with pytest.raises(ComposerError, match="triplets"):
        to_tokens(triplets, 0.0, 16)


def test_a_note_tied_into_the_window_is_held_from_its_start() -> None:
    assert to_tokens(line([(-1, 2, 60), (1, 1, 62)]), 0.0, 8).tolist() == [HOLD] * 4 + [62] + [HOLD] * 3


def test_a_rest_keeps_the_curve_and_the_start_takes_the_first_pitch() -> None:
    assert held_curve(np.array([REST, 60, HOLD, REST, 64, PAD])).tolist() == [60, 60, 60, 60, 64, 64]
    assert held_curve(np.array([REST, HOLD]), default=55).tolist() == [55, 55]


def test_a_rhythm_has_no_pitch() -> None:
    assert rhythm_of(np.array([60, HOLD, REST, PAD, 61])).tolist() == [0, 1, 2, 3, 0]


def test_chords_are_looked_up_step_by_step() -> None:
    chords = np.array([(0.0, 1.0, 0, 145, 0), (1.0, 2.0, 7, 2180, 11)], dtype=CHORD_DTYPE)
    steps = chord_steps(chords, 0.5, 8)
    assert steps.root.tolist() == [0, 0, 7, 7, 7, 7, -1, -1]
    assert steps.bass.tolist() == [0, 0, 11, 11, 11, 11, -1, -1]


@pytest.mark.parametrize(("metre", "steps"), [((4, 4), 16), ((3, 4), 12), ((6, 8), 12), ((2, 4), 8)])
def test_common_metres_fit(metre: tuple[int, int], steps: int) -> None:
    assert bar_steps(score_in(metre)) == steps


def test_a_metre_too_long_for_a_segment_is_refused() -> None:
    with pytest.raises(ComposerError, match="11/8"):
        bar_steps(score_in((11, 8)))


def score_in(metre: tuple[int, int]) -> Score:
    bars = np.array([(1, 1, 0.0, metre[0] * 4 / metre[1])], dtype=BAR_DTYPE)
    return Score(line([(0, 1, 60)]), bars, np.array([(0.0, *metre)], dtype=METRE_DTYPE))
