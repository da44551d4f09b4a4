"""A motif as a page: a line of notes with its bars, its metre, and the key that is heard in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import Key
from lessons.score import KEY_DTYPE, METRE_DTYPE, Score, even_bars
from lessons.timing import TempoMap
from lessons.tune_key import key_of_tune

TITLE = "my motif"


def motif_page(notes: NDArray[np.void], count: int, metre: tuple[int, int], bpm: float) -> Score:
    """A motif of ``count`` bars, with a pickup where its first note comes early; ``bpm`` counts quarters."""
    early = -min(0.0, float(notes["onset_beat"][0]))
    bars = even_bars(count, metre[0] * 4.0 / metre[1], early)
    key = Key(*key_of_tune(notes, bars))
    return Score(
        notes,
        bars,
        np.array([(-early, *metre)], dtype=METRE_DTYPE),
        np.array([(-early, key.fifths, key.minor)], dtype=KEY_DTYPE),
        tempo=TempoMap.of([(0.0, bpm)]),
        title=TITLE,
        part_names=("Piano",),
    )
