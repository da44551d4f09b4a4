"""Teach the ear for pianos: ``fit_ear.py --clips DIR`` with the clips of ``piano_examples.py``; replaces its weights.

A key is looked at where it begins, sounds or is near one that does, and anywhere. Loudness, tuning by a third of a
semitone and the colour of the sound are varied. Then the ear hears clips, and its peaks are learned. Prints JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.hearing import HearingSchedule, learn_keys, learn_peaks
from tutor.listen.beginnings import features, likelihood, peaks, times
from tutor.listen.ear import DELAY, FOLDER, KEYS, LOUDEST_FRAMES, LOWEST_KEY, NAME, likelihoods, seen
from tutor.listen.spectrum import FRAME_SEC, UNIT_DB, ZERO, Frames

ONSET_FRAMES = 1.5  # half the width of the peak that marks a beginning
NEAR_SEC = 0.04
RELATED = np.array([-36, -31, -28, -24, -19, -12, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 12, 19, 24, 28, 31, 36])
GAIN_DB, COLOUR_DB, DETUNED = 12.0, 5.0, 0.4
CHUNK = 64
Notes = NDArray[np.void]
Targets = NDArray[np.float32]


def clips(folder: Path) -> Iterator[tuple[Frames, Notes]]:
    """Frames and notes of each clip."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as held:
            yield held["frames"].astype(np.float32), held["notes"]


def targets(notes: Notes, frames: int) -> Targets:
    """(frames, keys, 2): the beginning as a peak, and the sounding, both `DELAY` frames late."""
    out = np.zeros((frames, KEYS, 2), np.float32)
    for onset_sec, duration_sec, pitch, _ in notes.tolist():
        onset, end = onset_sec / FRAME_SEC + DELAY, (onset_sec + duration_sec) / FRAME_SEC + DELAY
        key = pitch - LOWEST_KEY
        out[max(0, round(onset)) : max(0, round(end)), key, 1] = 1.0
        for frame in range(max(0, int(onset - 2)), min(frames, int(onset + 3))):
            out[frame, key, 0] = max(out[frame, key, 0], 1 - abs(frame + 0.5 - onset) / ONSET_FRAMES)
    return out


def varied(frames: Frames, rng: np.random.Generator) -> Frames:
    """Louder or softer, out of tune, of another colour."""
    bins = frames.shape[-1]
    if rng.random() < DETUNED:
        frames = np.roll(frames, rng.choice([-1, 1]), axis=-1)
    colour = np.interp(np.arange(bins), np.linspace(0, bins, 8), rng.normal(0, COLOUR_DB, 8))
    louder = (colour + rng.uniform(-GAIN_DB, GAIN_DB)) / UNIT_DB
    return np.maximum(frames + louder.astype(np.float32), ZERO)


def places(wanted: Targets, rng: np.random.Generator, count: int) -> NDArray[np.intp]:
    """(frame, key) where to look, shape (about ``count``, 2)."""
    frames = len(wanted)
    begins, sounds = np.argwhere(wanted[..., 0] > 0), np.argwhere(wanted[..., 1] > 0)
    chosen = []
    if len(begins):

        def drawn(share: float) -> NDArray[np.intp]:
            return begins[rng.integers(len(begins), size=int(share * count))].copy()

        soon, related = drawn(0.13), drawn(0.27)
        soon[:, 0] += rng.integers(-8, 9, len(soon))
        related += np.stack([rng.integers(-1, 4, len(related)), rng.choice(RELATED, len(related))], axis=1)
        chosen = [drawn(0.25), soon, related, sounds[rng.integers(len(sounds), size=int(0.1 * count))]]
    left = count - sum(map(len, chosen))
    found = np.concatenate(
        [*chosen, np.stack([rng.integers(frames, size=left), rng.integers(KEYS, size=left)], axis=1)]
    )
    found[:, 0] = np.clip(found[:, 0], 0, frames - 1)
    return found[(found[:, 1] >= 0) & (found[:, 1] < KEYS)]


def led_in(frames: Frames) -> Frames:
    """The frames after as much silence as the ear looks back."""
    return np.concatenate([np.full((LOUDEST_FRAMES - 1, *frames.shape[1:]), ZERO, np.float32), frames])


def key_examples(folder: Path, draws: int, count: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(seen, keys, wanted) of all clips; the first draw is as it was recorded."""
    gathered: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []
    for number, (frames, notes) in enumerate(clips(folder)):
        wanted = targets(notes, len(frames))
        for draw in range(draws):
            rng = np.random.default_rng([number, draw])
            heard = led_in(varied(frames, rng) if draw else frames)
            at, keys = places(wanted, rng, count).T
            rows = seen(heard, at + LOUDEST_FRAMES - 1, keys).astype(np.float16)
            gathered.append((rows, keys.astype(np.uint8), wanted[at, keys].astype(np.float16)))
    return tuple(np.concatenate(column) for column in zip(*gathered, strict=True))  # type: ignore[return-value]


def peak_examples(folder: Path, weights: dict[str, Any], every: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """(features, struck) of each ``every``-th clip as the ear hears it."""
    for number, (frames, notes) in enumerate(clips(folder)):
        if number % every:
            continue
        heard = led_in(varied(frames, np.random.default_rng([5, number])))
        at = np.arange(LOUDEST_FRAMES - 1, len(heard))[:, None]
        said = np.concatenate([
            likelihoods(seen(heard, at[start : start + CHUNK], np.arange(KEYS)), weights)
            for start in range(0, len(at), CHUNK)
        ])  # fmt: skip
        begins, sounds = said[..., 0], said[..., 1]
        where, keys = peaks(begins, 1, len(begins) - 1)
        onsets, struck = times(begins, where, keys), np.zeros(len(where), bool)
        free = list(range(len(notes)))
        for peak in np.argsort(-begins[where, keys]).tolist():
            fits = [
                n for n in free
                if notes["pitch"][n] == keys[peak] + LOWEST_KEY and abs(notes["onset_sec"][n] - onsets[peak]) < NEAR_SEC
            ]  # fmt: skip
            struck[peak] = bool(fits)
            free = [n for n in free if not fits or n != fits[0]]
        yield features(begins, sounds, where, keys), struck


def main() -> None:
    """Gather, teach, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--places", type=int, default=1400, help="looked at in each draw of a clip")
    parser.add_argument("--every", type=int, default=4, help="which clips the peaks are learned from")
    parser.add_argument("--minutes", type=float, default=HearingSchedule.minutes)
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    schedule = HearingSchedule(minutes=arguments.minutes, peak_minutes=min(0.4, arguments.minutes))

    def tell(figures: dict[str, Any]) -> None:
        print(json.dumps(figures), file=sys.stderr, flush=True)

    rows, keys, wanted = key_examples(arguments.clips, arguments.draws, arguments.places)
    weights = learn_keys(rows, keys, wanted, schedule, tell)
    found = list(peak_examples(arguments.clips, weights, arguments.every))
    kept = max(1, len(found) * 7 // 8)
    learned, struck = (np.concatenate(column) for column in zip(*found[:kept], strict=True))
    weights |= learn_peaks(learned, struck, schedule, tell)
    others, truth = (np.concatenate(column) for column in zip(*(found[kept:] or found), strict=True))
    said = likelihood(others, weights) > 0.5
    metrics = {
        "peak_precision": round(float((said & truth).sum() / max(1, said.sum())), 4),
        "peak_recall": round(float((said & truth).sum() / max(1, truth.sum())), 4),
    }
    write(arguments.out, weights, {"training": asdict(schedule), "examples": len(rows), "peaks": len(struck)}, metrics)
    print(json.dumps(metrics))


def write(folder: Path, weights: dict[str, Any], config: dict[str, Any], metrics: dict[str, float]) -> None:
    """Write weights in half precision in place of the older ones, named by their hash."""
    content = save({name: np.ascontiguousarray(array.astype(np.float16)) for name, array in sorted(weights.items())})
    for old in folder.glob(f"{NAME}-*"):
        old.unlink()
    path = folder / f"{NAME}-{hashlib.sha256(content).hexdigest()[:8]}.safetensors"
    path.write_bytes(content)
    told = json.dumps({"config": config, "metrics": metrics}, indent=2)
    path.with_suffix(".json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
