"""The simulated glove: it keeps the protocol and the limits, whatever the host says."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from glove_world import VirtualLine
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.glove import limits
from tutor.glove.board import Identity
from tutor.glove.codes import Code, DeviceState, Key
from tutor.glove.conformance.cases import Thoroughness
from tutor.glove.conformance.suite import CASES, selftest
from tutor.glove.messages import Arm, Cancel, ChordAt, ClearFault, Event, HelloRequest, Ping, Pulse, Set, StopAll
from tutor.glove.protocol import FrameReader, encode
from tutor.glove.rig import Rig
from tutor.glove.simulator import Device

MIXED_ONSETS = Identity(onset_ms=(60, 15, 1, 80, 60, 60, 60, 60, 60, 60))


def armed(device, lease_ms=2000, level=255, max_on_ms=1500):
    device.receive(encode(Arm(lease_ms, level, max_on_ms), 1), device._now)
    return device


def said(device):
    return [frame.message for frame in FrameReader().feed(device.take_output())]


@pytest.mark.parametrize("identity", [None, MIXED_ONSETS], ids=["alike", "mixed onsets"])
def test_the_simulated_glove_passes_every_case_of_the_suite(identity):
    line = VirtualLine(identity)
    results = list(selftest(line.opened, line.clock, Thoroughness(mutants=2000)))
    assert {result.name: (result.passed, result.note) for result in results if not result.passed} == {}
    assert len(results) == len(CASES)


def test_the_suite_finds_a_glove_without_a_lease(monkeypatch):
    monkeypatch.setattr("tutor.glove.simulator.Device._fall_silent", lambda self, reason: None)
    assert failing(VirtualLine()) >= {"lease lapses"}


def test_the_suite_finds_a_glove_that_touches_too_long(monkeypatch):
    monkeypatch.setattr("tutor.glove.limits.PURSE_US", 10**9)
    assert "a finger is never touched too long" in failing(VirtualLine())


def test_the_suite_finds_a_glove_that_takes_damaged_frames(monkeypatch):
    monkeypatch.setattr("tutor.glove.protocol.crc_hqx", lambda body, start: 0x1234)
    assert "damaged chords are refused" in failing(VirtualLine())


def test_the_suite_finds_a_glove_that_is_late(monkeypatch):
    original = Device._uptime
    monkeypatch.setattr(Device, "_uptime", lambda self, clock: original(self, clock) + 7000)
    assert {"chord is one frame", "soak"} <= failing(VirtualLine())


def failing(line):
    return {result.name for result in selftest(line.opened, line.clock) if result.passed is False}


def test_the_firmware_has_the_same_limits_as_the_host():
    header = Path(__file__).resolve().parents[2] / "tutor/glove/firmware/core/hgp_limits.h"
    defined = {name: int(value) for name, value in re.findall(r"#define HGP_(\w+) (\d+)", header.read_text())}
    spread = {"LEASE": limits.LEASE_MS, "PULSE": limits.PULSE_MS}
    expected = {
        name: spread[name[:5]][name.split("_")[1] == "MAX"] if name[:5] in spread and "_M" in name else None
        for name in defined
    }
    expected = {name: getattr(limits, name) if value is None else value for name, value in expected.items()}
    assert defined == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 9), st.integers(1, 1500)), max_size=40))
def test_no_finger_is_ever_on_for_more_than_half_of_ten_seconds(pulses):
    device, now, ran = armed(Device()), 0, []
    for number, (wait_ms, actuator, length_ms) in enumerate(pulses):
        now += wait_ms * 1000
        device.receive(encode(Ping(0), 0) + encode(Arm(2000, 255, 1500), 1), now)
        device.receive(encode(Pulse(actuator, 0, 255, length_ms), number % 256), now)
        ran += device.take_ran()
    device.advance(now + 3_000_000)
    ran += device.take_ran()
    window_us, share = limits.DUTY_WINDOWS[0][0] * 1e6, limits.DUTY_WINDOWS[0][1]
    for start in [0, *(each.on_us for each in ran)]:
        for finger in range(10):
            on = [
                min(each.off_us, start + window_us) - max(each.on_us, start) for each in ran if each.actuator == finger
            ]
            assert sum(length for length in on if length > 0) <= window_us * share


def test_a_finger_is_on_for_a_quarter_of_ten_minutes_at_most():
    device, ran = armed(Device()), []
    for now in range(0, 600_000_000, 500_000):
        device.receive(encode(Ping(0), 0), now)
        device.receive(encode(Pulse(3, 0, 255, 500), now // 500_000 % 256), now)
        ran += device.take_ran()
    assert 0.2 * 600e6 < sum(each.off_us - each.on_us for each in ran) <= 0.25 * 600e6


def test_all_motors_together_draw_no_more_than_four_at_full():
    device = armed(Device())
    device.receive(encode(Pulse(9, 0, 255, 500), 2), 0)
    device.receive(encode(ChordAt(device._clock(60_000), 0x1FF, 255, 500, 0), 3), 0)
    device.advance(200_000)
    levels = [device.motors.level_of(actuator, 200_000) for actuator in range(10)]
    assert min(levels) > 0
    assert sum(levels) <= 4 * 255


def test_the_first_pulse_after_arming_swells():
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 200), 2), 0)
    levels = [device.motors.level_of(0, ms * 1000) for ms in range(0, 80, 10)]
    assert levels[0] <= 50 and levels[-1] == 200
    assert all(before <= after for before, after in pairwise(levels))


def test_after_half_an_hour_the_hand_must_rest():
    device = armed(Device())
    for now in range(0, 1_801_000_000, 1_000_000):
        device.receive(encode(Ping(0), 0), now)
    assert device.state == DeviceState.SAFE
    device.take_output()
    device.receive(encode(Arm(1000, 200, 1500), 2), now)
    assert device.state == DeviceState.SAFE
    device.advance(now + 301_000_000)
    assert armed(device).state == DeviceState.ARMED


def test_a_child_rests_after_a_quarter_of_an_hour():
    line = VirtualLine()
    rig = Rig(line.opened, line.clock, 1)
    rig.greet()
    rig.ask(Set(Key.CHILD, 1), Code.OK)
    assert rig.value(Key.SESSION_LEFT_S) == 900


def test_the_stop_button_cuts_everything_until_a_person_clears_it():
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 500), 2), 0)
    device.hardware.stop_pressed = True
    device.advance(1000)
    assert (device.state, device.outputs) == (DeviceState.FAULT, 0)
    assert Event(1, device._clock(1000)) in said(device)
    device.receive(encode(ClearFault(device.identity.uid & 0xFFFFFFFF), 3), 2000)
    assert device.state == DeviceState.FAULT
    device.hardware.stop_pressed = False
    device.receive(encode(ClearFault(123), 4), 3000)
    assert device.state == DeviceState.FAULT
    device.receive(encode(ClearFault(device.identity.uid & 0xFFFFFFFF), 5), 4000)
    assert device.state == DeviceState.SAFE


def test_a_driver_that_does_not_stop_loses_its_power():
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 500), 2), 0)
    device.hardware.stuck = 1
    device.receive(encode(StopAll(), 3), 10_000)
    assert device.outputs == 1
    device.advance(16_000)
    assert (device.state, device.outputs) == (DeviceState.FAULT, 0)
    assert any(isinstance(message, Event) and message.code == 4 for message in said(device))


@pytest.mark.parametrize("change", [{"worn": False}, {"battery": 3}])
def test_a_glove_off_the_hand_or_with_an_empty_battery_falls_silent(change):
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 500), 2), 0)
    for name, value in change.items():
        setattr(device.hardware, name, value)
    device.advance(1000)
    assert (device.state, device.outputs) == (DeviceState.SAFE, 0)
    assert armed(device).state == DeviceState.SAFE


def test_a_later_cue_takes_its_motors_from_an_earlier_one():
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 500), 2), 0)
    device.receive(encode(Pulse(0, 0, 200, 100), 3), 50_000)
    device.advance(1_000_000)
    assert [(each.on_us, each.off_us) for each in device.take_ran()] == [(0, 50_000), (50_000, 150_000)]


def test_a_pulse_that_is_cut_short_costs_only_what_was_felt():
    device, now = armed(Device()), 0
    for number in range(20):
        device.receive(encode(Pulse(0, 0, 255, 1500), 2 * number), now)
        device.receive(encode(Cancel(device._clock(now)), 2 * number + 1), now + 50_000)
        now += 80_000
    ran = device.take_ran()
    assert [each.off_us - each.on_us for each in ran] == [50_000] * 20


def test_a_new_host_may_use_the_same_sequence_again():
    device = armed(Device())
    device.receive(encode(Pulse(0, 0, 200, 50), 7), 0)
    device.receive(encode(HelloRequest(1, 1, 5), 8), 100_000)
    device.receive(encode(Arm(1000, 200, 1500), 9) + encode(Pulse(0, 0, 200, 50), 7), 110_000)
    device.advance(300_000)
    assert len(device.take_ran()) == 2


def test_the_motors_have_no_supply_unless_armed():
    device = Device()
    assert not device.hardware.powered
    assert armed(device).hardware.powered
    device.receive(encode(StopAll(), 3), 10_000)
    device.advance(20_000)
    assert not device.hardware.powered
