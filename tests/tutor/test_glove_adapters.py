"""LucidGloves and Synthesia finger channels behind the calls of a glove."""

import time

import pytest

from lessons.errors import DeviceError
from tutor.glove.adapters import (
    AlphaDriver,
    FingerChannelDriver,
    HostTimedGlove,
    _Edges,
    alpha_line,
    finger_channel_message,
)
from tutor.glove.messages import ActuatorClass


class RecordingDriver:
    name = "recorder"
    actuator_class = ActuatorClass.PIEZO
    hands = 3

    def __init__(self):
        self.seen = []
        self.closed = self.broken = False

    def drive(self, levels):
        if self.broken:
            raise DeviceError("recorder: the line is gone")
        self.seen.append((time.perf_counter(), tuple(levels)))

    def close(self):
        self.closed = True


class RecordingLine:
    name = "line"

    def __init__(self):
        self.sent = []

    def write(self, frame):
        self.sent.append(frame)

    def close(self):
        self.sent.append("closed")


@pytest.fixture
def driver():
    return RecordingDriver()


@pytest.fixture
def glove(driver):
    glove = HostTimedGlove(driver)
    glove.arm()
    yield glove
    glove.close()


def settled(what):
    end = time.monotonic() + 10
    while not what() and time.monotonic() < end:
        time.sleep(0.005)
    assert what()


def test_an_alpha_line_has_five_fingers_from_nothing_to_a_thousand():
    assert alpha_line([0, 255, 128, 0, 51]) == b"A0B1000C501D0E200\n"


def test_a_finger_channel_is_one_more_than_the_actuator():
    assert finger_channel_message(0, 200, 60) == bytes([0x90, 60, 100])
    assert finger_channel_message(9, 0, 60) == bytes([0x89, 60, 0])


def test_a_touch_goes_on_and_off_again(glove, driver):
    glove.cue([3, 7], duration_ms=40)
    settled(lambda: len(driver.seen) == 2)
    (on_at, on), (off_at, off) = driver.seen
    assert [actuator for actuator, level in enumerate(on) if level] == [3, 7]
    assert not any(off)
    assert off_at - on_at >= 0.039


def test_a_scheduled_touch_waits_for_its_time_and_can_be_cancelled(glove, driver):
    now = time.perf_counter()
    glove.cue([1], now + 0.2)
    glove.cue([2], now + 0.4)
    glove.cancel(now + 0.3)
    settled(lambda: len(driver.seen) >= 2)
    time.sleep(0.4)
    assert len(driver.seen) == 2
    assert driver.seen[0][0] >= now + 0.19


def test_stop_and_close_leave_nothing_on(driver):
    glove = HostTimedGlove(driver)
    glove.arm()
    glove.cue([1], duration_ms=1500)
    settled(lambda: driver.seen)
    glove.stop()
    settled(lambda: not any(driver.seen[-1][1]))
    glove.cue([1])
    glove.close()
    assert driver.closed
    assert not any(driver.seen[-1][1])


def test_a_finger_has_its_limits_here_too():
    edges, on = _Edges(), 0
    edges.allow(True)
    for ms in range(10_000):
        if not edges.levels[1]:
            edges.plan(ms / 1000, (1,), 200, 500_000)
        edges.advance(ms / 1000)
        on += bool(edges.levels[1])
    assert 4000 < on <= 5000


def test_a_lost_device_ends_quietly_and_says_why(driver):
    glove = HostTimedGlove(driver)
    glove.arm()
    driver.broken = True
    glove.cue([1])
    settled(lambda: "gone" in glove.state.error)
    glove.cue([1])
    glove.close()
    assert driver.closed


def test_an_alpha_glove_gets_its_own_hand_only():
    line = RecordingLine()
    AlphaDriver(line, left=False).drive([9, 9, 9, 9, 9, 255, 0, 0, 0, 0])
    assert line.sent == [b"A1000B0C0D0E0\n"]


def test_finger_channels_are_told_changes_only():
    sent = []
    driver = FingerChannelDriver("Synthesia", sent.append)
    driver.drive([200] + [0] * 9)
    driver.drive([200] + [0] * 9)
    driver.close()
    assert [message[0] for message in sent] == [0x90, 0x80]
