"""Rhythmic figures: two notes that share one or two beats, and whether one hand kept their proportion.

A dotted figure played even and a pair of equal notes played long and short are wrong whatever the tempo does, and
whatever the other hand does: the second note is judged between the first and the next beat of its own hand. A pianist
bends one figure now and then; a learner who has the rhythm wrong plays it wrong each time it comes: ``again`` says that
the figure before or after, in the same rhythm, pass and hand, went wrong the same way, and ``surely`` that it did so
clearly, or together with many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from tutor.assessing.assessment import HIT
from tutor.pulse import pulse_of

if TYPE_CHECKING:
    from tutor.assessing.heard import Heard, Take

OFF_SHARE = 0.15  # of the figure's length, from which on its proportion is wrong; a third note for a half is 0.17
CLEARLY_OFF = 0.22  # a dotted figure played even is off by 0.25
IN_A_ROW, MOST = 3, 0.5  # figures of one rhythm, and their share: nobody bends so many
ON_GRID = 1e-3


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of which ``note`` is the second; ``gaps`` in beats before and after it, ``off`` as a share of both."""

    note: Heard
    gaps: tuple[float, float]
    length_sec: float
    off: float
    again: bool = False
    surely: bool = False

    @property
    def is_even(self) -> bool:
        """Whether both notes are written equal."""
        return abs(self.gaps[0] - self.gaps[1]) < ON_GRID

    @property
    def way(self) -> int:
        """How it is wrong: 1 where the second note came late, -1 early, 0 where its proportion was kept."""
        return 0 if abs(self.off) <= OFF_SHARE else 1 if self.off > 0 else -1


def off_figures(take: Take) -> tuple[Figure, ...]:
    """The figures whose proportion is wrong, in order of passes, hands and rhythms."""
    rhythms: dict[tuple[int, int, tuple[float, float]], list[Figure]] = {}
    for line in take.lines():
        for figure in _figures(take, line):
            rhythms.setdefault((figure.note.pass_index, figure.note.hand, figure.gaps), []).append(figure)
    found = (figure for same in rhythms.values() for figure in _compared(same))
    return tuple(figure for figure in found if abs(figure.off) > OFF_SHARE and _is_heard(take, figure))


def _compared(same: Sequence[Figure]) -> Iterator[Figure]:
    """The figures of one rhythm, each with whether its neighbours are wrong as it is, and whether that is sure."""
    for way, run in groupby(same, key=lambda figure: figure.way):
        together = list(run)
        many = len(together) >= IN_A_ROW or sum(figure.way == way for figure in same) > MOST * len(same)
        for figure in together:
            again = way != 0 and len(together) > 1
            yield replace(figure, again=again, surely=again and (many or abs(figure.off) > CLEARLY_OFF))


def _is_heard(take: Take, figure: Figure) -> bool:
    return abs(figure.off) * figure.length_sec > take.windows.trivial_sec


def _figures(take: Take, line: list[Heard]) -> Iterator[Figure]:
    beat = pulse_of(take.score)[0]
    starts = dict(zip(take.score.bars["number"].tolist(), take.score.bars["start_beat"].tolist(), strict=True))
    for first, note, after in zip(line, line[1:], line[2:], strict=False):
        at = first.beat - starts.get(first.bar, 0.0)
        if not _is_figure(at, note.beat - first.beat, after.beat - first.beat, beat):
            continue
        three = (first, note, after)
        if any(one.verdict != HIT or one.row in take.free for one in three) or take.stops(first, after):
            continue
        length = after.time_sec - first.time_sec
        gaps = round(note.beat - first.beat, 3), round(after.beat - note.beat, 3)
        if length > 0:
            yield Figure(note, gaps, length, (note.time_sec - first.time_sec) / length - gaps[0] / sum(gaps))


def _is_figure(at: float, second: float, length: float, beat: float) -> bool:
    """Whether notes ``at`` beats into a bar and ``second`` beats later share one beat, its half, or two of them."""
    return any(
        abs(length - whole) < ON_GRID and _is_multiple(at, min(whole, beat)) and not _is_multiple(at + second, beat)
        for whole in (beat / 2, beat, 2 * beat)
    )


def _is_multiple(position: float, step: float) -> bool:
    return abs(position / step - round(position / step)) < ON_GRID
