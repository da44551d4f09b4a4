"""How far a feature of one passage is from the same feature of another, from 0 (the same) to 1.

Both are read from their first bar line on, in the hand that is asked about, or in the right one.

Rhythm: one minus the F1 of the onsets; how long keys are held is touch, not rhythm. Pitch: the share of the time for
which the two lines, brought to one height, are more than a semitone apart, so that a tune that only moved, or went from
major into minor, is the same tune. Chords: the share of the time for which, told from the tonic, another triad sounds.
Texture: as rhythm, of strokes by hand and number of keys, in both hands where none is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Feature, Variation
from lessons.harmony import chord_indices, chords_of, in_mask, score_key
from lessons.score import LEFT, RIGHT, Score

OTHER = {Feature.RHYTHM: 0.1, Feature.PITCH: 0.25, Feature.CHORDS: 0.25, Feature.TEXTURE: 0.1}
STEP_BEATS, SEMITONE, MINOR_THIRD, EPSILON = 0.25, 1.0, 3, 1e-6


class Passage(NamedTuple):
    """Bars A to B of a score, both included."""

    score: Score
    bars: tuple[int, int]

    @property
    def span(self) -> tuple[float, float]:
        """Where it begins and ends, in beats."""
        return self.score.bar_range(*self.bars)

    def notes(self, hand: int | None) -> NDArray[np.void]:
        """What begins in it, counted from its first bar line: of a hand, or of all where it has none."""
        start, end = self.span
        notes = played(self.score, hand)
        notes = notes[(notes["onset_beat"] >= start) & (notes["onset_beat"] < end)].copy()
        notes["onset_beat"] -= start
        return notes

    def strokes(self, hand: int | None) -> set[tuple[float, int, int]]:
        """Where which hand strikes how many keys."""
        notes = self.notes(hand)
        struck = zip(notes["onset_beat"].round(3).tolist(), notes["hand"].tolist(), strict=True)
        return {(beat, by, count) for (beat, by), count in Counter(struck).items()}

    def line(self, hand: int | None, lowest: bool = False) -> NDArray[np.void]:
        """The highest or the lowest notes of each onset."""
        notes = self.notes(hand)
        order = np.lexsort((notes["pitch"] if lowest else -notes["pitch"].astype(np.int64), notes["onset_beat"]))
        _, first = np.unique(notes["onset_beat"][order].round(3), return_index=True)
        found: NDArray[np.void] = notes[order][first]
        return found


def played(score: Score, hand: int | None) -> NDArray[np.void]:
    """The notes of a hand without graces; of the whole score where it has no such hand."""
    notes = score.notes[~score.notes["grace"]]
    mine = notes["hand"] == hand
    found: NDArray[np.void] = notes[mine] if mine.any() else notes
    return found


def differs(feature: Feature, one: Passage, other: Passage, hand: int | None = None) -> bool:
    """Whether a musician would call a feature of two passages different."""
    return apart(feature, one, other, hand) >= OTHER[feature]


def renewed(answer: Variation, bars: tuple[int, int]) -> dict[Feature, Score]:
    """The donors whose feature is another in an answer than in its piece; in these bars, or those of the question."""
    analogy = answer.analogy
    page, made = (Passage(score, analogy.bars or bars) for score in (analogy.piece, answer.score))
    return {one: donor for one, donor in analogy.donors.items() if differs(one, page, made, analogy.hand)}


def apart(feature: Feature, one: Passage, other: Passage, hand: int | None = None) -> float:
    """How far a feature of two passages is apart, 0..1, as far as both go; 1 where one of them has nothing there."""
    length = min(passage.span[1] - passage.span[0] for passage in (one, other))
    steps = np.arange(0.0, length, STEP_BEATS) + STEP_BEATS / 2
    if feature is Feature.CHORDS:
        return _chords_apart(one, other, steps)
    if feature is Feature.TEXTURE:
        return _shares_apart(*({one for one in passage.strokes(hand) if one[0] < length} for passage in (one, other)))
    asked = RIGHT if hand is None else hand
    lines = [passage.line(asked, asked == LEFT) for passage in (one, other)]
    first, second = (line[line["onset_beat"] < length - EPSILON] for line in lines)
    if not (len(first) and len(second)):
        return float(len(first) != len(second))
    if feature is Feature.PITCH:
        return _tunes_apart(first, second, steps)
    return _shares_apart(*(set(line["onset_beat"].round(3).tolist()) for line in (first, second)))


def _shares_apart(one: Set[object], other: Set[object]) -> float:
    """One minus the F1 of two sets."""
    return 1 - 2 * len(one & other) / max(1, len(one) + len(other))


def _tunes_apart(one: NDArray[np.void], other: NDArray[np.void], steps: NDArray[np.float64]) -> float:
    """The share of the time for which two lines are apart, brought to the height at which they most agree."""
    between = np.subtract(*(_held(line, steps) for line in (one, other)))
    return min(float((np.abs(between - height) > SEMITONE).mean()) for height in np.unique(between))


def _held(line: NDArray[np.void], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pitch at each place; a rest keeps the one before, the beginning has the first."""
    index = np.clip(np.searchsorted(line["onset_beat"], steps, side="right") - 1, 0, None)
    return line["pitch"][index].astype(np.float64)


def _chords_apart(one: Passage, other: Passage, steps: NDArray[np.float64]) -> float:
    first, second = (_triads(passage.score, passage.span[0] + steps) for passage in (one, other))
    known = (first >= 0) & (second >= 0)
    return float((first != second)[known].mean()) if known.any() else 1.0


def _triads(score: Score, beats: NDArray[np.float64]) -> NDArray[np.int64]:
    """The triad at each place: twice its root above the tonic, and one more where its third is minor; -1 for none."""
    chords = chords_of(score)
    if not len(chords):
        return np.full(len(beats), -1, np.int64)
    index, tonic = chord_indices(chords, beats), score_key(score, chords).tonic
    roots, tones = (chords[name][index].astype(np.int64) for name in ("root", "tones"))
    minor = in_mask(tones, roots + MINOR_THIRD)
    return np.where(index < 0, -1, 2 * ((roots - tonic) % 12) + minor)
