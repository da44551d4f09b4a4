"""The real firmware on a simulated ATmega328P with its pins watched, behind pyserial and the app's own link."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from itertools import pairwise

import mido
import pytest
from chip import FIRMWARE, needs_chip
from glove_port import ROOT, GlovePort, eventually
from wiring import wire_missing

from lessons.files import read_score
from lessons.fingering import with_fingers
from tutor.cues import PRESETS, actuator_of, plan
from tutor.devices.glove import open_line
from tutor.glove.codes import DeviceState
from tutor.glove.conformance.suite import CASES
from tutor.glove.link import GloveLink
from tutor.glove.messages import Arm, ChordAt, Event, Pulse, StopAll
from tutor.glove.rig import Rig

pytestmark = [pytest.mark.wire, pytest.mark.xdist_group("glove_chip")]
TUNE = """X:1
T:Two hands
M:4/4
L:1/4
Q:1/4=150
K:C
V:1
CDEF|GABc|[CEG]4|
V:2 clef=bass
C,2 G,,2|C,4|[C,E,G,]4|
"""


@pytest.fixture(scope="module")
def built():
    needs_chip()


@pytest.fixture
def chip(built, tmp_path):
    port = GlovePort("--chip", "--link", str(tmp_path / "port"))
    yield port
    port.close()


@pytest.fixture
def rig(chip):
    rig = Rig(lambda: open_line(chip.port), time.perf_counter, seed=1)
    rig.greet()
    rig.learn_clock()
    yield rig
    rig.close()


def test_the_firmware_passes_every_case_of_the_suite_on_the_chip(chip):
    report = _selftest(chip.port, seed=1)
    assert len(report["cases"]) == len(CASES)
    if not report["passed"]:  # a machine that was held up for a moment gets a second chance; a real fault stays
        again = _selftest(chip.port, seed=2)
        assert not set(report["failed"]) & set(again["failed"]), again


def _selftest(port, seed):
    words = [sys.executable, "main.py", "glove", "selftest", port, "--json", "--seed", str(seed)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(told.stdout)
    assert told.returncode == (0 if report["passed"] else 1)
    return report


def test_a_lesson_moves_the_right_pins_in_the_right_order_and_time(chip, tmp_path):
    (tmp_path / "tune.abc").write_text(TUNE)
    score = with_fingers(read_score(tmp_path / "tune.abc"))
    cues = plan(score, PRESETS["Just a nudge"])
    link = GloveLink(lambda: open_line(chip.port), name=chip.port)
    link.arm()
    assert eventually(lambda: link.state.armed), link.state
    start = time.perf_counter() + 0.6
    expected = []
    for timed in cues.timed(score.tempo):
        link.cue(timed.cue.actuators, start + timed.at_sec, timed.cue.intensity, timed.cue.duration_ms)
        expected += [(round(timed.at_sec, 3), actuator) for actuator in timed.cue.actuators]
    motors = chip.motors(len(expected))
    link.close()
    assert len(expected) > 14
    assert sorted(_places(motors, expected)) == sorted(expected)
    lengths = [motor["off_us"] - motor["on_us"] for motor in motors]
    assert all(40_000 < length < 75_000 for length in lengths)


def test_a_take_in_the_app_moves_the_pin_of_the_finger_that_is_next(chip, tmp_path):
    pitches = [60, 62, 64, 65, 67, 69, 71, 72]
    (tmp_path / "steps.abc").write_text("X:1\nT:Steps\nM:4/4\nL:1/4\nQ:1/4=150\nK:C\nCDEF|GABc|\n")
    _write_take(tmp_path / "take.mid", pitches)
    words = (
        f"practise {tmp_path}/steps.abc --take {tmp_path}/take.mid --journal {tmp_path}/journal.db --glove {chip.port}"
    )
    practised = subprocess.run(
        [sys.executable, "main.py", *words.split(), "--realtime", "--headless", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert practised.returncode == 0, practised.stderr
    score = with_fingers(read_score(tmp_path / "steps.abc"))
    wanted = [actuator_of(int(note["hand"]), int(note["finger"])) for note in score.notes]
    motors = chip.motors(len(wanted), 10.0)
    assert [motor["actuator"] for motor in motors] == wanted


def _write_take(path, pitches):
    track = mido.MidiTrack()
    for pitch in pitches:
        track.append(mido.Message("note_on", note=pitch, velocity=70, time=960 if pitch != pitches[0] else 1920))
        track.append(mido.Message("note_off", note=pitch, time=0))
    mido.MidiFile(tracks=[track]).save(path)


def _places(motors, expected):
    """Each motor with the place of the score whose order in time it has."""
    times = sorted(at for at, _ in expected)
    first = motors[0]["on_us"]
    apart = [(motor["on_us"] - first) / 1e6 - (at - times[0]) for motor, at in zip(motors, times, strict=True)]
    assert max(map(abs, apart)) < 0.1
    return [(at, motor["actuator"]) for motor, at in zip(motors, times, strict=True)]


def test_every_pin_is_off_until_the_first_allowed_cue(chip):
    time.sleep(0.5)
    link = GloveLink(lambda: open_line(chip.port))
    link.cue([0, 1, 2])
    assert eventually(lambda: link.state.connected)
    link.cue([3])
    time.sleep(0.5)
    link.close()
    assert [event for event in chip.close() if event["event"] == "motor"] == []


def test_the_pins_go_off_when_the_lease_lapses_with_a_pulse_in_flight(chip, rig):
    rig.arm(lease_ms=200, heartbeat=False)
    rig.send(Pulse(3, 0, 200, 1500))
    (motor,) = chip.motors(1)
    assert motor["off_us"] - motor["on_us"] < 250_000


def test_the_pins_go_off_when_the_host_dies_in_mid_chord(chip, rig):
    rig.arm(lease_ms=300, heartbeat=False)
    rig.send(ChordAt(rig.device_us(0.1), 0b1001000001, 200, 1500, 0))
    rig.listen(0.15)
    rig.reopen()
    motors = chip.motors(3)
    assert sorted(motor["actuator"] for motor in motors) == [0, 6, 9]
    assert all(motor["off_us"] - motor["on_us"] < 400_000 for motor in motors)


def test_the_stop_button_cuts_the_pins_and_only_a_person_clears_it(chip, rig):
    rig.arm()
    rig.send(Pulse(5, 0, 200, 1500))
    rig.listen(0.1)
    chip.gesture("stop 1")
    rig.expect(Event, 1.0, lambda event: event.code == 1)
    (motor,) = chip.motors(1)
    assert motor["off_us"] - motor["on_us"] < 500_000
    assert rig.status().state == DeviceState.FAULT


def test_a_motor_that_does_not_stop_loses_its_supply(chip, rig):
    rig.arm()
    rig.send(Pulse(5, 0, 200, 1500))
    rig.listen(0.1)
    chip.gesture("stuck 1")
    rig.listen(0.1)
    rig.send(StopAll())
    rig.expect(Event, 1.0, lambda event: event.code == 4)
    assert rig.status().state == DeviceState.FAULT


@pytest.mark.parametrize(("gesture", "code"), [("worn 0", 2), ("overcurrent 1", 3), ("battery 1", 7)])
def test_a_glove_in_a_bad_way_falls_silent_and_says_why(chip, rig, gesture, code):
    rig.arm()
    rig.send(Pulse(5, 0, 200, 1500))
    rig.listen(0.1)
    chip.gesture(gesture)
    rig.expect(Event, 2.0, lambda event: event.code == code)
    (motor,) = chip.motors(1)
    assert motor["off_us"] - motor["on_us"] < 700_000


def test_a_chip_that_restarts_in_mid_pulse_has_its_pins_off_and_counts_its_boots(chip, rig):
    boots = rig.hello.boot_count
    rig.arm()
    rig.send(Pulse(5, 0, 200, 1500))
    rig.listen(0.1)
    chip.gesture("reboot")
    (motor,) = chip.motors(1)
    assert motor["off_us"] - motor["on_us"] < 500_000
    assert rig.greet().boot_count == boots + 1


def test_stronger_cues_have_wider_pulses_on_the_pin(chip, rig):
    for level in (255, 40, 120, 200):
        rig.arm(level=255)
        rig.send(Pulse(2, 0, level, 70), ack=False)
        rig.listen(0.15)
        rig.ask(Arm(1000, 255, 1500), 0)
        rig.send(Pulse(2, 0, level, 200))
        rig.listen(0.3)
    steady = chip.motors(8)[1::2]
    levels = [motor["level"] for motor in steady]
    assert all(abs(got - want) <= 12 for got, want in zip(levels, (255, 40, 120, 200), strict=True)), levels


def test_touch_returns_to_the_chip_after_a_pulled_cable(chip):
    link = GloveLink(lambda: open_line(chip.port), name=chip.port)
    link.arm()
    assert eventually(lambda: link.state.armed), link.state
    chip.gesture("unplug")
    assert eventually(lambda: not link.state.connected)
    chip.gesture("plug")
    assert eventually(lambda: link.state.armed), link.state
    link.cue([4])
    assert chip.motors(1)[0]["actuator"] == 4
    link.close()


def test_the_firmware_fits_the_chip(built):
    listed = subprocess.run(
        ["avr-size", "-A", str(ROOT / "build/firmware/glove.elf")], capture_output=True, text=True, check=True
    ).stdout
    sizes = {line.split()[0]: int(line.split()[1]) for line in listed.splitlines() if line.startswith(".")}
    assert sizes[".text"] + sizes[".data"] <= 24 * 1024
    assert sizes[".data"] + sizes[".bss"] + sizes.get(".noinit", 0) <= 1.6 * 1024


def test_nearly_every_line_of_the_core_is_tested(built):
    if shutil.which("gcov") is None:
        wire_missing("gcov is not installed")
    told = subprocess.run(["make", "-C", str(FIRMWARE), "coverage"], capture_output=True, text=True, check=True).stdout
    shares = [float(share) for share in re.findall(r"Lines executed:([\d.]+)% of", told)]
    assert len(shares) == 3
    assert min(shares) >= 95


def test_the_core_passes_its_own_tests_and_a_run_of_the_fuzzer_under_sanitizers(built):
    if shutil.which("cc") is None:
        wire_missing("there is no C compiler")
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    made = subprocess.run(
        ["make", "-C", str(FIRMWARE), "check"], capture_output=True, text=True, check=False, env=environment
    )
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]


def test_times_on_the_pins_ascend(chip, rig):
    rig.arm()
    for number in range(10):
        rig.send(ChordAt(rig.device_us(0.2 + number * 0.1), 1 << number, 150, 50, 0))
    rig.listen(1.5)
    motors = chip.motors(10)
    assert [motor["actuator"] for motor in motors] == list(range(10))
    assert all(80_000 < after["on_us"] - before["on_us"] < 120_000 for before, after in pairwise(motors))
