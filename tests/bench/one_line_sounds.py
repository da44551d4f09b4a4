"""Sounds of one line with exact truth, all seeded: soundfont melodies, a made singer, and what rooms do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, lfilter

from tutor.synth import Renderer, soundfont_path

RATE = 44100
Sound = NDArray[np.float32]
STEPS = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7)
BEAT_SEC, HELD = 0.4, 0.95
HELD_REPEATED = (0.8, 0.97)
INSTRUMENTS = {  # name: (General MIDI program from 0, lowest, highest)
    "flute": (73, 60, 91),
    "violin": (40, 55, 88),
    "voice": (53, 50, 76),
    "recorder": (74, 65, 91),
    "clarinet": (71, 50, 84),
    "trumpet": (56, 55, 82),
    "oboe": (68, 58, 86),
    "saxophone": (66, 44, 74),
    "viola": (41, 48, 76),
    "cello": (42, 36, 67),
    "guitar": (24, 41, 76),
}
SCALE = (0, 2, 4, 5, 7, 9, 11, 12, 14)
VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410), (300, 870, 2240))


@dataclass(frozen=True, eq=False)
class Line:
    """A sound, its notes as (onset in seconds, pitch as a MIDI number with its fraction), and its pitch in time.

    ``hertz`` has one value for each of ``times``; 0 where nothing sounds.
    """

    instrument: str
    sound: Sound
    notes: tuple[tuple[float, float], ...]
    times: NDArray[np.float64]
    hertz: NDArray[np.float64]


def hertz(pitch: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """A MIDI number as a frequency, A = 440 Hz."""
    return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch) - 69) / 12))


def melody(instrument: str, seed: int, count: int = 16, repeated: float = 0.0, font: Path | None = None) -> Line:
    """A random walk of quavers, crotchets and minims, played by a soundfont; so many are of the same pitch again."""
    program, low, high = INSTRUMENTS[instrument]
    rng = np.random.default_rng([seed, program])
    renderer = Renderer(font or soundfont_path(), RATE)
    renderer.program(0, program)
    pitch, time, notes, parts = (low + high) // 2, 0.2, [], [rendered(renderer, 0.2)]
    for _ in range(count):
        if not (repeated and rng.random() < repeated):
            pitch = int(np.clip(pitch + rng.choice(STEPS), low, high))
        length = BEAT_SEC * float(rng.choice([0.5, 0.5, 1, 1, 2]))
        held = float(rng.uniform(*HELD_REPEATED)) if repeated else HELD
        notes.append((time, float(pitch), held * length))
        renderer.note_on(pitch, int(rng.integers(60, 110)))
        parts.append(rendered(renderer, held * length))
        renderer.note_off(pitch)
        parts.append(rendered(renderer, (1 - held) * length))
        time += length
    sound = np.concatenate([*parts, rendered(renderer, 0.4)])
    return line_of(instrument, sound, notes)


def rendered(renderer: Renderer, seconds: float) -> Sound:
    """So many seconds of what a renderer sounds, mono."""
    block = np.zeros((round(seconds * RATE), 2), np.float32)
    renderer.render(block)
    return block.mean(axis=1)


def line_of(instrument: str, sound: Sound, notes: list[tuple[float, float, float]]) -> Line:
    """A sound with the notes in it, as (onset in seconds, pitch, seconds), made as loud as all of them are."""
    times = np.arange(0, len(sound) / RATE, 0.005)
    truth = np.zeros(len(times))
    for onset, pitch, length in notes:
        truth[(times >= onset) & (times < onset + length)] = hertz(pitch)
    loud = (0.7 * sound / np.abs(sound).max()).astype(np.float32)
    return Line(instrument, loud, tuple(note[:2] for note in notes), times, truth)


def made_instrument(seed: int, count: int = 16, repeated: float = 0.35) -> Line:
    """A made instrument: partials that fall off, a soft or a hard attack, vibrato and tremolo, or none of them."""
    rng = np.random.default_rng([seed, 2])
    falling, attack, release = rng.uniform(0.5, 2.5), float(rng.choice([0.005, 0.02, 0.06])), rng.uniform(0.01, 0.06)
    swing, tremble = (float(rng.choice([0.0, most]) * rng.random()) for most in (0.4, 0.5))
    pitch, time, notes, parts = int(rng.integers(62, 80)), 0.2, [], [np.zeros(round(0.2 * RATE))]
    for _ in range(count):
        if rng.random() >= repeated:
            pitch = int(np.clip(pitch + rng.choice(STEPS), 58, 88))
        length = BEAT_SEC * float(rng.choice([0.5, 0.5, 1, 1, 2]))
        notes.append((time, float(pitch), length))
        at = np.arange(round(length * RATE)) / RATE
        beat = np.sin(2 * np.pi * rng.uniform(4, 7) * at)
        phase = 2 * np.pi * np.cumsum(hertz(pitch + swing * beat)) / RATE
        shape = np.minimum(1, np.minimum(at / attack, (length - at) / release)) * (1 + tremble * beat)
        parts.append(rng.uniform(0.05, 0.2) * shape * sum(np.sin(k * phase) / k**falling for k in range(1, 10)))
        time += length
    sound = np.concatenate([*parts, np.zeros(round(0.4 * RATE))])
    return line_of("clarinet", (sound + rng.normal(0, 1e-4, len(sound))).astype(np.float32), notes)


def singer(seed: int, count: int = 24) -> Line:
    """A made singer: glides, vibrato, drift, breath; consonants, voiced or not, or none between notes of a syllable.

    A source of falling partials goes through three formants (Peterson & Barney 1952). A note's onset is where its vowel
    begins, or the middle of the glide that leads to it.
    """
    rng = np.random.default_rng([seed, 1])
    register, degree, drift, last = rng.uniform(48, 62), 3, 0.0, None
    silence = np.zeros(round(0.3 * RATE))
    parts, notes, place = [Syllable(silence, silence, silence, 0, 0)], [], len(silence)
    for index in range(count):
        degree = int(np.clip(degree + rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]), 0, len(SCALE) - 1))
        drift = float(np.clip(drift + rng.normal(0, 0.05), -0.4, 0.4))
        pitch = register + SCALE[degree] + drift + rng.normal(0, 0.15)
        length = float(rng.choice([0.2, 0.3, 0.4, 0.6, 0.9]))
        begin = (
            str(rng.choice(["unvoiced", "voiced", "glide", "rest"], p=[0.4, 0.3, 0.2, 0.1])) if index else "unvoiced"
        )
        if begin == "glide" and (last is None or abs(pitch - last) < 0.8):
            begin = "voiced"
        parts.append(_syllable(rng, begin, pitch, last, length, last_one=index == count - 1))
        notes.append(((place + parts[-1].before) / RATE, float(pitch), length))
        place, last = place + len(parts[-1].pitch), float(pitch)
    parts.append(Syllable(silence, silence, silence, 0, 0))
    return _as_line(parts, notes, rng)


@dataclass(frozen=True, eq=False)
class Syllable:
    """One note as sung, sample by sample: pitch, level of the voice, level of the hiss; samples before the vowel."""

    pitch: NDArray[np.float64]
    level: NDArray[np.float64]
    hiss: NDArray[np.float64]
    before: int
    vowel: int


def _syllable(
    rng: np.random.Generator, begin: str, pitch: float, last: float | None, length: float, last_one: bool
) -> Syllable:
    before = round((rng.uniform(0.4, 0.9) if begin == "rest" else rng.uniform(0.05, 0.13)) * RATE)
    size, glide = round(length * RATE), round(rng.uniform(0.04, 0.12) * RATE)
    joined = last is not None and begin in ("voiced", "glide")
    start = last if joined and last is not None else pitch - rng.uniform(0, 2.0)
    shift = glide // 4 if begin in ("unvoiced", "rest") else 0
    moved = np.arange(before + size) - (before if begin != "glide" else before + glide // 2) + shift
    seconds = np.maximum(0, moved / RATE - rng.uniform(0.1, 0.3))
    swing = rng.uniform(0, 0.45) * np.minimum(1, seconds / 0.2) * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * seconds)
    wander = 0.04 * np.cumsum(rng.normal(0, 1, len(moved))) / np.sqrt(RATE)
    line = start + (pitch - start) / (1 + np.exp(-8 * moved / glide)) + swing + wander
    level, hiss = np.full(len(line), rng.uniform(0.6, 1.0)), np.zeros(len(line))
    if begin == "voiced":
        level[:before] *= 10 ** (-rng.uniform(4, 12) / 20)
    elif begin == "unvoiced":
        level[:before], hiss[before // 3 : before] = 0, rng.uniform(0.005, 0.06)
    elif begin == "rest":
        level[:before], hiss[before // 4 : before * 3 // 4] = 0, 0.008
    if last_one or rng.random() < 0.5:
        level[-round(0.04 * RATE) :] *= np.linspace(1, 0.1, round(0.04 * RATE))
    cut = before if begin == "glide" else 0
    return Syllable(line[cut:], level[cut:], hiss[cut:], before - cut, int(rng.integers(len(VOWELS))))


def _as_line(parts: list[Syllable], notes: list[tuple[float, float, float]], rng: np.random.Generator) -> Line:
    pitch, level, hiss = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("pitch", "level", "hiss")
    )
    vowels = np.concatenate([np.full(len(part.pitch), part.vowel) for part in parts])
    smooth = np.hanning(round(0.025 * RATE))
    level = fftconvolve(level, smooth / smooth.sum(), "same")
    line = line_of("voice", _sung(pitch, level, hiss, vowels, rng).astype(np.float32), notes)
    truth, heard = (np.interp(line.times, np.arange(len(pitch)) / RATE, values) for values in (pitch, level))
    return replace(line, hertz=np.where((heard > 0.1) & (truth > 20), hertz(truth), 0.0))


def _sung(
    pitches: NDArray[np.float64],
    level: NDArray[np.float64],
    hiss: NDArray[np.float64],
    vowels: NDArray[np.int_],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    phase = 2 * np.pi * np.cumsum(np.where(pitches > 20, hertz(pitches), 0.0)) / RATE
    source = sum(np.sin(k * phase) / k for k in range(1, 26)) * level
    out = np.zeros(len(source))
    for number, formants in enumerate(VOWELS):
        spoken = np.zeros(len(source))
        for formant, weight in zip(formants, (1.0, 0.5, 0.25), strict=True):
            spoken += weight * _resonance(source, formant)
        out += spoken * fftconvolve((vowels == number).astype(float), np.ones(800) / 800, "same")
    out = 0.3 * out / np.abs(out).max()
    breath = lfilter([1, -0.9], [1], rng.normal(0, 1, len(out)))
    return np.asarray(out + breath * (hiss + 0.002 * level) + rng.normal(0, 2e-4, len(out)))


def _resonance(sound: NDArray[np.float64], formant: float) -> NDArray[np.float64]:
    radius = np.exp(-np.pi * (60 + formant / 12) / RATE)
    return np.asarray(lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], sound))


def with_noise(line: Line, decibels: float, seed: int = 0) -> Line:
    """White noise at a signal-to-noise ratio."""
    noise = np.random.default_rng(seed).standard_normal(len(line.sound))
    scale = np.sqrt(np.mean(line.sound**2)) * 10 ** (-decibels / 20)
    return replace(line, sound=(line.sound + scale * noise).astype(np.float32))


def in_room(line: Line, decay_sec: float, distance_db: float, seed: int = 0) -> Line:
    """A room of a reverberation time (RT60), the reverberation ``distance_db`` under the direct sound in energy.

    The impulse response is noise that dies away, darker with time, behind the direct sound and six early echoes.
    """
    rng = np.random.default_rng([seed, 7])
    time = np.arange(round(decay_sec * RATE)) / RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / decay_sec)
    tail = 0.6 * lfilter([0.35], [1, -0.65], tail) + 0.4 * tail * (time < 0.05)
    tail[: round(0.004 * RATE)] = 0
    for at in rng.uniform(0.004, 0.04, 6):
        tail[round(at * RATE)] += rng.choice([-1, 1]) * rng.uniform(1, 3)
    tail *= 10 ** (-distance_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    wet = fftconvolve(line.sound, tail)[: len(line.sound)]
    return replace(line, sound=(0.7 * wet / np.abs(wet).max()).astype(np.float32))


def detuned(line: Line, cents: float) -> Line:
    """The same played sharper, on an instrument that is tuned so."""
    ratio = 2 ** (cents / 1200)
    at = np.arange(int(len(line.sound) / ratio)) * ratio
    sound = np.interp(at, np.arange(len(line.sound)), line.sound).astype(np.float32)
    notes = tuple((onset / ratio, pitch + cents / 100) for onset, pitch in line.notes)
    return replace(line, sound=sound, notes=notes, times=line.times / ratio, hertz=line.hertz * ratio)


def quiet(line: Line, decibels: float = 34.0, seed: int = 0) -> Line:
    """A quiet player before a microphone with a noise floor of -74 dB."""
    floor = 10 ** (-74 / 20) * np.random.default_rng(seed).standard_normal(len(line.sound))
    return replace(line, sound=(line.sound * 10 ** (-decibels / 20) + floor).astype(np.float32))


CONDITIONS: dict[str, Callable[[Line], Line]] = {
    "clean": lambda line: line,
    "noise 20 dB": lambda line: with_noise(line, 20),
    "noise 10 dB": lambda line: with_noise(line, 10),
    "room .35 s": lambda line: in_room(line, 0.35, 6.0),
    "hall 1.2 s": lambda line: in_room(line, 1.2, 9.0),
    "30 cents sharp": lambda line: detuned(line, 30),
    "30 cents flat": lambda line: detuned(line, -30),
    "quiet": quiet,
}
