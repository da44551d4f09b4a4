"""A real MIDI port over a real JACK server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import mido
import pytest
from jack_client import jack_client
from wiring import wait_until

from lessons.errors import DeviceError
from tutor.devices import midi
from tutor.events import Event, Inbox, Lost, NoteOff, NoteOn, Pedal

pytestmark = [pytest.mark.wire, pytest.mark.usefixtures("jack_server")]


class Keyboard:
    """A keyboard on a virtual port that can be pulled and plugged in again."""

    def __init__(self, name: str):
        self.name = name
        self.plug_in()

    def plug_in(self) -> None:
        self._port: Any = jack_client("MidiOut", self.name)
        self._port.open_virtual_port("out")

    def send(self, *message: int) -> None:
        self._port.send_message(list(message))

    def pull(self) -> None:
        if self._port is not None:
            self._port.close_port()
            self._port.delete()
        self._port = None


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    keyboard = Keyboard("Testklavier")
    yield keyboard
    keyboard.pull()


def arrived(inbox: Inbox, count: int, timeout_sec: float = 10.0) -> list[Event | None]:
    events: list[Event | None] = []
    try:
        while len(events) < count:
            events.append(inbox.get(timeout=timeout_sec))
    except Empty:
        pytest.fail(f"{len(events)} of {count} events arrived")
    return events


def struck_and_heard(keyboard: Keyboard, inbox: Inbox) -> bool:
    """Whether a key that is struck arrives; JACK loses what is sent in the period in which it connects two ports."""
    keyboard.send(0x90, 62, 70)
    try:
        event = inbox.get(timeout=0.5)
    except Empty:
        return False
    assert isinstance(event, NoteOn)
    return event.pitch == 62


def test_what_is_played_arrives_stamped_in_order(keyboard: Keyboard) -> None:
    inbox: Inbox = SimpleQueue()
    port = midi.open_input("testklavier", inbox)
    before = time.perf_counter()
    for message in ((0x90, 60, 70), (0xB0, 64, 127), (0xB0, 7, 100), (0x90, 60, 0), (0x80, 61, 0)):
        keyboard.send(*message)
        time.sleep(0.01)
    events = arrived(inbox, 4)
    port.close()
    assert [type(event) for event in events] == [NoteOn, Pedal, NoteOff, NoteOff]
    stamps = [event.time_sec for event in events if event]
    assert stamps == sorted(stamps)
    assert before < stamps[0] < stamps[-1] < time.perf_counter()


def test_a_fast_passage_of_ten_note_chords_loses_no_note(keyboard: Keyboard) -> None:
    inbox: Inbox = SimpleQueue()
    port = midi.open_input("Testklavier", inbox)
    for _ in range(60):
        for kind in (0x90, 0x80):
            for pitch in range(50, 60):
                keyboard.send(kind, pitch, 64)
                time.sleep(0.001)  # a MIDI cable carries a message a millisecond
    events = arrived(inbox, 1200)
    port.close()
    for kind in (NoteOn, NoteOff):
        pitches = [event.pitch for event in events if isinstance(event, kind)]
        assert pitches == list(range(50, 60)) * 60


def test_a_pulled_cable_is_told_and_the_port_comes_back_by_itself(keyboard: Keyboard) -> None:
    inbox: Inbox = SimpleQueue()
    port = midi.open_input("Testklavier", inbox)
    keyboard.send(0x90, 60, 70)
    assert isinstance(arrived(inbox, 1)[0], NoteOn)
    keyboard.pull()
    lost = arrived(inbox, 1)[0]
    assert isinstance(lost, Lost)
    assert "Testklavier" in lost.source
    assert not lost.regained
    keyboard.plug_in()
    back = arrived(inbox, 1)[0]
    assert isinstance(back, Lost)
    assert back.regained
    wait_until(lambda: struck_and_heard(keyboard, inbox), "a key is heard again", 10)
    port.close()


def test_a_closed_port_says_no_more_and_can_be_closed_again(keyboard: Keyboard) -> None:
    inbox: Inbox = SimpleQueue()
    port = midi.open_input("Testklavier", inbox)
    port.close()
    port.close()
    keyboard.send(0x90, 60, 70)
    keyboard.pull()
    with pytest.raises(Empty):
        inbox.get(timeout=3 * midi.POLL_SEC)


def test_a_port_that_is_not_there_is_refused_with_the_ports_that_are(keyboard: Keyboard) -> None:
    with pytest.raises(DeviceError, match="Testklavier"):
        midi.open_input("Flügel", SimpleQueue())


def test_the_names_of_what_can_be_heard_come_and_go(keyboard: Keyboard) -> None:
    assert any("Testklavier" in name for name in midi.input_names())
    keyboard.pull()
    wait_until(lambda: not any("Testklavier" in name for name in midi.input_names()), "the port's name goes")


def test_a_machine_without_midi_has_no_names_and_says_so(
    jack_server: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody")
    assert midi.input_names() == []
    assert midi.output_names() == []
    with pytest.raises(DeviceError, match="no MIDI"):
        midi.open_input("", SimpleQueue())


def test_a_take_played_by_another_process_arrives_in_its_own_time(
    tmp_path: Path, jack_server: Mapping[str, str]
) -> None:
    track = mido.MidiTrack()
    for pitch in range(60, 72):
        track.append(mido.Message("note_on", note=pitch, velocity=64, time=0))
        track.append(mido.Message("note_off", note=pitch, time=48))  # a twentieth of a second at 120 beats a minute
    take = tmp_path / "scale.mid"
    mido.MidiFile(tracks=[track]).save(take)
    command = [sys.executable, Path(__file__).with_name("play_take.py"), take, "--name", "Pianist", "--speed", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pianist:
        assert pianist.stdout
        assert pianist.stdout.readline() == "ready\n"
        inbox: Inbox = SimpleQueue()
        port = midi.open_input("Pianist", inbox)
        events = arrived(inbox, 25)
        port.close()
        assert pianist.stdout.readline() == "played 12\n"
    onsets = [event.time_sec for event in events if isinstance(event, NoteOn)]
    assert len(onsets) == 12
    assert onsets[-1] - onsets[0] >= 0.2
    assert isinstance(events[-1], Lost)
