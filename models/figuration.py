"""Broken chords in place of a tune: told apart by their leaps, and varied as a pianist would, by another order.

The notes of each half bar keep their keys and their places in time; the order in which the keys are struck changes, and
changes alike in every half bar, so that the figure stays a figure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import chords_of, harmonic_window, in_mask, tones_at
from lessons.score import Score
from models.line import EPSILON, Pitches, cut_overlaps, line_mask

FEWEST = 32  # notes from which one can tell
LEAP = 3  # semitones
LEAPS, TONES = 0.7, 0.75  # shares of the moves and of the notes
BOLD = 0.5  # the strength up to which only two neighbours change places


def is_figuration(piece: Score, hand: int | None = None) -> bool:
    """Whether the line of a piece breaks chords: nearly all its moves leap, nearly all its notes are chord tones."""
    line = cut_overlaps(piece.notes[line_mask(piece, hand)])
    if len(line) < FEWEST:
        return False
    leaps = np.abs(np.diff(line["pitch"].astype(np.int64))) >= LEAP
    if leaps.mean() < LEAPS:
        return False
    return bool(in_mask(tones_at(chords_of(piece), line["onset_beat"]), line["pitch"]).mean() >= TONES)


def reordered(piece: Score, line: NDArray[np.void], strength: float, rng: np.random.Generator) -> Pitches:
    """The pitches of a line of broken chords in another order, the same one wherever as many keys are struck."""
    pitches = line["pitch"].astype(np.int64)
    window = harmonic_window(piece.metre_at(0.0))
    cells = np.floor(line["onset_beat"] / window + EPSILON)
    orders: dict[int, NDArray[np.intp]] = {}
    for cell in np.unique(cells):
        members = np.flatnonzero(cells == cell)
        keys, ranks = np.unique(pitches[members], return_inverse=True)
        if len(keys) not in orders:
            orders[len(keys)] = _order(len(keys), strength, rng)
        pitches[members] = keys[orders[len(keys)][ranks]]
    return pitches


def _order(size: int, strength: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Another order of so many keys: two neighbours changed, or any."""
    order = np.arange(size)
    if size > 1 and strength <= BOLD:
        place = int(rng.integers(size - 1))
        order[[place, place + 1]] = order[[place + 1, place]]
    while size > 1 and strength > BOLD and (order == np.arange(size)).all():
        order = rng.permutation(size)
    return order
