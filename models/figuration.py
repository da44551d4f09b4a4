"""Broken chords in place of a tune: told apart by their leaps, and varied as a pianist would, by another order.

The notes of each half bar keep their keys and their places in time; the order in which the keys are struck changes, and
changes alike in every half bar, so that the figure stays a figure. Where the left hand begins with its lowest key,
that is the bass, and it stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import chords_of, harmonic_window, in_mask, tones_at
from lessons.score import LEFT, Score
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
    orders: dict[tuple[int, int], NDArray[np.intp]] = {}
    for cell in np.unique(cells):
        members = np.flatnonzero(cells == cell)
        keys, ranks = np.unique(pitches[members], return_inverse=True)
        basses = int(ranks[0] == 0 and line["hand"][members[0]] == LEFT)
        if (len(keys), basses) not in orders:
            orders[len(keys), basses] = _order(len(keys), basses, strength, rng)
        pitches[members] = keys[orders[len(keys), basses][ranks]]
    return pitches


def _order(size: int, basses: int, strength: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Another order of so many keys above the ``basses``: two neighbours changed, or any."""
    order, movable = np.arange(size), size - basses
    if movable > 1 and strength <= BOLD:
        place = basses + int(rng.integers(movable - 1))
        order[[place, place + 1]] = order[[place + 1, place]]
    while movable > 1 and strength > BOLD and (order == np.arange(size)).all():
        order[basses:] = basses + rng.permutation(movable)
    return order
