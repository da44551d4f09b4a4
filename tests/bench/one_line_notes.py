"""Lines of music made of recorded notes, one file each: seeded, with their truth.

A folder names its notes as in ``D#4.wav`` or ``Ds4.mp3``. A note whose file sounds something else than its name says
(pYIN's forerunner YIN by librosa is asked) is left out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import librosa
import numpy as np
from one_line_sounds import BEAT_SEC, HELD, RATE, STEPS, Line, Sound, line_of
from onset_sounds import CHANCES, LEAD_SEC, LENGTHS, LINE_SEC, TAIL_SEC, Manner
from piano_sounds import mono, recorded_notes

BEGINS, ASKED_SEC, STEADY_SEC, FRAME = 0.05, 0.6, 1.2, 4096  # a note begins at this share of its loudest moment
OFF, FAR = 0.3, 3  # semitones: so much is another note; so far one is read faster or slower
RELEASE_SEC, SOFTER_DB, KEPT_SEC = 0.08, 8.0, 2.5
INSIDE_SEC, FADE_SEC = (0.1, 0.3), 0.03  # where a slurred note is read from; how long it is faded in


def recorded_melody(instrument: str, folder: Path, seed: int, count: int = 16) -> Line:
    """A random walk over what a folder has; each note is cut off where it ends, and up to `SOFTER_DB` softer."""
    notes = _in_tune(folder)
    low, high = min(notes), max(notes)
    rng = np.random.default_rng([seed, low, high])
    pitch, tape = round((low + high) / 2) + int(rng.integers(-6, 7)), _Tape(0.2, 2 * count * BEAT_SEC)
    for _ in range(count):
        pitch = _next(pitch, rng, list(notes))
        length = BEAT_SEC * float(rng.choice([0.5, 0.5, 1, 1, 2]))
        tape.lay(_cut(_tone(notes, pitch), HELD * length), pitch, length, HELD * length, rng)
    return tape.line(instrument)


def recorded_line(instrument: str, folder: Path, rng: np.random.Generator) -> Line:
    """The same in some `Manner`; a slurred note is one that has sounded for a while, faded in."""
    notes, manner = _in_tune(folder), Manner.drawn(rng)
    pitch, tape = int(rng.choice(list(notes))), _Tape(LEAD_SEC, LINE_SEC + 4 * manner.beat_sec)
    while tape.time < LINE_SEC:
        again = rng.random() < manner.repeated
        pitch = pitch if again else _next(pitch, rng, list(notes))
        length, held = manner.beat_sec * float(rng.choice(LENGTHS, p=CHANCES)), float(rng.uniform(*manner.held))
        tone, held = _tone(notes, pitch), 1.0 if manner.slurred else held
        slurred = manner.slurred and not again and bool(tape.placed)
        tone = _slurred(tone, length, float(rng.uniform(*INSIDE_SEC))) if slurred else _cut(tone, held * length)
        tape.lay(tone, pitch, length, held * length, rng)
    return tape.line(instrument)


class _Tape:
    """Notes one after the other, from a second on; there is room for so many seconds and the last one."""

    def __init__(self, time: float, seconds: float):
        self.time, self.placed = time, list[tuple[float, float, float]]()
        self._sound = np.zeros(round((seconds + KEPT_SEC) * RATE), np.float32)

    def lay(self, tone: Sound, pitch: int, length: float, held: float, rng: np.random.Generator) -> None:
        """Add a note of so many seconds, somewhat softer; the next one begins where it ends."""
        tone = tone * 10 ** (-rng.uniform(0, SOFTER_DB) / 20)
        start = round(self.time * RATE)
        self._sound[start : start + len(tone)] += tone
        self.placed.append((self.time, float(pitch), min(held, len(tone) / RATE)))
        self.time += length

    def line(self, instrument: str) -> Line:
        """What was laid, with its truth."""
        return line_of(instrument, self._sound[: round((self.time + TAIL_SEC) * RATE)], self.placed)


def _next(pitch: int, rng: np.random.Generator, known: list[int]) -> int:
    """A step from a pitch to another one that some recorded note is near to."""
    within = [pitch + step for step in STEPS if min(abs(one - pitch - step) for one in known) <= FAR]
    return int(rng.choice(within or known))


def _tone(notes: dict[int, Path], pitch: int) -> Sound:
    nearest = min(notes, key=lambda one: abs(one - pitch))
    return _read(notes[nearest], pitch - nearest)


def _slurred(tone: Sound, seconds: float, inside_sec: float) -> Sound:
    faded = _cut(tone[round(inside_sec * RATE) :], seconds)
    size = min(len(faded), round(FADE_SEC * RATE))
    faded[:size] *= np.linspace(0, 1, size, dtype=np.float32)
    return faded


@cache
def _in_tune(folder: Path) -> dict[int, Path]:
    found = {pitch: path for pitch, _, path in recorded_notes(folder)}
    return {pitch: path for pitch, path in found.items() if abs(_sounding(path) - pitch) <= OFF}


def _sounding(path: Path) -> float:
    sound, rate = mono(path)
    sound = sound[: round(STEADY_SEC * rate)]
    heard = librosa.yin(sound, fmin=40, fmax=2600, sr=rate, frame_length=FRAME)
    loud = librosa.feature.rms(y=sound, frame_length=FRAME, hop_length=FRAME // 4)[0][: len(heard)]
    return float(librosa.hz_to_midi(np.median(heard[loud > 0.3 * loud.max()])))


@cache
def _read(path: Path, semitones: int) -> Sound:
    """A note from where it begins, read so much faster or slower."""
    sound, rate = mono(path)
    sound = sound / np.abs(sound).max()
    short = rate // 200
    level = np.sqrt(np.convolve(sound**2, np.ones(short) / short, "same"))
    begin = np.flatnonzero(level > BEGINS * level[: round(ASKED_SEC * rate)].max())[0]
    sound = sound[max(0, begin - rate // 500) :]
    places = np.arange(0, len(sound) - 1, 2 ** (semitones / 12) * rate / RATE)[: round(KEPT_SEC * RATE)]
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32)


def _cut(tone: Sound, seconds: float) -> Sound:
    """So much of a note, and its release."""
    held, release = round(seconds * RATE), round(RELEASE_SEC * RATE)
    tone = tone[: held + release].copy()
    tone[held:] *= np.exp(-5 * np.arange(len(tone[held:])) / release).astype(np.float32)
    return tone
