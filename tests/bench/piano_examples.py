"""Gather what the ear for pianos learns from: ``piano_examples.py --data ../shared/data --font NAME=FILE … --out DIR``.

Writes ``pieces.npz``, the notes of Mutopia's piano pieces and of POP909 songs, and ``tones.npz``, single notes of the
recorded upright, of the program's own soundfont, of the soundfonts named, each with the programs to take, as in
``FluidR3_GM.sf2:0,1,2``, and of folders of recorded notes. The pieces and players of the benches, ASAP and Vienna are
left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from piano_players import LEAST_NOTES, NOTE_DTYPE, Notes
from piano_sounds import FONT_RATE, RATE, mono, recorded_notes, resampled, upright_notes

from lessons.errors import FormatError
from tutor.synth import soundfont_path
from tutor.takes import load_take

KEPT_BACK = ("KV331", "KV265", "D783", "O10_", "BurgmullerJFF", "GriegE")  # bench pieces, and composers to measure by
OWN_PROGRAMS = (0, 1, 2)
STEP = 4  # keys between the tones of a soundfont
VELOCITIES = (32, 64, 96, 120)
ATTACK, LEAD = 0.03, 24  # of the first second's peak; samples before it
SAME_DB = 0.5  # layers closer than that to the next one in colour are one
Tone = tuple[NDArray[np.int16], int, int]  # sound, pitch, velocity


def seconds_of(pitch: int) -> float:
    """How much of a tone is kept."""
    return 5.0 if pitch < 60 else 3.5 if pitch < 84 else 1.8


def kept(sound: NDArray[np.float32], pitch: int) -> NDArray[np.int16]:
    """The tone from where it begins, the loudest moment at full scale, without the end that nobody hears."""
    begins = np.flatnonzero(np.abs(sound) > ATTACK * np.abs(sound[:RATE]).max())[0]
    sound = sound[max(0, begins - LEAD) :][: round(seconds_of(pitch) * RATE)] / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(sound) > 2e-3)
    return np.round(sound[: loud[-1] + 200] * 32000).astype(np.int16)


def upright(folder: Path) -> Iterator[Tone]:
    """The recorded notes."""
    for pitch, loud, path in upright_notes(folder):
        yield kept(resampled(*mono(path)), pitch), pitch, 110 if loud else 50


def noted(folder: Path) -> Iterator[Tone]:
    """The notes of a folder, of which every layer counts as loud as it is numbered, and a single one as rather loud."""
    rows = recorded_notes(folder)
    most = max(layer for _, layer, _ in rows)
    for pitch, layer, path in rows:
        yield kept(resampled(*mono(path)), pitch), pitch, 127 * layer // most if most else VELOCITIES[2]


def sampled(path: Path, program: int) -> Iterator[Tone]:
    """Notes of a soundfont; a layer that sounds like the one before is left out."""
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-12, samplerate=FONT_RATE)
    synth.program_select(0, synth.sfload(str(path)), 0, program)
    for pitch in range(21, 109, STEP):
        before = None
        for velocity in VELOCITIES:
            synth.noteon(0, pitch, velocity)
            wave = np.frombuffer(bytes(synth.generate(round(seconds_of(pitch) * FONT_RATE))), np.float32)
            synth.noteoff(0, pitch)
            synth.generate(FONT_RATE)
            tone = kept(resampled(wave.reshape(-1, 2).mean(axis=1), FONT_RATE), pitch)
            colour = 20 * np.log10(
                np.abs(np.fft.rfft(tone[: RATE // 2], RATE // 2))[40:2000].reshape(-1, 40).max(1) + 1
            )
            if before is None or np.abs(colour - before).mean() > SAME_DB:
                yield tone, pitch, velocity
            before = colour


def pieces(data: Path, songs: int) -> Iterator[Notes]:
    """The notes of each piece."""
    files = [
        path for path in sorted((data / "mutopia-piano").rglob("*.mid")) if not any(k in path.name for k in KEPT_BACK)
    ]
    popular = sorted((data / "pop909").glob("*/*.mid"))
    files += [popular[place] for place in np.random.default_rng(1).permutation(len(popular))[:songs]]
    for path in files:
        try:
            notes = load_take(path).notes
        except FormatError:
            continue
        if len(notes) >= 3 * LEAST_NOTES:
            yield np.array(notes[["onset_sec", "duration_sec", "pitch", "velocity"]].tolist(), NOTE_DTYPE)


def main() -> None:
    """Gather and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--font", action="append", default=[], help="FILE:PROGRAM,PROGRAM")
    parser.add_argument("--notes", type=Path, action="append", default=[], help="a folder of single notes")
    parser.add_argument("--songs", type=int, default=150)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pianos = [list(upright(arguments.data / "audio-piano-kw"))]
    pianos += [list(sampled(soundfont_path(), program)) for program in OWN_PROGRAMS]
    for font in arguments.font:
        file, _, programs = font.rpartition(":")
        pianos += [list(sampled(Path(file), int(program))) for program in programs.split(",")]
    pianos += [list(noted(folder)) for folder in arguments.notes]
    tones = [(number, *tone) for number, piano in enumerate(pianos) for tone in piano]
    np.savez(
        arguments.out / "tones.npz",
        sound=np.concatenate([sound for _, sound, _, _ in tones]),
        length=np.array([len(sound) for _, sound, _, _ in tones]),
        pitch=np.array([pitch for _, _, pitch, _ in tones]),
        velocity=np.array([velocity for _, _, _, velocity in tones]),
        piano=np.array([number for number, _, _, _ in tones]),
    )
    found = list(pieces(arguments.data, arguments.songs))
    np.savez(arguments.out / "pieces.npz", notes=np.concatenate(found), count=np.array([len(notes) for notes in found]))
    told = {"pianos": [len(piano) for piano in pianos], "pieces": len(found), "notes": sum(map(len, found))}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
