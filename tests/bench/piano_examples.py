"""Make what the ear for pianos learns from: ``piano_examples.py --data ../shared/data --out DIR``.

Clips of 20 s of Mutopia and POP909 pieces and of random notes, played unevenly, out of tune, with pedal and with keys
hit beside the right one, on several pianos in several rooms. Each is kept as frames of `tutor.listen.spectrum` and a
table of its notes. The pieces and players of the benches, ASAP and Vienna are left out. ``--font`` names soundfonts
beside the program's own.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import piano_sounds as sounds
from piano_sounds import Notes, Piano, Sound

from lessons.errors import FormatError
from tutor.listen.spectrum import Spectrum
from tutor.performance import PLAYED_DTYPE
from tutor.synth import soundfont_path
from tutor.takes import load_take

CLIP_SEC = 20.0
LEAST_NOTES = 12
KEPT_BACK = ("KV331", "KV265", "D783", "O10_", "BurgmullerJFF", "GriegE")  # bench pieces, and composers to measure by


def pieces(data: Path, rng: np.random.Generator) -> list[Path]:
    """Files to learn from, those of Mutopia and the songs about equally often."""
    classics = [
        path for path in sorted((data / "mutopia-piano").rglob("*.mid")) if not any(k in path.name for k in KEPT_BACK)
    ]
    songs = sorted((data / "pop909").glob("*/*.mid"))
    return classics + [songs[place] for place in rng.permutation(len(songs))[: len(classics) // 2]]


def excerpt(path: Path, rng: np.random.Generator) -> Notes:
    """Some 20 s of a piece at a tempo and in a key of its own."""
    notes = load_take(path).notes.copy()
    stretch, shift = rng.uniform(0.75, 1.35), rng.integers(-6, 7)
    notes["onset_sec"] *= stretch
    notes["duration_sec"] *= stretch * rng.uniform(0.6, 1.05)
    notes["pitch"] += shift
    start = rng.uniform(0, max(0.0, notes["onset_sec"].max() - CLIP_SEC))
    here = (notes["onset_sec"] >= start) & (notes["onset_sec"] < start + CLIP_SEC - 1)
    notes = notes[here & (notes["pitch"] >= 21) & (notes["pitch"] <= 108)]
    notes["onset_sec"] += 0.2 - start
    return notes


def random_notes(rng: np.random.Generator) -> Notes:
    """Chords, runs and repeated notes from anywhere on the keyboard."""
    rows: list[tuple[float, float, int, int]] = []
    time = 0.3
    while time < CLIP_SEC - 1:
        kind, base = rng.integers(4), int(rng.integers(24, 104))
        pace = float(rng.choice([0.1, 0.15, 0.25, 0.4, 0.7]))
        length = pace * rng.uniform(0.5, 1.5)
        if kind == 0:
            rows += [(time, length, base + int(step), 64) for step in rng.choice(24, rng.integers(2, 6), False) - 12]
            time += pace * 2
            continue
        for place in range(int(rng.integers(3, 9))):
            pitch = (base, base + place * int(rng.choice([-1, 1, 2])), base + int(rng.integers(-12, 13)))[kind - 1]
            rows.append((time, length, pitch, 64))
            time += pace
    rows = [row for row in rows if 21 <= row[2] <= 108]
    return np.array(rows, PLAYED_DTYPE)


def played(notes: Notes, rng: np.random.Generator) -> Notes:
    """As a person plays: uneven in time and force, some keys beside the right one, some with the pedal down."""
    notes = notes.copy()
    notes["onset_sec"] += np.abs(rng.normal(0, rng.uniform(0.004, 0.02), len(notes)))
    force = rng.choice([35, 50, 65, 80, 95]) + 0.5 * (notes["velocity"] - 64.0) + rng.normal(0, 10, len(notes))
    notes["velocity"] = np.clip(force, 18, 122)
    slips = rng.random(len(notes)) < 0.05
    notes["pitch"][slips] = np.clip(notes["pitch"][slips] + rng.choice([-2, -1, 1, 2, 12], slips.sum()), 21, 108)
    if rng.random() < 0.5:
        lifts = np.cumsum(rng.uniform(0.4, 2.5, 60))
        ends = notes["onset_sec"] + notes["duration_sec"]
        lifted = lifts[np.minimum(np.searchsorted(lifts, ends), len(lifts) - 1)]
        down = rng.random(len(lifts)) < 0.8
        pedalled = down[np.minimum(np.searchsorted(lifts, ends), len(lifts) - 1)]
        notes["duration_sec"] = np.where(pedalled, lifted, ends) - notes["onset_sec"]
    notes = notes[np.lexsort((notes["onset_sec"], notes["pitch"]))]
    again = np.flatnonzero(notes["pitch"][1:] == notes["pitch"][:-1])
    gap = notes["onset_sec"][again + 1] - notes["onset_sec"][again]
    notes["duration_sec"][again] = np.minimum(notes["duration_sec"][again], np.maximum(gap - 0.015, 0.02))
    keep = np.ones(len(notes), bool)
    keep[again[gap < 0.05]] = False
    return notes[keep][np.argsort(notes[keep]["onset_sec"])]


def clip(notes: Notes, piano: Piano, rng: np.random.Generator) -> tuple[Notes, Sound]:
    """The notes in a room, and what a microphone makes of it; times are stretched with the tuning."""
    sound = piano.sound(notes)
    cents = rng.normal(0, 12) if rng.random() < 0.7 else rng.uniform(-45, 45)
    stretch = 2 ** (cents / 1200)
    notes = notes.copy()
    notes["onset_sec"] /= stretch
    notes["duration_sec"] /= stretch
    sound = np.interp(np.arange(0, len(sound) - 1, stretch), np.arange(len(sound)), sound).astype(np.float32)
    if rng.random() < 0.7:
        sound = sounds.in_room(sound, rng, rng.uniform(0.15, 0.9), rng.uniform(0.2, 1.1))
    if rng.random() < 0.8:
        sound = sounds.through(sound, rng, rng.choice([20, 60, 120, 200]), rng.choice([3500, 5500, 8000, 12000]))
    if rng.random() < 0.6:
        sound = sounds.with_noise(sound, rng.uniform(8, 45), rng, rng.choice([0.0, 0.5, 0.9]))
    if rng.random() < 0.08:
        sound = sound + float(sound.std()) * 10 ** (-rng.uniform(3, 25) / 20) * sounds.talk(len(sound), rng)
    sound = sound / np.abs(sound).max() * 10 ** (-rng.uniform(0, 34) / 20)
    if rng.random() < 0.04:
        sound = np.clip(4 * sound, -0.6, 0.6)
    return notes, sound


def nothing(rng: np.random.Generator) -> Sound:
    """A room in which no piano is played."""
    length = round(CLIP_SEC * sounds.RATE)
    sound = 0.3 * sounds.noise(length, rng, rng.choice([0.0, 0.5, 0.9]))
    if rng.random() < 0.7:
        sound = sound * 0.1 + sounds.in_room(sounds.talk(length, rng), rng, 0.4, 0.5)
    return sound / np.abs(sound).max() * 10 ** (-rng.uniform(0, 40) / 20)


def main() -> None:
    """Render and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--font", type=Path, action="append", default=[])
    parser.add_argument("--clips", type=int, default=600)
    parser.add_argument("--first", type=int, default=0, help="the number of the first clip")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    files = pieces(arguments.data, np.random.default_rng(arguments.seed))
    pianos = [sounds.upright(arguments.data / "audio-piano-kw")] * 5
    for font in (soundfont_path(), *arguments.font):
        pianos += [sounds.soundfont(font, program) for program in (0, 0, 0, 1, 3 if font in arguments.font else 2)]
    pianos += [sounds.invented(seed) for seed in range(5)]
    made = 0
    for number in range(arguments.first, arguments.first + arguments.clips):
        rng = np.random.default_rng([arguments.seed, number])
        notes, piano = np.zeros(0, PLAYED_DTYPE), pianos[rng.integers(len(pianos))]
        if number % 40 == 0:
            sound = nothing(rng)
        else:
            try:
                notes = random_notes(rng) if number % 6 == 1 else excerpt(files[rng.integers(len(files))], rng)
            except FormatError:
                continue
            if len(notes) < LEAST_NOTES:
                continue
            notes, sound = clip(played(notes, rng), piano, rng)
        spectrum = Spectrum(sounds.RATE)
        frames = np.concatenate([spectrum.feed(sound), spectrum.finish()]).astype(np.float16)
        np.savez(arguments.out / f"{number:05}.npz", frames=frames, notes=notes)
        made += 1
    print(json.dumps({"clips": made, "pianos": sorted({piano.name for piano in pianos})}))


if __name__ == "__main__":
    main()
