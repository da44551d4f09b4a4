"""Directions as MusicXML elements: what stands at a place of a bar, and where spans begin and end.

A direction whose own staff is not on the page stands at the first one, unless that has one of the kind there itself.
Where a staff is sung from, all stands above it, for the words stand below. Octave lines are those of
`lessons.files.octave_lines`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.elements import add
from lessons.page_signs import BELOW, DYNAMICS, FERMATA, METRONOME, OCTAVE, PEDAL, TEMPO, WEDGE
from lessons.score import UNKNOWN_HAND, Score
from lessons.timing import GRID_PER_BEAT

_LETTERS = re.compile(r"p{1,6}|f{1,6}|m[pf]|pf|sfz?p?|sfpp|sffz|fp|fz|rfz?|n")  # of which MusicXML has an element
_DASHES = "dashes"
_NUMBERS = range(1, 17)  # what MusicXML has to tell spans that are open at once apart
_Placed = tuple[int, etree._Element]  # the tick where an element stands


class DirectionElements:
    """The directions of one player's parts, by bar."""

    def __init__(self, score: Score, staves: list[int], edges: NDArray[np.int64]):
        self._score, self._edges, self._several = score, edges, len(staves) > 1
        self._bars: dict[int, list[_Placed]] = defaultdict(list)
        self._fermatas: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._sung = set(score.signs.syllables["part"].tolist())
        self._last_ends: dict[str, list[int]] = defaultdict(lambda: [-(2**62)] * len(_NUMBERS))
        self._tempo_words: dict[tuple[int, int], etree._Element] = {}
        written = set()
        for row, staff in _on_staves(score, staves):
            said = (staff, self._is_below(row), *row[["start_beat", "end_beat", "kind", "text"]].tolist())
            if said not in written:
                written.add(said)
                self._place(row, staff)

    def of_bar(self, index: int) -> list[_Placed]:
        """The elements that stand in a bar."""
        return self._bars.get(index, [])

    def fermatas(self, index: int, staff: int) -> list[tuple[int, int]]:
        """The ticks of the fermatas over a staff in a bar, with their side of it."""
        return self._fermatas.get((index, staff), [])

    def _place(self, row: np.void, staff: int) -> None:
        start, end = (round(float(row[name]) * GRID_PER_BEAT) for name in ("start_beat", "end_beat"))
        kind = str(row["kind"])
        if kind == FERMATA:
            self._fermatas[self._bar(start), staff].append((start, int(row["side"])))
        elif kind in (WEDGE, PEDAL):
            self._place_span(row, staff, start, end)
        elif kind == METRONOME:
            self._place_metronome(row, staff, start)
        else:
            direction, told = self._direction(row, staff)
            if kind == TEMPO:
                add(told, "words", str(row["text"]), **{"font-weight": "bold"})
                if end == start:  # who engraves the page draws no dashes at what sounds
                    self._sound(direction, start)
                    self._tempo_words.setdefault((start, staff), direction)
            elif kind == DYNAMICS:
                dynamics, text = add(told, "dynamics"), str(row["text"])
                add(dynamics, *((text,) if _LETTERS.fullmatch(text) else ("other-dynamics", text)))
            else:
                add(told, "words", str(row["text"]), **{"font-style": "italic"})
            self._bars[self._bar(start)].append((start, direction))
            if end > start:
                self._place_dashes(row, staff, told, start, end)

    def _place_dashes(self, row: np.void, staff: int, words: etree._Element, start: int, end: int) -> None:
        """Let dashes lead from words to where they end."""
        number = self._number(_DASHES, start, end)
        begun = etree.Element("direction-type")
        add(begun, _DASHES, type="start", number=number)
        words.addnext(begun)
        direction, told = self._direction(row, staff)
        add(told, _DASHES, type="stop", number=number)
        self._bars[self._bar(end, ends=True)].append((end, direction))

    def _place_metronome(self, row: np.void, staff: int, start: int) -> None:
        """Put a metronome mark behind the words of tempo at its place, with the tempo that holds there."""
        direction = self._tempo_words.pop((start, staff), None)
        if direction is None:
            direction, told = self._direction(row, staff)
            self._sound(direction, start)
            self._bars[self._bar(start)].append((start, direction))
        else:
            told = etree.Element("direction-type")
            direction.findall("direction-type")[-1].addnext(told)
        told.append(_metronome(str(row["text"])))

    def _sound(self, direction: etree._Element, tick: int) -> None:
        """Say the tempo that holds at a place."""
        add(direction, "sound", tempo=repr(self._score.tempo.bpm_at(tick / GRID_PER_BEAT)))

    def _place_span(self, row: np.void, staff: int, start: int, end: int) -> None:
        kind, number = str(row["kind"]), self._number(str(row["kind"]), start, end)
        for tick, ends in ((start, False), (end, True)):
            if ends and end == start:
                continue
            direction, told = self._direction(row, staff)
            told.append(_span_element(kind, str(row["text"]), number, ends))
            self._bars[self._bar(tick, ends)].append((tick, direction))

    def _number(self, kind: str, start: int, end: int) -> str:
        """A number that no other span of the kind has at the time."""
        ends = self._last_ends[kind]
        free = min(range(len(ends)), key=lambda place: (ends[place] >= start, place))
        ends[free] = max(start, end)
        return str(_NUMBERS[free])

    def _direction(self, row: np.void, staff: int) -> tuple[etree._Element, etree._Element]:
        direction = etree.Element("direction", placement="below" if self._is_below(row) else "above")
        told = add(direction, "direction-type")
        if self._several:
            add(direction, "staff", str(staff + 1))
        return direction, told

    def _is_below(self, row: np.void) -> bool:
        return bool(row["side"] == BELOW) and (row["kind"] in (PEDAL, FERMATA) or int(row["part"]) not in self._sung)

    def _bar(self, tick: int, ends: bool = False) -> int:
        """The bar of a place; of the end of a span the one that it ends with."""
        place = int(np.searchsorted(self._edges, tick, side="left" if ends else "right")) - 1
        return min(max(place, 0), len(self._edges) - 2)


def _on_staves(score: Score, staves: list[int]) -> Iterator[tuple[np.void, int]]:
    """The directions of the score's own parts, each with the number of its staff."""
    rows = score.signs.directions
    rows = rows[np.isin(rows["part"], np.unique(score.notes["part"])) & (rows["kind"] != OCTAVE)]
    at_home = np.isin(rows["hand"], [*staves, UNKNOWN_HAND])
    kept = {(float(row["start_beat"]), str(row["kind"])) for row in rows[at_home] if row["hand"] in (staves[0], -1)}
    late = rows["kind"] == METRONOME  # behind the words of tempo
    for place in np.lexsort((late, rows["start_beat"])).tolist():
        row, home = rows[place], bool(at_home[place])
        if home or (float(row["start_beat"]), str(row["kind"])) not in kept:
            yield row, staves.index(int(row["hand"])) if row["hand"] in staves else 0


def _metronome(text: str) -> etree._Element:
    """A metronome mark as `lessons.page_signs` spells it."""
    metronome = etree.Element("metronome", **({"parentheses": "yes"} if text.startswith("(") else {}))
    unit, _, number = text.strip("()").partition("=")
    add(metronome, "beat-unit", unit.rstrip("."))
    if unit.endswith("."):
        add(metronome, "beat-unit-dot")
    add(metronome, "per-minute", number)
    return metronome


def _span_element(kind: str, text: str, number: str, ends: bool) -> etree._Element:
    if kind == PEDAL:
        line = "yes" if text == "line" else "no"
        return etree.Element(
            "pedal", type="stop" if ends else "start", line=line, sign="no" if text == "line" else "yes"
        )
    return etree.Element(WEDGE, type="stop" if ends else text, number=number)
