import numpy as np
from numpy.typing import NDArray

from tutor.listen.level import LevelMeter, SoundLevel

RATE = 48000


def measured(sound: NDArray[np.float64], size: int = 256) -> SoundLevel:
    meter, said = LevelMeter(RATE), SoundLevel()
    for start in range(0, len(sound), size):
        said = meter.feed(sound[start : start + size].astype(np.float32))
    return said


def tone(amplitude: float, seconds: float) -> NDArray[np.float64]:
    return amplitude * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)


def test_the_level_of_a_tone_is_its_rms_in_db() -> None:
    assert abs(measured(tone(0.5, 1.0)).level_db + 9.03) < 0.5


def test_clipping_is_told_for_a_while_and_then_forgotten() -> None:
    loud = np.clip(tone(2.0, 0.1), -1, 1)
    assert measured(loud).clipping
    assert "too loud" in measured(np.concatenate([loud, tone(0.3, 1.0)])).notice
    assert not measured(np.concatenate([loud, tone(0.001, 3.0)])).clipping


def test_a_dead_wire_is_told_and_a_quiet_room_is_not() -> None:
    assert "Nothing is heard" in measured(np.zeros(6 * RATE)).notice
    assert measured(np.random.default_rng(0).normal(0, 0.001, 6 * RATE)).notice == ""


def test_a_loud_room_is_told_but_a_loud_note_is_not() -> None:
    rng = np.random.default_rng(0)
    assert "The room is loud" in measured(rng.normal(0, 0.05, 2 * RATE)).notice
    quiet = rng.normal(0, 0.001, RATE)
    assert measured(np.concatenate([quiet, tone(0.5, 4.0)])).notice == ""


def test_a_block_of_nothing_changes_nothing() -> None:
    assert LevelMeter(RATE).feed(np.zeros(0, np.float32)).notice == ""
