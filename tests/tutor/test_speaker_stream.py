"""The speaker against a sound library whose device goes and comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from lessons.errors import DeviceError
from tutor.devices import portaudio, speaker
from tutor.devices.speaker import GONE, Speaker

RATE, BLOCK = 48000, 256


class FakeRenderer:
    """Writes down what it is told."""

    def __init__(self, _path: object, rate: int):
        self.rate, self.told = rate, list[object]()

    def note_on(self, pitch: int, *_how: int) -> None:
        self.told.append(pitch)

    def loudness(self, share: float) -> None:
        self.told.append(f"loudness {share:g}")

    def silence(self) -> None:
        self.told.append("silence")

    def render(self, block: object) -> None:
        pass


class FakeStream:
    """A stream that asks for sound when the test says so."""

    latency = 0.01

    def __init__(self, callback: Callable[..., None], finished: Callable[[], None]):
        self._callback, self.finished = callback, finished

    def start(self) -> None:
        pass

    def ask(self) -> None:
        self._callback(np.zeros((BLOCK, 2), np.float32), BLOCK, None, type("Status", (), {"output_underflow": False}))

    def close(self) -> None:
        self.finished()


class FakeAudio:
    """A sound library; ``rates`` has for each opening the device's rate, or None where there is no device."""

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self, *rates: int | None):
        self._rates, self.streams = list(rates), list[FakeStream]()

    def query_devices(self, kind: str) -> Any:
        rate = self._rates.pop(0)
        if rate is None:
            raise self.PortAudioError("no device")
        return {"default_samplerate": float(rate)}

    def OutputStream(self, callback: Any, finished_callback: Any, **_how: object) -> FakeStream:
        self.streams.append(FakeStream(callback, finished_callback))
        return self.streams[-1]


Opened = Callable[..., tuple[Speaker, FakeAudio]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    made: list[Speaker] = []
    monkeypatch.setattr(speaker, "Renderer", FakeRenderer)
    monkeypatch.setattr(speaker, "LOOK_SEC", 0.02)
    monkeypatch.setattr(speaker, "LOST_SEC", 0.1)
    monkeypatch.setattr(speaker, "RETRY_SEC", 0.02)
    monkeypatch.setattr(portaudio, "told_by_a_fresh_process", dict)

    def open_one(*rates: int | None) -> tuple[Speaker, FakeAudio]:
        audio = FakeAudio(*rates)
        monkeypatch.setattr(speaker, "portaudio", lambda: audio)
        made.append(Speaker())
        return made[-1], audio

    yield open_one
    for one in made:
        one.close()


def until(true: Callable[[], object], audio: FakeAudio | None = None) -> None:
    """Wait for it; ``audio``'s newest stream is alive meanwhile."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        if audio:
            audio.streams[-1].ask()
        time.sleep(0.005)


def test_a_speaker_whose_device_asks_for_nothing_more_is_opened_again(opened: Opened) -> None:
    one, audio = opened(RATE, RATE)
    one.loudness(0.5)
    one.note_on(60, 90)
    audio.streams[0].ask()
    until(lambda: len(audio.streams) == 2)
    one.note_on(62, 90)
    until(lambda: 62 in one._renderer.told, audio)
    assert one._renderer.told == ["silence", "loudness 1", "loudness 0.5", 60, "silence", "loudness 0.5", 62]


def test_a_speaker_whose_device_goes_says_so_until_it_is_back(opened: Opened) -> None:
    one, audio = opened(RATE, *[None] * 100, 44100)
    assert one.reason == ""
    audio._rates[3:100] = []
    audio.streams[0].finished()
    until(lambda: one.reason == GONE)
    until(lambda: len(audio.streams) == 2)
    until(lambda: one.reason == "", audio)
    assert one._renderer.rate == 44100


def test_what_was_to_sound_while_nothing_could_never_sounds(opened: Opened) -> None:
    one, audio = opened(RATE, *[None] * 5, RATE)
    audio.streams[0].finished()
    until(lambda: one.reason == GONE)
    one.note_on(60, 90)
    until(lambda: len(audio.streams) == 2)
    until(lambda: one.reason == "", audio)
    audio.streams[-1].ask()
    assert 60 not in one._renderer.told


def test_a_speaker_that_lives_is_left_alone(opened: Opened) -> None:
    _, audio = opened(RATE)
    end = time.monotonic() + 0.5
    until(lambda: time.monotonic() > end, audio)
    assert len(audio.streams) == 1


def test_a_stream_that_ends_late_takes_none_of_the_next_ones_time(opened: Opened) -> None:
    one, audio = opened(RATE, RATE, RATE)
    audio.streams[0].finished()
    until(lambda: len(audio.streams) == 2)
    until(lambda: one._stream is audio.streams[1], audio)
    audio.streams[0].finished()
    end = time.monotonic() + 0.3
    until(lambda: time.monotonic() > end, audio)
    assert len(audio.streams) == 2


def test_a_speaker_that_fails_in_a_way_that_nobody_foresaw_is_opened_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_path: object, _rate: int) -> FakeRenderer:
        monkeypatch.setattr(speaker, "Renderer", FakeRenderer)
        raise MemoryError

    one, audio = opened(RATE, 44100, 44100)
    monkeypatch.setattr(speaker, "Renderer", broken)
    audio.streams[0].finished()
    until(lambda: len(audio.streams) == 2)
    until(lambda: one.reason == "", audio)
    assert one._renderer.rate == 44100
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


def test_to_close_waits_for_nobody_who_looks_for_devices_and_what_opens_late_is_given_back(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, told = threading.Event(), threading.Event()

    def look(_lookout: object) -> bool:
        looking.set()
        return told.wait(60)

    monkeypatch.setattr(portaudio.Lookout, "looked", look)
    monkeypatch.setattr(speaker, "CLOSE_SEC", 0.05)
    one, audio = opened(RATE, None, RATE)
    audio.streams[0].finished()
    assert looking.wait(10)
    one.close()
    assert one._thread.is_alive()
    told.set()
    one._thread.join(10)
    assert len(audio.streams) == 2
    assert portaudio.OPEN == []


def test_without_a_device_there_is_no_speaker(opened: Opened) -> None:
    with pytest.raises(DeviceError, match="no sound device can be opened: no device"):
        opened(None)
