"""A lesson with a glove on a real serial line, end to end, while everything that can go wrong with the glove does.

The program practises a take at its own pace; the glove is the simulated one, or the real firmware on a simulated chip.
Whatever happens to it, every note is heard and judged, the program says in calm words what is the matter, and touch
comes back by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import mido
import pytest
from chip import needs_chip
from glove_port import ROOT, GlovePort, eventually

from lessons.files import read_score
from lessons.fingering import with_fingers
from main import build_parts
from tutor.commands import practise
from tutor.cues import actuator_of
from tutor.events import NoteOff, NoteOn

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="this system has no pseudo-terminals"),
    pytest.mark.timeout(180),
]

BARS = 8
TUNE = "X:1\nT:Up and down\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n" + "CDEF|GAGF|EDCD|EFED|" * (BARS // 4) + "\n"
LETTERS = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69}
PITCHES = [LETTERS[letter] for letter in "CDEFGAGFEDCDEFED" * (BARS // 4)]
QUARTER_SEC = 0.3


class Practice:
    """The program practising the tune, which a take plays to it in real time."""

    def __init__(self, folder: Path, port: str, *flags: str):
        (folder / "tune.abc").write_text(TUNE)
        self._write_take(folder / "take.mid")
        self.heard: list[dict] = []
        self.said: list[str] = []
        words = f"practise {folder}/tune.abc --take {folder}/take.mid --realtime --json --journal {folder}/journal.db"
        self.process = subprocess.Popen(
            [sys.executable, "main.py", *words.split(), "--glove", port, *flags],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for stream, lines in ((self.process.stdout, self.heard), (self.process.stderr, self.said)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    def await_notes(self, count: int) -> None:
        assert eventually(lambda: sum("pitch" in each for each in self.heard) >= count, 60), self.said

    def await_words(self, words: str) -> None:
        assert eventually(lambda: any(words in line for line in self.said)), self.said

    def ends_well(self) -> None:
        """The lesson went on to its end: every note was heard and judged, and the take was kept."""
        assert self.process.wait(120) == 0, self.said
        assert eventually(lambda: self.heard and "assessment" in self.heard[-1])
        assert self.heard[-1]["assessment"]["summary"]["hit"] == len(PITCHES)
        assert self.heard[-1]["take_id"]

    def _read(self, stream, lines) -> None:
        for line in stream:
            lines.append(json.loads(line) if line.startswith("{") else line.strip())

    def _write_take(self, path: Path) -> None:
        ticks = round(QUARTER_SEC * 960)
        track = mido.MidiTrack()
        for number, pitch in enumerate(PITCHES):
            track.append(mido.Message("note_on", note=pitch, velocity=70, time=ticks if number else 4 * ticks))
            track.append(mido.Message("note_off", note=pitch, time=0))
        mido.MidiFile(tracks=[track]).save(path)


@pytest.fixture(params=["the simulated glove", "the firmware on a chip"])
def glove(request, tmp_path):
    flags = ("--link", str(tmp_path / "port"))
    if "chip" in request.param:
        needs_chip()
        flags = ("--chip", *flags)
    port = GlovePort(*flags)
    yield port
    port.close()


@pytest.fixture
def simulated(tmp_path):
    port = GlovePort("--link", str(tmp_path / "port"))
    yield port
    port.close()


def touches(glove: GlovePort) -> int:
    return len(glove.motors(10**6, seconds=0.3))


def felt_again(glove: GlovePort, practice: Practice) -> None:
    """Touch has come back before the lesson is over."""
    before = touches(glove)
    assert eventually(lambda: touches(glove) >= before + 3, 30), practice.said
    practice.ends_well()


# -- nothing goes wrong -----------------------------------------------------------------------------------------------


def test_each_next_finger_is_felt_in_its_turn_at_the_pace_of_the_player(glove, tmp_path):
    practice = Practice(tmp_path, glove.port)
    practice.ends_well()
    notes = with_fingers(read_score(tmp_path / "tune.abc")).notes
    wanted = [actuator_of(int(note["hand"]), int(note["finger"])) for note in notes]
    motors = glove.motors(len(wanted), seconds=3)
    felt = [motor["actuator"] for motor in motors]
    turns = iter(wanted)
    assert all(actuator in turns for actuator in felt), (felt, wanted)  # none out of turn
    assert len(felt) >= 0.9 * len(wanted)  # a machine that is held up drops a cue rather than play it late
    times = [motor["on_us"] for motor in motors]
    assert times == sorted(times)
    steps = sorted(after - before for before, after in pairwise(times))
    assert abs(steps[len(steps) // 2] - QUARTER_SEC * 1e6) < 100_000


def test_with_keep_tempo_the_beat_of_the_score_is_felt_whatever_is_played(glove, tmp_path):
    practice = Practice(tmp_path, glove.port, "--mode", "keep-tempo", "--guidance", "Only the beat", "--no-fade")
    assert practice.process.wait(120) == 0, practice.said
    motors = [motor for motor in glove.motors(24) if motor["actuator"] == 5]
    steps = [after["on_us"] - before["on_us"] for before, after in pairwise(motors)]
    assert len(steps) >= 10
    assert all(abs(step - 500_000) < 20_000 for step in steps), steps
    assert {motor["actuator"] for motor in motors} <= {0, 5}


# -- the glove goes, and comes back -----------------------------------------------------------------------------------


def test_a_pulled_cable_is_said_and_touch_returns(simulated, tmp_path):
    practice = Practice(tmp_path, simulated.port)
    practice.await_notes(6)
    simulated.gesture("unplug")
    practice.await_words("the lesson goes on without touch")
    simulated.gesture("plug")
    practice.await_words("touch is back")
    felt_again(simulated, practice)


def test_a_glove_that_reboots_in_mid_piece_is_used_again(glove, tmp_path):
    practice = Practice(tmp_path, glove.port)
    practice.await_notes(6)
    glove.gesture("reboot")
    assert eventually(lambda: any(event["event"] == "reboot" for event in glove.events) or touches(glove) < 0)
    felt_again(glove, practice)


def test_a_port_that_stops_reading_never_holds_up_the_lesson_and_touch_returns(glove, tmp_path):
    practice = Practice(tmp_path, glove.port)
    practice.await_notes(6)
    glove.gesture("deaf 1")
    practice.await_words("the lesson goes on without touch")
    glove.gesture("deaf 0")
    felt_again(glove, practice)


def test_a_clock_that_jumps_is_learned_anew(glove, tmp_path):
    practice = Practice(tmp_path, glove.port)
    practice.await_notes(6)
    for stopped in (glove.process, practice.process):  # a chip that was held up; a computer that slept
        stopped.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        stopped.send_signal(signal.SIGCONT)
    felt_again(glove, practice)


def test_the_stop_button_is_heeded_and_said_and_the_lesson_goes_on(glove, tmp_path):
    practice = Practice(tmp_path, glove.port)
    practice.await_notes(6)
    glove.gesture("stop 1")
    practice.await_words("stop button")
    before = touches(glove)
    practice.ends_well()
    assert touches(glove) <= before + 1


# -- it is no glove, or another one than was thought ------------------------------------------------------------------


def test_a_port_that_is_no_glove_is_said_and_a_glove_that_comes_there_later_is_used(tmp_path):
    far, near = pty.openpty()
    link = tmp_path / "port"
    link.symlink_to(os.ttyname(near))
    practice = Practice(tmp_path, str(link))
    os.write(far, b"Marlin 2.0 ready\n\x00\xff\x00ok T:21.3\n")
    practice.await_words("nothing there speaks as a glove does")
    os.close(near)
    os.close(far)
    glove = GlovePort("--link", str(link))
    felt_again(glove, practice)
    glove.close()


def test_a_newer_glove_is_said_and_one_that_can_be_understood_is_used_later(tmp_path):
    link = str(tmp_path / "port")
    newer = GlovePort("--link", link, "--speaks", "2")
    practice = Practice(tmp_path, link)
    practice.await_words("HGP/2")
    newer.close()
    glove = GlovePort("--link", link)
    felt_again(glove, practice)
    glove.close()


def test_a_port_that_another_program_holds_is_refused_at_the_start_in_one_line(simulated, tmp_path):
    words = [sys.executable, "main.py", "glove", "monitor", simulated.port]
    holder = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline()
    practice = Practice(tmp_path, simulated.port)
    assert practice.process.wait(60) == 3
    practice.await_words("another program holds this port")
    holder.send_signal(signal.SIGINT)
    holder.wait(20)


def test_a_second_program_does_not_disturb_a_lesson(simulated, tmp_path):
    practice = Practice(tmp_path, simulated.port)
    practice.await_notes(6)
    words = [sys.executable, "main.py", "glove", "play", str(tmp_path / "tune.abc"), simulated.port]
    second = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (second.returncode, len(second.stderr.splitlines())) == (3, 1)
    assert "another program holds this port" in second.stderr
    felt_again(simulated, practice)


def test_a_glove_for_the_other_hand_is_said_and_the_lesson_goes_on(tmp_path):
    glove = GlovePort("--hands", "left")
    practice = Practice(tmp_path, glove.port)
    practice.await_words("no motors for the other hand")
    practice.ends_well()
    assert touches(glove) == 0
    glove.close()


@pytest.mark.parametrize("motors", [16, 8])
def test_a_glove_with_more_or_fewer_motors_than_fingers_is_used_as_far_as_it_goes(tmp_path, motors):
    glove = GlovePort("--motors", str(motors))
    practice = Practice(tmp_path, glove.port)
    practice.ends_well()
    used = {motor["actuator"] for motor in glove.motors(10**6, seconds=0.5)}
    assert used and used <= set(range(5, min(10, motors)))
    glove.close()


# -- touch fades ------------------------------------------------------------------------------------------------------


class Pianist:
    """A MIDI input that plays the tune once, at its own pace."""

    name = "Pianist"

    def __init__(self, inbox):
        threading.Thread(target=self._play, args=(inbox,), daemon=True).start()

    def _play(self, inbox):
        time.sleep(1.0)
        for pitch in PITCHES[:16]:
            inbox.put(NoteOn(time.perf_counter(), pitch, 70))
            time.sleep(0.12)
            inbox.put(NoteOff(time.perf_counter(), pitch))
        inbox.put(None)

    def close(self):
        pass


def test_after_three_clean_takes_the_fourth_goes_without_touch(glove, tmp_path, capsys):
    (tmp_path / "tune.abc").write_text(TUNE)
    parser = argparse.ArgumentParser()
    practise.configure(parser)
    words = f"{tmp_path}/tune.abc --midi Pianist --headless --json --bars 1-4 --journal {tmp_path}/journal.db"
    arguments = parser.parse_args([*words.split(), "--glove", glove.port])
    parts = replace(build_parts(), open_midi=lambda _name, inbox: Pianist(inbox))
    felt, told = [], []
    for _ in range(4):
        before = touches(glove)
        assert practise.run(arguments, parts) == 0
        felt.append(touches(glove) - before)
        told.append(json.loads(capsys.readouterr().out.splitlines()[-1])["report"]["touch"])
    assert min(felt[:3]) >= 14, (felt, told)
    assert felt[3] == 0, (felt, told)
    assert told[2] == "The next time goes without touch, to see what stays."
