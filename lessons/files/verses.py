"""The verses of songs: on a page whose repeats are written out, each time through has its own.

A passage that is played as often as it has verses, with no way in or out but at its ends, is sung verse by verse, from
the top line down, and all on one line. Elsewhere (a strophic song without repeats, more verses than times) all stand
where they stood. What but one line says for a bar or more is sung every time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from lxml import etree  # type: ignore[import-untyped]

MOST_VERSES = 9
_LINE = "1"  # of the one verse that is left
_Bars = Mapping[int, etree._Element]


def verses_at(note: etree._Element) -> list[tuple[int, etree._Element]]:
    """The syllables of a note that say something, each with the number of its verse."""
    lyrics = note.findall("lyric")[:MOST_VERSES]
    return [(_verse(lyric, count), lyric) for count, lyric in enumerate(lyrics, 1) if text_of(lyric)]


def text_of(lyric: etree._Element) -> str:
    """What is sung, in one line."""
    return " ".join("".join(each.text or "" for each in lyric.iter("text", "elision")).split())


def sing_in_turn(measures: Sequence[etree._Element], order: Sequence[int]) -> None:
    """Leave to measures that are played again, in place, the verse of each time; ``order``: which ones they are."""
    bars = dict(sorted(zip(order, measures, strict=True), key=lambda bar: bar[0]))
    times, shared = Counter(order), _shared(bars)
    wanted = {
        index: verses
        for passage in _passages(order)
        for verses in [_verses(bars[index] for index in passage)]
        for index in passage
        if len(verses) in (1, times[index])
    }
    sung: Counter[int] = Counter()
    for measure, index in zip(measures, order, strict=True):
        verses = wanted.get(index, [])
        if verses:
            _keep(measure, verses[sung[index] % len(verses)], shared[index])
        sung[index] += 1


def _keep(measure: etree._Element, verse: int, every_time: set[int]) -> None:
    """Leave one verse to the notes of a measure, but for those places that are sung every time."""
    for place, note in enumerate(measure.findall("note")):
        for number, lyric in verses_at(note):
            if number == verse or place in every_time:
                lyric.set("number", _LINE)
            else:
                note.remove(lyric)


def _passages(order: Sequence[int]) -> list[list[int]]:
    """The measures that are played, in runs in which each leads to the next one and to no other."""
    after, before = defaultdict(set), defaultdict(set)
    for here, there in pairwise([-1, *order, -1]):
        after[here].add(there)
        before[there].add(here)
    passages: list[list[int]] = []
    for index in sorted(set(order)):
        if passages and after[passages[-1][-1]] == {index} and before[index] == {passages[-1][-1]}:
            passages[-1].append(index)
        else:
            passages.append([index])
    return passages


def _shared(bars: _Bars) -> dict[int, set[int]]:
    """By measure the places of notes that belong to what only one line says, for a measure or more."""
    runs: list[tuple[int, list[tuple[int, int]]]] = []
    for index, measure in bars.items():
        for place, note in enumerate(measure.findall("note")):
            verses = [number for number, _ in verses_at(note)]
            if len(verses) == 1 and runs and runs[-1][0] == verses[0]:
                runs[-1][1].append((index, place))
            elif verses:
                runs.append((verses[0] if len(verses) == 1 else 0, [(index, place)]))
    found: dict[int, set[int]] = defaultdict(set)
    for verse, places in runs:
        if verse and any(len(_verses([bars[index]])) == 1 for index, _ in places):
            for index, place in places:
                found[index].add(place)
    return found


def _verses(measures: Iterable[etree._Element]) -> list[int]:
    """The verses that measures have."""
    notes = (note for measure in measures for note in measure.iterfind("note"))
    return sorted({number for note in notes for number, _ in verses_at(note)})


def _verse(lyric: etree._Element, otherwise: int) -> int:
    told = (lyric.get("number") or "").strip()
    number = int(told) if len(told.removeprefix("-")) == 1 and told.removeprefix("-").isdecimal() else otherwise
    return min(max(1, number), MOST_VERSES)
