"""Where the other hand leaves a line room: how low and how high each note may go, and what would clash with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy
from lessons.harmony import mask_of
from lessons.score import LEFT, RIGHT
from models.line import EPSILON, Pitches, strong_beats

LONG_NOTE = 1.0  # beats from which a clash with the other hand is heard as one
LONGEST_NOTE = 16.0  # beats that a note of the other hand may have sounded already


def bounds(
    analogy: Analogy, line: NDArray[np.void], rest: NDArray[np.void], sources: Pitches
) -> tuple[Pitches, Pitches, NDArray[np.int64]]:
    """What the other hand leaves: the lowest and the highest pitch for each note, and the classes that would clash.

    Under long notes and on strong beats all that sounds can clash, elsewhere what is struck at once.
    Hands that do not cross in one of the ``sources`` (lines held at each note) do not cross in the answer.
    """
    floor, ceiling = np.full(len(line), analogy.lowest), np.full(len(line), analogy.highest)
    harsh = np.zeros(len(line), dtype=np.int64)
    hand, strong = line["hand"][0], strong_beats(analogy.piece, line["onset_beat"])
    if hand not in (LEFT, RIGHT):
        return floor, ceiling, harsh
    for place, other in enumerate(_heard_meanwhile(line, rest[rest["hand"] == (LEFT if hand == RIGHT else RIGHT)])):
        heard = other["pitch"]
        aims = np.clip([line["pitch"][place], *sources[:, place]], analogy.lowest, analogy.highest)
        if hand == RIGHT and len(heard) and heard.max() < aims.max():
            floor[place] = max(floor[place], heard.max() + 1)
        if hand == LEFT and len(heard) and heard.min() > aims.min():
            ceiling[place] = min(ceiling[place], heard.min() - 1)
        exposed = line["duration_beat"][place] >= LONG_NOTE or strong[place]
        struck = np.abs(other["onset_beat"] - line["onset_beat"][place]) < EPSILON
        classes = (heard if exposed else heard[struck]).astype(np.int64) % 12
        harsh[place] = mask_of(np.concatenate([classes + 1, classes - 1])) & ~mask_of(classes)
    return floor, ceiling, harsh


def _heard_meanwhile(line: NDArray[np.void], other: NDArray[np.void]) -> Iterator[NDArray[np.void]]:
    """For each note of the line the notes of the other hand that sound while it does."""
    other = other[np.argsort(other["onset_beat"], kind="stable")]
    ends = line["onset_beat"] + line["duration_beat"]
    first = np.searchsorted(other["onset_beat"], line["onset_beat"] - LONGEST_NOTE)
    stop = np.searchsorted(other["onset_beat"], ends - EPSILON)
    for place in range(len(line)):
        near = other[first[place] : stop[place]]
        yield near[near["onset_beat"] + near["duration_beat"] > line["onset_beat"][place] + EPSILON]
