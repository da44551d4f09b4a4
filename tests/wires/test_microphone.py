"""A melody played into a real PulseAudio source is heard as notes by the program's own microphone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from wiring import ROOT, conversing, wait_until

from lessons.files import write_score
from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.synth import Renderer, soundfont_path

RATE = 48000
FLUTE = 73
MELODY = [72, 74, 76, 77, 79, 77, 76, 74, 72]
BEAT_SEC = 0.4
HEAR = """
import json, sys, time
from queue import SimpleQueue
from tutor.devices.microphone import Microphone, input_names
from tutor.events import NoteOff, NoteOn
from tutor.listen.melody import MelodyListener
from tutor.listen.playback import nothing
from tutor.listen.without_playback import WithoutPlayback

inbox = SimpleQueue()
before = time.perf_counter()
def listen(rate, start):
    return WithoutPlayback(MelodyListener(rate, "flute", start), rate, start, nothing)

microphone = Microphone("", listen, inbox)
print("listening", flush=True)
sys.stdin.readline()
microphone.close()
microphone.close()
events = [inbox.get() for _ in range(inbox.qsize())]
notes, sounding = [], {}
for event in events:
    if isinstance(event, NoteOn):
        sounding[event.pitch] = event.time_sec
    elif isinstance(event, NoteOff) and event.time_sec - sounding[event.pitch] > 0.1:
        notes.append((sounding[event.pitch], event.pitch))
late = [event for event in events if not before < event.time_sec < time.perf_counter()]
print(json.dumps({
    "notes": notes,
    "dropped": microphone.dropped, "level": microphone.level.level_db, "late": len(late), "names": input_names(),
}))
"""


def melody(path: Path, pitches: list[int]) -> None:
    renderer = Renderer(soundfont_path(), RATE)
    renderer.program(0, FLUTE)
    sound = np.zeros((round((len(pitches) + 2) * BEAT_SEC * RATE), 2), np.float32)
    for place, pitch in enumerate(pitches):
        start, held = round((place + 0.5) * BEAT_SEC * RATE), round(0.9 * BEAT_SEC * RATE)
        renderer.note_on(pitch, 100)
        renderer.render(sound[start : start + held])
        renderer.note_off(pitch)
        renderer.render(sound[start + held : start + round(BEAT_SEC * RATE)])
    soundfile.write(path, 0.5 * sound / np.abs(sound).max(), RATE)


@pytest.mark.wire
def test_a_melody_in_the_room_is_heard_note_by_note(pulse_process: Mapping[str, str], tmp_path: Path) -> None:
    melody(tmp_path / "melody.wav", MELODY)
    environment = {**os.environ, **pulse_process}
    with conversing(HEAR, pulse_process) as listening:
        assert listening.stdout
        assert listening.stdout.readline() == "listening\n"
        subprocess.run(
            ["pacat", "--device=room", "--file-format=wav", tmp_path / "melody.wav"], env=environment, check=True
        )
        said = json.loads(listening.communicate("stop\n", timeout=30)[0])
    assert [pitch for _, pitch in said["notes"]] == MELODY
    times = np.array([time for time, _ in said["notes"]])
    np.testing.assert_allclose(times - times[0], BEAT_SEC * np.arange(len(MELODY)), atol=0.1)
    assert (said["dropped"], said["late"]) == (0, 0)
    assert said["names"]


def written(path: Path) -> None:
    rows = [(beat, 1, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False) for beat, pitch in enumerate(MELODY)]
    bars = [(number, number, 3 * number - 3, 3 * number) for number in (1, 2, 3)]
    notes, measures = np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE)
    write_score(Score(notes, measures, tempo=TempoMap.of([(0.0, 60 / BEAT_SEC)])), path)


def lesson_by_microphone(
    score: Path, instrument: str, played: Path, pulse: Mapping[str, str], home: Path
) -> dict[str, Any]:
    """The judgement of a lesson in which a recording is played into the room."""
    environment = {**os.environ, **pulse, "DACAPO_HOME": str(home)}
    words = ["practise", score, "--audio", "default", "--instrument", instrument, "--headless", "--json"]

    def listened_to() -> bool:
        said = subprocess.run(
            ["pactl", "list", "short", "source-outputs"], env=environment, capture_output=True, check=True
        )
        return b"protocol-native" in said.stdout  # the other one is the server's own

    lesson = subprocess.Popen(
        [sys.executable, "main.py", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    with lesson:
        wait_until(listened_to, "the lesson opens the microphone", timeout_sec=30)
        time.sleep(4)  # a stream that stays dead is opened again meanwhile
        subprocess.run(["pacat", "--device=room", "--file-format=wav", played], env=environment, check=True)
        lesson.send_signal(signal.SIGINT)
        said = [json.loads(line) for line in lesson.communicate(timeout=60)[0].splitlines()]
    assert lesson.returncode == 0
    assessment: dict[str, Any] = said[-1]["assessment"]
    return assessment


@pytest.mark.wire
def test_a_lesson_with_a_microphone_ends_with_the_right_report(
    pulse_process: Mapping[str, str], tmp_path: Path
) -> None:
    written(tmp_path / "melody.musicxml")
    melody(tmp_path / "played.wav", [*MELODY[:4], 81, *MELODY[5:]])  # one wrong note
    said = lesson_by_microphone(tmp_path / "melody.musicxml", "flute", tmp_path / "played.wav", pulse_process, tmp_path)
    summary = said["summary"]
    assert (summary["hit"], summary["wrong"] + summary["missed"]) == (len(MELODY) - 1, 1)
    verdicts = {note["pitch"]: note["verdict"] for note in said["notes"]}
    assert verdicts[79] != "hit"


CHORALE = [(0, 60, 2), (0, 48, 2), (1, 64, 1), (2, 67, 1), (2, 55, 1), (3, 65, 1), (4, 64, 1), (4, 52, 2), (5, 62, 1)]
CHORALE += [
    (6, 65, 1),
    (6, 53, 2),
    (7, 69, 1),
    (8, 67, 1),
    (8, 48, 2),
    (9, 64, 1),
    (10, 62, 1),
    (10, 55, 2),
    (11, 59, 1),
]
CHORALE += [(12, 60, 2), (12, 48, 2)]


def written_for_piano(path: Path) -> None:
    rows = [
        (beat, length, pitch, 70, LEFT if pitch < 58 else RIGHT, 1 + (pitch < 58), 0, 0, 0, "", 0, False)
        for beat, pitch, length in CHORALE
    ]
    bars = [(number, number, 4 * number - 4, 4 * number) for number in (1, 2, 3, 4)]
    notes, measures = np.array(sorted(rows), NOTE_DTYPE), np.array(bars, BAR_DTYPE)
    write_score(Score(notes, measures, tempo=TempoMap.of([(0.0, 60 / BEAT_SEC)])), path)


def played_on_a_piano(path: Path, wrong: tuple[int, int], instead: int) -> None:
    """The piece with one key beside the right one: ``wrong`` is (beat, pitch)."""
    renderer = Renderer(soundfont_path(), RATE)
    events = []
    for beat, pitch, length in CHORALE:
        key = instead if (beat, pitch) == wrong else pitch
        start = (beat + 1) * BEAT_SEC
        events += [(start, 1, key), (start + 0.95 * length * BEAT_SEC, 0, key)]
    sound, done = np.zeros((round((max(events)[0] + 1.5) * RATE), 2), np.float32), 0
    for time_sec, begins, key in sorted(events):
        renderer.render(sound[done : round(time_sec * RATE)]) if round(time_sec * RATE) > done else None
        done = round(time_sec * RATE)
        renderer.note_on(key, 85) if begins else renderer.note_off(key)
    renderer.render(sound[done:])
    soundfile.write(path, 0.5 * sound / np.abs(sound).max(), RATE)


@pytest.mark.wire
def test_a_piano_lesson_by_microphone_names_the_wrong_key_and_no_other(
    pulse_process: Mapping[str, str], tmp_path: Path
) -> None:
    written_for_piano(tmp_path / "chorale.musicxml")
    played_on_a_piano(tmp_path / "played.wav", wrong=(7, 69), instead=70)
    said = lesson_by_microphone(
        tmp_path / "chorale.musicxml", "piano", tmp_path / "played.wav", pulse_process, tmp_path
    )
    faults = [(n["onset_beat"], n["pitch"], n["verdict"]) for n in said["notes"] if n["verdict"] != "hit"]
    assert faults == [(7.0, 69, "wrong")]
    assert said["extra"] == []


DELAY = """
import json, sys, time
from tutor.devices.microphone import Microphone
from tutor.devices.speaker import open_speaker
from tutor.listen.delay import measured_delay
speaker = open_speaker()
late = measured_delay("", Microphone, speaker, time.perf_counter, time.sleep)
speaker.close()
print(json.dumps(late))
"""

UNPLUGGED = """
import json, sys, time
from queue import Empty, SimpleQueue
from tutor.devices.microphone import Microphone
from tutor.events import Lost
from tutor.listen.listener import Hearing
inbox = SimpleQueue()
microphone = Microphone("", Hearing("flute").listen, inbox)
print("listening", flush=True)
said = []
until = time.monotonic() + 60
while len(said) < 2 and time.monotonic() < until:
    try:
        event = inbox.get(timeout=0.5)
    except Empty:
        continue
    if isinstance(event, Lost):
        said.append(event.regained)
        print("back" if event.regained else "lost", flush=True)
microphone.close()
"""


@pytest.mark.wire
def test_the_delay_from_a_click_to_its_sound_is_measured_on_a_real_wire(pulse_process: Mapping[str, str]) -> None:
    environment = {**os.environ, **pulse_process, "PULSE_SINK": "room"}
    words = [sys.executable, "-c", DELAY]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert 0.0 < json.loads(done.stdout) < 0.5


@pytest.mark.wire
def test_a_microphone_that_is_pulled_out_and_put_back_is_told_and_heard_again(pulse_process: Mapping[str, str]) -> None:
    environment = {**os.environ, **pulse_process, "PULSE_SOURCE": "webcam"}

    def pactl(*words: str) -> str:
        return subprocess.run(["pactl", *words], env=environment, capture_output=True, text=True, check=True).stdout

    plugged = ("load-module", "module-null-sink", "sink_name=desk")
    camera = ("load-module", "module-remap-source", "source_name=webcam", "master=desk.monitor")
    desk, module = pactl(*plugged).strip(), pactl(*camera).strip()
    words = [sys.executable, "-X", "faulthandler", "-c", UNPLUGGED]
    listening = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    with listening:
        assert listening.stdout
        assert listening.stdout.readline() == "listening\n"
        pactl("unload-module", module)
        pactl("unload-module", desk)
        assert listening.stdout.readline() == "lost\n"
        desk = pactl(*plugged).strip()
        module = pactl(*camera).strip()
        assert listening.stdout.readline() == "back\n"
        assert listening.wait(30) == 0
    pactl("unload-module", module)
    pactl("unload-module", desk)
