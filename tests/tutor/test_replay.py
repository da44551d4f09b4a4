"""A take played back: as it was played, with what the pedal held."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.performance import PEDAL_DTYPE, PLAYED_DTYPE, Performance
from tutor.replay import replayed


def heard(score):
    """Onset and length in seconds, pitch and velocity of each note as the score sounds."""
    starts = score.tempo.seconds_at(score.notes["onset_beat"])
    ends = score.tempo.seconds_at(score.notes["onset_beat"] + score.notes["duration_beat"])
    rows = zip(starts, ends - starts, score.notes["pitch"], score.notes["velocity"], strict=True)
    return [
        (pytest.approx(float(on), abs=2e-3), pytest.approx(float(length), abs=3e-3), int(p), int(v))
        for on, length, p, v in rows
    ]


def test_times_lengths_and_force_are_those_of_the_take():
    rows = [(3.0, 0.25, 60, 30), (3.13, 0.4, 64, 90), (3.9, 1.0, 67, 64)]
    score = replayed(Performance(np.array(rows, PLAYED_DTYPE)), "Mine")
    assert heard(score) == [(0.0, 0.25, 60, 30), (0.13, 0.4, 64, 90), (0.9, 1.0, 67, 64)]
    assert score.title == "Mine"


def test_the_pedal_holds_what_was_let_go_until_it_comes_up_or_the_key_is_struck_again():
    rows = [(0.0, 0.2, 60, 64), (0.5, 0.2, 64, 64), (1.0, 0.2, 60, 64), (4.0, 0.2, 72, 64)]
    pedals = [(0.1, 127), (2.0, 0), (4.1, 127)]
    take = Performance(np.array(rows, PLAYED_DTYPE), np.array(pedals, PEDAL_DTYPE))
    lengths = [length for _, length, *_ in heard(replayed(take))]
    assert lengths == [1.0, 1.5, 1.0, 0.2]


def test_silence_is_no_trouble():
    assert len(replayed(Performance(np.empty(0, PLAYED_DTYPE))).notes) == 0
