"""The watch over an open MIDI port, against a driver that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from tutor.devices import midi
from tutor.devices.midi import MidiPort
from tutor.events import Inbox, Lost


class FakeClient:
    """A driver's client with one port; ``failing`` says how often in a row listing the ports raises."""

    failing = 0

    def __init__(self) -> None:
        self.is_open = False

    def get_ports(self) -> list[str]:
        if FakeClient.failing:
            FakeClient.failing -= 1
            raise ValueError("the driver's server has gone")
        return ["Klavier"]

    def set_callback(self, heard: Callable[..., None]) -> None:
        self.heard = heard

    def open_port(self, _: int, name: str) -> None:
        if self.is_open:
            raise RuntimeError("open already")
        self.is_open = True

    def cancel_callback(self) -> None:
        del self.heard

    def close_port(self) -> None:
        self.is_open = False

    def delete(self) -> None:
        pass


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[MidiPort]:
    monkeypatch.setattr(midi, "_client", lambda _: FakeClient())
    monkeypatch.setattr(midi, "POLL_SEC", 0.02)
    monkeypatch.setattr(FakeClient, "failing", 0)
    inbox: Inbox = SimpleQueue()
    port = MidiPort("Klavier", inbox)
    yield port
    port.close()


@pytest.mark.parametrize("times", [1, 5])
def test_a_driver_that_fails_is_a_lost_port_that_comes_back(
    port: MidiPort, caplog: pytest.LogCaptureFixture, times: int
) -> None:
    FakeClient.failing = times
    lost, back = port._inbox.get(timeout=10), port._inbox.get(timeout=10)
    assert isinstance(lost, Lost)
    assert isinstance(back, Lost)
    assert (lost.source, lost.regained, back.regained) == ("Klavier", False, True)
    port._client.heard(([0x90, 60, 70], 0.0))
    assert port._inbox.get(timeout=10).pitch == 60
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
