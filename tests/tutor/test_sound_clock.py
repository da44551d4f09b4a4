"""Times counted by a sound card that is a little fast or slow."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.devices.microphone import GAP_SEC
from tutor.listen.sound_clock import SoundClock

RATE, BLOCK, START = 48000, 512, 1000.0


def hour(parts_per_million: float, lost_at: int = -1, seconds: float = 3600.0):
    """A stream of blocks that come up to 40 ms late: the clock, (true second, error, missing) of each tenth block."""
    rng = np.random.default_rng(7)
    clock, frames, seen = SoundClock(START, RATE), 0, []
    for number in range(int(seconds * RATE / BLOCK)):
        frames += BLOCK
        true = START + frames / (RATE * (1 + parts_per_million * 1e-6)) + (0.3 if 0 <= lost_at <= number else 0.0)
        stamp = true + rng.exponential(0.008)
        missing = clock.missing_sec(stamp, frames)
        clock.take_in(stamp, frames)
        if number % 10 == 0:
            seen.append((true - START, START + frames / RATE + clock.late_sec - true, missing))
    return np.array(seen)


@pytest.mark.parametrize("parts_per_million", [-100.0, -50.0, 0.0, 50.0, 100.0])
def test_an_hour_later_times_are_still_true_and_nothing_is_missing(parts_per_million):
    _, error, missing = hour(parts_per_million).T
    assert np.abs(error).max() < 0.004
    assert missing.max() < GAP_SEC


def test_sound_that_did_not_come_is_missed_though_the_card_drifts():
    _, _, missing = hour(50.0, lost_at=50_000, seconds=600.0).T
    assert missing[: 50_000 // 10].max() < GAP_SEC
    assert missing[50_000 // 10 + 1] == pytest.approx(0.3, abs=0.05)


def test_a_burst_is_no_drift():
    clock = SoundClock(START, RATE)
    for number in range(1, 100):
        clock.take_in(START + 0.01, number * BLOCK)
    assert abs(clock.late_sec) < 1e-3
