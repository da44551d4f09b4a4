"""The delay of the microphone is found by clicks that are heard again."""

from collections.abc import Callable

import numpy as np
import pytest

from lessons.errors import DeviceError
from tutor.commands.parts import MakeListener
from tutor.events import Inbox
from tutor.listen.delay import measured_delay
from tutor.listen.level import SoundLevel
from tutor.synth import SilentSynth

RATE, START_SEC = 48000, 50.0


class Loop:
    """A loudspeaker before a microphone, with a clock of its own; the sound comes ``late_sec`` after the call."""

    name, level = "Loop", SoundLevel()

    def __init__(self, late_sec: float, loudness: float, noise: float = 0.001, taps: tuple[float, ...] = ()):
        self.now, self._late, self._loudness, self._noise = START_SEC + 0.3, late_sec, loudness, noise
        self._struck: list[float] = []
        self._taps = taps

    def open(self, _wanted: str, make: MakeListener, _inbox: Inbox) -> "Loop":
        self._listener = make(RATE, START_SEC)
        return self

    def click(self, _accent: bool) -> None:
        self._struck.append(self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def close(self) -> None:
        sound = np.random.default_rng(0).normal(0, self._noise, round((self.now - START_SEC) * RATE))
        for at in self._struck:
            first = round((at + self._late - START_SEC) * RATE)
            sound[first : first + 1000] += self._loudness * np.exp(-np.arange(1000) / 200)
        for at in self._taps:
            sound[round(at * RATE) :][:1000] += 0.3 * np.exp(-np.arange(1000) / 200)
        self._listener.feed(sound.astype(np.float32))


def measured(loop: Loop) -> float:
    synth = SilentSynth()
    synth.click = loop.click  # type: ignore[method-assign]
    clock: Callable[[], float] = lambda: loop.now  # noqa: E731
    return measured_delay("", loop.open, synth, clock, loop.sleep)


@pytest.mark.parametrize("late_sec", [0.012, 0.087, 0.31])
def test_a_known_delay_is_found_to_the_millisecond(late_sec: float) -> None:
    assert measured(Loop(late_sec, 0.2)) == pytest.approx(late_sec, abs=0.001)


def test_a_click_in_a_noisy_room_is_found_too() -> None:
    assert measured(Loop(0.05, 0.5, noise=0.02)) == pytest.approx(0.05, abs=0.002)


def test_who_hears_no_click_is_told_what_to_do() -> None:
    with pytest.raises(DeviceError, match="take headphones off"):
        measured(Loop(0.05, 0.0))


def test_somebody_who_taps_on_the_table_is_not_taken_for_the_clicks() -> None:
    with pytest.raises(DeviceError, match="keep still"):
        measured(Loop(0.05, 0.0, taps=(0.83, 1.41, 2.1, 2.29, 2.95)))


def test_a_tap_beside_the_clicks_does_not_change_the_delay() -> None:
    assert measured(Loop(0.05, 0.2, taps=(0.72, 1.72))) == pytest.approx(0.05, abs=0.001)
