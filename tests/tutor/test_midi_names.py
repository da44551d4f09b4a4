"""Which MIDI port is meant."""

from __future__ import annotations

import pytest

from lessons.errors import DeviceError
from tutor.midi_names import choose, remembered

THROUGH = "Midi Through:Midi Through Port-0 14:0"
PIANO, KEYS = "Digital Piano:Digital Piano MIDI 1 20:0", "Webcam Keys 28:0"


@pytest.mark.parametrize(
    ("wanted", "names", "meant"),
    [
        (PIANO, [THROUGH, PIANO], PIANO),
        ("digital piano", [THROUGH, PIANO], PIANO),
        ("", [THROUGH, PIANO], PIANO),
        (THROUGH, [THROUGH, PIANO], THROUGH),
    ],
)
def test_a_name_may_be_a_part_of_the_ports(wanted, names, meant):
    assert choose(wanted, names) == meant


@pytest.mark.parametrize("wanted", ["organ", "a", ""])
def test_what_is_not_there_or_not_clear_is_refused_with_what_is_there(wanted):
    with pytest.raises(DeviceError, match="Webcam Keys"):
        choose(wanted, [PIANO, KEYS])


@pytest.mark.parametrize(
    ("before", "names", "meant"),
    [
        ("", [THROUGH, PIANO], PIANO),
        ("", [THROUGH], ""),
        ("", [], ""),
        (PIANO.replace("20:0", "24:0"), [THROUGH, KEYS, PIANO], PIANO),
        ("an organ 20:0", [THROUGH, KEYS], KEYS),
        (THROUGH, [THROUGH, PIANO], THROUGH),
    ],
)
def test_the_port_of_last_time_is_found_under_another_number_and_nobody_plays_the_systems_own(before, names, meant):
    assert remembered(before, names) == meant
