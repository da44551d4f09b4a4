"""Form read from a score: its phrases, and which of them come back.

A section begins where the piece begins and where the page jumps (a repeat). A second ending, to which the page jumps
over the first, belongs to the section that it ends: the next one begins after it, when it is as long as the first was.
Sections are cut into phrases of four bars; a single bar that is left at the end joins the phrase before. Phrases with
the same tune bear the same number; one that returns with another ending is another one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score

PHRASE_BARS = 4
EPSILON = 1e-6


@dataclass(frozen=True)
class Phrase:
    """Bars from ``start_beat`` to ``end_beat``; ``tune`` numbers what is played there, the same for what returns."""

    start_beat: float
    end_beat: float
    tune: int

    @property
    def length(self) -> float:
        """Length in beats."""
        return self.end_beat - self.start_beat


def phrases(score: Score, start: float, end: float) -> list[Phrase]:
    """The phrases of the bars that begin in [start, end); a bar cut by ``end`` ends there."""
    bars = score.bars[(score.bars["start_beat"] >= start - EPSILON) & (score.bars["start_beat"] < end - EPSILON)]
    known: dict[tuple[tuple[int, ...], ...], int] = {}
    found = []
    for members in _cut(bars):
        first, last = float(bars["start_beat"][members[0]]), min(end, float(bars["end_beat"][members[-1]]))
        content = tuple(_skyline(score, bars[index]) for index in members)
        found.append(Phrase(first, last, known.setdefault(content, len(known))))
    return found


def repeats_by_the_page(score: Score, start: float, end: float) -> bool:
    """Whether a bar of the page is played twice in [start, end)."""
    bars = score.bars[(score.bars["start_beat"] >= start - EPSILON) & (score.bars["start_beat"] < end - EPSILON)]
    return len(np.unique(bars["written"])) < len(bars)


def once(score: Score) -> Score:
    """Notes and bars of a score as the page has them: what is repeated stands once, closed up; for looking at."""
    _, first = np.unique(score.bars["written"], return_index=True)
    if len(first) == len(score.bars):
        return score
    kept = score.bars[np.sort(first)].copy()
    begins = kept["start_beat"].copy()
    lengths = kept["end_beat"] - begins
    kept["start_beat"] = begins[0] + np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    kept["end_beat"] = kept["start_beat"] + lengths
    index = np.clip(np.searchsorted(begins, score.notes["onset_beat"] + EPSILON, side="right") - 1, 0, None)
    notes = score.notes.copy()
    inside = notes["onset_beat"] < begins[index] + lengths[index] - EPSILON
    notes["onset_beat"] += kept["start_beat"][index] - begins[index]
    return replace(score, notes=notes[inside], bars=kept, labels=())


def _cut(bars: NDArray[np.void]) -> list[list[int]]:
    """The indices of the bars of each phrase."""
    steps = np.diff(bars["written"].astype(np.int64))
    jumps = np.flatnonzero(steps != 1)
    skipped = np.where((steps[jumps] > 1) & (steps[jumps] <= PHRASE_BARS + 1), steps[jumps] - 1, 0)
    found = []
    for section in np.split(np.arange(len(bars)), np.unique(jumps + 1 + skipped)):
        cut = [section[place : place + PHRASE_BARS].tolist() for place in range(0, len(section), PHRASE_BARS)]
        if len(cut) > 1 and len(cut[-1]) == 1:
            cut[-2:] = [cut[-2] + cut[-1]]
        found += [members for members in cut if members]
    return found


def _skyline(score: Score, bar: np.void) -> tuple[int, ...]:
    """The top notes of a bar as numbers: places in ticks and pitches, equal for equal bars."""
    first, stop = np.searchsorted(score.notes["onset_beat"], [bar["start_beat"] - EPSILON, bar["end_beat"] - EPSILON])
    tops: dict[int, int] = {}
    for note in score.notes[first:stop]:  # ascending: the highest of an onset comes last
        tops[round(float(note["onset_beat"] - bar["start_beat"]) * 480)] = int(note["pitch"])
    return tuple(number for place in sorted(tops.items()) for number in place)
