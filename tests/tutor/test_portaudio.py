"""What is there for sound, told by a process of its own, and what becomes of streams when this one looks anew."""

from __future__ import annotations

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lessons.errors import DeviceError
from tutor.devices import portaudio
from tutor.devices.portaudio import (
    INPUT,
    OUTPUT,
    Devices,
    Lookout,
    devices_known,
    devices_there,
    let_go,
    look_anew,
    started,
)

DESK = {"name": "Desk", "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 48000.0}
DESK |= {"default_low_input_latency": 0.01}


class FakeAudio:
    """A PortAudio that knows nothing while it looks for devices anew, and finds what is plugged in when it does.

    So often as ``broken`` says it cannot begin again.
    """

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self) -> None:
        self.is_up, self.looks, self.broken = True, 0, 0
        self.plugged: list[dict[str, Any]] = [DESK]
        self._known = list(self.plugged)

    def query_devices(self, kind: str | None = None) -> Any:
        if not self.is_up:
            raise RuntimeError("PortAudio not initialized")
        return self._known[0] if kind else self._known

    def _terminate(self) -> None:
        if not self.is_up:
            raise self.PortAudioError("PortAudio not initialized")
        self.is_up = False
        time.sleep(0.02)

    def _initialize(self) -> None:
        if self.broken:
            self.broken -= 1
            raise self.PortAudioError("the host's own error")
        self.is_up, self.looks, self._known = True, self.looks + 1, list(self.plugged)


class Stream:
    """A stream that counts how often it is closed, and may hang over that, or not start."""

    def __init__(self, hangs: threading.Event | None = None, starts: bool = True):
        self.closed, self._hangs, self._starts = 0, hangs, starts

    def start(self) -> None:
        if not self._starts:
            raise OSError("the device is taken")

    def close(self) -> None:
        self.closed += 1
        if self._hangs:
            self._hangs.wait(60)


@pytest.fixture
def audio(monkeypatch: pytest.MonkeyPatch) -> FakeAudio:
    made = FakeAudio()
    monkeypatch.setattr(portaudio, "portaudio", lambda: made)
    monkeypatch.setattr(portaudio, "OPEN", [])
    monkeypatch.setattr(portaudio, "HANGING", [])
    return made


def test_nobody_asks_for_devices_while_they_are_looked_for_anew(audio: FakeAudio) -> None:
    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look_anew) for _ in range(3)]
        asked = [pool.submit(devices_known, INPUT) for _ in range(9)]
        assert {one.result() for one in asked} == {Devices(("Desk",), "Desk", 48000.0, 0.01)}
        assert all(one.result() for one in looks)


def test_a_stream_is_closed_once_however_many_let_it_go(audio: FakeAudio) -> None:
    stream = started(Stream())
    look_anew()
    let_go(stream)
    assert (stream.closed, audio.looks) == (1, 1)


def test_a_stream_that_does_not_start_is_closed(audio: FakeAudio) -> None:
    stream = Stream(starts=False)
    with pytest.raises(OSError, match="taken"):
        started(stream)
    assert (stream.closed, portaudio.OPEN) == (1, [])


def test_while_a_driver_hangs_over_a_stream_nobody_looks_anew(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio, "CLOSE_SEC", 0.05)
    released = threading.Event()
    started(Stream(released))
    assert not look_anew()
    other = started(Stream())
    assert not look_anew()
    assert (audio.looks, other.closed) == (0, 0)
    released.set()
    portaudio.HANGING[0].join()
    assert look_anew()
    assert (audio.looks, other.closed) == (1, 1)


def test_where_audio_cannot_begin_again_that_is_a_device_error_and_the_next_look_helps(audio: FakeAudio) -> None:
    audio.broken = 1
    with pytest.raises(DeviceError, match="no audio: the host's own error"):
        look_anew()
    assert look_anew()
    assert devices_known(INPUT).names == ("Desk",)


def test_a_lookout_looks_anew_at_first_and_then_only_for_other_devices(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {INPUT: Devices(("Built in",), "Built in")}
    monkeypatch.setattr(portaudio, "told_by_a_fresh_process", lambda: dict(told))
    lookout = Lookout(INPUT)
    assert [lookout.looked(), lookout.looked()] == [True, False]
    told[INPUT] = Devices(("Desk",), "Desk")
    assert [lookout.looked(), lookout.looked(), audio.looks] == [True, False, 2]


def test_for_a_loudspeaker_that_is_nowhere_no_microphone_is_interrupted(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {INPUT: Devices(("Desk",), "Desk"), OUTPUT: Devices()}
    monkeypatch.setattr(portaudio, "told_by_a_fresh_process", lambda: told)
    microphone = started(Stream())
    assert not Lookout(OUTPUT).looked()
    assert microphone.closed == 0
    assert Lookout(INPUT).looked()


def test_where_no_other_process_can_tell_what_this_one_knows_is_there(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_how: object) -> None:
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(subprocess, "run", broken)
    assert devices_there(INPUT).names == ("Desk",)
    assert not Lookout(INPUT).looked()
