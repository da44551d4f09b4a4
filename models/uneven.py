"""Bars of five and of seven: a pattern begins anew with each group of beats, as players count them.

A bar of 5/4 is three and two, or two and three, whichever way more of the tune begins where its groups do.
"""

from __future__ import annotations

import numpy as np

from lessons.analogy import Style
from lessons.score import Score
from models.line import EPSILON
from models.manners import Stroke, Strokes, of_pattern
from models.patterns import COMPOUND, IN_THREE, IN_TWO, Pattern, one_by_one

WAYS = {
    (5, 4): ((3.0, 2.0), (2.0, 3.0)),
    (5, 8): ((1.5, 1.0), (1.0, 1.5)),
    (7, 4): ((4.0, 3.0), (3.0, 4.0)),
    (7, 8): ((2.0, 1.5), (1.5, 2.0), (1.0, 1.5, 1.0)),
}
OF_THREE = {
    **IN_THREE,
    Style.BASS_AND_CHORD: IN_THREE[Style.WALTZ],
    Style.BROKEN: Pattern(3.0, one_by_one(0.5, 0, 1, 2, 1, 2, 1)),
    Style.ALBERTI: Pattern(3.0, one_by_one(0.5, 0, 2, 1, 2, 1, 2)),
    Style.MARCH: Pattern(3.0, ((0, 1, 0), (1, 1, 2), (1, 1, 3), (2, 1, 2), (2, 1, 3)), wide=True),
}
OF_THREE_HALVES = {
    **COMPOUND,
    Style.BASS_AND_CHORD: COMPOUND[Style.ROCKING],
    Style.ALBERTI: Pattern(1.5, one_by_one(0.5, 0, 2, 1)),
    Style.MARCH: Pattern(1.5, ((0, 0.5, 0), (0.5, 1, 2), (0.5, 1, 3)), wide=True),
}


def groups_of(piece: Score, metre: tuple[int, int]) -> tuple[float, ...]:
    """The lengths in beats of the groups of a bar in an uneven metre; none in other metres."""
    ways = WAYS.get(metre, ())
    length = metre[0] * 4.0 / metre[1]
    places = piece.notes["onset_beat"] % length

    def begun(way: tuple[float, ...]) -> float:
        starts = np.cumsum(way)[:-1]
        at = np.abs(places[:, None] - starts[None]) < EPSILON
        return float(at.any(axis=1).sum()) / len(starts)

    return max(ways, key=begun, default=())


def of_groups(style: str, groups: tuple[float, ...], start: float, end: float) -> Strokes:
    """The strokes of a style in [start, end) of a bar in groups, counted from the bar line."""
    strokes: list[Stroke] = []
    begin = 0.0
    for length in groups:
        first, last = max(start, begin), min(end, begin + length)
        if last > first + EPSILON:
            placed = of_pattern(_pattern(style, length), last - first)
            strokes += [(first + place, share, voice) for place, share, voice in placed]
        begin += length
    return tuple(strokes)


def _pattern(style: str, length: float) -> Pattern:
    return {3.0: OF_THREE, 1.5: OF_THREE_HALVES}.get(length, IN_TWO)[style]
