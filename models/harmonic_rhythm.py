"""Chords from elsewhere change where the left hand of the piece strikes: what it holds belongs to one chord."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.harmony import chord_part
from lessons.score import LEFT, RIGHT
from models.line import EPSILON


def as_the_hand_strikes(analogy: Analogy, chords: NDArray[np.void], closes: bool) -> NDArray[np.void]:
    """The chords without those under which a left hand holds its keys and strikes none: the one before goes on.

    Where the piece ``closes`` with them, the last one sounds instead of those before.
    """
    held = _held_hand(analogy)
    begins, ends = held["onset_beat"], held["onset_beat"] + held["duration_beat"]
    kept: list[np.void] = []
    for chord in chords:
        sounds_into = (begins < chord["start_beat"] - EPSILON) & (ends > chord["start_beat"] + EPSILON)
        struck = (begins > chord["start_beat"] - EPSILON) & (begins < chord["end_beat"] - EPSILON)
        if kept and sounds_into.any() and not struck.any():
            begun = float(kept[-1]["start_beat"])
            kept[-1] = chord.copy() if closes and chord["end_beat"] == chords["end_beat"][-1] else kept[-1]
            kept[-1]["start_beat"], kept[-1]["end_beat"] = begun, chord["end_beat"]
        else:
            kept.append(chord.copy())
    return np.array(kept, dtype=chords.dtype)


def _held_hand(analogy: Analogy) -> NDArray[np.void]:
    """The left hand below a tune, where it keeps its rhythm; else nothing."""
    notes, donors = analogy.piece.notes, set(analogy.donors)
    moves = Feature.TEXTURE in donors or (Feature.RHYTHM in donors and analogy.hand == LEFT)
    hand = (notes["hand"] == LEFT) & ~chord_part(analogy.piece)
    return notes[hand] if not moves and (notes["hand"] == RIGHT).any() else notes[:0]
