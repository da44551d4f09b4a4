"""The endings of repeats (voltas): which bars each one spans, also where the file never says where it stops.

An ending without a stop goes on to a backward repeat or to where the next one of its group starts. The last of a group
ends before a forward repeat too, and spans no more bars than the longest of the others. A bracket that stays open
("discontinue") is often shorter than its music: one that stands alone goes on to the repeat sign, and one with a fine
between it and the next ending to that.

For which times an ending is, its number says; the print knows better where it counts all times of its group ("1.-5."
and "6." over endings that the file numbers 1 and 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree  # type: ignore[import-untyped]

MOST_TURNS = 16  # of a repeat
_PRINTED = re.compile(r"(\d+)(?:\W*[-–]\W*(\d+))?")


@dataclass(frozen=True)
class Volta:
    """An ending: the times through that it is for, its first measure, and the one after its last (None: not said)."""

    turns: frozenset[int]
    start: int
    stop: int | None = None
    drawn_open: bool = False
    printed: frozenset[int] = frozenset()

    @property
    def bars(self) -> int:
        """How many measures it spans, as far as that is known."""
        return (self.start + 1 if self.stop is None else self.stop) - self.start


def voltas_of(rows: Sequence[Sequence[etree._Element]]) -> list[Volta]:
    """The endings in the measures of several parts, in order; where one part says when an ending stops, it does."""
    found: dict[int, Volta] = {}
    for measures in rows:
        for volta in _written(measures):
            known = found.get(volta.start)
            found[volta.start] = _together(known, volta) if known else volta
    in_order = sorted(found.values(), key=lambda volta: volta.start)
    return [each for group in _groups(in_order) for each in _as_printed(group)]


def _together(one: Volta, other: Volta) -> Volta:
    """What two parts say of the same ending."""
    closed = [each for each in (one, other) if each.stop is not None and not each.drawn_open]
    stop = one.stop or other.stop
    return replace(one, stop=stop, drawn_open=stop is not None and not closed, printed=one.printed or other.printed)


@dataclass(frozen=True)
class Landmarks:
    """The measures that have backward repeats, forward repeats and fines, in order."""

    backward: Sequence[int]
    forward: Sequence[int]
    fines: Sequence[int] = ()


def stopped(voltas: Sequence[Volta], marks: Landmarks) -> list[Volta]:
    """The same endings, each with a stop."""
    done: list[Volta] = []
    for volta, after in zip(voltas, [*voltas[1:], None], strict=False):
        group = _group_before(done, volta)
        stop = volta.stop
        if stop is None:
            stop = _unsaid_stop(volta, after, group, marks)
        elif volta.drawn_open:
            stop = _open_stop(volta, after, group, marks) or stop
        done.append(replace(volta, stop=stop))
    return done


def _unsaid_stop(volta: Volta, after: Volta | None, group: Sequence[Volta], marks: Landmarks) -> int:
    limits = [index + 1 for index in marks.backward if index >= volta.start][:1]
    if after is not None:
        limits.append(after.start)
    if after is None or min(after.turns) <= min(volta.turns):  # the last of its group
        limits += [index for index in marks.forward if index > volta.start][:1]
        limits += [volta.start + bars for bars in sorted(other.bars for other in group)[-1:]]
    return min(limits, default=volta.start + 1)


def _open_stop(volta: Volta, after: Volta | None, group: Sequence[Volta], marks: Landmarks) -> int | None:
    """Where the music of an ending stops whose bracket is shorter; None where nothing says that it goes on."""
    limits = [index for index in marks.forward if index > volta.start][:1] + ([after.start] if after else [])
    ends = sorted(index for index in (*marks.backward, *marks.fines) if index >= volta.start)
    if not ends or any(limit <= ends[0] for limit in limits):
        return None
    to_fine = group and after is not None and ends[0] in marks.fines
    to_repeat = not group and 1 in volta.turns and ends[0] in marks.backward
    return ends[0] + 1 if to_fine or to_repeat else None


def is_last(voltas: Sequence[Volta], volta: Volta) -> bool:
    """Whether no other ending starts where one stops."""
    return all(other.start != volta.stop for other in voltas)


def _group_before(voltas: Sequence[Volta], last: Volta) -> list[Volta]:
    """The endings that lead up to one without a gap."""
    group: list[Volta] = []
    start = last.start
    for volta in reversed(voltas):
        if volta.stop != start:
            break
        group.append(volta)
        start = volta.start
    return group


def _groups(voltas: Sequence[Volta]) -> Iterator[list[Volta]]:
    """The endings of one repeat after the other: each is for later times than the one before it."""
    group: list[Volta] = []
    for volta in voltas:
        if group and min(volta.turns) <= min(group[-1].turns):
            yield group
            group = []
        group.append(volta)
    if group:
        yield group


def _as_printed(group: Sequence[Volta]) -> list[Volta]:
    """The endings of a group for the times that the page prints, where those are all from the first to the last."""
    printed = sorted(turn for volta in group for turn in volta.printed)
    whole = printed == list(range(1, len(printed) + 1)) and all(volta.printed for volta in group)
    if not whole or len(printed) < max(turn for volta in group for turn in volta.turns):
        return list(group)
    return [replace(volta, turns=volta.printed) for volta in group]


def _written(measures: Sequence[etree._Element]) -> list[Volta]:
    """The endings of one part as they are written there."""
    found: list[Volta] = []
    for index, measure in enumerate(measures):
        endings = measure.findall("barline/ending")
        found += [
            Volta(turns_in(each.get("number")), index, printed=_printed_turns(each.text or ""))
            for each in endings
            if each.get("type") == "start"
        ]
        closing = {str(each.get("type")) for each in endings} & {"stop", "discontinue"}
        if closing and found and found[-1].stop is None:
            found[-1] = replace(found[-1], stop=index + 1, drawn_open="stop" not in closing)
    return found


def _printed_turns(text: str) -> frozenset[int]:
    """The times through that the print over an ending names: "1.-3." and "1. 2. 3." are three."""
    ranges = [(int(first), int(last or first)) for first, last in _PRINTED.findall(text[:80])]
    return frozenset(turn for first, last in ranges for turn in range(max(first, 1), min(last, MOST_TURNS) + 1))


def turns_in(text: str | None) -> frozenset[int]:
    """The times through that an ending says it is for; the first where it says none."""
    numbers = {int(number) for number in (text or "1").replace(",", " ").split() if number.isdecimal()}
    return frozenset(n for n in numbers if 0 < n <= MOST_TURNS) or frozenset({1})
