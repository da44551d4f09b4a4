"""Devices that stand in for a glove, on real wires: a LucidGlove on a pseudo-terminal, finger channels over JACK."""

import os
import pty
import re
import subprocess
import sys
import threading
import time

import mido
import numpy as np
import pytest
from glove_port import ROOT, GlovePort, eventually
from jack_client import jack_client

from lessons.files import read_score, write_score
from lessons.fingering import with_fingers
from lessons.score import LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score, even_bars
from tutor.cues import actuator_of
from tutor.devices.glove import open_line
from tutor.devices.midi import open_output
from tutor.glove.drivers import AlphaDriver, FingerChannelDriver
from tutor.glove.host_timed import HostTimedGlove
from tutor.glove.pair import GlovePair

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no pseudo-terminals")
TUNE = "X:1\nT:Steps\nM:4/4\nL:1/4\nQ:1/4=150\nK:C\nCDEF|GABc|\n"
PITCHES = (60, 62, 64, 65, 67, 69, 71, 72)


class LucidGlove:
    """The other end of a serial line: takes Alpha lines apart, one hand."""

    def __init__(self, link):
        self._link, self.lines = link, []
        self.plug()

    def plug(self):
        self._far, self._near = pty.openpty()
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._near))
        threading.Thread(target=self._listen, args=(self._far,), daemon=True).start()

    def unplug(self):
        os.close(self._near)
        os.close(self._far)

    @property
    def bent(self):
        """The fingers that went on, in order."""
        found, before = [], [0] * 5
        for line in list(self.lines):
            levels = [int(number) for number in re.fullmatch(r"A(\d+)B(\d+)C(\d+)D(\d+)E(\d+)", line).groups()]
            found += [finger for finger in range(5) if levels[finger] and not before[finger]]
            before = levels
        return found

    def _listen(self, far):
        rest = b""
        try:
            while received := os.read(far, 4096):
                *lines, rest = (rest + received).split(b"\n")
                self.lines += [line.decode().strip() for line in lines if line.strip()]
        except OSError:
            return


class Synthesia:
    """A program that listens on a MIDI port for finger channels."""

    def __init__(self, name):
        self.name, self.messages = name, []
        self.come()

    def come(self):
        self._port = jack_client("MidiIn", self.name)
        self._port.set_callback(lambda stamped, _: self.messages.append(stamped[0]))
        self._port.open_virtual_port("in")

    @property
    def touched(self):
        return [message[0] & 0x0F for message in list(self.messages) if message[0] & 0xF0 == 0x90]

    def go(self):
        """Close the port; again is harmless."""
        port, self._port = self._port, None
        if port is not None:
            port.close_port()
            port.delete()


@pytest.fixture
def lucid(tmp_path):
    return LucidGlove(tmp_path / "lucid")


@pytest.fixture
def synthesia(jack_server):
    """The listener; it goes also where its test fails, for a second of its name would be mistaken for it."""
    listener = Synthesia("Fingers")
    yield listener
    listener.go()


@pytest.fixture
def busy_machine():
    """Twice as many programs that want a core as most machines of a test have."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    yield
    for one in busy:
        one.kill()
        one.wait()


@pytest.fixture
def tune(tmp_path):
    (tmp_path / "steps.abc").write_text(TUNE)
    return tmp_path / "steps.abc"


@pytest.fixture
def piece(tmp_path):
    """Both hands by turns."""
    notes = np.zeros(8, NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"] = np.arange(8) / 2, 0.5
    notes["pitch"], notes["hand"] = [48, 60, 50, 62, 52, 64, 53, 65], [LEFT, RIGHT] * 4
    bars, metres = even_bars(1, 4.0), np.array([(0.0, 4, 4)], dtype=METRE_DTYPE)
    write_score(Score(notes, bars, metres, part_names=("Piano",)), tmp_path / "hands.musicxml")
    return tmp_path / "hands.musicxml"


@pytest.fixture
def take(tmp_path):
    track = mido.MidiTrack()
    for pitch in PITCHES:
        track.append(mido.Message("note_on", note=pitch, velocity=70, time=480))
        track.append(mido.Message("note_off", note=pitch, time=0))
    mido.MidiFile(tracks=[track]).save(tmp_path / "take.mid")
    return tmp_path / "take.mid"


def program(*words, environment=None):
    done = subprocess.run(
        [sys.executable, "main.py", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def fingers(tune):
    notes = with_fingers(read_score(tune)).notes
    return [actuator_of(int(note["hand"]), int(note["finger"])) for note in notes]


def test_a_lucidglove_feels_a_piece_in_order_and_is_left_still(lucid, tune, tmp_path):
    program("glove", "play", tune, tmp_path / "lucid", "--kind", "lucid-right")
    assert eventually(lambda: lucid.lines and lucid.lines[-1] == "A0B0C0D0E0")
    assert [finger + 5 for finger in lucid.bent] == fingers(tune)


def test_a_lucidglove_is_led_in_a_lesson(lucid, tune, take, tmp_path):
    words = ["practise", tune, "--take", take, "--realtime", "--json", "--journal", tmp_path / "journal.db"]
    program(*words, "--glove", tmp_path / "lucid", "--glove-kind", "lucid-right")
    assert eventually(lambda: lucid.lines and lucid.lines[-1] == "A0B0C0D0E0")
    assert [finger + 5 for finger in lucid.bent] == fingers(tune)


def test_two_lucidgloves_feel_the_fingers_of_their_own_hands(tmp_path, piece):
    left, right = LucidGlove(tmp_path / "left"), LucidGlove(tmp_path / "right")
    program("glove", "play", piece, f"{tmp_path / 'left'},{tmp_path / 'right'}", "--kind", "lucid")
    assert eventually(lambda: all(side.lines and side.lines[-1] == "A0B0C0D0E0" for side in (left, right)))
    felt = fingers(piece)
    assert left.bent == [finger for finger in felt if finger < 5]
    assert [finger + 5 for finger in right.bent] == [finger for finger in felt if finger >= 5]


def test_two_gloves_say_themselves_which_hands_they_are_for(piece):
    right, left = GlovePort("--hands", "right"), GlovePort("--hands", "left")
    program("glove", "play", piece, f"{right.port},{left.port}")
    felt = fingers(piece)
    assert [motor["actuator"] for motor in left.motors(4)] == [finger for finger in felt if finger < 5]
    assert [motor["actuator"] for motor in right.motors(4)] == [finger for finger in felt if finger >= 5]
    assert all(glove.close() for glove in (left, right))


def test_where_one_of_two_gloves_is_pulled_the_other_hand_is_touched_on(tmp_path):
    left, right = LucidGlove(tmp_path / "left"), LucidGlove(tmp_path / "right")
    sides = [
        HostTimedGlove(lambda name=name: AlphaDriver(open_line(str(tmp_path / name)), name == "left"), name=name)
        for name in ("left", "right")
    ]
    glove = GlovePair(*sides)
    glove.arm()
    assert eventually(lambda: glove.state.armed and glove.state.hands == 3)
    left.unplug()
    assert eventually(lambda: "other hand" in glove.state.error)
    assert glove.state.armed
    assert glove.state.hands == 2
    right.lines.clear()
    glove.cue([1, 6], duration_ms=60)
    assert eventually(lambda: right.bent == [1])
    left.plug()
    assert eventually(lambda: glove.state.hands == 3 and not glove.state.error)
    glove.close()


def test_a_lucidglove_that_was_pulled_is_used_again_when_it_returns(lucid, tmp_path):
    path = str(tmp_path / "lucid")
    glove = HostTimedGlove(lambda: AlphaDriver(open_line(path), left=True), name=path)
    glove.arm()
    assert eventually(lambda: glove.state.armed)
    lucid.unplug()
    assert eventually(lambda: not glove.state.connected and "without touch" in glove.state.error)
    lucid.plug()
    assert eventually(lambda: glove.state.armed)
    lucid.lines.clear()
    glove.cue([3], duration_ms=60)
    assert eventually(lambda: lucid.bent == [3])
    glove.close()


@pytest.mark.wire
def test_finger_channels_tell_a_piece_over_a_real_midi_port(jack_server, synthesia, tune):
    program("glove", "play", tune, "Fingers", "--kind", "finger-channels", environment=jack_server)
    assert eventually(lambda: len(synthesia.touched) == len(PITCHES))
    assert synthesia.touched == fingers(tune)
    assert eventually(lambda: synthesia.messages[-1][0] & 0xF0 == 0x80)


@pytest.mark.wire
def test_the_last_note_off_arrives_however_soon_the_port_is_closed(synthesia, busy_machine):
    for _ in range(20):
        port = open_output("Fingers")
        port.send(bytes([0x90, 60, 64]))
        port.send(bytes([0x80, 60, 0]))
        port.close()
    assert eventually(lambda: len(synthesia.messages) == 40)


@pytest.mark.wire
def test_finger_channels_are_used_again_when_their_listener_returns(synthesia):
    glove = HostTimedGlove(lambda: FingerChannelDriver(open_output("Fingers")), name="Fingers")
    glove.arm()
    assert eventually(lambda: glove.state.armed)
    synthesia.go()
    assert eventually(lambda: not glove.state.connected and "without touch" in glove.state.error)
    synthesia.come()
    assert eventually(lambda: glove.state.armed)
    time.sleep(0.1)
    glove.cue([6], duration_ms=60)
    assert eventually(lambda: synthesia.touched == [6])
    glove.close()


def test_a_port_that_is_not_there_and_a_kind_that_is_none_are_one_line(tune):
    words = [sys.executable, "main.py", "glove", "play", str(tune), "/dev/no-glove", "--kind"]
    missing = subprocess.run([*words, "lucid-left"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (missing.returncode, len(missing.stderr.splitlines())) == (3, 1)
    lone = subprocess.run([*words, "lucid"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (lone.returncode, len(lone.stderr.splitlines())) == (2, 1)
    unknown = subprocess.run([*words, "boxing"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (unknown.returncode, len(unknown.stderr.splitlines())) == (2, 1)
