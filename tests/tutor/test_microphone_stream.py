"""The microphone against a sound library that can be unplugged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons.errors import DeviceError
from tutor.devices import microphone, portaudio
from tutor.devices.microphone import BLOCK_FRAMES, FIRST_BLOCKS, Microphone, choose
from tutor.events import Event, Inbox, Lost, NoteOn
from tutor.listen.level import SoundLevel
from tutor.listen.sound_clock import SoundClock

RATE = 48000
WARM_BLOCKS = FIRST_BLOCKS + round(microphone.WARM_SEC * RATE / BLOCK_FRAMES) + 1


class FakeStream:
    """A stream that delivers so many blocks when it is started, with sound in its device's last input alone."""

    samplerate, latency = RATE, 0.01

    def __init__(self, callback: Callable[..., None], blocks: int, inputs: int, channels: int):
        self.callback, self._blocks = callback, blocks
        sound = np.zeros((BLOCK_FRAMES, inputs), np.float32)
        sound[::2, -1], sound[1::2, -1] = 0.1, -0.1
        self.block = sound[:, :channels]

    def start(self) -> None:
        self.deliver(self._blocks)

    def deliver(self, blocks: int) -> None:
        for _ in range(blocks):
            self.callback(self.block, BLOCK_FRAMES, None, None)

    def close(self) -> None:
        self.callback = lambda *_: None


class FakeAudio:
    """A sound library; ``script`` has for each opening how many blocks come, or None where it fails."""

    PortAudioError = type("PortAudioError", (Exception,), {})

    def __init__(self, *script: int | None, inputs: int = 1, twins: int = 1):
        self._script, self._inputs, self._twins = list(script), inputs, twins
        self.opened: list[object] = []
        self.streams: list[FakeStream] = []

    def query_devices(self, device: object = None, kind: str | None = None) -> Any:
        one = {"name": "Mic", "max_input_channels": self._inputs, "default_samplerate": float(RATE)}
        one |= {"default_low_input_latency": 0.01}
        if isinstance(device, str) and self._twins > 1:
            raise ValueError(f"Multiple input devices found for '{device}':\n[0] ...\n[1] ...")
        return one if kind else [one | {"max_input_channels": 0}, *[one] * self._twins]

    def InputStream(self, callback: Callable[..., None], channels: int, device: object, **_: object) -> FakeStream:
        self.opened.append(device)
        blocks = self._script.pop(0) if self._script else 0
        if blocks is None:
            raise self.PortAudioError("unplugged")
        self.streams.append(FakeStream(callback, blocks, self._inputs, channels))
        return self.streams[-1]


class Counting:
    """A listener that tells each second of sound as a note."""

    def __init__(self, rate: int, start_sec: float):
        self.start_sec, self.frames, self.drift_sec = start_sec, 0, 0.0

    def feed(self, block: NDArray[np.float32], drift_sec: float = 0.0) -> Sequence[Event]:
        self.drift_sec = drift_sec
        before, self.frames = self.frames, self.frames + len(block)
        whole = range(before // RATE, self.frames // RATE)
        return [NoteOn(self.start_sec + second + 1, 60) for second in whole]

    def finish(self) -> Sequence[Event]:
        return [NoteOn(self.start_sec + self.frames / RATE, 61)]


Opened = Callable[..., tuple[Microphone, FakeAudio, Inbox, list[Counting]]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setattr(microphone, "LOST_SEC", 0.15)
    monkeypatch.setattr(microphone, "RETRY_SEC", 0.05)
    made: list[Microphone] = []

    def open_one(
        *script: int | None, wanted: str = "", **devices: int
    ) -> tuple[Microphone, FakeAudio, Inbox, list[Counting]]:
        audio, inbox, listeners = FakeAudio(*script, **devices), SimpleQueue[Event | None](), list[Counting]()

        def listen(rate: int, start_sec: float) -> Counting:
            listeners.append(Counting(rate, start_sec))
            return listeners[-1]

        monkeypatch.setattr(microphone, "portaudio", lambda: audio)
        monkeypatch.setattr(portaudio, "portaudio", lambda: audio)
        monkeypatch.setattr(portaudio, "told_by_a_fresh_process", dict)
        monkeypatch.setattr(microphone, "refusal", lambda: "")
        made.append(Microphone(wanted, listen, inbox))
        return made[-1], audio, inbox, listeners

    yield open_one
    for one in made:
        one.close()


def test_a_stream_that_stays_dead_is_opened_again(opened: Opened) -> None:
    _, audio, _, _ = opened(0, 3, WARM_BLOCKS)
    assert len(audio.streams) == 3


@pytest.mark.parametrize("inputs", [1, 2])
def test_a_microphone_in_the_second_input_is_heard_as_loud_as_in_the_only_one(opened: Opened, inputs: int) -> None:
    one, _, _, _ = opened(WARM_BLOCKS + 50, inputs=inputs)
    wait = time.monotonic() + 10
    loudest = -120.0
    while loudest < -30 and time.monotonic() < wait:
        loudest = max(loudest, one.level.level_db)
        time.sleep(0.005)
    assert loudest == pytest.approx(-20, abs=0.5)


def test_of_a_device_with_eight_inputs_the_first_two_are_opened(opened: Opened) -> None:
    _, audio, _, _ = opened(WARM_BLOCKS, inputs=8)
    assert audio.streams[0].block.shape == (BLOCK_FRAMES, 2)


def test_of_devices_of_one_name_the_first_is_opened_by_its_number(opened: Opened) -> None:
    _, audio, _, _ = opened(WARM_BLOCKS, wanted="Mic", twins=3)
    assert audio.opened == [1]
    assert microphone.input_names() == ["Mic"]


def test_a_microphone_from_which_nothing_ever_comes_is_refused(opened: Opened) -> None:
    with pytest.raises(DeviceError, match="no sound comes from it"):
        opened()


def test_a_microphone_that_cannot_be_opened_is_refused_with_the_reason(opened: Opened) -> None:
    with pytest.raises(DeviceError, match=r"'Mic' cannot be opened: unplugged"):
        opened(None)


def test_an_unplugged_microphone_is_told_and_comes_back_by_itself(opened: Opened) -> None:
    _, _, inbox, listeners = opened(WARM_BLOCKS + 100, None, None, WARM_BLOCKS)
    _, ended, lost, back = [inbox.get(timeout=10) for _ in range(4)]
    assert isinstance(ended, NoteOn)
    assert ended.pitch == 61  # the end of what still sounded
    assert isinstance(lost, Lost)
    assert isinstance(back, Lost)
    assert (lost.source, lost.regained, back.regained) == ("Mic", False, True)
    wait = time.monotonic() + 10
    while len(listeners) < 2 and time.monotonic() < wait:
        time.sleep(0.01)
    assert len(listeners) == 2


def test_a_driver_that_hangs_while_it_closes_a_dead_stream_keeps_nobody_waiting(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(FakeStream, "close", lambda _: released.wait(60))
    monkeypatch.setattr(portaudio, "CLOSE_SEC", 0.05)
    _, _, inbox, _ = opened(WARM_BLOCKS + 100, None, WARM_BLOCKS)
    _, ended, lost, back = [inbox.get(timeout=10) for _ in range(4)]
    assert isinstance(ended, NoteOn)
    assert isinstance(lost, Lost)
    assert isinstance(back, Lost)
    assert (lost.regained, back.regained) == (False, True)
    released.set()


def test_to_close_waits_for_nobody_who_looks_for_devices_and_what_opens_late_is_given_back(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, told = threading.Event(), threading.Event()

    def look(_lookout: object) -> bool:
        looking.set()
        return told.wait(60)

    monkeypatch.setattr(portaudio.Lookout, "looked", look)
    monkeypatch.setattr(microphone, "CLOSE_SEC", 0.05)
    one, audio, _, _ = opened(WARM_BLOCKS, None, WARM_BLOCKS)
    assert looking.wait(10)
    one.close()
    assert one._thread.is_alive()
    told.set()
    one._thread.join(10)
    assert len(audio.streams) == 2
    assert portaudio.OPEN == []


def test_a_stream_that_stops_and_is_opened_anew_at_once_is_told_as_back(opened: Opened) -> None:
    _, _, inbox, _ = opened(WARM_BLOCKS + 100, WARM_BLOCKS)
    _, ended, back = [inbox.get(timeout=10) for _ in range(3)]
    assert isinstance(ended, NoteOn)
    assert isinstance(back, Lost)
    assert back.regained


def test_what_listens_may_fail_and_the_microphone_is_told_as_gone_and_opened_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = iter([True, True])

    def feed(_: Counting, block: NDArray[np.float32], drift_sec: float = 0.0) -> Sequence[Event]:
        if next(failing, False):
            raise ValueError("the ear broke")
        return []

    monkeypatch.setattr(Counting, "feed", feed)
    _, audio, inbox, listeners = opened(*[WARM_BLOCKS + 5] * 3)
    told = [inbox.get(timeout=10) for _ in range(5)]
    assert [event.regained for event in told if isinstance(event, Lost)] == [False, True, False, True]
    assert len(listeners) == 3
    assert len(audio.streams) >= 3  # the next one may be open by now
    assert isinstance(told[4], NoteOn)  # the end of what the third one heard
    assert [record.levelname for record in caplog.records].count("ERROR") == 2


def test_who_listens_is_told_how_far_the_clock_of_the_sound_card_has_drifted(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SoundClock, "late_sec", 0.25)
    _, _, inbox, listeners = opened(WARM_BLOCKS + 100)
    first = inbox.get(timeout=10)
    assert isinstance(first, NoteOn)
    assert first.time_sec == listeners[0].start_sec + 1 + 0.25
    assert listeners[0].drift_sec == 0.25


def test_while_no_sound_comes_the_level_is_none_and_says_so(opened: Opened) -> None:
    one, _, inbox, _ = opened(WARM_BLOCKS + 100, None)
    while not isinstance(inbox.get(timeout=10), Lost):
        pass
    wait = time.monotonic() + 10
    while one.level.notice != microphone.GONE and time.monotonic() < wait:
        time.sleep(0.01)
    assert one.level == SoundLevel(notice=microphone.GONE)


def test_missing_blocks_become_silence_so_that_times_stay_true(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(microphone, "LOST_SEC", 3.0)
    _, audio, inbox, listeners = opened(WARM_BLOCKS)
    begun = time.perf_counter()
    time.sleep(1.2)
    silent_sec = time.perf_counter() - begun
    audio.streams[0].deliver(1)
    event = inbox.get(timeout=10)
    assert isinstance(event, NoteOn)
    assert listeners[0].frames / RATE >= silent_sec - 0.5


def test_closing_ends_the_note_that_sounds_and_is_harmless_again(opened: Opened) -> None:
    one, audio, inbox, _ = opened(WARM_BLOCKS + 10)
    while not one.level.level_db > -30:
        time.sleep(0.01)
    one.close()
    one.close()
    audio.streams[0].deliver(5)
    ends = [inbox.get_nowait() for _ in range(inbox.qsize())]
    assert [event.pitch for event in ends if isinstance(event, NoteOn)][-1] == 61


def test_a_microphone_is_found_by_a_part_of_its_name() -> None:
    assert choose("blue", ["Blue Yeti", "Webcam"]) == "Blue Yeti"
    with pytest.raises(DeviceError, match="Blue Yeti, Webcam"):
        choose("red", ["Blue Yeti", "Webcam"])
