"""Hold an answer in the range that was asked for.

The range bounds every note that a question may move: the line that is varied and, where both hands may move, what the
other hand plays in the passage. The line is held in it strictly. The other hand moves by whole octaves, alike
throughout, to where the fewest of its notes lie outside; it gives way rather than cross the line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy
from lessons.harmony import CHORD_PART
from lessons.score import HAND_NAMES, LEFT, PIANO_KEYS, RIGHT
from models.line import OCTAVE, Mask, Pitches, crossings, line_mask, raised

OCTAVES = (0, -1, 1, -2, 2)
ACROSS = 3  # notes outside the range that one crossing weighs


def line_in_range(analogy: Analogy, pitches: Pitches) -> Pitches:
    """The curve of a line moved by whole octaves to where the fewest of its notes lie outside the range."""
    low, high = analogy.lowest, analogy.highest
    ways = [pitches + OCTAVE * octaves for octaves in OCTAVES]
    return min(ways, key=lambda moved: int(((moved < low) | (moved > high)).sum()))


def accompaniment_in_range(
    analogy: Analogy, rest: NDArray[np.void], line: NDArray[np.void]
) -> tuple[NDArray[np.void], list[str]]:
    """The other notes of an answer with those of the other hand near the range, and what could not be had in words."""
    low, high = analogy.lowest, analogy.highest
    hand = int(line["hand"][0])
    if analogy.hand is not None or hand not in (LEFT, RIGHT) or (low <= PIANO_KEYS[0] and high >= PIANO_KEYS[1]):
        return rest, []
    other = _other_hand(analogy, rest, line)
    if not other.any():
        return rest, []
    tune, way = line.copy(), 1 if hand == RIGHT else -1
    tune["pitch"] = np.clip(line["pitch"], low, high)

    def cost(octaves: int) -> float:
        moved = raised(rest[other], OCTAVE * octaves)
        return _outside(moved, low, high) + ACROSS * crossings(tune, moved, way)

    best = min(OCTAVES, key=cost)
    moved = rest.copy()
    moved[other] = raised(rest[other], OCTAVE * best)
    left_out = _outside(moved[other], low, high)
    name = HAND_NAMES[int(rest["hand"][other][0])]
    told = f"{left_out} notes of the {name} hand lie outside the range: the hands would cross" if left_out else ""
    return moved, [told] if told else []


def crossing_notices(analogy: Analogy, rest: NDArray[np.void], line: NDArray[np.void]) -> list[str]:
    """Say where a line crosses the other hand more often than the piece's own line does."""
    hand, notes = int(line["hand"][0]), analogy.piece.notes
    if hand not in (LEFT, RIGHT):
        return []
    way, opposite = (1, LEFT) if hand == RIGHT else (-1, RIGHT)
    own = notes[line_mask(analogy.piece, analogy.hand)]
    before = crossings(own, notes[notes["hand"] == opposite], way)
    more = crossings(line, rest[rest["hand"] == opposite], way) - before
    return [f"the hands cross at {more} note{'s' if more > 1 else ''}"] if more > 0 else []


def _other_hand(analogy: Analogy, rest: NDArray[np.void], line: NDArray[np.void]) -> Mask:
    """Which notes the other hand plays while the line is varied."""
    chords = [part for part, name in enumerate(analogy.piece.part_names) if name.upper().startswith(CHORD_PART)]
    begins, ends = float(line["onset_beat"][0]), float(line["onset_beat"][-1] + line["duration_beat"][-1])
    other: Mask = (rest["hand"] == (LEFT if line["hand"][0] == RIGHT else RIGHT)) & ~np.isin(rest["part"], chords)
    inside = (rest["onset_beat"] >= begins - OCTAVE) & (rest["onset_beat"] < ends)
    return other & inside if analogy.bars is None else other & (rest["onset_beat"] >= begins) & inside


def _outside(notes: NDArray[np.void], low: int, high: int) -> int:
    """How many notes lie outside a range."""
    return int(((notes["pitch"] < low) | (notes["pitch"] > high)).sum())
