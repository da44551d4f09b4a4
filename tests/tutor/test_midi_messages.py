import pytest

from lessons.errors import EXIT_DEVICE, DeviceError
from tutor.devices.midi import choose, decode
from tutor.events import NoteOff, NoteOn, Pedal


def test_a_key_going_down_and_up_is_a_note_on_and_a_note_off() -> None:
    assert decode([0x90, 60, 80], 1.5) == NoteOn(1.5, 60, 80)
    assert decode([0x83, 60, 80], 1.5) == NoteOff(1.5, 60)


def test_a_note_on_of_velocity_0_is_a_note_off() -> None:
    assert decode([0x90, 60, 0], 2.0) == NoteOff(2.0, 60)


def test_the_sustain_pedal_is_a_pedal_and_never_a_note() -> None:
    assert decode([0xB0, 64, 127], 1.0) == Pedal(1.0, 127)


@pytest.mark.parametrize(
    "message",
    [[0xB0, 1, 60], [0xE0, 60, 64], [0xD0, 60], [0xC0, 60], [0xF8], [0xFE], [0xF0, 1, 2, 0xF7], [], [0x99, 37, 100]],
    ids=["wheel", "bend", "touch", "program", "clock", "sensing", "sysex", "nothing", "drum"],
)
def test_anything_else_is_passed_over(message: list[int]) -> None:
    assert decode(message, 0.0) is None


NAMES = ["Midi Through:Midi Through Port-0 14:0", "Keystation 61 MK3:Keystation MIDI 1 20:0", "Roland FP-10:0 24:0"]


@pytest.mark.parametrize("wanted", [NAMES[2], "fp-10", "Roland"])
def test_a_port_is_found_by_its_name_or_by_a_part_that_only_it_has(wanted: str) -> None:
    assert choose(wanted, NAMES) == NAMES[2]


def test_an_exact_name_wins_over_longer_ones() -> None:
    assert choose("Piano", ["Piano", "Piano 2"]) == "Piano"


@pytest.mark.parametrize("wanted", ["Yamaha", "MIDI 1 2", "mid"])
def test_a_port_that_is_not_there_or_not_unique_is_refused_with_what_is_there(wanted: str) -> None:
    names = [*NAMES, "Other MIDI 1 28:0"]
    with pytest.raises(DeviceError) as raised:
        choose(wanted, names)
    assert "Roland FP-10" in str(raised.value)
    assert raised.value.status == EXIT_DEVICE
    assert "\n" not in str(raised.value)


def test_no_wish_means_the_only_keyboard_beside_the_systems_own_loop() -> None:
    assert choose("", NAMES[:2]) == NAMES[1]
    with pytest.raises(DeviceError, match="no MIDI keyboard is plugged in"):
        choose("", NAMES[:1])
