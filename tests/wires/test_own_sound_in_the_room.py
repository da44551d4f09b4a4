"""The program's own chords, sounded into a real PulseAudio room, are not heard there as the learner's."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from test_microphone import MELODY, melody
from wiring import conversing

HEAR = """
import json, os, sys, threading, time
from queue import SimpleQueue
from tutor.devices.microphone import Microphone
from tutor.devices.speaker import open_speaker
from tutor.events import NoteOff, NoteOn
from tutor.listen.listener import Hearing
speaker, inbox = open_speaker(), SimpleQueue()
hearing = Hearing("flute", playing=lambda: speaker.playback if os.environ["KNOWN"] else None)
microphone = Microphone("", hearing.listen, inbox)
over = threading.Event()
def accompany():
    while not over.is_set():
        for chord in ((60, 64, 67), (59, 62, 67), (57, 60, 64), (60, 65, 69)):
            for pitch in chord:
                speaker.note_on(pitch, 70)
            over.wait(0.7)
            for pitch in chord:
                speaker.note_off(pitch)
playing = threading.Thread(target=accompany)
playing.start()
calm, dropouts = 0, speaker.dropouts
while calm < 6:  # seconds in which the device never ran dry, so that the way through the room is known
    time.sleep(1)
    calm, dropouts = (calm + 1 if speaker.dropouts == dropouts else 0), speaker.dropouts
while inbox.qsize():
    inbox.get()
print("listening", flush=True)
sys.stdin.readline()
over.set()
playing.join()
microphone.close()
speaker.close()
notes, sounding = [], {}
for event in [inbox.get() for _ in range(inbox.qsize())]:
    if isinstance(event, NoteOn):
        sounding[event.pitch] = event.time_sec
    elif isinstance(event, NoteOff) and event.time_sec - sounding.get(event.pitch, event.time_sec) > 0.1:
        notes.append(event.pitch)
print(json.dumps(notes))
"""


def heard(pulse: Mapping[str, str], played: Path, known: bool) -> list[int]:
    """The notes of a flute that plays while the program sounds chords; whether it knows that it does."""
    room = {**pulse, "PULSE_SINK": "room", "KNOWN": "1" if known else ""}
    with conversing(HEAR, room) as listening:
        assert listening.stdout
        assert listening.stdout.readline() == "listening\n"
        command = ["pacat", "--device=room", "--file-format=wav", played]
        subprocess.run(command, env={**os.environ, **room}, check=True)
        notes: list[int] = json.loads(listening.communicate("stop\n", timeout=30)[0])
    return notes


@pytest.mark.wire
def test_a_flute_is_heard_alone_beside_the_chords_of_the_program(
    pulse_process: Mapping[str, str], tmp_path: Path
) -> None:
    melody(tmp_path / "melody.wav", MELODY)
    assert heard(pulse_process, tmp_path / "melody.wav", known=True) == MELODY
