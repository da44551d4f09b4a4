"""`glove` in the terminal: list, simulate, selftest, play, monitor, clear, flash."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from glove_port import ROOT, GlovePort

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no pseudo-terminals")

TUNE = "X:1\nT:Steps\nM:4/4\nL:1/4\nQ:1/4=200\nK:C\nCDEF|GABc|\n"


def glove(*words):
    return subprocess.run(
        [sys.executable, "main.py", "glove", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    simulated = GlovePort("--link", str(tmp_path_factory.mktemp("glove") / "port"), "--uid", "0x1234")
    yield simulated
    simulated.close()


@pytest.fixture
def tune(tmp_path):
    (tmp_path / "steps.abc").write_text(TUNE)
    return tmp_path / "steps.abc"


def test_list_finds_the_glove_behind_a_typed_path(port):
    listed = json.loads(glove("list", port.port, "--json").stdout)
    (found,) = [each for each in listed if each["name"] == port.port]
    assert (found["connected"], found["uid"], found["actuators"]) == (True, 0x1234, 10)


def test_play_lets_the_hand_feel_the_piece_in_order(port, tune):
    played = glove("play", str(tune), port.port, "--json")
    assert played.returncode == 0, played.stderr
    told = [json.loads(line)["actuators"][0] for line in played.stdout.splitlines()]
    assert [motor["actuator"] for motor in port.motors(8)] == told
    assert len(told) == 8


def test_monitor_tells_how_the_glove_is(port):
    watched = glove("monitor", port.port, "--json", "--seconds", "1.5")
    assert watched.returncode == 0
    assert json.loads(watched.stdout.splitlines()[-1])["connected"] is True


def test_a_fault_is_cleared_when_its_cause_is_gone(port):
    assert "no fault" in glove("clear", port.port).stdout
    port.gesture("stop 1")
    held = glove("clear", port.port)
    assert (held.returncode, "the stop button is pressed" in held.stderr) == (3, True)
    port.gesture("stop 0")
    assert "cleared (the stop button is pressed)" in glove("clear", port.port).stdout


def test_a_piece_without_the_wanted_hand_is_refused_in_one_line(port, tune):
    refused = glove("play", str(tune), port.port, "--hands", "left")
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "nothing here can be felt" in refused.stderr


@pytest.mark.parametrize("job", [("monitor", "{}", "--seconds", "0.3"), ("selftest", "{}"), ("play", "{tune}", "{}")])
def test_a_missing_port_is_exit_status_three_and_one_line(job, tune):
    words = [word.format("/dev/no-glove", tune=tune) for word in job]
    missing = glove(*words)
    assert missing.returncode == 3
    assert "Traceback" not in missing.stderr
    assert len(missing.stderr.splitlines()) <= 1


def test_a_glove_of_a_newer_protocol_is_said(tmp_path):
    newer = GlovePort("--speaks", "2")
    try:
        listed = json.loads(glove("list", newer.port, "--json").stdout)
        (found,) = [each for each in listed if each["name"] == newer.port]
        assert not found["connected"]
        assert "HGP/2" in found["error"]
    finally:
        newer.close()


def test_the_log_counts_frames_that_are_none(port):
    with Path(port.port).open("wb", buffering=0) as line:
        line.write(b"\0no frame\0")
    assert glove("list", port.port).returncode == 0
    port.motors(10**6, seconds=0.5)
    assert any(event["event"] == "frames" and event["bad"] for event in port.events)


def test_a_file_where_the_link_should_be_is_left_alone(tmp_path):
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("all my work")
    told = subprocess.run(
        [sys.executable, "main.py", "glove", "simulate", "--link", thesis],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stderr) == (2, f"dacapo: {thesis}: exists, and is no link to a port\n")
    assert thesis.read_text() == "all my work"


def test_a_port_that_is_missing_is_named_once_and_not_waited_for():
    missing = glove("monitor", "/dev/no-glove", "--seconds", "5")
    assert (missing.stdout, missing.stderr) == ("", "dacapo: /dev/no-glove: there is no such port\n")
    assert glove("list", "/dev/no-glove").stdout.split(maxsplit=1) == ["/dev/no-glove", "there is no such port\n"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("monitor", "/dev/no-glove", "--seconds", "-3"), "--seconds -3: must be more than 0"),
        (("simulate", "--uid", "-1"), "--uid -1: must be 0 to 18446744073709551615"),
        (("simulate", "--uid", "x"), "argument --uid: 'x' is no whole number (see 'dacapo glove simulate --help')"),
        (("simulate", "--link", "nowhere/glove"), "nowhere/glove: cannot be made: No such file or directory"),
    ],
)
def test_what_cannot_be_is_one_line(words, reason):
    refused = glove(*words)
    assert (refused.returncode, refused.stderr) == (2, f"dacapo: {reason}\n")
