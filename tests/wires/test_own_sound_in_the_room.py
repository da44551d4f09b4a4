"""The program's own chords, sounded into a real PulseAudio room, are taken out of what is heard there."""

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
import json, sys, threading, time
from queue import SimpleQueue
import numpy as np
from tutor.devices.microphone import Microphone
from tutor.devices.speaker import open_speaker
from tutor.events import NoteOn
from tutor.listen.listener import Hearing

speaker, inbox, over = open_speaker(), SimpleQueue(), threading.Event()
hearing = Hearing("flute", playing=lambda: speaker.playback)
came, left = [], []

class Tapped:
    def __init__(self, rate, start_sec):
        self.listener = hearing.listen(rate, start_sec)
        feed = hearing.listener.feed
        hearing.listener.feed = lambda block: (left.append(float(np.square(block).sum())), feed(block))[1]
    def feed(self, block, drift_sec=0.0):
        came.append(float(np.square(block).sum()))
        return self.listener.feed(block, drift_sec)
    def finish(self):
        return self.listener.finish()

def accompany():
    while not over.is_set():
        for chord in ((60, 64, 67), (59, 62, 67), (57, 60, 64), (60, 65, 69)):
            for pitch in chord:
                speaker.note_on(pitch, 70)
            over.wait(0.7)
            for pitch in chord:
                speaker.note_off(pitch)

microphone = Microphone("", Tapped, inbox)
playing = threading.Thread(target=accompany)
playing.start()
calm, until = 0, time.monotonic() + 60
while calm < 7 and time.monotonic() < until:  # seconds in which the device never ran dry: then the way is learned
    dropouts = speaker.dropouts
    del came[:], left[:]
    time.sleep(1)
    calm = calm + 1 if speaker.dropouts == dropouts else 0
softer_db = 10 * np.log10(sum(came) / sum(left))
while inbox.qsize():
    inbox.get()
print("listening", flush=True)
sys.stdin.readline()
over.set()
playing.join()
microphone.close()
speaker.close()
events = [inbox.get() for _ in range(inbox.qsize())]
notes = [event.pitch for event in events if isinstance(event, NoteOn)]
print(json.dumps({"softer_db": softer_db, "notes": notes, "calm": calm}))
"""


@pytest.mark.wire
def test_a_flute_is_heard_beside_the_chords_of_the_program_which_are_taken_out(
    pulse_process: Mapping[str, str], tmp_path: Path
) -> None:
    melody(tmp_path / "melody.wav", MELODY)
    room = {**pulse_process, "PULSE_SINK": "room"}
    with conversing(HEAR, room) as listening:
        assert listening.stdout
        assert listening.stdout.readline() == "listening\n"
        command = ["pacat", "--device=room", "--file-format=wav", tmp_path / "melody.wav"]
        subprocess.run(command, env={**os.environ, **room}, check=True)
        said = json.loads(listening.communicate("stop\n", timeout=30)[0])
    if said["calm"] < 7:
        pytest.skip("the machine is too busy to sound for seven seconds without a gap")
    assert said["softer_db"] > 10
    heard = iter(said["notes"])
    assert all(pitch in heard for pitch in MELODY)  # in this order
