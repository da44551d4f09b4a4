"""Where other voices leave a line room: how low and how high each note may go, and what would clash with it.

A line keeps on the outer side of the other voices of its own hand, and no farther from them than the page stretches
that hand: else they would have to give way, or the hand to leave them out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy
from lessons.harmony import in_mask, mask_of
from lessons.score import LEFT, RIGHT
from models.layout import within
from models.line import EPSILON, Pitches, strong_beats
from models.two_hands import HAND_SPAN

LONG_NOTE = 1.0  # beats from which a clash with the other hand is heard as one
LONGEST_NOTE = 16.0  # beats that a note of the other hand may have sounded already
STILL_HEARD = 0.5  # beats for which a note that is over still rings in the ear
NEAREST, SIXTH = 3, 9  # semitones: voices that a hand strikes at once are a third apart, and any hand stretches a sixth


def bounds(
    analogy: Analogy, line: NDArray[np.void], rest: NDArray[np.void], sources: Pitches, scale: int = 0
) -> tuple[Pitches, Pitches, NDArray[np.int64]]:
    """What the other voices leave: the lowest and the highest pitch for each note, and the classes that would clash.

    Under long notes and on strong beats all that the other hand sounds can clash, elsewhere what is struck at once; and
    everywhere, where a ``scale`` is given, the chromatic neighbours of what is heard meanwhile or was just before.
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
    _within_the_hand(analogy, line, rest[(rest["hand"] == hand) & ~rest["grace"]], floor, ceiling)
    for place, other in enumerate(_heard_meanwhile(line, rest, STILL_HEARD) if scale else ()):
        harsh[place] |= chromatic_neighbours(mask_of(other["pitch"].astype(np.int64) % 12), scale)
    return floor, ceiling, harsh


def _within_the_hand(
    analogy: Analogy, line: NDArray[np.void], others: NDArray[np.void], floor: Pitches, ceiling: Pitches
) -> None:
    """Narrow the bounds to the outer side of the other voices of the hand, and to what it reaches with them."""
    if not len(others):
        return
    hand = int(line["hand"][0])
    span = analogy.piece.bar_range(*analogy.bars) if analogy.bars is not None else None
    page = analogy.piece.notes[analogy.piece.notes["hand"] == hand]
    reach = widest(page if span is None else page[within(page, *span)])
    for place, other in enumerate(_heard_meanwhile(line, others)):
        keys, struck = other["pitch"].astype(int), np.abs(other["onset_beat"] - line["onset_beat"][place]) < EPSILON
        apart = np.where(struck, NEAREST, 1)
        if len(other) and hand == RIGHT:
            floor[place] = max(floor[place], (keys + apart).max())
            ceiling[place] = max(floor[place], min(ceiling[place], keys.min() + reach))
        elif len(other):
            ceiling[place] = min(ceiling[place], (keys - apart).min())
            floor[place] = min(ceiling[place], max(floor[place], keys.max() - reach))


def widest(notes: NDArray[np.void]) -> int:
    """How far a page stretches a hand at once, in semitones: at least a sixth, at most what a hand can hold."""
    _, group = np.unique(notes["onset_beat"].round(6), return_inverse=True)
    low, high = np.full(len(notes), 127), np.zeros(len(notes), dtype=np.int64)
    np.minimum.at(low, group, notes["pitch"])
    np.maximum.at(high, group, notes["pitch"])
    return int(np.clip((high - low).max(initial=0), SIXTH, HAND_SPAN))


def chromatic_neighbours(heard: int, scale: int) -> int:
    """The mask of what makes a false relation with what is ``heard``, as F with F sharp, and is not heard itself."""
    found = 0
    for one in range(12):
        for beside in ((one + 1) % 12, (one - 1) % 12):
            found |= 1 << beside if heard >> one & 1 and _is_chromatic(one, beside, scale) else 0
    return found & ~heard


def _is_chromatic(one: int, beside: int, scale: int) -> bool:
    """Whether a semitone is no step of the scale: one of them is foreign, or they are the two sevenths of minor."""
    has = [bool(in_mask(scale, tone)) for tone in (one, beside)]
    lower = one if (beside - one) % 12 == 1 else beside
    return has[0] != has[1] or all(in_mask(scale, np.arange(lower, lower + 3)))


def _heard_meanwhile(
    line: NDArray[np.void], other: NDArray[np.void], still_heard: float = 0.0
) -> Iterator[NDArray[np.void]]:
    """For each note of the line the other notes that sound while it does, or did at most so many beats before."""
    other = other[np.argsort(other["onset_beat"], kind="stable")]
    ends = line["onset_beat"] + line["duration_beat"]
    first = np.searchsorted(other["onset_beat"], line["onset_beat"] - LONGEST_NOTE)
    stop = np.searchsorted(other["onset_beat"], ends - EPSILON)
    for place in range(len(line)):
        near = other[first[place] : stop[place]]
        yield near[near["onset_beat"] + near["duration_beat"] > line["onset_beat"][place] - still_heard + EPSILON]
