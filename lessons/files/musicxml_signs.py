"""What a MusicXML page says beside its notes, as `PageSigns`: read from the document itself, its repeats written out.

partitura leaves out much of it. A sign stands where its element does: bar by bar on the clock of its part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.musicxml_directions import DirectionReader
from lessons.files.musicxml_slurs import SlurReader, pitch_of
from lessons.files.musicxml_timeline import Clock
from lessons.files.verses import text_of, verses_at
from lessons.page_signs import CLEF_DTYPE, DIRECTION_DTYPE, SLUR_DTYPE, SYLLABLE_DTYPE, PageSigns
from lessons.score import ARPEGGIO, LEFT, MARK_DTYPE, RIGHT, UNKNOWN_HAND
from lessons.timing import GRID_PER_BEAT

_CLEF_LINES = {"G": 2, "F": 4, "C": 3}
_SYLLABICS = ("single", "begin", "middle", "end")
_Row = tuple[object, ...]


@dataclass(frozen=True)
class Place:
    """An element of a bar, the beat at which it stands, and the divisions of a quarter there."""

    element: etree._Element
    beat: float
    divisions: float


def page_signs_of(
    parts: Sequence[etree._Element], clocks: Sequence[Clock], notes: NDArray[np.void], leaps: Sequence[bool]
) -> tuple[PageSigns, NDArray[np.void]]:
    """The signs of these <part>s, and where their chords are spread, as MARK_DTYPE.

    Each part has its clock; ``leaps`` tells of each bar whether it follows by a jump.
    """
    found = [
        _Part(number, part, clock, notes["hand"][notes["part"] == number], leaps)
        for number, (part, clock) in enumerate(zip(parts, clocks, strict=True))
    ]
    signs = PageSigns(
        _in_order([row for part in found for row in part.directions], DIRECTION_DTYPE),
        _in_order([row for part in found for row in part.slurs], SLUR_DTYPE),
        _in_order(_changes([row for part in found for row in part.clefs]), CLEF_DTYPE),
        _in_order([row for part in found for row in part.syllables], SYLLABLE_DTYPE),
    )
    return signs, np.array([row for part in found for row in part.spread], MARK_DTYPE)


class _Part:
    """Reads one part from beginning to end."""

    def __init__(self, number: int, part: etree._Element, clock: Clock, hands: NDArray[np.int8], leaps: Sequence[bool]):
        self.number = number
        self._staves = _hands_of(part, hands)
        self.clefs: list[_Row] = []
        self.syllables: list[_Row] = []
        self.spread: list[_Row] = []
        directions, slurs = DirectionReader(), SlurReader()
        for (beat, places), leapt in zip(_bars(part, clock), leaps, strict=False):
            if leapt:
                directions.leap(beat)
                slurs.leap()
            for place in places:
                if place.element.tag == "note":
                    if place.element.find("notations") is not None:
                        slurs.read_note(place.element, place.beat)
                        directions.read_note(place.element, place.beat)
                        self._read_spread(place)
                    self._read_lyrics(place)
                elif place.element.tag == "direction":
                    directions.read(place.element, place.beat, place.divisions)
                elif place.element.tag == "attributes":
                    self._read_clefs(place)
            slurs.end_bar()
        self.slurs = [(*row[:-1], number, row[-1]) for row in slurs.rows]
        self.directions = [
            (each.start_beat, each.end_beat, number, self._hand(each.staff), each.side, each.kind, each.text)
            for each in directions.ended()
        ]

    def _hand(self, staff: str) -> int:
        return self._staves.get(staff, self._staves["1"])

    def _read_spread(self, place: Place) -> None:
        pitch = pitch_of(place.element)
        if pitch is not None and place.element.find("notations/arpeggiate") is not None:
            self.spread.append((place.beat, pitch, ARPEGGIO))

    def _read_clefs(self, place: Place) -> None:
        for clef in place.element.findall("clef"):
            sign = (clef.findtext("sign") or "").strip()
            staff = (clef.get("number") or "1").strip()
            if sign in _CLEF_LINES and staff in self._staves:
                line, octave = _small(clef.findtext("line"), _CLEF_LINES[sign]), clef.findtext("clef-octave-change")
                self.clefs.append((place.beat, self.number, self._hand(staff), sign, line, _small(octave, 0)))

    def _read_lyrics(self, place: Place) -> None:
        for verse, lyric in verses_at(place.element):
            syllabic = (lyric.findtext("syllabic") or "single").strip()
            if syllabic in _SYLLABICS:
                held = lyric.find("extend") is not None
                self.syllables.append((place.beat, self.number, verse, text_of(lyric), syllabic, held))


def _bars(part: etree._Element, clock: Clock) -> Iterator[tuple[float, list[Place]]]:
    """The bars of a part: where each begins, and its notes, directions and attributes."""
    divisions = 1.0
    for measure, beat in zip(part.iterfind("measure"), clock.bar_beats.tolist(), strict=False):
        places: list[Place] = []
        at = last = 0.0
        for element in measure:
            tag = element.tag
            if tag == "attributes":
                divisions = float(element.findtext("divisions") or divisions)
            elif tag in ("note", "backup", "forward"):
                length = float(element.findtext("duration") or 0.0) / divisions
                if tag == "note" and element.find("chord") is None:
                    last, at = at, at + length
                elif tag != "note":
                    at = max(0.0, at + (length if tag == "forward" else -length))
            if tag in ("note", "direction", "attributes"):
                there = beat + (last if tag == "note" else at)
                places.append(Place(element, round(there * GRID_PER_BEAT) / GRID_PER_BEAT, divisions))
        yield beat, places


def _hands_of(part: etree._Element, hands: NDArray[np.int8]) -> dict[str, int]:
    """The hands of a part's staves, by the numbers of those that have notes."""
    staves = {(staff.text or "").strip() for staff in part.iterfind("measure/note/staff")} - {"1"}
    if staves:
        return {"1": RIGHT, **dict.fromkeys(staves, LEFT)}
    own = set(hands.tolist())
    return {"1": own.pop() if len(own) == 1 else UNKNOWN_HAND}


def _changes(clefs: list[_Row]) -> list[_Row]:
    """The clefs that are not in force already; of those at one place the last."""
    latest = {row[:3]: row for row in clefs}
    force: dict[_Row, _Row] = {}
    kept = []
    for row in sorted(latest.values(), key=lambda each: each[:1]):
        if force.get(row[1:3]) != row[3:]:
            kept.append(row)
        force[row[1:3]] = row[3:]
    return kept


def _in_order(rows: list[_Row], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    return np.array(sorted(rows, key=lambda row: row[:1]), dtype)


def _small(text: str | None, otherwise: int) -> int:
    """A number of one digit as text; ``otherwise`` where it is none."""
    told = (text or "").strip()
    return int(told) if len(told.removeprefix("-")) == 1 and told.removeprefix("-").isdecimal() else otherwise
