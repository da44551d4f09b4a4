"""LucidGloves and Synthesia finger channels behind the calls of a glove."""

import threading
import time
from dataclasses import replace

import pytest

from lessons.errors import DeviceError
from tutor.glove.codes import ActuatorClass
from tutor.glove.drivers import AlphaDriver, FingerChannelDriver, alpha_line, finger_channel_message
from tutor.glove.edges import Edges
from tutor.glove.host_timed import NO_LEASE, HostTimedGlove
from tutor.glove.limits import CHILD_LEVEL, FULL_ACTUATORS, FULL_LEVEL, REST_SEC, SESSION_SEC
from tutor.glove.settings import LinkSettings


class RecordingDriver:
    actuator_class = ActuatorClass.PIEZO
    hands = 3

    def __init__(self):
        self.seen, self.looks = [], 0
        self.closed = self.broken = False

    def drive(self, levels):
        self.look()
        self.seen.append((time.perf_counter(), tuple(levels)))

    @property
    def is_on(self):
        return any(any(levels) for _, levels in self.seen)

    def look(self):
        self.looks += 1
        if self.broken:
            raise DeviceError("recorder: the line is gone")

    def close(self):
        self.closed = True


class RecordingLine:
    name = "line"

    def __init__(self):
        self.sent = []

    def write(self, frame):
        self.sent.append(frame)

    def send(self, frame):
        self.sent.append(frame)

    def look(self):
        pass

    def close(self):
        self.sent.append("closed")


@pytest.fixture
def driver():
    return RecordingDriver()


@pytest.fixture
def glove(driver):
    glove = HostTimedGlove(lambda: driver)
    glove.arm()
    settled(lambda: glove.state.armed)
    driver.seen.clear()
    yield glove
    glove.close()


@pytest.fixture
def time_at(driver):
    """A glove whose clock a test sets: what the device's thread has done once it is so late."""
    now = [0.0]
    glove = HostTimedGlove(lambda: driver, lambda: now[0])
    glove.arm()
    settled(lambda: glove.state.armed)
    driver.seen.clear()

    def go(moment_sec):
        now[0] = moment_sec
        for _ in range(2):  # the first has had its whole turn when the second is reached
            reached = threading.Event()
            glove._wishes.put(lambda _edges, reached=reached: reached.set())
            assert reached.wait(10)

    go.glove = glove
    yield go
    glove.close()


def settled(what):
    end = time.monotonic() + 10
    while not what() and time.monotonic() < end:
        time.sleep(0.005)
    assert what()


def test_an_alpha_line_has_five_fingers_from_nothing_to_a_thousand():
    assert alpha_line([0, 255, 128, 0, 51]) == b"A0B1000C501D0E200\n"


def test_a_finger_channel_is_one_more_than_the_actuator():
    assert finger_channel_message(0, 200) == bytes([0x90, 60, 100])
    assert finger_channel_message(9, 0) == bytes([0x89, 60, 0])


def test_a_touch_goes_on_and_off_again(glove, driver):
    glove.cue([3, 7], duration_ms=40)
    settled(lambda: len(driver.seen) == 2)
    (on_at, on), (off_at, off) = driver.seen
    assert [actuator for actuator, level in enumerate(on) if level] == [3, 7]
    assert not any(off)
    assert off_at - on_at >= 0.039


def test_a_scheduled_touch_waits_for_its_time_and_can_be_cancelled(time_at, driver):
    time_at.glove.cue([1], 20.0)
    time_at.glove.cue([2], 40.0)
    time_at.glove.cancel(30.0)
    time_at(19.9)
    assert not driver.is_on
    time_at(20.0)
    assert driver.is_on
    time_at(30.0)
    time_at(40.01)
    assert [any(levels) for _, levels in driver.seen] == [True, False]


def test_stop_and_close_leave_nothing_on(driver):
    glove = HostTimedGlove(lambda: driver)
    glove.arm()
    settled(lambda: glove.state.armed)
    glove.cue([1], duration_ms=1500)
    settled(lambda: any(driver.seen[-1][1]))
    glove.stop()
    settled(lambda: not any(driver.seen[-1][1]))
    glove.cue([1])
    glove.close()
    assert driver.closed
    assert not any(driver.seen[-1][1])
    assert not glove.state.armed


def test_the_state_says_who_is_there_what_runs_and_that_there_is_no_lease(glove, driver):
    state = glove.state
    assert (state.connected, state.hands, state.actuators, state.notice) == (True, 3, 10, NO_LEASE)
    glove.cue([1, 7], duration_ms=1000)
    settled(lambda: glove.state.outputs == 1 << 1 | 1 << 7)


def test_lead_and_measured_onsets_are_used(time_at, driver):
    time_at.glove.use(LinkSettings(lead_ms=300, onset_ms={1: 100.0}))
    time_at.glove.cue([1], 20.0)
    time_at(19.59)
    assert not driver.is_on
    time_at(19.61)
    assert driver.is_on


def test_strength_and_the_limit_for_children_are_used(glove, driver):
    glove.use(LinkSettings(max_level=90))
    glove.cue([1], intensity=255)
    settled(lambda: driver.seen)
    assert driver.seen[0][1][1] == 90
    glove.use(replace(LinkSettings(), child=True))
    glove.cue([2], intensity=255)
    settled(lambda: any(levels[2] == CHILD_LEVEL for _, levels in driver.seen))


def test_a_finger_has_its_limits_here_too():
    edges, on = Edges(), 0
    edges.allow(True)
    for ms in range(10_000):
        if not edges.levels[1]:
            edges.plan(ms / 1000, (1,), 200, 500_000)
        edges.advance(ms / 1000)
        on += bool(edges.levels[1])
    assert 4000 < on <= 5000


def test_all_fingers_together_get_what_four_may_have():
    edges = Edges()
    edges.allow(True)
    edges.plan(0.0, tuple(range(10)), FULL_LEVEL, 500_000)
    edges.advance(0.0)
    assert 0 < sum(edges.levels) <= FULL_ACTUATORS * FULL_LEVEL


def test_after_half_an_hour_the_hand_rests_and_then_may_be_touched_again():
    edges = Edges()
    edges.allow(True)
    for second in range(SESSION_SEC + 1):
        edges.advance(float(second))
    assert not edges.allowed
    for second in range(SESSION_SEC + 1, SESSION_SEC + REST_SEC + 2):
        edges.advance(float(second))
    assert edges.allowed


def test_a_lost_device_is_said_and_touch_returns_by_itself(glove, driver):
    driver.broken = True
    glove.cue([1], duration_ms=50)
    settled(lambda: "gone" in glove.state.error)
    assert not glove.state.connected
    assert driver.closed
    driver.broken = False
    settled(lambda: glove.state.armed)
    assert glove.state.error == ""
    glove.cue([2], duration_ms=50)
    settled(lambda: driver.seen and driver.seen[-1][1][2] == 0 and any(levels[2] for _, levels in driver.seen))


def test_a_device_that_goes_while_nothing_is_felt_is_noticed(glove, driver):
    driver.broken = True
    settled(lambda: not glove.state.connected)


def test_an_alpha_glove_gets_its_own_hand_only_and_hears_the_same_again():
    line = RecordingLine()
    driver = AlphaDriver(line, left=False)
    driver.drive([9, 9, 9, 9, 9, 255, 0, 0, 0, 0])
    driver.look()
    assert line.sent == [b"A1000B0C0D0E0\n"] * 2


def test_finger_channels_are_told_changes_only():
    port = RecordingLine()
    driver = FingerChannelDriver(port)
    driver.drive([0] * 10)
    port.sent.clear()
    driver.drive([200] + [0] * 9)
    driver.drive([200] + [0] * 9)
    driver.drive([0] * 10)
    assert [message[0] for message in port.sent] == [0x90, 0x80]


def test_a_rhythm_is_timed_pulse_by_pulse(glove, driver):
    now = time.perf_counter()
    glove.rhythm((4,), [now + 0.2, now + 0.4, now + 0.6])
    settled(lambda: len(driver.seen) == 6)
    on = [at for at, levels in driver.seen if levels[4]]
    assert [at >= now + 0.19 + 0.2 * number for number, at in enumerate(on)] == [True] * 3


def test_a_device_that_returns_is_told_at_once_what_is_off():
    ports = []

    class Port(RecordingLine):
        def __init__(self):
            super().__init__()
            self.gone = False
            ports.append(self)

        def look(self):
            if self.gone:
                raise DeviceError("fingers: nobody listens")

    glove = HostTimedGlove(lambda: FingerChannelDriver(Port()))
    glove.arm()
    settled(lambda: glove.state.armed)
    glove.cue([2], duration_ms=1500)
    settled(lambda: ports[0].sent and ports[0].sent[-1] == finger_channel_message(2, 200))
    ports[0].gone = True
    glove.stop()
    settled(lambda: len(ports) == 2 and glove.state.connected)
    settled(lambda: finger_channel_message(2, 0) in ports[1].sent)
    glove.close()
