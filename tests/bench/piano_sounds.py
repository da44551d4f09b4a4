"""Pianos, rooms and disturbances in which notes are sounded for training and for measuring, at 16 kHz, seeded."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 16000
FONT_RATE = 48000
LAYERS = (30, 55, 80, 105)
TONE_SEC = 5.0
RELEASE_SEC = 0.12
NOTE_FILE = re.compile(r"(?P<step>[A-G])(?P<sharp>[#s]?)(?P<octave>\d)(v(?P<layer>\d+))?\.(ogg|flac|wav|mp3)")
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
Sound = NDArray[np.float32]
Notes = NDArray[np.void]


class Piano:
    """Single notes, made when they are first asked for; ``make`` gives the tone of (pitch, velocity) at `RATE`."""

    def __init__(self, name: str, make: Callable[[int, int], Sound]):
        self.name, self._make = name, make
        self._tones: dict[tuple[int, int], Sound] = {}

    def tone(self, pitch: int, velocity: int) -> Sound:
        """A note that is held, at the loudness of its velocity."""
        layer = min(LAYERS, key=lambda one: abs(one - velocity))
        if (pitch, layer) not in self._tones:
            self._tones[pitch, layer] = self._make(pitch, layer)
        return self._tones[pitch, layer]

    def sound(self, notes: Notes, tail_sec: float = 1.0) -> Sound:
        """The notes together, from 0 s on; the loudest moment is 1."""
        out = np.zeros(round((float((notes["onset_sec"] + notes["duration_sec"]).max()) + tail_sec) * RATE), np.float32)
        for onset, length, pitch, velocity in notes.tolist():
            layer = min(LAYERS, key=lambda one: abs(one - velocity))
            tone = self.tone(pitch, velocity)
            held, start = round(max(0.04, length) * RATE), round(onset * RATE)
            tone = tone[: min(held + round(4 * RELEASE_SEC * RATE), len(out) - start)].copy()
            if len(tone) > held:
                tone[held:] *= np.exp(-np.arange(len(tone) - held) / (RELEASE_SEC / 3 * RATE))
            out[start : start + len(tone)] += tone * (velocity / layer) ** 1.6
        return out / max(1e-6, float(np.abs(out).max()))


def upright_notes(folder: Path) -> list[tuple[int, bool, Path]]:
    """(pitch, whether loud, file) of each recorded note of the upright."""
    with (folder / "notes.tsv").open() as table:
        return [
            (int(row["midi_pitch"]), row["velocity_layer"] == "loud", folder / "samples" / row["file"])
            for row in csv.DictReader(table, delimiter="\t")
        ]


def upright(folder: Path) -> Piano:
    """The recorded upright, by its nearest notes read faster or slower."""
    rows = upright_notes(folder)

    def make(pitch: int, velocity: int) -> Sound:
        layer = [row for row in rows if row[1] == (velocity >= 80)]
        nearest, _, path = min(layer, key=lambda row: abs(row[0] - pitch))
        return read_at(path, pitch - nearest, velocity)

    return Piano("upright", make)


def recorded_notes(folder: Path) -> list[tuple[int, int, Path]]:
    """(pitch, layer, file) of each note of a folder that names them as in ``D#4v10.ogg`` or ``Ds4.mp3``."""
    found = [(NOTE_FILE.fullmatch(path.name), path) for path in sorted(folder.iterdir())]
    return [
        (STEPS[match["step"]] + bool(match["sharp"]) + 12 * int(match["octave"]) + 12, int(match["layer"] or 0), path)
        for match, path in found
        if match
    ]


def recorded(folder: Path) -> Piano:
    """A piano of which a folder holds `recorded_notes`."""
    rows = recorded_notes(folder)
    layers = sorted({layer for _, layer, _ in rows})

    def make(pitch: int, velocity: int) -> Sound:
        layer = layers[velocity * len(layers) // 128]
        nearest, _, path = min((row for row in rows if row[1] == layer), key=lambda row: abs(row[0] - pitch))
        return read_at(path, pitch - nearest, velocity)

    return Piano(folder.name, make)


def mono(path: Path) -> tuple[Sound, int]:
    """A recorded note, and its rate."""
    sound, rate = soundfile.read(path, always_2d=True, dtype="float32")
    return sound.mean(axis=1), rate


def read_at(path: Path, semitones: int, velocity: int) -> Sound:
    """A recorded note from where it begins, read so much faster or slower, at `RATE`."""
    sound, rate = mono(path)
    begins = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound[: 2 * rate]).max())[0]
    sound = sound[max(0, begins - rate // 500) :] / np.abs(sound).max()
    step = 2 ** (semitones / 12)
    places = np.arange(0, min(len(sound) - 1, TONE_SEC * rate * step), step)
    tone = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
    return (velocity / 127) ** 1.6 * resampled(tone, rate)


def soundfont(path: Path, program: int, even: bool = False) -> Piano:
    """A program of a soundfont; ``even`` where its layers come out at odd loudnesses, and are set right here."""
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-6, samplerate=FONT_RATE)
    number = synth.sfload(str(path))
    synth.program_select(0, number, 0, program)

    def make(pitch: int, velocity: int) -> Sound:
        synth.noteon(0, pitch, velocity)
        held = np.frombuffer(bytes(synth.generate(round(TONE_SEC * FONT_RATE))), np.float32).reshape(-1, 2).mean(axis=1)
        synth.noteoff(0, pitch)
        synth.generate(FONT_RATE)
        level = (velocity / 127) ** 1.6 / float(np.abs(held).max()) if even else 3.0
        return resampled(level * held, FONT_RATE)

    return Piano(f"{path.stem.split('.')[0]}-{program}", make)


def resampled(sound: Sound, rate: float, to: float = RATE) -> Sound:
    """The sound at another rate."""
    import soxr

    return np.asarray(soxr.resample(sound, rate, to), np.float32)


def in_room(sound: Sound, rng: np.random.Generator, echo_sec: float, wet: float) -> Sound:
    """Early reflections and a tail that falls by 60 dB in ``echo_sec``."""
    length = round(echo_sec * RATE)
    response = rng.normal(0, 1, length) * 10 ** (-3 * np.arange(length) / length)
    response *= wet / np.sqrt((response**2).sum())
    response[0] = 1.0
    for _ in range(6):
        response[rng.integers(30, min(length, 600))] += rng.uniform(-0.4, 0.5) * wet
    size = 2 ** int(np.ceil(np.log2(len(sound) + length)))
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]
    return np.asarray(heard, np.float32)


def noise(length: int, rng: np.random.Generator, colour: float) -> Sound:
    """Noise of power 1 whose amplitude falls as frequency to the power ``colour``; 0 is white, 0.5 pink."""
    spectrum = rng.normal(0, 1, length // 2 + 1) + 1j * rng.normal(0, 1, length // 2 + 1)
    spectrum /= np.maximum(np.arange(length // 2 + 1), length * 30 / RATE) ** colour
    made = np.fft.irfft(spectrum, length)
    return np.asarray(made / made.std(), np.float32)


def with_noise(sound: Sound, decibels: float, rng: np.random.Generator, colour: float = 0.0) -> Sound:
    """The sound and noise, at a signal-to-noise ratio."""
    level = float(np.sqrt(np.mean(sound**2))) * 10 ** (-decibels / 20)
    return sound + level * noise(len(sound), rng, colour)
