"""Fingers of a page in an answer: they stay only where the hand does what it did on the page.

A finger is chosen for where a hand comes from and where it goes; between other keys the page's finger can be the wrong
one, and who chooses fingers anew (`lessons.fingering`) would have to keep to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT

Stroke = frozenset[int]
Turn = tuple[Stroke | None, Stroke, Stroke | None]  # the keys before a stroke, those of it, and those after it


def fingers_in_place(notes: NDArray[np.void], page: NDArray[np.void]) -> NDArray[np.void]:
    """The notes without fingers wherever this stroke of the hand, or the one before or after it, is not the page's."""
    kept = notes.copy()
    for hand in (LEFT, RIGHT):
        now, before = _turns(notes, hand), _turns(page, hand)
        moved = [onset for onset, turn in now.items() if before.get(onset) != turn]
        lost = (notes["hand"] == hand) & np.isin(notes["onset_beat"].round(6), moved)
        kept["finger"][lost], kept["finger_confidence"][lost] = 0, 0.0
    return kept


def _turns(notes: NDArray[np.void], hand: int) -> dict[float, Turn]:
    """What a hand strikes at each onset, and just before and after."""
    played = notes[(notes["hand"] == hand) & ~notes["grace"]]
    strokes: dict[float, set[int]] = {}
    for onset, pitch in zip(played["onset_beat"].round(6).tolist(), played["pitch"].tolist(), strict=True):
        strokes.setdefault(onset, set()).add(pitch)
    onsets = sorted(strokes)
    keys = [None, *(frozenset(strokes[onset]) for onset in onsets), None]
    return {onset: (keys[at], frozenset(strokes[onset]), keys[at + 2]) for at, onset in enumerate(onsets)}
