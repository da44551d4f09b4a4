"""What was sounded lately, found again by when it was rendered."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.listen.playback import KEPT_SEC, LEAST_STAMPS, Playback

RATE, BLOCK = 48000, 256


def wave(at_sec: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sin(2 * np.pi * 440 * at_sec) + 0.5 * np.sin(2 * np.pi * 3000 * at_sec)


def filled(seconds: float, late: bool = False) -> Playback:
    """A playback from stamp 5.0 on, each block of which may have been kept waiting."""
    playback, rng = Playback(RATE), np.random.default_rng(1)
    for start in range(0, round(seconds * RATE), BLOCK):
        block = wave((start + np.arange(BLOCK)) / RATE)
        playback.add(
            np.stack([block, block], axis=1).astype(np.float32), 5 + start / RATE + late * rng.exponential(0.01)
        )
    return playback


def test_a_frame_is_found_by_its_stamp_however_late_blocks_were() -> None:
    frame = filled(2.0, late=True).frame_at(6.0)
    assert frame == pytest.approx(RATE, abs=0.001 * RATE)


@pytest.mark.parametrize(("rate", "worst"), [(48000, 1e-6), (44100, 2e-3), (16000, 2e-3)])
def test_its_sound_is_had_at_any_rate(rate: int, worst: float) -> None:
    sound = filled(2.0).sound(1000.0, 512, rate)
    np.testing.assert_allclose(sound, wave(1000 / RATE + np.arange(512) / rate), atol=worst)


def test_what_was_not_rendered_yet_or_is_long_past_is_silence() -> None:
    playback = filled(KEPT_SEC + 1)
    end = round((KEPT_SEC + 1) * RATE) // BLOCK * BLOCK + BLOCK
    assert not playback.sound(end, 512, RATE).any()
    assert not playback.sound(0.0, 512, RATE).any()
    assert playback.sound(end - 512, 512, RATE).any()


def test_nobody_knows_when_it_was_rendered_before_there_are_stamps_enough() -> None:
    playback = filled((LEAST_STAMPS - 1) * BLOCK / RATE)
    assert playback.frame_at(5.0) is None
    playback.add(np.zeros((BLOCK, 2), np.float32), 5 + (LEAST_STAMPS - 1) * BLOCK / RATE)
    assert playback.frame_at(5.0) == pytest.approx(0, abs=1)


def test_after_it_ran_dry_only_what_came_since_counts() -> None:
    playback = filled(1.0)
    playback.broke_off()
    assert playback.frame_at(6.0) is None
    for count in range(LEAST_STAMPS):
        playback.add(np.zeros((BLOCK, 2), np.float32), 7.0 + count * BLOCK / RATE)
    assert playback.frame_at(7.0) == pytest.approx(-(-RATE // BLOCK) * BLOCK, abs=1)
    assert playback.sound(1000.0, 8, RATE).any()  # the sound itself is kept
