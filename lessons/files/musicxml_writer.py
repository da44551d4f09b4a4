"""MusicXML out: one part for two hands on two staves (one staff where only one hand plays), repeats written out.

The first bar of the score is the first bar of the file. Fingers are written where they are sure (confidence 1). Chords
become <harmony>, ``level`` a <miscellaneous-field>. Velocities are not written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.barlines import bars_of
from lessons.files.harmony import STEPS, harmony_element
from lessons.files.notation import BEAT, Item, barred, voices_of
from lessons.files.spelling import key_at, spelled
from lessons.hands import hand_of_name, with_hands
from lessons.score import HAND_NAMES, LEFT, RIGHT, UNKNOWN_HAND, Score
from lessons.timing import GRID_PER_BEAT

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS = "FCGDAEB"
_VOICES_A_STAFF = 4
_TREBLE, _BASS = ("G", "2"), ("F", "4")


def musicxml_bytes(score: Score) -> bytes:
    """The score as a MusicXML file."""
    score = spelled(with_hands(score))
    root = etree.Element("score-partwise", version="4.0")
    _head(root, score)
    part = etree.SubElement(root, "part", id="P1")
    _Writer(score).write(part)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=_DOCTYPE)
    return document


def _head(root: etree._Element, score: Score) -> None:
    if score.title:
        _add(_add(root, "work"), "work-title", score.title)
    identification = _add(root, "identification")
    if score.composer:
        _add(identification, "creator", score.composer, type="composer")
    if score.level:
        _add(_add(identification, "miscellaneous"), "miscellaneous-field", str(score.level), name="level")
    part = _add(_add(root, "part-list"), "score-part", id="P1")
    _add(part, "part-name", _part_name(score))


def _part_name(score: Score) -> str:
    hands = np.unique(score.notes["hand"]).tolist()
    if len(hands) == 1:
        return f"{HAND_NAMES[hands[0]].capitalize()} hand"
    names = [name for name in score.part_names if name and hand_of_name(name) == UNKNOWN_HAND]
    return names[0] if len(names) == len(score.part_names) == 1 else "Piano"


class _Writer:
    """Writes the bars of one score."""

    def __init__(self, score: Score):
        self.score = score
        self.notes = score.notes
        self.staves = [hand for hand in (RIGHT, LEFT) if np.any(self.notes["hand"] == hand)] or [RIGHT]
        self.voices = {hand: self._voices(hand) for hand in self.staves}
        self.bars = _all_bars(score)
        self.edges = _ticks(np.append(self.bars["start_beat"], self.bars["end_beat"][-1]))

    def write(self, part: etree._Element) -> None:
        by_bar = {hand: [_by_bar(voice, self.edges) for voice in self.voices[hand]] for hand in self.staves}
        for index, bar in enumerate(self.bars):
            measure = _add(part, "measure", number=str(max(0, int(bar["number"]))))
            self._mark_length(measure, index)
            self._attributes(measure, index)
            self._above(measure, index)
            first = True
            for staff, hand in enumerate(self.staves):
                for number, voice in enumerate(by_bar[hand]):
                    first &= not self._voice(measure, index, staff, number, voice[index], first)

    def _voices(self, hand: int) -> list[list[Item]]:
        rows = np.flatnonzero(self.notes["hand"] == hand)
        notes = self.notes[rows]
        lengths = np.where(notes["grace"], 0, _ticks(notes["duration_beat"]))
        voices = voices_of(_ticks(notes["onset_beat"]), lengths, notes["voice"].astype(np.int64))
        return [
            [replace(item, notes=tuple(rows[list(item.notes)].tolist())) for item in voice] for voice in voices
        ] or [[]]

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
            _add(attributes, "divisions", str(GRID_PER_BEAT))
        for row in self._here(self.score.keys, index)[-1:]:
            key = _add(attributes, "key")
            _add(key, "fifths", str(int(row["fifths"])))
            _add(key, "mode", "minor" if row["minor"] else "major")
        metres = self._here(self.score.metres, index)
        if index == 0 or len(metres):
            numerator, denominator = self.score.metre_at(float(self.bars["start_beat"][index]))
            if len(metres):
                numerator, denominator = int(metres["numerator"][-1]), int(metres["denominator"][-1])
            time = _add(attributes, "time")
            _add(time, "beats", str(numerator))
            _add(time, "beat-type", str(denominator))
        if index == 0:
            self._clefs(attributes)
        if len(attributes):
            measure.append(attributes)

    def _clefs(self, attributes: etree._Element) -> None:
        _add(attributes, "staves", str(len(self.staves)))
        for staff, hand in enumerate(self.staves):
            pitches = self.notes["pitch"][self.notes["hand"] == hand]
            sign, line = _TREBLE if not len(pitches) or pitches.mean() >= 59 else _BASS
            clef = _add(attributes, "clef", number=str(staff + 1))
            _add(clef, "sign", sign)
            _add(clef, "line", line)

    def _above(self, measure: etree._Element, index: int) -> None:
        """Tempo marks and chord symbols, each at its place."""
        marks = [(self._tick(beat, index), _tempo_mark(bpm)) for beat, bpm in self._tempi(index)]
        for chord, element in self._chord_marks():
            if self.edges[index] <= chord < self.edges[index + 1]:
                marks.append((chord, element))
        at = start = int(self.edges[index])
        for tick, element in sorted(marks, key=lambda mark: mark[0]):
            _move(measure, tick - at)
            measure.append(element)
            at = tick
        _move(measure, start - at)

    def _tempi(self, index: int) -> list[tuple[float, float]]:
        tempo = self.score.tempo
        beats, bpm = tempo.start_beat, tempo.bpm
        rows = [(float(b), float(v)) for b, v in zip(beats, bpm, strict=True) if self._bar_at(float(b)) == index]
        early = [row for row in rows if row[0] <= float(self.bars["start_beat"][0])] if index == 0 else []
        return early[-1:] + [row for row in rows if row not in early]

    def _chord_marks(self) -> list[tuple[int, etree._Element]]:
        marks, last = [], None
        for row in self.score.chords:
            if last is not None and row["start_beat"] > last:
                marks.append((int(_ticks(last)), harmony_element(0, 0, 0, (0, False))))
            key = key_at(self.score.keys, float(row["start_beat"]))
            element = harmony_element(int(row["root"]), int(row["tones"]), int(row["bass"]), key)
            marks.append((int(_ticks(row["start_beat"])), element))
            last = row["end_beat"]
        if last is not None and _ticks(last) < self.edges[-1]:
            marks.append((int(_ticks(last)), harmony_element(0, 0, 0, (0, False))))
        return marks

    def _bar_at(self, beat: float) -> int:
        place = int(np.searchsorted(self.edges, int(_ticks(beat)), side="right")) - 1
        return min(max(place, 0), len(self.bars) - 1)

    def _tick(self, beat: float, index: int) -> int:
        return min(max(int(_ticks(beat)), int(self.edges[index])), int(self.edges[index + 1]))

    def _here(self, rows: NDArray[np.void], index: int) -> NDArray[np.void]:
        """The rows of metres or keys that begin in a bar (the first bar: or before it)."""
        return rows[[self._bar_at(float(beat)) == index for beat in rows["start_beat"]]] if len(rows) else rows

    def _voice(
        self, measure: etree._Element, index: int, staff: int, number: int, voice: list[Item], first: bool
    ) -> bool:
        """Write one voice of a bar; returns whether there was anything to write."""
        start, end = int(self.edges[index]), int(self.edges[index + 1])
        if number and not voice:
            return False
        items = barred(voice, start, end, self._beat_ticks(index))
        if not first:
            _move(measure, start - end)
        accidentals = _Accidentals(key_at(self.score.keys, start / BEAT)[0])
        for item in items:
            self._item(measure, item, staff, number, accidentals, whole_bar=item.ticks == end - start)
        return True

    def _beat_ticks(self, index: int) -> int:
        numerator, denominator = self.score.metre_at(float(self.bars["start_beat"][index]))
        return BEAT * 4 // denominator * (3 if denominator >= 8 and numerator % 3 == 0 and numerator > 3 else 1)

    def _item(
        self, measure: etree._Element, item: Item, staff: int, number: int, accidentals: _Accidentals, whole_bar: bool
    ) -> None:
        for place, row in enumerate(item.notes or (None,)):
            note = _add(measure, "note")
            if row is None and number:
                note.set("print-object", "no")
            if item.grace:
                _add(note, "grace", slash="yes")
            if place:
                _add(note, "chord")
            if row is None:
                _add(note, "rest", **({"measure": "yes"} if whole_bar else {}))
            else:
                self._pitch(note, self.notes[row])
            if not item.grace:
                _add(note, "duration", str(item.ticks))
            if row is not None:
                _ties(note, item, "tie")
            _add(note, "voice", str(staff * _VOICES_A_STAFF + number + 1))
            self._value(note, item, row, accidentals, whole_bar)
            if len(self.staves) > 1:
                _add(note, "staff", str(staff + 1))
            if not place:
                for level, word in enumerate(item.beams):
                    _add(note, "beam", word, number=str(level + 1))
            self._notations(note, item, row, place)

    def _pitch(self, note: etree._Element, row: np.void) -> None:
        pitch = _add(note, "pitch")
        _add(pitch, "step", str(row["step"]))
        if row["alter"]:
            _add(pitch, "alter", str(int(row["alter"])))
        _add(pitch, "octave", str(_octave(row)))

    def _value(
        self, note: etree._Element, item: Item, row: int | None, accidentals: _Accidentals, whole_bar: bool
    ) -> None:
        if row is None and whole_bar:
            return
        _add(note, "type", item.value.type)
        for _ in range(item.value.dots):
            _add(note, "dot")
        sign = accidentals.sign(self.notes[row]) if row is not None and not item.tied_from else ""
        if sign:
            _add(note, "accidental", sign)
        if item.value.actual > 1:
            ratio = _add(note, "time-modification")
            _add(ratio, "actual-notes", str(item.value.actual))
            _add(ratio, "normal-notes", str(item.value.normal))

    def _notations(self, note: etree._Element, item: Item, row: int | None, place: int) -> None:
        notations = etree.Element("notations")
        if row is not None:
            _ties(notations, item, "tied")
        if item.tuplet and not place:
            _add(notations, "tuplet", type=item.tuplet, number="1")
        finger = self.notes[row] if row is not None and not item.tied_from else None
        if finger is not None and finger["finger"] and finger["finger_confidence"] >= 1:
            _add(_add(notations, "technical"), "fingering", str(int(finger["finger"])))
        if len(notations):
            note.append(notations)


class _Accidentals:
    """Which accidentals a bar needs: those that neither the key nor an earlier note of the bar has set."""

    def __init__(self, fifths: int):
        sign = 1 if fifths > 0 else -1
        altered = _SHARPS[:fifths] if fifths > 0 else _SHARPS[fifths:] if fifths < 0 else ""
        self.key = {step: sign if step in altered else 0 for step in _SHARPS}
        self.set: dict[tuple[str, int], int] = {}

    def sign(self, row: np.void) -> str:
        """The accidental to print before a note; '' for none."""
        step, alter, place = str(row["step"]), int(row["alter"]), (str(row["step"]), _octave(row))
        if self.set.get(place, self.key[step]) == alter:
            return ""
        self.set[place] = alter
        return _ACCIDENTALS.get(alter, "")


def _octave(row: np.void) -> int:
    return (int(row["pitch"]) - int(row["alter"]) - STEPS[str(row["step"])]) // 12 - 1


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


def _by_bar(voice: list[Item], edges: NDArray[np.int64]) -> dict[int, list[Item]]:
    """The items that sound in each bar."""
    bars: dict[int, list[Item]] = defaultdict(list)
    for item in voice:
        first = max(0, int(np.searchsorted(edges, item.start, side="right")) - 1)
        last = max(first, int(np.searchsorted(edges, item.end, side="left")) - 1)
        for index in range(first, last + 1):
            bars[index].append(item)
    return bars


def _ticks(beats: NDArray[np.float64] | float) -> NDArray[np.int64]:
    return np.round(np.asarray(beats) * GRID_PER_BEAT).astype(np.int64)


def _ties(parent: etree._Element, item: Item, tag: str) -> None:
    if item.tied_from:
        _add(parent, tag, type="stop")
    if item.tied_to:
        _add(parent, tag, type="start")


def _tempo_mark(bpm: float) -> etree._Element:
    direction = etree.Element("direction", placement="above")
    metronome = _add(_add(direction, "direction-type"), "metronome")
    _add(metronome, "beat-unit", "quarter")
    _add(metronome, "per-minute", f"{bpm:.4g}")
    _add(direction, "sound", tempo=repr(bpm))
    return direction


def _move(measure: etree._Element, ticks: int) -> None:
    """Go forward or back in a bar."""
    if ticks:
        _add(_add(measure, "forward" if ticks > 0 else "backup"), "duration", str(abs(ticks)))


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element
