"""Find the weights of ``tutor/listen/strokes.json``: ``python tests/bench/fit_strokes.py --data DIR [--pieces N]``.

DIR holds ``mutopia-piano`` (MIDI) and ``audio-piano-kw`` (recorded notes of an upright). Pieces are rendered with the
upright and with three pianos of the soundfont, some with noise, some out of tune; each peak of the onset posterior is
an example. Prints JSON with the figures on the pieces left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.errors import FormatError
from tutor.listen.piano import SHIFT_SEC
from tutor.listen.posterior import FRAME_SEC, LOWEST_KEY, OnsetNetwork
from tutor.listen.strokes import WEIGHTS, features, peaks
from tutor.synth import Renderer, soundfont_path
from tutor.takes import load_take

RATE = 44100
EXCERPT_SEC = 15.0
RIDGE = 1.0
Notes = NDArray[np.void]
Sound = NDArray[np.float64]
Examples = tuple[NDArray[np.float64], NDArray[np.bool_]]


def excerpt(path: Path, rng: np.random.Generator) -> Notes:
    """The notes of 15 s of a piece, played unevenly at a loudness of its own."""
    notes = load_take(path).notes.copy()
    start = rng.choice([0.0, 10.0, 20.0])
    notes = notes[(notes["onset_sec"] >= start) & (notes["onset_sec"] < start + EXCERPT_SEC)]
    notes["onset_sec"] += 0.3 - start + np.abs(rng.normal(0, 0.008, len(notes)))
    loudness = rng.choice([45, 60, 75, 90]) + 0.5 * (notes["velocity"] - 64.0) + rng.normal(0, 8, len(notes))
    notes["velocity"] = np.clip(loudness, 25, 120)
    return notes


def top_line(notes: Notes) -> Notes:
    """Only notes with none above them at nearly the same time: a tune."""
    onsets, pitches = notes["onset_sec"], notes["pitch"]
    above = (np.abs(onsets[:, None] - onsets) < 0.08) & (pitches > pitches[:, None])
    return notes[~above.any(axis=1)]


def soundfont_sound(notes: Notes, program: int) -> Sound:
    """The notes by a piano of the soundfont, to the frame."""
    renderer = Renderer(soundfont_path(), RATE)
    renderer.program(0, program)
    events = [(on, 1, pitch, velocity) for on, _, pitch, velocity in notes.tolist()]
    events += [(on + max(0.05, length), 0, pitch, 0) for on, length, pitch, _ in notes.tolist()]
    sound, done = np.zeros((round((max(events)[0] + 1) * RATE), 2), np.float32), 0
    for time, begins, pitch, velocity in sorted(events):
        renderer.render(sound[done : round(time * RATE)]) if round(time * RATE) > done else None
        done = max(done, round(time * RATE))
        renderer.note_on(pitch, velocity) if begins else renderer.note_off(pitch)
    renderer.render(sound[done:])
    return sound.mean(axis=1).astype(np.float64)


def upright_sound(notes: Notes, folder: Path) -> Sound:
    """The notes by the nearest recorded ones, read faster or slower."""
    with (folder / "notes.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    sound = np.zeros(round((notes["onset_sec"].max() + 8) * RATE))
    for onset, length, pitch, velocity in notes.tolist():
        layer = [row for row in rows if (row["velocity_layer"] == "loud") == (velocity >= 80)]
        nearest = min(layer, key=lambda row: abs(int(row["midi_pitch"]) - pitch))
        recorded, rate = soundfile.read(folder / "samples" / nearest["file"], always_2d=True)
        recorded = recorded.mean(axis=1)
        begins = np.flatnonzero(np.abs(recorded) > 0.02 * np.abs(recorded[: 2 * rate]).max())[0]
        step = rate / RATE * 2 ** ((pitch - int(nearest["midi_pitch"])) / 12)
        places = begins + step * np.arange(round((max(0.05, length) + 0.3) * RATE))
        tone = np.interp(places, np.arange(len(recorded)), recorded, right=0.0) / np.abs(recorded).max()
        held = round(max(0.05, length) * RATE)
        tone[held:] *= np.exp(-np.arange(len(tone) - held) / (0.04 * RATE))
        start = round(onset * RATE)
        sound[start : start + len(tone)] += (velocity / 127) ** 1.6 * tone[: len(sound) - start]
    return sound


def examples(notes: Notes, sound: Sound, stretch: float) -> Examples:
    """(features, whether a stroke) of all peaks."""
    network = OnsetNetwork(RATE)
    parts = [*network.feed((0.7 * sound / np.abs(sound).max()).astype(np.float32)), *network.finish()]
    onset, note = (np.concatenate([part[index] for part in parts]) for index in (0, 1))
    frames, keys = peaks(onset)
    times, pitches = frames * FRAME_SEC - SHIFT_SEC, keys + LOWEST_KEY
    struck = [
        bool(np.any((notes["pitch"] == pitch) & (np.abs(notes["onset_sec"] / stretch - time) < 0.05)))
        for time, pitch in zip(times, pitches, strict=True)
    ]
    return features(onset, note, frames, keys), np.array(struck)


def rendered(path: Path, place: int, upright: Path, rng: np.random.Generator) -> Examples:
    """The examples of one piece, in the sound whose turn it is."""
    notes = excerpt(path, rng)
    notes = top_line(notes) if place % 4 == 3 else notes
    if len(notes) < 30:
        raise FormatError(f"{path}: too few notes")
    kind = place % 7
    sound = upright_sound(notes, upright) if kind in (0, 1, 2) else soundfont_sound(notes, (0, 0, 0, 0, 0, 1, 2)[kind])
    if kind in (1, 4):
        level = np.sqrt(np.mean(sound**2)) * 10 ** (-rng.choice([15, 25]) / 20)
        sound = sound + rng.normal(0, level, len(sound))
    stretch = 2 ** (0.3 / 12) if kind == 2 else 1.0
    sound = np.interp(np.arange(0, len(sound) - 1, stretch), np.arange(len(sound)), sound)
    return examples(notes, sound, stretch)


def fitted(seen: NDArray[np.float64], struck: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the logistic model, by Newton's method with a ridge on standardised features."""
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    design = np.column_stack([(seen - mean) / spread, np.ones(len(seen))])
    ridge = RIDGE * np.diag([*np.ones(seen.shape[1]), 0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        said = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (said - struck) + ridge @ weights
        bend = (design * (said * (1 - said))[:, None]).T @ design + ridge
        weights -= np.linalg.solve(bend, slope)
    return weights[:-1] / spread, float(weights[-1] - (weights[:-1] * mean / spread).sum())


def main() -> None:
    """Render, fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=196)
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    files = sorted((arguments.data / "mutopia-piano").rglob("*.mid"))
    gathered: list[Examples] = []
    for index in rng.permutation(len(files)):
        try:
            gathered.append(rendered(files[index], len(gathered), arguments.data / "audio-piano-kw", rng))
        except FormatError:
            continue
        if len(gathered) >= arguments.pieces:
            break
    kept = len(gathered) * 9 // 10
    seen, struck = (np.concatenate([example[index] for example in gathered[:kept]]) for index in (0, 1))
    weights, bias = fitted(seen, struck)
    others, truth = (np.concatenate([example[index] for example in gathered[kept:]]) for index in (0, 1))
    said = others @ weights + bias > 0
    right = int((said & truth).sum())
    figures = {
        "examples": len(seen),
        "precision": round(right / max(1, int(said.sum())), 4),
        "recall": round(right / max(1, int(truth.sum())), 4),
    }
    told = {"fitted_on": figures, "bias": round(bias, 5), "weights": [round(float(weight), 5) for weight in weights]}
    WEIGHTS.write_text(json.dumps(told) + "\n", encoding="utf-8")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
