"""The link to a glove over a real pseudo-terminal and pyserial, against the simulated glove in its own process."""

import os
import time

import pytest
from glove_port import GlovePort, eventually

from lessons.errors import DeviceError
from tutor.devices.glove import open_line
from tutor.glove.link import GloveLink
from tutor.glove.settings import LinkSettings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no pseudo-terminals")


@pytest.fixture
def glove(tmp_path):
    port = GlovePort("--link", str(tmp_path / "port"))
    yield port
    port.close()


@pytest.fixture
def link(glove):
    link = GloveLink(lambda: open_line(glove.port), name=glove.port)
    yield link
    link.close()


def armed(link):
    link.arm()
    assert eventually(lambda: link.state.armed), link.state
    return link


def test_fingers_are_felt_in_their_order_and_near_their_time(glove, link):
    armed(link)
    start = time.perf_counter() + 0.6
    wanted = [5, 6, 7, 8, 9, 0, 1, 2, 3, 4]
    for number, actuator in enumerate(wanted):
        link.cue([actuator], start + number * 0.1, duration_ms=50)
    motors = glove.motors(10)
    assert [motor["actuator"] for motor in motors] == wanted
    errors = [motor["host_time"] + 0.06 - start - number * 0.1 for number, motor in enumerate(motors)]
    assert max(map(abs, errors)) < 0.1


def test_a_chord_goes_on_together(glove, link):
    armed(link).cue([0, 2, 4], time.perf_counter() + 0.5)
    motors = glove.motors(3)
    assert sorted(motor["actuator"] for motor in motors) == [0, 2, 4]
    assert len({motor["on_us"] for motor in motors}) == 1


def test_a_finger_that_feels_more_is_touched_more_gently_at_the_same_time(glove, link):
    link.use(LinkSettings(gains={2: 0.5}))
    armed(link).cue([0, 2, 4], time.perf_counter() + 0.5, 160)
    motors = glove.motors(3)
    assert {motor["actuator"]: motor["level"] for motor in motors} == {0: 160, 2: 80, 4: 160}
    assert len({motor["on_us"] for motor in motors}) == 1


def test_what_was_felt_is_told_in_the_hosts_time(glove):
    felt = []
    link = GloveLink(lambda: open_line(glove.port), on_felt=felt.append)
    armed(link).cue([5])
    assert eventually(lambda: felt)
    (motor,) = glove.motors(1)
    assert abs(felt[0].on_sec - motor["host_time"]) < 0.1
    link.close()


def test_closing_leaves_nothing_on_and_says_that_the_stop_was_read_back(glove, link):
    armed(link).cue([5], duration_ms=1500)
    assert eventually(lambda: link.state.counts.acked > 1)
    link.close()
    assert link.state.stop_verified is True
    (motor,) = glove.motors(1)
    assert motor["off_us"] - motor["on_us"] < 1_400_000


def test_a_pulled_cable_is_said_and_touch_returns_by_itself(glove, link):
    armed(link)
    glove.gesture("unplug")
    assert eventually(lambda: not link.state.connected)
    assert link.state.error
    for _ in range(100):
        link.cue([5], time.perf_counter() + 0.2)
    glove.gesture("plug")
    assert eventually(lambda: link.state.armed), link.state
    assert link.state.error == ""
    link.cue([7])
    assert glove.motors(1)[-1]["actuator"] == 7


def test_a_port_that_stops_reading_never_blocks_the_caller(glove, link):
    armed(link)
    glove.gesture("deaf 1")
    for _ in range(3000):  # a caller that waited for the port would be here for ever
        link.cue([5, 6, 7])
    assert eventually(lambda: not link.state.connected or link.state.error)
    glove.gesture("deaf 0")
    assert eventually(lambda: link.state.armed, 30), link.state


def test_a_glove_that_restarts_in_mid_piece_is_armed_again(glove, link):
    armed(link)
    boots = link.state.boot_count
    glove.gesture("reboot")
    assert eventually(lambda: link.state.boot_count == boots + 1 and link.state.armed), link.state


def test_a_second_program_on_the_port_is_refused(glove, link):
    armed(link)
    with pytest.raises(DeviceError, match="another program"):
        open_line(glove.port)


def test_a_port_that_is_not_there_is_said_and_closing_is_quick():
    link = GloveLink(lambda: open_line("/dev/no-such-port"), name="nowhere")
    assert eventually(lambda: "there is no such port" in link.state.error)
    link.arm()
    link.cue([5])
    link.close()
    assert not link.state.armed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_killed_host_leaves_every_motor_off_within_the_lease(glove):
    line = open_line(glove.port)
    link = GloveLink(lambda: line)
    armed(link).cue([0, 1, 2], duration_ms=1500)
    assert eventually(lambda: link.state.counts.acked > 1)
    link._inbox.put(_die)
    motors = glove.motors(3)
    assert all(motor["off_us"] - motor["on_us"] <= 1_300_000 for motor in motors)
    line.close()


def _die(_conversation, _now):
    """End the link's thread as a killed process would: without a word."""
    raise SystemExit


def test_a_line_that_is_closed_twice_is_closed(glove):
    line = open_line(glove.port)
    line.close()
    line.close()
    with pytest.raises(DeviceError):
        line.read()
    with pytest.raises(DeviceError):
        line.write(b"\0")


def test_a_file_is_no_port(tmp_path):
    (tmp_path / "file").write_text("no")
    with pytest.raises(DeviceError, match="no serial port"):
        open_line(str(tmp_path / "file"))


def test_a_simulated_glove_ends_with_the_program_that_started_it(glove):
    glove.process.stdin.close()
    assert glove.process.wait(10) == 0
