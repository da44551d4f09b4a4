"""Measure what new textures do to hands: ``textures.py [--seeds N] [--left]``; prints JSON.

Each short piece of the library gets the texture of another one in its metre. Counted is what the answer has more of
than the piece: leaps beyond an octave in the highest line of the right hand and in the lowest of the left, octaves and
fifths in which both go along from one strong beat to the next, and keys below C2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lessons.analogy import Analogy, Feature
from lessons.errors import ComposerError
from lessons.library import shelf
from lessons.otherness import Passage
from lessons.score import LEFT, RIGHT, Score
from models.line import strong_beats
from models.songwriter import load_songwriter

MOST_NOTES, OCTAVE, C2 = 420, 12, 36
ALONG = (0, 7)  # semitones of the octave and the fifth


def line(score: Score, hand: int) -> NDArray[np.void]:
    """The highest keys of the right hand, the lowest of the left, stroke by stroke."""
    numbers = score.bars["number"]
    whole = Passage(score, (int(numbers.min()), int(numbers.max())))
    notes = whole.line(hand, lowest=hand == LEFT)
    notes["onset_beat"] += whole.span[0]
    return notes


def key_at(notes: NDArray[np.void], beat: float) -> int | None:
    """The key of a line that is held at a beat."""
    row = int(np.searchsorted(notes["onset_beat"], beat + 1e-6, side="right")) - 1
    held = row >= 0 and notes["onset_beat"][row] + notes["duration_beat"][row] > beat + 1e-6
    return int(notes["pitch"][row]) if held else None


def counted(score: Score) -> Counter[str]:
    """The figures of one piece."""
    lines = {"right": line(score, RIGHT), "left": line(score, LEFT)}
    found = Counter[str](below_c2=int((score.notes["pitch"] < C2).sum()))
    for name, notes in lines.items():
        found[f"leaps_{name}"] = int((np.abs(np.diff(notes["pitch"].astype(int))) > OCTAVE).sum())
    beats = np.unique(score.notes["onset_beat"])
    keys = [(key_at(lines["right"], beat), key_at(lines["left"], beat)) for beat in beats[strong_beats(score, beats)]]
    for (upper, lower), (next_upper, next_lower) in pairwise(keys):
        if upper is None or lower is None or next_upper is None or next_lower is None:
            continue
        same_way = (next_upper - upper) * (next_lower - lower) > 0
        apart = (upper - lower) % OCTAVE
        found["along"] += same_way and apart in ALONG and (next_upper - next_lower) % OCTAVE == apart
    return found


def main() -> int:
    """Vary and count."""
    parser = argparse.ArgumentParser(description="Measure what new textures do to hands.")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--left", action="store_true", help="a new texture for the left hand alone")
    arguments = parser.parse_args()
    pieces = [score for score in (piece.score() for piece in shelf.pieces()) if len(score.notes) < MOST_NOTES]
    writer, total = load_songwriter(), Counter[str](answers=0, refused=0)
    for place, piece in enumerate(pieces):
        others = [one for one in pieces if one is not piece and one.metre_at(0.0) == piece.metre_at(0.0)]
        for seed in range(1, arguments.seeds + 1) if others else ():
            donor = others[(place + seed) % len(others)]
            if arguments.left and not (donor.notes["hand"] == LEFT).any():
                continue
            hand = LEFT if arguments.left else None
            try:
                answer = writer.vary(Analogy(piece, {Feature.TEXTURE: donor}, hand=hand, seed=seed))[0]
            except ComposerError:
                total["refused"] += 1
                continue
            total["answers"] += 1
            for name, count in counted(answer.score).items():
                total[name] += max(0, count - counted(piece)[name])
    print(json.dumps(total))
    return 0


if __name__ == "__main__":
    sys.exit(main())
