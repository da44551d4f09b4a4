"""The serial ports that are offered for a glove."""

from __future__ import annotations

from types import SimpleNamespace

from tutor.devices import glove


def test_what_is_plugged_in_comes_first_and_built_in_ports_are_left_out(monkeypatch):
    ports = {"/dev/ttyS0": None, "/dev/rfcomm0": None, "/dev/ttyUSB0": 0x1A86, "/dev/ttyACM1": 0x2341, "COM1": None}
    listed = [SimpleNamespace(device=name, vid=vid) for name, vid in ports.items()]
    monkeypatch.setattr(glove.list_ports, "comports", lambda: listed)
    assert glove.names() == ["/dev/ttyACM1", "/dev/ttyUSB0", "/dev/rfcomm0", "COM1"]
