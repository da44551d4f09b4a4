"""Bars as MusicXML elements: their attributes (key, metre, clefs), and what stands in them beside the notes.

The first bar of the score is the first bar of the file. Ticks are steps of the grid (`lessons.timing.GRID_PER_BEAT`).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.bar_names import names_of
from lessons.files.bar_labels import number_measure
from lessons.files.barlines import bars_of
from lessons.files.clef_elements import ClefElements
from lessons.files.direction_elements import DirectionElements
from lessons.files.elements import add, move
from lessons.files.harmony import harmony_element
from lessons.files.notation import BEAT
from lessons.files.spelling import key_at
from lessons.page_signs import METRONOME, TEMPO
from lessons.score import Score
from lessons.timing import DEFAULT_BPM, GRID_PER_BEAT, pulse_beats

_MOST_PRINTED = 4  # changes of tempo on a page that has no marks of its own; more are those of a player
QUARTERS = 1.0
UNITS = {0.5: ("eighth", False), QUARTERS: ("quarter", False), 1.5: ("quarter", True)}  # by quarter notes in a beat


class MeasureElements:
    """Writes the <measure> elements of one score, one for each of its bars; ``marked`` with tempo and chords.

    Tempo is printed where the page does, or, where no page is known, at its changes.

    ``above``: the semitones that the part says it is written above what sounds.
    """

    def __init__(self, score: Score, staves: list[int], marked: bool = True, above: int = 0):
        self.score, self.staves, self.marked, self.above = score, staves, marked, above
        self.bars = _all_bars(score)
        written = [str(max(0, number)) for number in self.bars["written"].tolist()]
        self.labels = (*score.labels, *written[len(score.labels) :])
        self.names = names_of(self.labels)
        self.edges = ticks_of(np.append(self.bars["start_beat"], self.bars["end_beat"][-1]))
        self._signed = self._places_of_keys()
        self.directions = DirectionElements(score, staves, self.edges)
        self._clefs = ClefElements(score, staves)
        self._told = bool(np.isin(score.signs.directions["kind"], (TEMPO, METRONOME)).any())
        self._tempi, self._chords = self._by_bar(self._tempo_marks()), self._by_bar(self._chord_marks())

    def write(self, part: etree._Element, index: int) -> etree._Element:
        """Add a bar to the part, with everything but its notes."""
        measure = add(part, "measure")
        goes_back = bool(index and self.bars["written"][index] < self.bars["written"][index - 1])
        number_measure(measure, self.labels[index], self.names[index], goes_back)
        self._mark_length(measure, index)
        self._attributes(measure, index)
        self._beside(measure, index)
        return measure

    def close(self, measure: etree._Element) -> None:
        """End the piece with a double bar line."""
        add(add(measure, "barline", location="right"), "bar-style", "light-heavy")

    def beams(self, index: int) -> tuple[int, ...]:
        """The lengths that are beamed together in a bar, one after the other and over again, in ticks."""
        return beamed_together(*self.score.metre_at(float(self.bars["start_beat"][index])))

    def fifths(self, index: int) -> int:
        """The signature that holds in a bar."""
        signed = self.score.keys["fifths"][self._signed <= index]
        return int(signed[-1]) if len(signed) else 0

    def _mark_length(self, measure: etree._Element, index: int) -> None:
        """Say of a short first bar whether it is a pickup."""
        if index == 0:
            numerator, denominator = self.score.metre_at(float(self.bars["start_beat"][0]))
            short = self.edges[1] - self.edges[0] < 4 * BEAT * numerator // denominator
            if short:
                measure.set("implicit", "yes" if self.bars["number"][0] == 0 else "no")

    def _attributes(self, measure: etree._Element, index: int) -> None:
        attributes = etree.Element("attributes")
        if index == 0:
            add(attributes, "divisions", str(GRID_PER_BEAT))
        for row in self.score.keys[self._signed == index][-1:]:
            key = add(attributes, "key")
            add(key, "fifths", str(int(row["fifths"])))
            church = self.score.mode if index == 0 else ""
            add(key, "mode", church or ("minor" if row["minor"] else "major"))
        metres = self._here(self.score.metres, index)
        if index == 0 or len(metres):
            numerator, denominator = self.score.metre_at(float(self.bars["start_beat"][index]))
            if len(metres):
                numerator, denominator = int(metres["numerator"][-1]), int(metres["denominator"][-1])
            time = add(attributes, "time")
            add(time, "beats", str(numerator))
            add(time, "beat-type", str(denominator))
        if index == 0:
            add(attributes, "staves", str(len(self.staves)))
        self._clefs.add_to(attributes, int(self.edges[index]), first=index == 0)
        if index == 0 and self.above:
            add(add(attributes, "transpose"), "chromatic", str(-self.above))
        if len(attributes):
            measure.append(attributes)

    def _beside(self, measure: etree._Element, index: int) -> None:
        """Tempo marks, chord symbols, directions and clefs, each at its place."""
        at, end = start, _ = self.edges[index : index + 2].tolist()
        marks = [*self.directions.of_bar(index), *self._clefs.inside(at, end)]
        if self.marked:
            marks = self._tempi[index] + self._chords[index] + marks
        for told, element in sorted(marks, key=lambda mark: mark[0]):
            tick = min(max(told, start), end)
            move(measure, tick - at)
            measure.append(element)
            at = tick
        move(measure, start - at)

    def _by_bar(self, marks: list[tuple[int, etree._Element]]) -> dict[int, list[tuple[int, etree._Element]]]:
        found: dict[int, list[tuple[int, etree._Element]]] = defaultdict(list)
        for tick, element in marks:
            found[self._bar_at(tick / GRID_PER_BEAT)].append((tick, element))
        return found

    def _tempo_marks(self) -> list[tuple[int, etree._Element]]:
        """The changes of tempo; of those at or before the first bar the last."""
        tempo = self.score.tempo
        start = float(self.bars["start_beat"][0])
        first = max(0, int(np.searchsorted(tempo.start_beat, start, side="right")) - 1)
        default = len(tempo.bpm) == 1 and float(tempo.bpm[0]) == DEFAULT_BPM
        changes = zip(tempo.start_beat[first:].tolist(), tempo.bpm[first:].tolist(), strict=True)
        rows = [
            (beat, bpm) for place, (beat, bpm) in enumerate(changes) if not place or ticks_of(beat) < self.edges[-1]
        ]
        printed = len(rows) if len(rows) <= _MOST_PRINTED else 1
        shown = 0 if self._told or default else printed
        return [
            (int(ticks_of(max(beat, start))), _tempo_mark(bpm, pulse_beats(*self.score.metre_at(beat)), place < shown))
            for place, (beat, bpm) in enumerate(rows)
        ]

    def _chord_marks(self) -> list[tuple[int, etree._Element]]:
        marks, last = [], None
        for before, row in zip([None, *self.score.chords[:-1]], self.score.chords, strict=False):
            if before is not None and self._goes_on(before, row):
                last = row["end_beat"]
                continue
            if last is not None and row["start_beat"] > last:
                marks.append((int(ticks_of(last)), harmony_element(0, 0, 0, (0, False))))
            key = key_at(self.score.keys, float(row["start_beat"]))
            element = harmony_element(int(row["root"]), int(row["tones"]), int(row["bass"]), key)
            marks.append((int(ticks_of(row["start_beat"])), element))
            last = row["end_beat"]
        if last is not None and ticks_of(last) < self.edges[-1]:
            marks.append((int(ticks_of(last)), harmony_element(0, 0, 0, (0, False))))
        return marks

    def _goes_on(self, before: np.void, chord: np.void) -> bool:
        """Whether a chord is the one before it in the same bar, whose name stands there already."""
        alike = all(before[name] == chord[name] for name in ("root", "tones", "bass"))
        joined = before["end_beat"] == chord["start_beat"]
        return bool(alike and joined) and self._bar_at(before["start_beat"]) == self._bar_at(chord["start_beat"])

    def _bar_at(self, beat: float) -> int:
        place = int(np.searchsorted(self.edges, int(ticks_of(beat)), side="right")) - 1
        return min(max(place, 0), len(self.bars) - 1)

    def _here(self, rows: NDArray[np.void], index: int) -> NDArray[np.void]:
        """The rows of metres that begin in a bar (the first bar: or before it)."""
        return rows[[self._bar_at(float(beat)) == index for beat in rows["start_beat"]]] if len(rows) else rows

    def _places_of_keys(self) -> NDArray[np.int64]:
        """The bars at whose beginning the keys are signed, where engravers put them.

        One that changes among the notes of a bar, as at the upbeat of a trio, is that of the next bar: until then each
        note has its own accidental.
        """
        at = ticks_of(self.score.keys["start_beat"])
        places = np.array([self._bar_at(float(beat)) for beat in self.score.keys["start_beat"]], dtype=np.int64)
        onsets = np.sort(ticks_of(self.score.notes["onset_beat"]))
        before = np.searchsorted(onsets, at) > np.searchsorted(onsets, self.edges[places])
        places[before] += 1
        places[:1] = 0
        return places


def beamed_together(numerator: int, denominator: int) -> tuple[int, ...]:
    """What a metre beams together, in ticks: beats, or of eighths and less what makes two or three of them."""
    unit = BEAT * 4 // denominator
    if denominator < 8:
        return (unit,)
    if numerator % 3 == 0:
        return (3 * unit,)
    uneven = (3, 2) if numerator == 5 else (2,) * (numerator // 2 - 1) + (2 + numerator % 2,)
    return tuple(unit * count for count in uneven)


def _all_bars(score: Score) -> NDArray[np.void]:
    """The score's bars, with more of them where notes go on after the last."""
    if not len(score.bars):
        return bars_of(score.metres, score.end_beat, min(0.0, score.start_beat))
    last = score.bars[-1]
    rest = score.end_beat - float(last["end_beat"])
    if rest <= 0:
        return score.bars
    more = bars_of(score.metres[-1:], rest)
    more["start_beat"] += last["end_beat"]
    more["end_beat"] += last["end_beat"]
    for name in ("number", "written"):
        more[name] += last[name]
    return np.concatenate([score.bars, more])


def _tempo_mark(bpm: float, pulse: float, printed: bool) -> etree._Element:
    """A change to so many quarters a minute, ``printed`` in the beats of the metre, of ``pulse`` quarters each."""
    direction = etree.Element("direction", placement="above")
    told = add(direction, "direction-type")
    if printed:
        metronome = add(told, "metronome")
        pulse = pulse if pulse in UNITS else QUARTERS
        name, dotted = UNITS[pulse]
        add(metronome, "beat-unit", name)
        if dotted:
            add(metronome, "beat-unit-dot")
        add(metronome, "per-minute", f"{bpm:.4g}" if pulse == QUARTERS else f"{bpm / pulse:.0f}")
    else:
        add(told, "words")  # a direction must say something, and a sound outside of one is put to the bar's start
    add(direction, "sound", tempo=repr(bpm))
    return direction


def ticks_of(beats: NDArray[np.float64] | float) -> NDArray[np.int64]:
    """Beats in ticks of the grid."""
    return np.round(np.asarray(beats) * GRID_PER_BEAT).astype(np.int64)
