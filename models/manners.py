"""How a left hand plays its chords: the strokes of each bar, from a pattern or from the left hand of a donor.

A stroke is (place in the bar, length, voice), in beats; voice 0 is the lowest key of the hand's position. A donor's
strokes are read bar by bar where its form puts them; a bar in which its left hand rests borrows its commonest one.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Analogy, Feature
from lessons.errors import ComposerError
from lessons.harmony import harmonic_window
from lessons.score import LEFT, Score
from models.donors import check_metre, named
from models.layout import laid_out, runs, within
from models.line import EPSILON
from models.patterns import Pattern

MOST_VOICES = 3
Stroke = tuple[float, float, int]
Strokes = tuple[Stroke, ...]


def of_pattern(pattern: Pattern, length: float) -> Strokes:
    """The strokes of a pattern under a chord of some length, counted from where the chord begins."""
    if not pattern.cycle:
        return tuple((0.0, length, voice) for _, _, voice in pattern.strokes)
    turns = range(int(np.ceil(length / pattern.cycle - EPSILON)))
    strokes = pattern.short if pattern.short and length <= pattern.cycle / 2 + EPSILON else pattern.strokes
    placed = [(turn * pattern.cycle + place, share, voice) for turn in turns for place, share, voice in strokes]
    return tuple(
        (place, min(share, length - place), voice) for place, share, voice in placed if place < length - EPSILON
    )


def of_donor(analogy: Analogy, start: float, end: float) -> list[Strokes]:
    """The strokes of the donor's left hand in each bar of the piece that begins in [start, end)."""
    piece, donor = analogy.piece, analogy.donors[Feature.TEXTURE]
    left = donor.notes[(donor.notes["hand"] == LEFT) & ~donor.notes["grace"]]
    if not len(left):
        raise ComposerError(f"--texture-from {named(donor)}: no left hand to take the texture from")
    downbeat = max(start, 0.0)
    check_metre(piece, donor, Feature.TEXTURE, downbeat)
    placed = laid_out(left, runs(piece, donor, downbeat, end), end, pickup=0.0)
    bars = piece.bars[within_bars(piece, downbeat, end)]
    found = [_read(placed, bar, piece.metre_at(float(bar["start_beat"]))) for bar in bars]
    played = [strokes for strokes in found if strokes]
    if not played:
        raise ComposerError(f"--texture-from {named(donor)}: its left hand rests there; choose another donor")
    usual = Counter(played).most_common(1)[0][0]
    return [strokes or usual for strokes in found]


def within_bars(piece: Score, start: float, end: float) -> NDArray[np.bool_]:
    """Which bars begin in [start, end)."""
    begins = piece.bars["start_beat"]
    inside: NDArray[np.bool_] = (begins >= start - EPSILON) & (begins < end - EPSILON)
    return inside


def _read(placed: NDArray[np.void], bar: np.void, metre: tuple[int, int]) -> Strokes:
    """The strokes of one bar: in each stretch of one harmony the keys are counted from the lowest."""
    start, end = float(bar["start_beat"]), float(bar["end_beat"])
    strokes: list[Stroke] = []
    window = harmonic_window(metre)
    for begin in np.arange(start, end - EPSILON, window):
        here = placed[within(placed, float(begin), min(end, float(begin) + window))]
        keys = np.unique(here["pitch"])
        for note in here:
            place = float(note["onset_beat"]) - start
            length = min(float(note["duration_beat"]), end - start - place)
            strokes.append(
                (round(place, 4), round(length, 4), _voice(int(np.searchsorted(keys, note["pitch"])), len(keys)))
            )
    return tuple(dict.fromkeys(strokes))


def _voice(rank: int, keys: int) -> int:
    """Which voice of a position a key is, among so many: of more than three the run is folded."""
    return rank if keys <= MOST_VOICES else round(rank * (MOST_VOICES - 1) / (keys - 1))
