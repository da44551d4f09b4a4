"""Sound through a real PulseAudio server: what the speaker plays is recorded from the sink's monitor."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from wiring import conversing, wait_until

from tutor.devices.speaker import GONE

RATE = 48000
PLAY = """
import time
from tutor.devices.speaker import Speaker, open_speaker
speaker = open_speaker()
assert isinstance(speaker, Speaker), speaker.reason
for pitch in (60, 67, 76):
    speaker.note_on(pitch, 110)
    time.sleep(0.5)
    speaker.note_off(pitch)
    time.sleep(0.3)
speaker.click(True)
time.sleep(0.3)
print(speaker.dropouts, speaker.playback.latency_sec)
speaker.close()
speaker.close()
"""
LOST = """
import sys, time
from tutor.devices.speaker import Speaker, open_speaker
speaker = open_speaker()
assert isinstance(speaker, Speaker), speaker.reason
print("ready", flush=True)
while not speaker.reason:
    time.sleep(0.02)
print(speaker.reason, flush=True)
while speaker.reason:
    time.sleep(0.02)
print("back", flush=True)
sys.stdin.readline()
speaker.note_on(64, 110)
time.sleep(0.6)
speaker.note_off(64)
time.sleep(0.3)
speaker.close()
"""
SILENT = """
import sys
sys.modules["sounddevice"] = None
from tutor.devices.speaker import open_speaker
speaker = open_speaker()
speaker.note_on(60, 100); speaker.note_off(60); speaker.click(True); speaker.silence(); speaker.close()
print(speaker.reason)
"""
ROOT = Path(__file__).resolve().parents[2]


def run_python(program: str, environment: Mapping[str, str]) -> str:
    """What a program says that runs in a process of its own: PortAudio looks for devices once, when it is loaded."""
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def pitch_of(frame: NDArray[np.float64]) -> int:
    """The pitch of a frame: the first of the high peaks of its autocorrelation."""
    spectrum = np.fft.rfft(frame * np.hanning(len(frame)), 2 * len(frame))
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[: RATE // 100]
    lags = np.arange(1, len(likeness) - 1)
    peaks = lags[(likeness[lags] >= likeness[lags - 1]) & (likeness[lags] > likeness[lags + 1]) & (lags > RATE // 1200)]
    lag = peaks[likeness[peaks] > 0.85 * likeness[peaks].max()][0]
    return round(float(69 + 12 * np.log2(RATE / lag / 440)))


def melody(sound: NDArray[np.float64]) -> list[int]:
    """The pitches that last for 0.2 s and longer, in order."""
    frames = sound[: len(sound) // 2400 * 2400].reshape(-1, 2400)
    loud = np.abs(frames).max(axis=1) > 0.02
    heard = [pitch_of(frame) if sounds else None for frame, sounds in zip(frames, loud, strict=True)]
    runs = [(pitch, len(list(run))) for pitch, run in itertools.groupby(heard)]
    long = [pitch for pitch, length in runs if pitch is not None and length >= 4]
    return [pitch for pitch, _ in itertools.groupby(long)]  # a busy machine may tear a note in two


@contextmanager
def recorded(sink: str, captured: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """A file that holds what is played to a sink meanwhile."""
    record = ["parec", f"--device={sink}.monitor", "--format=float32le", f"--rate={RATE}", "--channels=1"]
    with captured.open("wb") as out:
        recorder = subprocess.Popen([*record, "--latency-msec=20"], stdout=out, env=environment)
        wait_until(lambda: captured.stat().st_size > 0, "the recording starts")
        yield captured
        recorder.terminate()
        recorder.wait()


@pytest.mark.wire
def test_the_notes_that_are_played_come_out_of_the_speaker(pulse_process: Mapping[str, str], tmp_path: Path) -> None:
    with recorded("speaker", tmp_path / "captured.raw", {**os.environ, **pulse_process}) as captured:
        run_python(PLAY, pulse_process)
    sound = np.fromfile(captured, "<f4").astype(float)
    assert melody(sound) == [60, 67, 76]


@pytest.mark.wire
def test_headphones_that_are_pulled_out_are_told_and_sound_again_when_they_are_back(
    bare_pulse: Mapping[str, str], tmp_path: Path
) -> None:
    environment = {**os.environ, **bare_pulse}
    plug = ["pactl", "load-module", "module-null-sink", "sink_name=phones", f"rate={RATE}"]
    plugged = subprocess.run(plug, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    with conversing(LOST, bare_pulse) as playing:
        assert playing.stdout
        assert playing.stdout.readline() == "ready\n"
        subprocess.run(["pactl", "unload-module", plugged], env=environment, check=True)
        assert playing.stdout.readline().strip() == GONE
        subprocess.run(plug, env=environment, check=True, stdout=subprocess.DEVNULL)
        assert playing.stdout.readline() == "back\n"
        with recorded("phones", tmp_path / "captured.raw", environment) as captured:
            playing.communicate("go on\n", timeout=30)
    assert playing.returncode == 0
    assert melody(np.fromfile(captured, "<f4").astype(float)) == [64]


def test_a_machine_without_portaudio_stays_silent_and_says_what_installs_it() -> None:
    assert "sudo apt install libportaudio2" in run_python(SILENT, {})
