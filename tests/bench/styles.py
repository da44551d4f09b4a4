"""Measure every style of accompaniment under songs from seeded motifs: ``styles.py [--count N]``; prints JSON.

Of each style, over the songs whose metre it suits: tones of the chord among what the left hand strikes on strong beats;
its strokes a beat; how far its middle leaps from stroke to stroke, on average and at most; octaves and fifths in which
its bass goes along with the tune from chord to chord; songs whose last chord has no third, phrases that begin on a
fifth in the bass, and sevenths of a chord there; and what no hand could play: keys held at once that are farther apart
than a hand spans, keys below E2 and keys that cross the tune. Each style has the same tunes over the same chords.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.analogy import Growth, Style, styles_for
from lessons.difficulty import difficulty
from lessons.form import PHRASE_BARS
from lessons.harmony import chords_of, in_mask, tones_at
from lessons.score import LEFT, RIGHT, Score
from models.line import strong_beats
from models.patterns import lasting
from models.songwriter import songs
from models.two_hands import HAND_SPAN
from tests.bench.songs import motif, sounding

LOWEST = 40  # E2
ALONG = (0, 7)  # semitones of the octave and the fifth
THIRDS, FIFTHS, SEVENTHS = {3, 4}, {6, 7, 8}, {10, 11}


def measured(song: Score) -> dict[str, float]:
    """The figures of the left hand of one song."""
    left, tune, chords = song.hands(LEFT).notes, song.hands(RIGHT).notes, chords_of(song)
    onsets, group = np.unique(left["onset_beat"], return_inverse=True)
    middles = np.bincount(group, weights=left["pitch"]) / np.bincount(group)
    leaps = np.abs(np.diff(middles))
    strong = left[strong_beats(song, left["onset_beat"])]
    held = [left["pitch"][sounding(left, float(onset))].astype(int) for onset in onsets]
    over = [tune["pitch"][sounding(tune, float(onset))].astype(int) for onset in onsets]
    return {
        "chord_tones": float(in_mask(tones_at(chords, strong["onset_beat"]), strong["pitch"]).mean()),
        "strokes_a_beat": len(onsets) / float(song.end_beat - song.start_beat),
        "leap": float(leaps.mean()),
        "widest_leap": float(leaps.max()),
        "along": float(along(song, left, tune, chords)),
        "hollow_ends": float(not THIRDS & above(int(chords["root"][-1]), [*held[-1], *over[-1]])),
        **basses(song, left, chords),
        "too_wide": float(sum(np.ptp(keys) > HAND_SPAN for keys in held)),
        "too_low": float((left["pitch"] < LOWEST).sum()),
        "crossings": float(sum(keys.max() >= top.min() for keys, top in zip(held, over, strict=True) if len(top))),
        "difficulty": difficulty(song).level,
    }


def above(root: int, pitches: Iterable[int]) -> set[int]:
    """Semitones of pitches above a root."""
    return {(pitch - root) % 12 for pitch in pitches}


def basses(song: Score, left: NDArray[np.void], chords: NDArray[np.void]) -> dict[str, float]:
    """How many phrases begin on a fifth in the bass, and how many chords lie on their seventh."""
    phrases = song.bars["start_beat"][song.bars["number"] % PHRASE_BARS == 1]
    fifths, sevenths = 0, 0
    for chord in lasting(song, chords):
        struck = left["pitch"][left["onset_beat"] == chord["start_beat"]].astype(int)
        bass = above(int(chord["root"]), [int(struck.min())] if len(struck) else [])
        fifths += bool(bass & FIFTHS) and bool(np.isin(chord["start_beat"], phrases))
        sevenths += bool(bass & SEVENTHS)
    return {"phrases_on_fifths": float(fifths), "on_sevenths": float(sevenths)}


def along(song: Score, left: NDArray[np.void], tune: NDArray[np.void], chords: NDArray[np.void]) -> int:
    """How often tune and bass go in octaves or fifths from the beginning of a chord to that of the next."""
    outer = []
    for beat in lasting(song, chords)["start_beat"].tolist():
        low, high = left["pitch"][sounding(left, beat)], tune["pitch"][sounding(tune, beat)]
        outer.append((int(high.max()), int(low.min())) if len(low) and len(high) else None)
    moves = [(old, new) for old, new in pairwise(outer) if old and new]
    return sum(
        (new[0] - old[0]) * (new[1] - old[1]) > 0
        and (new[0] - new[1]) % 12 == (old[0] - old[1]) % 12
        and (new[0] - new[1]) % 12 in ALONG
        for old, new in moves
    )


def main() -> None:
    """Grow each song in each style and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    arguments = parser.parse_args()
    rows: dict[str, list[dict[str, float]]] = {str(style): [] for style in Style}
    for seed in range(arguments.count):
        asked = motif(seed)
        for style in styles_for(asked.metre_at(0.0)):
            growth = Growth(asked, seed=seed, song_bars=16 if seed % 2 else 8, style=style)
            rows[style].append(measured(songs(growth)[0].score))
    print(json.dumps({style: summed(found) for style, found in rows.items() if found}, indent=1))


def summed(rows: list[dict[str, float]]) -> dict[str, float]:
    """Means over the songs; of leaps the widest, of faults how many in all."""
    most, total = (
        ("widest_leap",),
        ("along", "hollow_ends", "phrases_on_fifths", "on_sevenths", "too_wide", "too_low", "crossings"),
    )
    figures = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        figures[name] = max(values) if name in most else sum(values) if name in total else float(np.mean(values))
    return {"songs": len(rows)} | {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    main()
