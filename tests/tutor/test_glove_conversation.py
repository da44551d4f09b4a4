"""The host's side of the glove, against the simulated one, on a clock that the test winds."""

import random

import pytest
from glove_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.glove import limits
from tutor.glove.board import Identity
from tutor.glove.clock_sync import ClockSync
from tutor.glove.cue_book import Planned
from tutor.glove.messages import Cancel, Hello
from tutor.glove.postbox import Postbox
from tutor.glove.protocol import Frame, FrameReader
from tutor.glove.settings import LinkSettings
from tutor.glove.simulator import Device


def on_times(world):
    return [(world.host_time(each.on_us), each.actuator) for each in sorted(world.ran, key=lambda ran: ran.on_us)]


def test_a_glove_is_greeted_learned_and_armed_within_half_a_second():
    world = World().armed()
    state = world.host.state
    assert (state.connected, state.armed, state.actuators, state.error) == (True, True, 10, "")
    assert abs(state.rtt_ms - 2) <= 1.5


def test_touch_is_not_armed_unless_a_lesson_asks_for_it():
    assert not any(World().run(2.0).states)


@pytest.mark.parametrize("drift", [0.0, 0.005, -0.005])
def test_the_skin_feels_each_cue_when_it_was_asked_for(drift):
    world = World(drift=drift).armed()
    asked = [world.now + 0.3 + 0.15 * number for number in range(60)]
    for number, at in enumerate(asked):
        world.cue(5 + number % 5, at=at)
    world.run(11.0)
    felt = [at + 0.06 for at, _ in on_times(world)]
    assert [actuator for _, actuator in on_times(world)] == [5 + number % 5 for number in range(60)]
    assert max(abs(got - want) for got, want in zip(felt, asked, strict=True)) < 0.005


def test_a_cue_for_now_runs_at_once():
    world = World().armed()
    asked = world.now
    world.cue(7)
    world.run(0.2)
    ((at, actuator),) = on_times(world)
    assert actuator == 7
    assert 0 < at - asked < 0.006


def test_a_chord_for_now_starts_together():
    world = World().armed()
    world.cue(0, 2, 4)
    world.run(0.3)
    times = [at for at, _ in on_times(world)]
    assert len(times) == 3
    assert max(times) == min(times)


def test_a_lead_brings_scheduled_cues_forward():
    world = World(LinkSettings(lead_ms=250)).armed()
    asked = world.now + 1.0
    world.cue(5, at=asked)
    world.run(1.5)
    assert abs(on_times(world)[0][0] + 0.06 - (asked - 0.25)) < 0.005


def test_a_measured_onset_goes_before_the_table():
    world = World(LinkSettings(onset_ms={5: 100.0})).armed()
    asked = world.now + 1.0
    world.cue(5, at=asked)
    world.run(1.5)
    assert abs(on_times(world)[0][0] + 0.1 - asked) < 0.005


def test_a_cancelled_cue_is_not_felt_even_when_it_is_already_in_the_glove():
    world = World().armed()
    start = world.now
    world.cue(5, at=start + 0.3)
    world.cue(6, at=start + 0.4)
    world.cue(7, at=start + 3.0)
    world.run(0.1)
    world.host.cancel(start + 0.35, world.now)
    world.cue(8, at=start + 0.45)
    world.run(3.5)
    assert [actuator for _, actuator in on_times(world)] == [5, 8]


def test_a_chord_for_now_is_not_cancelled_with_what_is_to_come():
    world = World().armed()
    world.cue(8, at=world.now + 0.25)
    world.run(0.1)
    world.cue(0, 2, 4)
    world.run(0.02)
    world.host.cancel(world.now, world.now)
    world.run(1.0)
    assert sorted(actuator for _, actuator in on_times(world)) == [0, 2, 4]
    assert all(ran.off_us - ran.on_us >= 55_000 for ran in world.ran)


@pytest.mark.parametrize("settings", [LinkSettings(lead_ms=200), LinkSettings(onset_ms={6: 180.0})])
def test_a_cue_that_is_asked_for_early_can_be_cancelled_too(settings):
    world = World(settings).armed()
    world.cue(6, at=world.now + 0.5)
    world.run(0.1)
    world.host.cancel(world.now + 0.35, world.now)
    world.run(1.0)
    assert world.ran == []


def test_a_lost_cancel_is_said_again_before_anything_new():
    world = World().armed()
    start = world.now
    world.cue(5, at=start + 0.4)
    world.run(0.1)
    lost = iter([True])
    world.mangle = lambda sent: b"" if next(lost, False) else sent
    world.host.cancel(start + 0.2, world.now)
    world.run(0.02)
    world.cue(6, at=start + 0.42)
    world.run(1.0)
    assert [actuator for _, actuator in on_times(world)] == [6]


def test_a_cue_that_was_lost_and_then_cancelled_does_not_come_back():
    world = World().armed()
    lost = iter([True])
    world.mangle = lambda sent: b"" if len(sent) > 17 and next(lost, False) else sent
    start = world.now
    world.cue(5, at=start + 0.5)
    world.run(0.16)
    world.host.cancel(start + 0.2, world.now)
    world.run(1.0)
    assert world.ran == []


def test_a_frame_that_is_sent_again_says_so():
    post = Postbox()
    post.say(Cancel(5), 0.0)
    post.take_output()
    post.ask_again(0.05, 0.04)
    (frame,) = FrameReader().feed(post.take_output())
    assert (frame.message, frame.retry, frame.ack_wanted) == (Cancel(5), True, True)


def test_what_is_too_late_is_dropped_and_counted():
    world = World().armed()
    world.cue(5, at=world.now - 0.2)
    world.run(0.5)
    assert (world.ran, world.host.state.counts.stale) == ([], 1)


def test_a_lost_frame_is_asked_again_and_felt_once():
    world = World().armed()
    lost = iter([True, True])
    world.mangle = lambda sent: b"" if len(sent) > 17 and next(lost, False) else sent
    asked = world.now + 1.0
    world.cue(5, at=asked)
    world.run(1.5)
    ((at, _),) = on_times(world)
    assert abs(at + 0.06 - asked) < 0.005
    assert world.host.state.counts.retried >= 1


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_a_noisy_line_never_makes_a_wrong_motor_run_nor_one_run_too_long(seed):
    rng = random.Random(seed)
    world = World().armed()

    def noisy(sent):
        if rng.random() < 0.3:
            torn = bytearray(sent)
            torn[rng.randrange(len(torn))] ^= 1 << rng.randrange(8)
            return bytes(torn)
        return sent

    world.mangle = noisy
    for number in range(40):
        world.cue(5 + number % 3, at=world.now + 0.5 + number * 0.1)
    world.run(5.0)
    assert {each.actuator for each in world.ran} <= {5, 6, 7}
    assert all(each.off_us - each.on_us <= 61_000 for each in world.ran)
    assert len(world.ran) >= 25


def test_stop_is_said_twice_and_read_back():
    world = World().armed()
    world.cue(5, ms=1000)
    world.run(0.1)
    world.host.stop(world.now)
    world.run(0.3)
    assert world.host.state.stop_verified is True
    assert not world.host.state.armed
    assert world.ran[0].off_us - world.ran[0].on_us < 110_000


def test_a_stop_that_was_not_heard_is_not_believed_though_no_motor_runs():
    world = World().armed()
    world.cue(5, at=world.now + 0.3)
    world.run(0.1)
    lost = iter([True])
    world.mangle = lambda sent: b"" if next(lost, False) else sent
    world.host.stop(world.now)
    while world.host.state.stop_verified is None:
        world.run(0.001)
    assert (world.host.state.stop_verified, world.device.state.name, len(world.device.motors)) == (True, "SAFE", 0)


def test_a_stop_asked_for_while_the_line_is_away_is_said_when_it_is_back():
    world = World().armed()
    world.unplug()
    world.host.stop(world.now)
    world.run(0.5)
    world.replug()
    assert world.run(1.0).host.state.stop_verified is True


def test_a_lesson_that_begins_right_after_another_is_armed_once_and_stays_so():
    world = World().armed()
    world.host.stop(world.now)
    world.host.arm(world.now)
    world.run(0.01)
    world.states.clear()
    for _ in range(20):
        world.cue(5)
        world.run(0.03)
    assert [before for before, after in zip(world.states, world.states[1:], strict=False) if before and not after] == []
    assert len(world.ran) >= 18


def test_a_motor_that_does_not_stop_is_told_in_plain_words():
    world = World().armed()
    world.cue(5, ms=1000)
    world.run(0.1)
    world.device.hardware.stuck = 1 << 5
    world.host.stop(world.now)
    world.run(1.0)
    assert "did not stop" in world.host.state.error
    assert world.device.outputs == 0


def test_touch_returns_by_itself_after_a_pulled_cable():
    world = World().armed()
    world.unplug()
    world.run(2.0)
    assert (world.host.state.connected, world.device.state.name) == (False, "SAFE")
    assert world.host.state.error
    world.cue(5, at=world.now + 1.5)
    world.replug()
    world.run(2.0)
    assert (world.host.state.armed, world.host.state.error) == (True, "")
    assert [actuator for _, actuator in on_times(world)] == [5]


def test_touch_does_not_return_by_itself_once_the_lesson_is_over():
    world = World().armed()
    world.host.stop(world.now)
    world.run(0.2)
    world.unplug()
    world.replug()
    world.states.clear()
    assert not any(world.run(2.0).states)


def test_another_glove_on_the_port_is_not_armed_by_itself():
    world = World().armed()
    world.unplug()
    world.replug(Device(Identity(uid=99), world.device_us()))
    world.states.clear()
    world.run(2.0)
    assert not any(world.states)
    assert "another glove" in world.host.state.error
    world.host.arm(world.now)
    assert world.run(1.0).host.state.armed


def test_a_glove_that_restarts_in_mid_piece_is_greeted_and_armed_again():
    world = World().armed()
    world.cue(5, at=world.now + 3.0)
    world.device = Device(Identity(boot_count=2), world.device_us())
    world.run(3.5)
    assert (world.host.state.armed, world.host.state.boot_count) == (True, 2)
    assert [actuator for _, actuator in on_times(world)] == [5]


def test_a_glove_that_falls_silent_is_missed_within_two_seconds_and_greeted_again():
    world = World().armed()
    heard, world.mangle = world.mangle, lambda sent: b""
    world.run(2.0)
    assert not world.host.state.connected
    assert "without touch" in world.host.state.error
    world.mangle = heard
    assert world.run(2.0).host.state.armed


def test_a_port_that_is_no_glove_is_said_calmly():
    world = World()
    world.mangle = lambda sent: b""
    world.run(3.0)
    assert "nothing there speaks as a glove" in world.host.state.error


def test_a_glove_of_a_newer_protocol_is_not_used():
    world = World(identity=Identity(version=2)).armed()
    world.run(2.0)
    assert (world.host.state.connected, any(world.states)) == (False, False)
    assert "HGP/2" in world.host.state.error
    assert "update" in world.host.state.error


def test_another_program_on_the_port_is_noticed():
    world = World().run(0.02)
    hello = Hello(1, (1, 0, 0), 1, 3, 1, 48, 100, 10, 1500, (60,) * 10, 5, 1, 1, nonce=4242)
    world.host.heard(Frame(hello, 0), world.now)
    assert "another program" in world.host.state.error


def test_the_wrong_hand_is_said_and_not_touched():
    world = World(identity=Identity(hands=1)).armed()
    world.cue(7)
    world.cue(2, 7)
    world.run(0.3)
    assert {actuator for _, actuator in on_times(world)} == {2}


def test_more_actuators_than_fingers_are_no_trouble():
    world = World(identity=Identity(onset_ms=(60,) * 16)).armed()
    world.cue(9)
    assert [actuator for _, actuator in on_times(world.run(0.2))] == [9]


def test_a_leap_of_the_devices_clock_is_caught_and_touch_goes_on():
    world = World().armed()
    world.device._now += 500_000
    steady = world.device_us
    world.device_us = lambda: steady() + 500_000
    world.run(2.5)
    assert world.host.state.armed
    world.ran.clear()
    asked = world.now + 1.0
    world.cue(5, at=asked)
    world.run(1.5)
    assert abs(world.host_time(world.ran[0].on_us - 500_000) + 0.06 - asked) < 0.005


def test_the_hosts_sleep_leaves_no_stale_cue():
    world = World().armed()
    world.cue(5, at=world.now + 1.0)
    world.now += 30.0
    world.run(3.0)
    assert world.ran == []
    assert world.host.state.armed


def test_a_pressed_stop_button_ends_touch_until_a_person_clears_it():
    world = World().armed()
    world.device.hardware.stop_pressed = True
    world.run(1.0)
    assert (world.host.state.armed, world.host.state.faults) == (False, ("the stop button is pressed",))
    world.device.hardware.stop_pressed = False
    world.run(1.0)
    assert not world.host.state.armed
    assert world.host.state.counts.refused == 0
    world.host.clear_fault(world.now)
    assert world.run(2.0).host.state.armed


def test_a_fault_whose_cause_is_still_there_is_not_cleared_and_that_is_said():
    world = World().armed()
    world.device.hardware.stop_pressed = True
    world.run(1.0)
    world.host.clear_fault(world.now)
    assert "cannot be cleared yet" in world.run(0.2).host.state.notice
    world.device.hardware.stop_pressed = False
    world.host.clear_fault(world.now)
    assert world.run(0.2).host.state.notice == ""


def test_the_host_keeps_the_limits_too():
    world = World().armed()
    world.device.motors._purses = [
        type("Endless", (), {"left_us": 10**9, "pay": int, "give_back": int, "step": int})
    ] * 10
    world.device.motors.fill_purses = lambda: None
    for number in range(20):
        world.cue(5, at=world.now + 0.1 + number * 0.5, ms=490)
    world.run(10.5)
    assert sum(each.off_us - each.on_us for each in world.ran) <= 5_000_000
    assert world.host.state.counts.limited > 0


def test_a_child_is_touched_more_gently():
    world = World(LinkSettings(child=True)).armed()
    world.cue(5, level=255)
    world.run(0.2)
    assert world.ran[0].level == 140


def test_settings_can_change_while_it_plays():
    world = World().armed()
    world.host.use(LinkSettings(max_level=90), world.now)
    world.run(1.0)
    world.cue(5, level=255)
    world.run(0.2)
    assert world.ran[0].level == 90


@settings(max_examples=50, deadline=None)
@given(st.floats(-0.005, 0.005), st.integers(0, 2**31), st.floats(0.0005, 0.02))
def test_the_clock_is_known_to_within_half_a_quick_round_trip(drift, seed, jitter):
    rng, sync, now = random.Random(seed), ClockSync(), 50.0

    def device(host):
        return round((host - 50.0) * (1 + drift) * 1e6 + 4_294_000_000) % 2**32

    for number in range(120):
        there, back = 0.0005 + rng.random() * jitter, 0.0005 + rng.random() * jitter
        assert sync.add(now, now + there + back, device(now + there), device(now + there))
        now += 0.01 if number < 16 else 0.25
    error_us = (sync.device_us(now) - device(now) + 2**31) % 2**32 - 2**31
    assert abs(error_us) / 1e6 <= jitter / 2 + 0.0015


def test_the_clock_moves_by_two_milliseconds_a_step_at_most():
    sync, now = ClockSync(), 0.0
    for _ in range(16):
        sync.add(now, now + 0.030, round((now + 0.001) * 1e6), round((now + 0.001) * 1e6))
        now += 0.01
    for _ in range(20):
        before = sync.offset_sec(now)
        sync.add(now, now + 0.001, round((now + 0.0005) * 1e6), round((now + 0.0005) * 1e6))
        assert abs(sync.offset_sec(now) - before) <= 0.0021
        now += 0.25
    assert abs(sync.offset_sec(now)) < 0.001


def rhythm(world, finger, at, *gaps_ms):
    world.host.cue(Planned(at, 0, (finger,), 120, limits.RHYTHM_MS, world.now, gaps_ms))


def test_a_rhythm_is_one_frame_and_is_felt_with_its_gaps():
    world = World().armed()
    answered, at = world.host.state.counts.acked, world.now + 0.6
    rhythm(world, 5, at, 300, 200)
    world.run(1.5)
    felt = [world.host_time(ran.on_us) + 0.06 for ran in world.ran]
    assert felt == pytest.approx([at, at + 0.3, at + 0.5], abs=0.004)
    assert world.host.state.counts.acked == answered + 1
    assert world.host.state.counts.felt == 3


def test_what_is_left_of_a_rhythm_can_be_cancelled():
    world = World().armed()
    at = world.now + 0.5
    rhythm(world, 5, at, 300, 300, 300)
    world.run(0.9)
    world.host.cancel(world.now, world.now)
    world.run(1.0)
    assert len(world.ran) == 2


def test_a_rhythm_ends_where_a_finger_has_had_enough():
    world = World().armed()
    for _ in range(6):
        rhythm(world, 5, world.now + 0.5, *[120] * 20)
        world.run(2.6)
    assert 0 < sum(ran.off_us - ran.on_us for ran in world.ran) / 1e6 <= 2.4 + 0.245 * 16.1
    assert world.host.state.counts.limited


def test_a_rhythm_that_waits_is_cut_where_it_is_cancelled():
    whole = Planned(1.0, 0, (5,), 120, 60, 0.0, (300, 300))
    assert whole.before(1.5).gaps_ms == (300,)
    assert whole.before(2.0).gaps_ms == (300, 300)


def test_a_touch_is_one_frame_where_all_fingers_feel_alike_and_one_a_strength_where_not():
    assert LinkSettings().levels((4, 0, 2), 180) == {180: (0, 2, 4)}
    settings = LinkSettings(max_level=200, gains={0: 1.0, 2: 0.5, 4: 0.5})
    assert settings.levels((4, 0, 2), 255) == {255: (0,), 100: (2, 4)}
    assert LinkSettings(child=True, gains={1: 0.5}).levels((1,), 255) == {70: (1,)}
    assert LinkSettings(gains={1: 0.001}).levels((1,), 255) == {1: (1,)}
