"""Lines of music for the ear for beginnings to learn from: seeded, by soundfonts, with exact truth.

Played as people play: long and short, slurred and tongued, with vibrato and swells, repeated notes among them; then
in a room, in noise, softly, out of tune, through a microphone of some colour, or as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from one_line_sounds import (
    RATE,
    STEPS,
    Line,
    Sound,
    detuned,
    in_room,
    line_of,
    made_instrument,
    quiet,
    rendered,
    singer,
    with_noise,
)
from scipy.signal import lfilter

from tutor.synth import LEARNER, Renderer

PLAYED = {  # name: (instrument, General MIDI program from 0, lowest, highest)
    "flute": ("flute", 73, 60, 91),
    "piccolo": ("flute", 72, 74, 98),
    "pan flute": ("flute", 75, 60, 88),
    "recorder": ("recorder", 74, 60, 91),
    "ocarina": ("recorder", 79, 60, 86),
    "violin": ("violin", 40, 55, 90),
    "fiddle": ("violin", 110, 55, 88),
    "strings": ("violin", 48, 48, 84),
    "viola": ("viola", 41, 48, 80),
    "cello": ("cello", 42, 36, 72),
    "double bass": ("double bass", 43, 28, 60),
    "voice": ("voice", 53, 50, 76),
    "choir": ("voice", 52, 50, 78),
    "clarinet": ("clarinet", 71, 50, 86),
    "oboe": ("oboe", 68, 58, 88),
    "english horn": ("oboe", 69, 52, 80),
    "harmonica": ("oboe", 22, 60, 88),
    "bassoon": ("bassoon", 70, 36, 72),
    "soprano saxophone": ("soprano saxophone", 64, 56, 86),
    "alto saxophone": ("alto saxophone", 65, 49, 81),
    "tenor saxophone": ("saxophone", 66, 44, 76),
    "trumpet": ("trumpet", 56, 54, 84),
    "muted trumpet": ("trumpet", 59, 54, 80),
    "horn": ("horn in F", 60, 41, 77),
    "trombone": ("trombone", 57, 40, 72),
    "tuba": ("tuba", 58, 30, 60),
    "guitar": ("guitar", 24, 40, 78),
    "steel guitar": ("guitar", 25, 40, 80),
    "jazz guitar": ("guitar", 26, 40, 76),
    "bass guitar": ("bass guitar", 33, 28, 60),
}
LENGTHS, CHANCES = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0), (0.05, 0.4, 0.37, 0.08, 0.07, 0.03)  # in beats
MODULATION, EXPRESSION, FULL = 1, 11, 110
LEAD_SEC, TAIL_SEC, LINE_SEC, OVERLAP_SEC, SWELL_STEPS, REACH = 0.2, 0.4, 9.0, 0.03, 12, 12


@dataclass(frozen=True)
class Manner:
    """How a line is played."""

    beat_sec: float
    repeated: float
    held: tuple[float, float]
    slurred: bool
    swelling: bool

    @staticmethod
    def drawn(rng: np.random.Generator) -> Manner:
        """One of many."""
        held = (0.9, 1.0) if rng.random() < 0.5 else (0.5, 0.98)
        chances = rng.random(2) < (0.3, 0.35)
        return Manner(float(rng.uniform(0.22, 0.7)), float(rng.choice([0.0, 0.2, 0.45])), held, *map(bool, chances))


class _Player:
    """Plays one note after the other, and keeps what sounded."""

    def __init__(self, font: Path, program: int, manner: Manner, rng: np.random.Generator):
        self._renderer, self._manner, self._rng = Renderer(font, RATE), manner, rng
        self._renderer.program(LEARNER, program)
        self._sounding: int | None = None
        self.parts: list[Sound] = []
        if rng.random() < 0.4:
            self._renderer.control(LEARNER, MODULATION, int(rng.integers(20, 127)))

    def wait(self, seconds: float) -> None:
        if round(seconds * RATE) > 0:
            self.parts.append(rendered(self._renderer, seconds))

    def play(self, pitch: int, length: float, held: float) -> None:
        last, begun = self._sounding, 0.0
        slurred = self._manner.slurred and last not in (None, pitch)
        if not slurred:
            self.end()
        self._renderer.note_on(pitch, int(self._rng.integers(45, 120)))
        if slurred:
            begun = min(OVERLAP_SEC, 0.3 * length)
            self.wait(begun)
            self.end()
        self._sounding = pitch
        self._hold(held * length - begun)
        if not self._manner.slurred:
            self.end()
        self.wait((1 - held) * length)

    def _hold(self, seconds: float) -> None:
        if not self._manner.swelling or seconds < 0.3:
            self.wait(seconds)
            return
        for share in np.linspace(*self._rng.uniform(50, 127, 2), SWELL_STEPS):
            self._renderer.control(LEARNER, EXPRESSION, int(share))
            self.wait(seconds / SWELL_STEPS)
        self._renderer.control(LEARNER, EXPRESSION, FULL)

    def end(self) -> None:
        if self._sounding is not None:
            self._renderer.note_off(self._sounding)
            self._sounding = None


def played(name: str, font: Path, rng: np.random.Generator) -> Line:
    """A random walk about some pitch of an instrument of `PLAYED`."""
    instrument, program, low, high = PLAYED[name]
    manner, middle = Manner.drawn(rng), int(rng.integers(low + 3, high - 3))
    player, time, pitch, notes = _Player(font, program, manner, rng), LEAD_SEC, middle, []
    player.wait(LEAD_SEC)
    while time < LINE_SEC:
        if rng.random() >= manner.repeated:
            pitch = int(np.clip(pitch + rng.choice(STEPS), max(low, middle - REACH), min(high, middle + REACH)))
        length, held = manner.beat_sec * float(rng.choice(LENGTHS, p=CHANCES)), float(rng.uniform(*manner.held))
        player.play(pitch, length, held)
        notes.append((time, float(pitch), held * length))
        time += length
    player.end()
    player.wait(TAIL_SEC)
    return line_of(instrument, np.concatenate(player.parts), notes)


def made(seed: int) -> Line:
    """A made singer or instrument."""
    return (singer if seed % 2 else made_instrument)(seed)


def elsewhere(line: Line, rng: np.random.Generator) -> Line:
    """The same in some room, noise, tuning, loudness and colour, or in none of them."""
    where, chance = rng.random(), rng.random(3)
    if chance[0] < 0.3:
        line = detuned(line, float(rng.uniform(-50, 50)))
    if 0.35 <= where < 0.8:
        line = in_room(line, float(rng.uniform(0.2, 1.6)), float(rng.uniform(2, 14)), int(rng.integers(2**30)))
    if where >= 0.6:
        line = with_noise(line, float(rng.uniform(6, 30)), int(rng.integers(2**30)))
    if chance[1] < 0.2:
        line = quiet(line, float(rng.uniform(10, 36)), int(rng.integers(2**30)))
    return coloured(line, float(rng.uniform(-0.6, 0.6))) if chance[2] < 0.4 else line


def coloured(line: Line, tilt: float) -> Line:
    """As loud, but darker or brighter."""
    sound = lfilter([1, -tilt], [1], line.sound)
    return replace(line, sound=(sound * np.abs(line.sound).max() / np.abs(sound).max()).astype(np.float32))
