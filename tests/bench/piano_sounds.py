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
NOTE_FILE = re.compile(r"(?P<step>[A-G])(?P<sharp>[#s]?)(?P<octave>\d)(v(?P<layer>\d+))?\.(ogg|flac|wav)")
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


def upright(folder: Path) -> Piano:
    """The recorded upright, by its nearest notes read faster or slower."""
    with (folder / "notes.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))

    def make(pitch: int, velocity: int) -> Sound:
        layer = [row for row in rows if (row["velocity_layer"] == "loud") == (velocity >= 80)]
        nearest = min(layer, key=lambda row: abs(int(row["midi_pitch"]) - pitch))
        recorded, rate = soundfile.read(folder / "samples" / nearest["file"], always_2d=True, dtype="float32")
        recorded = recorded.mean(axis=1)
        begins = np.flatnonzero(np.abs(recorded) > 0.02 * np.abs(recorded[: 2 * rate]).max())[0]
        recorded = recorded[max(0, begins - rate // 500) :] / np.abs(recorded).max()
        step = 2 ** ((pitch - int(nearest["midi_pitch"])) / 12)
        tone = np.interp(
            np.arange(0, min(len(recorded) - 1, TONE_SEC * rate * step), step), np.arange(len(recorded)), recorded
        )
        return (velocity / 127) ** 1.6 * resampled(tone.astype(np.float32), rate)

    return Piano("upright", make)


def recorded(folder: Path) -> Piano:
    """A piano of which a folder holds single notes by name and layer, as in ``D#4v10.ogg``."""
    found = [(NOTE_FILE.fullmatch(path.name), path) for path in sorted(folder.iterdir())]
    rows = [
        (STEPS[match["step"]] + bool(match["sharp"]) + 12 * int(match["octave"]) + 12, int(match["layer"] or 0), path)
        for match, path in found
        if match
    ]
    layers = sorted({layer for _, layer, _ in rows})

    def make(pitch: int, velocity: int) -> Sound:
        layer = layers[velocity * len(layers) // 128]
        nearest, _, path = min((row for row in rows if row[1] == layer), key=lambda row: abs(row[0] - pitch))
        sound, rate = soundfile.read(path, always_2d=True, dtype="float32")
        mono = sound.mean(axis=1)
        begins = np.flatnonzero(np.abs(mono) > 0.02 * np.abs(mono[: 2 * rate]).max())[0]
        mono = mono[max(0, begins - rate // 500) :] / np.abs(mono).max()
        step = 2 ** ((pitch - nearest) / 12)
        read = np.arange(0, min(len(mono) - 1, TONE_SEC * rate * step), step)
        tone = np.interp(read, np.arange(len(mono)), mono).astype(np.float32)
        return (velocity / 127) ** 1.6 * resampled(tone, rate)

    return Piano(folder.name, make)


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


def invented(seed: int) -> Piano:
    """Strings and hammers that never were: partials of a random shape, stretched, beating and dying away twice."""
    rng = np.random.default_rng(seed)
    slope, stretch, hammer = rng.uniform(0.5, 1.6), rng.uniform(0.5, 2.0), rng.uniform(0.02, 0.3)
    bumps = rng.normal(0, 4.0, 40)
    struck = rng.uniform(0.08, 0.16)

    def make(pitch: int, velocity: int) -> Sound:
        chance = np.random.default_rng([seed, pitch])
        hertz = 440 * 2 ** ((pitch + chance.normal(0, 0.03) - 69) / 12)
        curve = stretch * 1e-4 * 2 ** ((pitch - 45) / 10)
        times = np.arange(round(TONE_SEC * RATE)) / RATE
        out = np.zeros(len(times))
        for partial in range(1, 40):
            frequency = partial * hertz * np.sqrt(1 + curve * partial**2)
            if frequency > 0.48 * RATE:
                break
            place = 12 * np.log2(frequency / 27.5)
            level = -20 * slope * np.log10(partial) * (1.6 - velocity / 160) + np.interp(
                place, np.arange(0, 120, 3), bumps
            )
            level += chance.normal(0, 3) + 20 * np.log10(abs(np.sin(np.pi * partial * struck)) + 0.05)
            level += -8 * (frequency < 70) * (70 / max(frequency, 20))  # a small board hardly sounds the lowest
            fast = 0.25 * 2 ** (-(pitch - 60) / 24) / (1 + frequency / 3000)
            decay = 0.7 * np.exp(-times / fast) + 0.3 * np.exp(-times / (4 * fast))
            beat = 1 + 0.3 * np.cos(2 * np.pi * chance.uniform(0.1, 1.2) * times + chance.uniform(0, 6))
            out += 10 ** (level / 20) * decay * beat * np.sin(2 * np.pi * frequency * times + chance.uniform(0, 6))
        knock = chance.normal(0, 1, len(times)) * np.exp(-times / 0.012)
        attack = np.minimum(1.0, times / (0.002 + 0.006 * 2 ** (-(pitch - 30) / 30)))
        out = out / np.abs(out).max() + hammer * np.convolve(knock, np.ones(12) / 12, "same")
        return ((velocity / 127) ** 1.6 * attack * out).astype(np.float32)

    return Piano(f"invented-{seed}", make)


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


def through(sound: Sound, rng: np.random.Generator, low: float, high: float, bump_db: float = 6.0) -> Sound:
    """What a microphone leaves: nothing much under ``low`` and over ``high`` Hz, and bumps in between."""
    size = 2 ** int(np.ceil(np.log2(len(sound) + 4096)))
    spectrum, hertz = np.fft.rfft(sound, size), np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / np.sqrt(1 + (low / np.maximum(hertz, 1)) ** 4) / np.sqrt(1 + (hertz / high) ** 6)
    bumps = np.interp(np.log(np.maximum(hertz, 20)), np.log(np.geomspace(40, 8000, 9)), rng.normal(0, bump_db / 2, 9))
    return np.asarray(np.fft.irfft(spectrum * gain * 10 ** (bumps / 20), size)[: len(sound)], np.float32)


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


def talk(length: int, rng: np.random.Generator) -> Sound:
    """Something like speech of power 1: gliding buzz through moving formants, hisses and pauses."""
    times = np.arange(length) / RATE
    steps = np.arange(0, times[-1] + 0.3, 0.15)

    def moving(low: float, high: float) -> NDArray[np.float64]:
        return np.interp(times, steps, rng.uniform(low, high, len(steps)))

    pitch = moving(90, 160) * rng.choice([1.0, 1.7])
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    first, second = moving(300, 800), moving(900, 2200)
    out = np.zeros(length)
    for partial in range(1, 25):
        frequency = partial * pitch
        level = 1 / (1 + ((frequency - first) / 120) ** 2) + 0.5 / (1 + ((frequency - second) / 200) ** 2) + 0.01
        out += level * np.sin(partial * phase)
    voiced = np.interp(times, steps, rng.choice([0.0, 1.0, 1.0], len(steps)))
    hiss = np.interp(times, steps, rng.choice([0.0, 0.0, 0.6], len(steps))) * noise(length, rng, -0.3)
    out = out * voiced + hiss
    return np.asarray(out / (out.std() + 1e-9), np.float32)
