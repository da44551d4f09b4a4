"""How notes are written down: voices without overlaps, note values tied where one does not do, tuplets and beams.

Everything here counts in ticks of 1/480 beat, the grid of `lessons.timing`, from the start of the score.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from lessons.timing import GRID_PER_BEAT

BEAT = GRID_PER_BEAT
TYPES = {"whole": 1920, "half": 960, "quarter": 480, "eighth": 240, "16th": 120, "32nd": 60, "64th": 30, "128th": 15}
FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}
RATIOS = ((3, 2), (5, 4))


@dataclass(frozen=True)
class Value:
    """A note value: its type's name, dots, and how many stand in the time of how many."""

    type: str
    dots: int = 0
    actual: int = 1
    normal: int = 1


def _values() -> dict[int, Value]:
    values: dict[int, Value] = {}
    for name, ticks in TYPES.items():
        for dots, times in ((0, 1.0), (1, 1.5), (2, 1.75)):
            if (ticks * times).is_integer():
                values.setdefault(int(ticks * times), Value(name, dots))
    for actual, normal in RATIOS:
        for name, ticks in TYPES.items():
            if ticks * normal % actual == 0:
                values.setdefault(ticks * normal // actual, Value(name, 0, actual, normal))
    return values


VALUES = _values()


@dataclass(frozen=True)
class Item:
    """A rest (no notes), a note or a chord in one voice: ``notes`` are rows of the score's notes."""

    start: int
    ticks: int
    notes: tuple[int, ...] = ()
    grace: bool = False
    hidden: bool = False  # a rest that holds a place and is not printed
    tied_from: bool = False
    tied_to: bool = False
    value: Value = Value("quarter")
    tuplet: str = ""  # start, stop
    fermata: int = 0  # the side of the staff on which one stands; 0 = none
    beams: tuple[str, ...] = field(default=())  # one word a beam: begin, continue, end, forward hook, backward hook

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + self.ticks


def voices_of(onsets: NDArray[np.int64], ticks: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[list[Item]]:
    """Share the notes of one staff among voices in which nothing overlaps but chords.

    Arguments are one value a note: onset, length (0 for a grace note) and the voice that it would like. A note that
    cannot have that voice gets the first one that is free. Grace notes follow one another in the order given. Returns
    the voices, each in order of time.
    """
    groups: dict[tuple[int, int, int, int], list[int]] = {}
    for row in np.lexsort((ticks, onsets)).tolist():
        alone = -1 if ticks[row] else row
        groups.setdefault((int(onsets[row]), int(ticks[row]), int(wanted[row]), alone), []).append(row)
    order = {name: place for place, name in enumerate(sorted(set(wanted.tolist())))}
    voices: list[list[Item]] = []
    ends: list[int] = []
    for (start, length, name, _), rows in sorted(groups.items(), key=lambda group: (group[0][0], group[0][1] > 0)):
        place = _free(ends, order[name], start)
        while place >= len(voices):
            voices.append([])
            ends.append(start)
        voices[place].append(Item(start, length, tuple(rows), grace=length == 0))
        ends[place] = start + length
    return [voice for voice in voices if voice]


def _free(ends: list[int], wanted: int, start: int) -> int:
    if wanted >= len(ends) or ends[wanted] <= start:
        return wanted
    return next((place for place, end in enumerate(ends) if end <= start), len(ends))


def barred(voice: list[Item], start: int, end: int, beams: Sequence[int], final: bool = False) -> list[Item]:
    """The part of a voice between two bar lines, in written values: ties, rests, tuplets and beams.

    ``beams``: the lengths that are beamed together, over and over. Grace notes at the second bar line belong to it
    where no bar follows (``final``).
    """
    items: list[Item] = []
    at = start
    for item in voice:
        if item.grace and (start <= item.start < end or (final and item.start == end)):
            items += _rest(at, item.start, start, beams)
            at = max(at, item.start)
            items.append(replace(item, value=Value("eighth")))
        elif not item.grace and item.start < end and item.end > start:
            first, last = max(item.start, start), min(item.end, end)
            items += _rest(at, first, start, beams)
            items += _tied(item, first, last, start, beams)
            at = last
    if not items:
        return [Item(start, end - start)]
    items += _rest(at, end, start, beams)
    return _beamed(_grouped(items, start), start, beams)


def _rest(start: int, end: int, bar: int, beams: Sequence[int]) -> Iterator[Item]:
    """Rests from start to end."""
    for first, last, value in _split(start, end, bar, beams):
        yield Item(first, last - first, value=value)


def _tied(item: Item, start: int, end: int, bar: int, beams: Sequence[int]) -> Iterator[Item]:
    for first, last, value in _split(start, end, bar, beams):
        yield replace(
            item,
            start=first,
            ticks=last - first,
            tied_from=first > item.start,
            tied_to=last < item.end,
            value=value,
        )


def _split(start: int, end: int, bar: int, beams: Sequence[int]) -> Iterator[tuple[int, int, Value]]:
    """Cut a length into written values; off the beat, a cut falls on the next beat first."""
    while start < end:
        length = end - start
        if length in VALUES and _readable(start - bar, length):
            yield start, end, VALUES[length]
            return
        to_beat = BEAT - (start - bar) % BEAT
        if to_beat < BEAT and to_beat < length:
            yield start, start + to_beat, _nearest(to_beat)
            start += to_beat
            continue
        step = _by_groups(start - bar, length, beams) or max(
            (ticks for ticks, value in VALUES.items() if ticks <= length and value.actual == 1), default=length
        )
        yield start, start + step, _nearest(step)
        start += step


def _by_groups(place: int, length: int, beams: Sequence[int]) -> int:
    """Where a length that no value has is cut in two values, between beats as a metre groups them; 0 where it is not.

    Five quarters are three and two, and in compound time dotted beats stand apart. Otherwise the longest value that
    fits comes first, as in a half that is tied to an eighth.
    """
    if length <= TYPES["whole"] and max(beams) <= BEAT:
        return 0
    starts = accumulate([0, *tuple(beams) * (1 + (place + length) // sum(beams))])
    cuts = [group - place for group in starts if 0 < group - place < length]
    cuts = [cut for cut in cuts if _is_plain(cut)]
    in_two = [cut for cut in cuts if _is_plain(length - cut) and (length - cut <= max(beams) or length - cut in cuts)]
    return max(in_two, key=lambda cut: (min(cut, length - cut), cut), default=max(cuts, default=0))


def _is_plain(ticks: int) -> bool:
    """Whether a length is one value without a tuplet, of one dot at most."""
    return ticks in VALUES and VALUES[ticks].actual == 1 and VALUES[ticks].dots < 2


def _nearest(ticks: int) -> Value:
    """The value that a length is written as: what fits it best where nothing fits."""
    return VALUES[min(VALUES, key=lambda each: abs(each - ticks))]


def _readable(place: int, length: int) -> bool:
    """Whether a value may stand here whole: tuplets and short dotted notes must not hide the beat."""
    value = VALUES[length]
    inside = place % BEAT + length <= BEAT
    if value.actual > 1:
        return inside or (
            length % (BEAT * value.normal // value.actual) == 0 and place % (BEAT // value.actual * 2) == 0
        )
    return inside or place % BEAT == 0 or (value.dots < 2 and place % (BEAT // 2) == 0)


def _grouped(items: list[Item], bar: int) -> list[Item]:
    """Mark where tuplets begin and end: runs of one ratio that fill beats or half beats."""
    out = list(items)
    first: int | None = None
    for i, item in enumerate(items):
        ratio = (item.value.actual, item.value.normal)
        if item.grace:
            continue
        if ratio[0] == 1:
            first = None
            continue
        if first is None or (items[first].value.actual, items[first].value.normal) != ratio:
            first = i
        total = item.end - items[first].start
        if first != i and total % (BEAT // 2) == 0 and (item.end - bar) % (BEAT // 2) == 0:
            out[first], out[i] = replace(out[first], tuplet="start"), replace(out[i], tuplet="stop")
            first = None
    return out


def _beamed(items: list[Item], bar: int, beams: Sequence[int]) -> list[Item]:
    out = list(items)
    run: list[int] = []
    for i, item in enumerate([*items, Item(0, 0)]):
        flags = FLAGS.get(item.value.type, 0) if item.notes else 0
        if item.grace:
            continue
        same = run and flags and _group(item.start - bar, beams) == _group(items[run[0]].start - bar, beams)
        if not same:
            _beam(out, run)
            run = []
        if flags:
            run.append(i)
    return out


def _group(place: int, beams: Sequence[int]) -> int:
    """In which of the lengths that are beamed together a place lies, counted from the bar line."""
    rounds, rest = divmod(place, sum(beams))
    return rounds * len(beams) + bisect_right(list(accumulate(beams)), rest)


def _beam(items: list[Item], run: list[int]) -> None:
    """Beam a run of items in place."""
    if len(run) < 2:
        return
    levels = [FLAGS[items[i].value.type] for i in run]
    for place, i in enumerate(run):
        left = levels[place - 1] if place else 0
        right = levels[place + 1] if place + 1 < len(run) else 0
        words = [_beam_word(level, left, right, place == 0) for level in range(1, levels[place] + 1)]
        items[i] = replace(items[i], beams=tuple(words))


def _beam_word(level: int, left: int, right: int, first: bool) -> str:
    if level <= left and level <= right:
        return "continue"
    if level <= right:
        return "begin"
    if level <= left:
        return "end"
    return "forward hook" if first else "backward hook"
