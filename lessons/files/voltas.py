"""The endings of repeats (voltas): which bars each one spans, also where the file never says where it stops.

An ending without a stop goes on to a backward repeat or to where the next one of its group starts. The last of a group
ends before a forward repeat too, and spans no more bars than the longest of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree  # type: ignore[import-untyped]

MOST_TURNS = 16  # of a repeat


@dataclass(frozen=True)
class Volta:
    """An ending: the times through that it is for, its first measure, and the one after its last (None: not said)."""

    turns: frozenset[int]
    start: int
    stop: int | None = None

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
            found[volta.start] = replace(known, stop=known.stop or volta.stop) if known else volta
    return sorted(found.values(), key=lambda volta: volta.start)


def stopped(voltas: Sequence[Volta], backward: Sequence[int], forward: Sequence[int]) -> list[Volta]:
    """The same endings, each with a stop, by the measures that backward and forward repeats stand in."""
    done: list[Volta] = []
    for place, volta in enumerate(voltas):
        after = voltas[place + 1] if place + 1 < len(voltas) else None
        limits = [index + 1 for index in backward if index >= volta.start][:1]
        if after is not None:
            limits.append(after.start)
        if after is None or min(after.turns) <= min(volta.turns):  # the last of its group
            limits += [index for index in forward if index > volta.start][:1]
            limits += [volta.start + bars for bars in sorted(other.bars for other in _group_before(done, volta))[-1:]]
        done.append(replace(volta, stop=min(limits, default=volta.start + 1)) if volta.stop is None else volta)
    return done


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


def _written(measures: Sequence[etree._Element]) -> list[Volta]:
    """The endings of one part as they are written there."""
    found: list[Volta] = []
    for index, measure in enumerate(measures):
        endings = measure.findall("barline/ending")
        found += [Volta(turns_in(each.get("number")), index) for each in endings if each.get("type") == "start"]
        closing = any(each.get("type") in ("stop", "discontinue") for each in endings)
        if closing and found and found[-1].stop is None:
            found[-1] = replace(found[-1], stop=index + 1)
    return found


def turns_in(text: str | None) -> frozenset[int]:
    """The times through that an ending says it is for; the first where it says none."""
    numbers = {int(number) for number in (text or "1").replace(",", " ").split() if number.isdecimal()}
    return frozenset(n for n in numbers if 0 < n <= MOST_TURNS) or frozenset({1})
