"""A melody played into a real PulseAudio source is heard as notes by the program's own microphone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tutor.synth import Renderer, soundfont_path

RATE = 48000
FLUTE = 73
MELODY = [72, 74, 76, 77, 79, 77, 76, 74, 72]
BEAT_SEC = 0.4
ROOT = Path(__file__).resolve().parents[2]
HEAR = """
import json, sys, time
from queue import SimpleQueue
from tutor.devices.microphone import input_names, open_microphone
from tutor.events import NoteOff, NoteOn
inbox = SimpleQueue()
before = time.perf_counter()
microphone = open_microphone("", "flute", inbox)
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


def melody(path: Path) -> None:
    renderer = Renderer(soundfont_path(), RATE)
    renderer.program(0, FLUTE)
    sound = np.zeros((round((len(MELODY) + 2) * BEAT_SEC * RATE), 2), np.float32)
    for place, pitch in enumerate(MELODY):
        start, held = round((place + 0.5) * BEAT_SEC * RATE), round(0.9 * BEAT_SEC * RATE)
        renderer.note_on(pitch, 100)
        renderer.render(sound[start : start + held])
        renderer.note_off(pitch)
        renderer.render(sound[start + held : start + round(BEAT_SEC * RATE)])
    soundfile.write(path, 0.5 * sound / np.abs(sound).max(), RATE)


@pytest.mark.wire
def test_a_melody_in_the_room_is_heard_note_by_note(pulse_process: Mapping[str, str], tmp_path: Path) -> None:
    melody(tmp_path / "melody.wav")
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
