"""The thread that owns a glove, with a simulated one behind a line in the same process."""

import logging
import time

import pytest

from lessons.errors import DeviceError
from tutor.glove.link import GloveLink
from tutor.glove.simulator import Device
from tutor.glove.state import WITHOUT_TOUCH, GloveState


class Line:
    """A serial line to a simulated glove that lives by the real clock."""

    name = "line"

    def __init__(self):
        self.device, self._born = Device(), time.perf_counter()
        self.closed = False

    def us(self):
        return int((time.perf_counter() - self._born) * 1e6)

    def read(self):
        if self.closed:
            raise DeviceError("line: closed")
        time.sleep(0.002)
        self.device.advance(self.us())
        return self.device.take_output()

    def write(self, frame):
        self.device.receive(frame, self.us())

    def close(self):
        self.closed = True


def settled(what):
    end = time.monotonic() + 10
    while not what() and time.monotonic() < end:
        time.sleep(0.005)
    assert what()


@pytest.fixture
def line():
    return Line()


def test_a_link_that_fails_says_the_stop_before_it_lets_the_line_go(line, caplog):
    caplog.set_level(logging.CRITICAL)
    glove = GloveLink(lambda: line, on_felt=lambda _felt: 1 / 0)
    glove.arm()
    settled(lambda: glove.state.armed)
    glove.cue([2], time.perf_counter() + 0.3, duration_ms=1500)
    glove.cue([1], duration_ms=20)
    settled(lambda: line.closed)
    assert (line.device.state.name, len(line.device.motors)) == ("SAFE", 0)
    assert "failed" in glove.state.error


def test_a_glove_that_answers_nothing_any_more_is_told_to_stop_when_it_is_closed(line):
    glove = GloveLink(lambda: line)
    glove.arm()
    settled(lambda: glove.state.armed)
    glove.cue([2], duration_ms=1500)
    settled(lambda: line.device.outputs)
    line.read = lambda: time.sleep(0.01) or b""
    settled(lambda: not glove.state.connected)
    glove.close()
    assert (line.device.state.name, line.device.outputs) == ("SAFE", 0)


def test_the_last_pulse_of_a_rhythm_is_in_time_too(line, monkeypatch):
    glove, planned = GloveLink(lambda: line), []
    monkeypatch.setattr(glove, "_plan", planned.append)
    moments = [10 + number * 60 / 130 for number in range(21)]
    glove.rhythm([5], moments)
    assert planned[0].last_sec == pytest.approx(moments[-1], abs=0.001)
    glove.close()


def test_an_error_speaks_of_a_lesson_only_where_there_is_one():
    state = GloveState(error=f"port: the glove does not answer{WITHOUT_TOUCH}.")
    assert state.reason == "port: the glove does not answer"
