"""Notes and rests as MusicXML elements: accidentals, ties, beams, tuplets, sure fingers, slurs, marks and syllables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.elements import add
from lessons.files.notation import Item
from lessons.files.slur_elements import slur_ends
from lessons.files.spelling import STEPS
from lessons.page_signs import BELOW
from lessons.score import ARPEGGIO, ORNAMENTS, Score
from lessons.timing import GRID_PER_BEAT

_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_SHARPS = "FCGDAEB"
_VOICES_A_STAFF = 4
ROW = "row-"  # how the names of the learner's notes begin; their rows in the score follow


class NoteElements:
    """Writes items of voices as the <note> elements of one score's notes; ``voices``, ``edges`` as in `slur_ends`.

    The notes are named by the ``rows`` that they have in the whole score, if they are the learner's.
    """

    def __init__(
        self,
        score: Score,
        staff_count: int,
        voices: Mapping[int, tuple[int, int]],
        edges: NDArray[np.int64],
        rows: Sequence[int] = (),
    ):
        self.notes, self.staff_count = score.notes, staff_count
        self._slurs = slur_ends(score.signs.slurs, score.notes, voices, edges)
        self._syllables = _by_row(score)
        self._marks: dict[tuple[float, int], list[str]] = defaultdict(list)
        for beat, pitch, name in score.marks.tolist():
            self._marks[round(beat, 4), pitch].append(name)
        self._rows = rows

    def write(
        self, measure: etree._Element, item: Item, staff: int, number: int, accidentals: Accidentals, whole_bar: bool
    ) -> None:
        """Write the notes of an item, or its rest; ``number`` counts the voices of a staff from 0."""
        for place, row in enumerate(item.notes or (None,)):
            note = add(measure, "note")
            if item.hidden:
                note.set("print-object", "no")
            if row is not None and self._rows and not item.tied_from:
                note.set("id", f"{ROW}{self._rows[row]}")
            if item.grace:
                add(note, "grace", slash="yes")
            if place:
                add(note, "chord")
            if row is None:
                add(note, "rest", **({"measure": "yes"} if whole_bar else {}))
            else:
                self._pitch(note, self.notes[row])
            if not item.grace:
                add(note, "duration", str(item.ticks))
            if row is not None:
                _ties(note, item, "tie")
            add(note, "voice", str(staff * _VOICES_A_STAFF + number + 1))
            self._value(note, item, row, accidentals, whole_bar)
            if self.staff_count > 1:
                add(note, "staff", str(staff + 1))
            if not place:
                for level, word in enumerate(item.beams):
                    add(note, "beam", word, number=str(level + 1))
            self._notations(note, item, row, place)
            if row is not None and not item.tied_from:
                self._lyrics(note, row)

    def _pitch(self, note: etree._Element, row: np.void) -> None:
        pitch = add(note, "pitch")
        add(pitch, "step", str(row["step"]))
        if row["alter"]:
            add(pitch, "alter", str(int(row["alter"])))
        add(pitch, "octave", str(_octave(row)))

    def _value(
        self, note: etree._Element, item: Item, row: int | None, accidentals: Accidentals, whole_bar: bool
    ) -> None:
        if row is None and whole_bar:
            return
        add(note, "type", item.value.type)
        for _ in range(item.value.dots):
            add(note, "dot")
        sign = accidentals.sign(self.notes[row]) if row is not None and not item.tied_from else ""
        if sign:
            add(note, "accidental", sign)
        if item.value.actual > 1:
            ratio = add(note, "time-modification")
            add(ratio, "actual-notes", str(item.value.actual))
            add(ratio, "normal-notes", str(item.value.normal))

    def _notations(self, note: etree._Element, item: Item, row: int | None, place: int) -> None:
        notations = etree.Element("notations")
        if row is not None:
            _ties(notations, item, "tied")
        if row is not None:
            self._slur(notations, item, row)
        if item.tuplet and not place:
            add(notations, "tuplet", type=item.tuplet, number="1")
        finger = self.notes[row] if row is not None and not item.tied_from else None
        if finger is not None and finger["finger"] and finger["finger_confidence"] >= 1:
            add(add(notations, "technical"), "fingering", str(int(finger["finger"])))
        if row is not None and not item.tied_from and not item.grace:
            self._add_marks(notations, self.notes[row])
        if item.fermata and not place:
            add(notations, "fermata", type="inverted" if item.fermata == BELOW else "upright")
        if len(notations):
            note.append(notations)

    def _add_marks(self, notations: etree._Element, row: np.void) -> None:
        names = self._marks.get((round(float(row["onset_beat"]), 4), int(row["pitch"])), ())
        for group, wanted in (("ornaments", True), ("articulations", False)):
            here = [name for name in names if (name in ORNAMENTS) is wanted and name != ARPEGGIO]
            parent = add(notations, group) if here else None
            for name in here:
                add(parent, name)
        if ARPEGGIO in names:
            add(notations, ARPEGGIO)

    def _slur(self, notations: etree._Element, item: Item, row: int) -> None:
        """The ends of slurs at a note, or at the one of those tied together that they belong to."""
        for end in sorted(self._slurs.get(row, ()), key=lambda end: end.type != "stop"):
            if item.start <= end.tick < max(item.end, item.start + 1):
                side = {"placement": end.side} if end.side else {}
                add(notations, "slur", type=end.type, number=str(end.number), **side)

    def _lyrics(self, note: etree._Element, row: int) -> None:
        for syllable in self._syllables.get(row, ()):
            lyric = add(note, "lyric", number=str(int(syllable["verse"])))
            add(lyric, "syllabic", str(syllable["place"]))
            add(lyric, "text", str(syllable["text"]))
            if syllable["held"]:
                add(lyric, "extend")


def _by_row(score: Score) -> dict[int, list[np.void]]:
    """The syllables by the note that is sung: of a chord the highest."""
    rows = {
        (int(ticks), part): row
        for row, (ticks, part) in enumerate(_onsets(score.notes))
        if not score.notes["grace"][row]
    }
    found: dict[int, list[np.void]] = defaultdict(list)
    for syllable in score.signs.syllables:
        row = rows.get((round(float(syllable["onset_beat"]) * GRID_PER_BEAT), int(syllable["part"])))
        if row is not None:
            found[row].append(syllable)
    return found


def _onsets(notes: NDArray[np.void]) -> list[tuple[int, int]]:
    ticks = np.round(notes["onset_beat"] * GRID_PER_BEAT).astype(int).tolist()
    return list(zip(ticks, notes["part"].tolist(), strict=True))


class Accidentals:
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


def _ties(parent: etree._Element, item: Item, tag: str) -> None:
    if item.tied_from:
        add(parent, tag, type="stop")
    if item.tied_to:
        add(parent, tag, type="start")
