"""What of a piece is the motif: its tune alone, on the grid of a page. What is left out or moved is said in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.gridding import is_off_grid, on_grid
from lessons.score import LEFT, Score
from models.line import Mask, cut_overlaps, line_mask

ON_GRID = "what was played freely is put on the grid"
NO_LEFT = "the left hand of the motif is left out"
NO_CHORDS = "of chords in the motif only the tune is taken"
NO_GRACES = "the motif's grace notes are left out"
ONE_METRE = "the metre in which the motif begins goes on"


def tune_of(piece: Score) -> tuple[Score, tuple[str, ...]]:
    """The piece with its tune alone, and what was done to it."""
    chosen = line_mask(piece)
    line, told = cut_overlaps(piece.notes[chosen]), _left_out(piece.notes, chosen)
    if is_off_grid(line):
        line = on_grid(line, piece.metre_at(0.0))
        told.append(ON_GRID)
    if len(set(piece.metres[["numerator", "denominator"]].tolist())) > 1:
        told.append(ONE_METRE)
    return replace(piece.with_notes(line), metres=piece.metres[:1]), tuple(told)


def sounds_until(tune: Score) -> float:
    """Where the last note of a tune ends, in beats."""
    return float((tune.notes["onset_beat"] + tune.notes["duration_beat"]).max())


def _left_out(notes: NDArray[np.void], chosen: Mask) -> list[str]:
    graces = notes["grace"]
    left = (notes["hand"] == LEFT) & ~chosen & ~graces & bool((notes["hand"][chosen] != LEFT).any())
    return [
        words
        for words, which in ((NO_LEFT, left), (NO_CHORDS, ~chosen & ~graces & ~left), (NO_GRACES, graces))
        if which.any()
    ]
