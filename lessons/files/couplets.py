"""Couplets that old songs print after their end: the tune of each further verse alone, or one for the flute.

A file has them as more bars, in which nobody accompanies and whose numbers do not go on from those before. They are
not played after the end: what stands before the repeat sign stands for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.bar_labels import number_in

_LEAST_BARS = 4


def end_of_music(parts: Sequence[etree._Element]) -> int:
    """How many measures come before the couplets that are printed after the end: all where there are none."""
    rows = [part.findall("measure") for part in parts]
    count = max(map(len, rows), default=0)
    end = _first_alone(rows, count)
    if not _LEAST_BARS <= count - end < count or not _repeats_to(rows, end):
        return count
    numbers = [number_in((measure.get("number") or "").strip()) for measure in max(rows, key=len)]
    before = [number for number in numbers[:end] if number is not None]
    after = [number for number in numbers[end:] if number is not None]
    return end if before and after and after[0] != before[-1] + 1 else count


def _first_alone(rows: Sequence[Sequence[etree._Element]], count: int) -> int:
    """The measure from which on only one part of several plays, to the end; ``count`` where there is none."""
    played = [[i for i, measure in enumerate(row) if measure.find("note/pitch") is not None] for row in rows]
    last = sorted(bars[-1] if bars else -1 for bars in played)
    return last[-2] + 1 if len(last) > 1 and last[-1] == count - 1 else count


def _repeats_to(rows: Sequence[Sequence[etree._Element]], end: int) -> bool:
    """Whether something before a measure is repeated."""
    return any(row[i].find("barline/repeat") is not None for row in rows for i in range(min(end, len(row))))
