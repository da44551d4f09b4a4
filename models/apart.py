"""Hands out of each other's way: what one plays moved by octaves, away from what the other does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT, Score
from models.line import OCTAVE, crossings

MOST_OCTAVES, LOWEST_KEY, HIGHEST_KEY = 2, 33, 100  # that a hand gives way by; beyond, a piano growls or tinkles
CROWDED = 0.1  # share of a left hand's notes among the right one's keys, beyond the donor's, from which they collide
LOW_ENOUGH = 40  # no left hand goes out of the right one's way below this: its chords would growl


def beside(notes: NDArray[np.void], kept: NDArray[np.void], bars: NDArray[np.void]) -> NDArray[np.void]:
    """The notes of one hand moved by octaves so that it does not cross the other, whose notes stay.

    All bars move alike as far as that helps; where some still cross, these move further. Notes of both hands stay.
    """
    hands = set(np.unique(notes["hand"]).tolist())
    other = kept[~np.isin(kept["hand"], list(hands))]
    if len(hands) != 1 or not len(other):
        return notes
    way = OCTAVE if hands == {RIGHT} else -OCTAVE
    edges = [*bars["start_beat"].tolist(), np.inf] if len(bars) else [-np.inf, np.inf]
    moved = _moved_clear(notes, other, way)
    for start, end in pairwise(edges):
        here = (moved["onset_beat"] >= start - 1e-6) & (moved["onset_beat"] < end - 1e-6)
        if here.any():
            moved[here] = _moved_clear(moved[here], other, way)
    return moved


def _moved_clear(notes: NDArray[np.void], other: NDArray[np.void], way: int) -> NDArray[np.void]:
    """The notes, moved outwards by as few octaves as leave the fewest crossings, on the keys of a piano."""
    best, fewest = notes, crossings(notes, other, way)
    for octaves in range(1, MOST_OCTAVES + 1):
        moved = notes.copy()
        moved["pitch"] += way * octaves
        crossed = crossings(moved, other, way)
        if moved["pitch"].min() >= LOWEST_KEY and moved["pitch"].max() <= HIGHEST_KEY and crossed < fewest:
            best, fewest = moved, crossed
    return best


def hands_apart(notes: NDArray[np.void], piece: Score, donor: Score) -> NDArray[np.void]:
    """The notes, the left hand an octave lower where it is among the right one's keys oftener than the donor's is."""
    left = notes["hand"] == LEFT
    moved = notes.copy()
    moved["pitch"][left] -= OCTAVE
    before, now, then = _shared(donor.notes, donor), _shared(notes, piece), _shared(moved, piece)
    low = not left.any() or moved["pitch"][left].min() < LOW_ENOUGH
    return notes if low or now <= before + CROWDED or then >= now else moved


def _shared(notes: NDArray[np.void], score: Score) -> float:
    """The share of the left hand's notes on or above the lowest key that the right one plays in the same bar."""
    left, right = (notes[notes["hand"] == hand] for hand in (LEFT, RIGHT))
    lowest: dict[int, int] = {}
    for bar, pitch in zip(score.bar_numbers_at(right["onset_beat"]).tolist(), right["pitch"].tolist(), strict=True):
        lowest[bar] = min(pitch, lowest.get(bar, pitch))
    bars = score.bar_numbers_at(left["onset_beat"]).tolist()
    above = [pitch >= lowest.get(bar, 128) for bar, pitch in zip(bars, left["pitch"].tolist(), strict=True)]
    return float(np.mean(above)) if above else 0.0


def clear_of(notes: NDArray[np.void], kept: NDArray[np.void]) -> NDArray[np.void]:
    """The notes with those on a key that a kept note strikes then moved an octave outwards: down for the left hand."""
    taken = {(round(float(note["onset_beat"]), 6), int(note["pitch"])) for note in kept}
    clear = notes.copy()
    for index, note in enumerate(notes):
        if (round(float(note["onset_beat"]), 6), int(note["pitch"])) in taken:
            clear["pitch"][index] += OCTAVE if note["hand"] == RIGHT else -OCTAVE
    return clear
