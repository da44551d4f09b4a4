"""How pitches are spelled in a key, for notes whose file does not say.

Names lie on the line of fifths (F C G D A E B, sharps above, flats below). Twelve neighbours on it name the twelve
pitch classes: in C major A flat to C sharp; in A minor, one fifth higher, E flat to G sharp, the leading note.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LINE = "FCGDAEB"


def spelled(score: Score) -> Score:
    """The score with a step and an alter for each note that has none, or one of another pitch."""
    bare = ~named_rightly(score.notes)
    if not bare.any():
        return score
    notes = score.notes.copy()
    for row in np.flatnonzero(bare).tolist():
        fifths, minor = key_at(score.keys, float(notes["onset_beat"][row]))
        notes["step"][row], notes["alter"][row] = spelling(int(notes["pitch"][row]), fifths, minor)
    return score.with_notes(notes)


def named_rightly(notes: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which notes have a step and an alter that name their own pitch class."""
    right = np.zeros(len(notes), dtype=np.bool_)
    for step, pitch_class in STEPS.items():
        right |= (notes["step"] == step) & ((notes["pitch"] - notes["alter"] - pitch_class) % 12 == 0)
    return right


def key_at(keys: NDArray[np.void], beat: float) -> tuple[int, bool]:
    """(fifths, minor) at a position; C major where nothing is said."""
    if not len(keys):
        return 0, False
    row = keys[max(0, int(np.searchsorted(keys["start_beat"], beat + 1e-9, side="right")) - 1)]
    return int(row["fifths"]), bool(row["minor"])


def spelling(pitch: int, fifths: int, minor: bool) -> tuple[str, int]:
    """(step, alter) of a MIDI pitch or pitch class in a key."""
    lowest = fifths - (3 if minor else 4)  # in C: A flat; in A minor: E flat
    place = lowest + (7 * pitch - lowest) % 12
    return _LINE[(place + 1) % 7], (place + 1) // 7
