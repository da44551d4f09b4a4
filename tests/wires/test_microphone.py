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

import numpy as np
import pytest
import soundfile
from wiring import wait_until

from lessons.files import write_score
from lessons.score import BAR_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.synth import Renderer, soundfont_path

RATE = 48000
FLUTE = 73
MELODY = [72, 74, 76, 77, 79, 77, 76, 74, 72]
BEAT_SEC = 0.4
ROOT = Path(__file__).resolve().parents[2]
HEAR = """
import json, sys, time
from queue import SimpleQueue
from tutor.devices.microphone import Microphone, input_names
from tutor.events import NoteOff, NoteOn
from tutor.listen.melody import MelodyListener
inbox = SimpleQueue()
before = time.perf_counter()
microphone = Microphone("", lambda rate, start: MelodyListener(rate, "flute", start), inbox)
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
    listening = subprocess.Popen(
        [sys.executable, "-c", HEAR],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with listening:
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


@pytest.mark.wire
def test_a_lesson_with_a_microphone_ends_with_the_right_report(
    pulse_process: Mapping[str, str], tmp_path: Path
) -> None:
    score, environment = tmp_path / "melody.musicxml", {**os.environ, **pulse_process, "DACAPO_HOME": str(tmp_path)}
    written(score)
    melody(tmp_path / "played.wav", [*MELODY[:4], 81, *MELODY[5:]])  # one wrong note
    words = ["practise", score, "--audio", "default", "--instrument", "flute", "--headless", "--json"]

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
        subprocess.run(
            ["pacat", "--device=room", "--file-format=wav", tmp_path / "played.wav"], env=environment, check=True
        )
        lesson.send_signal(signal.SIGINT)
        said = [json.loads(line) for line in lesson.communicate(timeout=60)[0].splitlines()]
    summary = said[-1]["assessment"]["summary"]
    assert lesson.returncode == 0
    assert (summary["hit"], summary["wrong"] + summary["missed"]) == (len(MELODY) - 1, 1)
    verdicts = {note["pitch"]: note["verdict"] for note in said[-1]["assessment"]["notes"]}
    assert verdicts[79] != "hit"
