"""Passages that went much slower than the rest of a pass.

A bar's pace is the median of its intervals, in seconds a beat, so that one stop in it does not count; the pace of a
pass is the median of its bars. One bar alone is never named: the pianists of the Vienna 4x22 corpus stretch one bar in
19 to more than 1.3 times that pace, but hardly ever three in a row, nor two to more than 1.5 times. Nor is it said of
how a pass ends, nor where the page itself is slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from lessons.score import Score
from tutor.assessing.curve import SHORTEST_GAP_SEC, Floats, TempoCurve, weighted_median

SLOWER, MUCH_SLOWER = 1.3, 1.5  # times the pace of the pass: three bars or more, and two bars
FEWEST_BARS = 6  # of a pass, to know its pace
ENDING_BARS = 2  # how somebody comes to an end is their own
SEAM_BEATS = 2.0  # around a change of pace no tempo says when a note was due


@dataclass(frozen=True, slots=True)
class SlowPassage:
    """Bars ``first_bar`` to ``last_bar``, ``start_beat`` to ``end_beat``: ``ratio`` times the pace of the rest."""

    pass_index: int
    first_bar: int
    last_bar: int
    start_beat: float
    end_beat: float
    ratio: float

    def is_seam(self, pass_index: int, beat: float) -> bool:
        """Whether a position of a pass is near where the pace changes."""
        away = min(abs(beat - self.start_beat), abs(beat - self.end_beat))
        return pass_index == self.pass_index and away <= SEAM_BEATS


def slow_passages(score: Score, curves: Sequence[TempoCurve]) -> tuple[SlowPassage, ...]:
    """The passages of each pass that went slower than the rest of it."""
    return tuple(found for index, curve in enumerate(curves) for found in _of_pass(score, index, curve))


def _of_pass(score: Score, index: int, curve: TempoCurve) -> Iterator[SlowPassage]:
    rows, paces = bar_paces(score, curve)
    if len(rows) < FEWEST_BARS:
        return
    ratios = _ratios(score, rows, paces)
    for slow, run in groupby(range(len(rows)), key=lambda slot: bool(ratios[slot] > SLOWER)):
        slots = list(run)
        if slow and _is_passage(slots, ratios):
            first, last = score.bars[rows[slots[0]]], score.bars[rows[slots[-1]]]
            begins, ends = float(first["start_beat"]), float(last["end_beat"])
            ratio = float(np.median(ratios[slots]))
            yield SlowPassage(index, int(first["number"]), int(last["number"]), begins, ends, ratio)


def _is_passage(slots: Sequence[int], ratios: Floats) -> bool:
    """Whether a run of slow bars is long and slow enough, not most of the pass and not its ending."""
    if len(slots) * 2 > len(ratios) or (slots[-1] == len(ratios) - 1 and len(slots) <= ENDING_BARS):
        return False
    return len(slots) > 2 or (len(slots) == 2 and bool(np.all(ratios[list(slots)] > MUCH_SLOWER)))


def bar_paces(score: Score, curve: TempoCurve) -> tuple[list[int], Floats]:
    """The rows of the bars that a pass went through, and seconds a beat in each."""
    if len(curve.beat) < 2:
        return [], np.empty(0)
    lengths = np.diff(curve.beat)
    slopes, middle = (
        np.maximum(np.diff(curve.time_sec), SHORTEST_GAP_SEC) / lengths,
        (curve.beat[1:] + curve.beat[:-1]) / 2,
    )
    found = {}
    for row, bar in enumerate(score.bars):
        inside = (middle >= bar["start_beat"]) & (middle < bar["end_beat"])
        if inside.any():
            found[row] = weighted_median(slopes[inside], lengths[inside])
    return list(found), np.array(list(found.values()))


def _ratios(score: Score, rows: Sequence[int], paces: Floats) -> Floats:
    """How many times the pace of the pass each bar took; what the page asks for is not held against it."""
    written = np.array([score.tempo.bpm_at(float(score.bars["start_beat"][row])) / 60.0 for row in rows])
    asked = paces * written
    ratios: Floats = np.minimum(paces / _middle(paces), asked / _middle(asked))
    return ratios


def _middle(values: Floats) -> float:
    return max(1e-6, float(np.quantile(values, 0.5, method="lower")))
