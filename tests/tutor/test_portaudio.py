"""What is there for sound, told by a process of its own, and what becomes of streams when this one looks anew."""

from __future__ import annotations

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tutor.devices import portaudio
from tutor.devices.portaudio import INPUT, Devices, Lookout, devices_known, devices_there, keep, let_go, look_anew

DESK = {"name": "Desk", "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 48000.0}
DESK |= {"default_low_input_latency": 0.01}


class FakeAudio:
    """A PortAudio that knows nothing while it looks for devices anew, and finds what is plugged in when it does."""

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self) -> None:
        self.is_up, self.looks = True, 0
        self.plugged: list[dict[str, Any]] = [DESK]
        self._known = list(self.plugged)

    def query_devices(self, kind: str | None = None) -> Any:
        if not self.is_up:
            raise RuntimeError("PortAudio not initialized")
        return self._known[0] if kind else self._known

    def _terminate(self) -> None:
        self.is_up = False
        time.sleep(0.02)

    def _initialize(self) -> None:
        self.is_up, self.looks, self._known = True, self.looks + 1, list(self.plugged)


class Stream:
    """A stream that counts how often it is closed, and may hang over that."""

    def __init__(self, hangs: threading.Event | None = None):
        self.closed, self._hangs = 0, hangs

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
        assert [one.result() for one in looks] == [None] * 3


def test_a_stream_is_closed_once_however_many_let_it_go(audio: FakeAudio) -> None:
    stream = keep(Stream())
    look_anew()
    let_go(stream)
    assert (stream.closed, audio.looks) == (1, 1)


def test_while_a_driver_hangs_over_a_stream_nobody_looks_anew(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio, "CLOSE_SEC", 0.05)
    released = threading.Event()
    keep(Stream(released))
    look_anew()
    assert audio.looks == 0
    released.set()
    portaudio.HANGING[0].join()
    look_anew()
    assert audio.looks == 1


def test_a_lookout_looks_anew_at_first_and_then_only_for_other_devices(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {INPUT: Devices()}
    monkeypatch.setattr(portaudio, "told_by_a_fresh_process", lambda: dict(told))
    lookout = Lookout()
    assert [lookout.looked(), lookout.looked()] == [True, False]
    told[INPUT] = Devices(("Desk",), "Desk")
    assert [lookout.looked(), lookout.looked(), audio.looks] == [True, False, 2]


def test_where_no_other_process_can_tell_what_this_one_knows_is_there(
    audio: FakeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_how: object) -> None:
        raise subprocess.TimeoutExpired("python", 1)

    monkeypatch.setattr(subprocess, "run", broken)
    assert devices_there(INPUT).names == ("Desk",)
    assert not Lookout().looked()
