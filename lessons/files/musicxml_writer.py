"""MusicXML out: one part for two hands on two staves (one staff where only one hand plays), repeats written out.

What other instruments or others play stands in parts of their own, in the order of the score. The bars are those of
`measure_elements`, the notes those of `note_elements`, which names those of the learner by their rows. Fingers are
written where they are sure (confidence 1). Chords become <harmony>, ``level`` and what made a piece
<miscellaneous-field>s. Velocities are not written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.files.elements import add, move
from lessons.files.measure_elements import MeasureElements, ticks_of
from lessons.files.notation import Item, barred, voices_of
from lessons.files.note_elements import Accidentals, NoteElements
from lessons.files.octave_lines import OctaveLines
from lessons.files.provenance import SOFTWARE
from lessons.files.resting import Resting
from lessons.files.spelling import spelled
from lessons.hands import hand_of_name, with_hands
from lessons.page_signs import BELOW
from lessons.parts import on_page
from lessons.score import HAND_NAMES, LEFT, RIGHT, UNKNOWN_HAND, Score
from lessons.transposition import moved_keys

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def musicxml_bytes(score: Score, transposing: bool = False, provenance: Mapping[str, str] | None = None) -> bytes:
    """The score as a MusicXML file; ``provenance`` says by name what made it.

    A transposing part that stands as it is written beside others says so only with ``transposing``: who engraves the
    page asks for the pitches of the page.
    """
    players = _players(spelled(with_hands(score)), transposing)
    root = etree.Element("score-partwise", version="4.0")
    _head(root, score, players, provenance or {})
    for number, player in enumerate(players, 1):
        _Writer(player).write(etree.SubElement(root, "part", id=f"P{number}"))
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=_DOCTYPE)
    return document


@dataclass(frozen=True, eq=False)
class _Player:
    """Who plays the notes of one part of the page; ``rows``: which of the learner's notes they are, if they are.

    ``above``: the semitones that the page says it is written above what sounds. One alone is ``marked`` with tempo and
    chords.
    """

    score: Score
    name: str
    rows: tuple[int, ...] = ()
    above: int = 0
    marked: bool = False


def _players(score: Score, transposing: bool) -> list[_Player]:
    """The learner and all others, from the top of the page down."""
    above = score.written_above if transposing and len(score.backing) else 0
    groups = on_page(score)
    company = len(groups) > 1 or len(score.backing) > 0
    found = [
        (_first_part(group), _Player(group, _part_name(group, company), _rows(score, group), above, not place))
        for place, group in enumerate(groups)
    ]
    others = replace(score.alone, keys=moved_keys(score.keys, -score.written_above))
    for number in np.unique(score.backing["part"]).tolist():
        notes = score.backing[score.backing["part"] == number].copy()
        notes["hand"][notes["hand"] == UNKNOWN_HAND] = RIGHT
        name = score.part_names[number] if number < len(score.part_names) else ""
        found.append((number, _Player(spelled(others.with_notes(notes)), name)))
    return [player for _, player in sorted(found, key=lambda at: at[0])]


def _rows(score: Score, group: Score) -> tuple[int, ...]:
    """The rows that the notes of a group have in the whole score, which keeps their order."""
    return tuple(np.flatnonzero(np.isin(score.notes["part"], np.unique(group.notes["part"]))).tolist())


def _first_part(score: Score) -> int:
    return int(score.notes["part"].min()) if len(score.notes) else 0


def _head(root: etree._Element, score: Score, players: list[_Player], provenance: Mapping[str, str]) -> None:
    if score.title:
        add(add(root, "work"), "work-title", score.title)
    identification = add(root, "identification")
    if score.composer:
        add(identification, "creator", score.composer, type="composer")
    if provenance:
        add(add(identification, "encoding"), "software", SOFTWARE)
    fields = ({"level": str(score.level)} if score.level else {}) | dict(provenance)
    told = add(identification, "miscellaneous") if fields else identification
    for name, value in fields.items():
        add(told, "miscellaneous-field", value, name=name)
    listed = add(root, "part-list")
    for number, player in enumerate(players, 1):
        add(add(listed, "score-part", id=f"P{number}"), "part-name", player.name)


def _part_name(score: Score, company: bool) -> str:
    """What the part of these notes is called, alone or in the company of other parts."""
    hands = np.unique(score.notes["hand"]).tolist()
    played = np.unique(score.notes["part"]).tolist()
    names = [score.part_names[part] for part in played if part < len(score.part_names)]
    told = len(names) == 1 and (len(hands) == 1 or hand_of_name(names[0]) == UNKNOWN_HAND)
    own = names[0] if told else ""
    if len(hands) == 1 and not (own and company):
        return f"{HAND_NAMES[hands[0]].capitalize()} hand"
    return own if own and (len(score.part_names) == 1 or company) else "Piano"


class _Writer:
    """Writes the bars of one player."""

    def __init__(self, player: _Player):
        self.score = score = player.score
        self.notes = score.notes
        self.staves = [hand for hand in (RIGHT, LEFT) if np.any(self.notes["hand"] == hand)] or [RIGHT]
        self.voices = {hand: self._voices(hand) for hand in self.staves}
        self.measures = MeasureElements(score, self.staves, marked=player.marked, above=player.above)
        self.edges, self.resting = self.measures.edges, Resting(self.notes)
        self.octave_lines = OctaveLines(score, self.staves, self.edges)
        self.note_elements = NoteElements(score, len(self.staves), self._voices_of_rows(), self.edges, player.rows)

    def write(self, part: etree._Element) -> None:
        by_bar = {hand: [_by_bar(voice, self.edges) for voice in self.voices[hand]] for hand in self.staves}
        for index in range(len(self.measures.bars)):
            measure, at = self.measures.write(part, index), int(self.edges[index])
            for staff, hand in enumerate(self.staves):
                here = {number: voice[index] for number, voice in enumerate(by_bar[hand]) if voice[index]}
                at = self._staff(measure, index, staff, here or {0: []}, at)
            move(measure, int(self.edges[index + 1]) - at)
        self.measures.close(measure)

    def _voices(self, hand: int) -> list[list[Item]]:
        rows = np.flatnonzero(self.notes["hand"] == hand)
        notes = self.notes[rows]
        lengths = np.where(notes["grace"], 0, ticks_of(notes["duration_beat"]))
        voices = voices_of(ticks_of(notes["onset_beat"]), lengths, notes["voice"].astype(np.int64))
        return [
            [replace(item, notes=tuple(rows[list(item.notes)].tolist())) for item in voice] for voice in voices
        ] or [[]]

    def _voices_of_rows(self) -> dict[int, tuple[int, int]]:
        """Staff and voice of each note."""
        return {
            row: (staff, number)
            for staff, hand in enumerate(self.staves)
            for number, voice in enumerate(self.voices[hand])
            for item in voice
            for row in item.notes
        }

    def _staff(self, measure: etree._Element, index: int, staff: int, voices: dict[int, list[Item]], at: int) -> int:
        """Write the voices that play on a staff in a bar, each under its number there; returns the tick reached."""
        start, end = int(self.edges[index]), int(self.edges[index + 1])
        final, beams = index == len(self.measures.bars) - 1, self.measures.beams(index)
        written = {number: barred(voice, start, end, beams, final) for number, voice in voices.items()}
        written = self.resting.hide(self.staves[staff], written)
        for tick, side in self.measures.directions.fermatas(index, staff):
            _hold(written, tick, side)
        accidentals = {number: Accidentals(self.measures.fifths(index)) for number in written}
        for tick, what, number in self.octave_lines.among(staff, written, start, end):
            move(measure, tick - at)
            if isinstance(what, Item):
                whole_bar = what.ticks == end - start
                self.note_elements.write(measure, what, staff, number, accidentals[number], whole_bar)
            else:
                measure.append(what)
            at = what.end if isinstance(what, Item) else tick
        return at


def _hold(voices: dict[int, list[Item]], tick: int, side: int) -> None:
    """Put a fermata, in place, over what begins at a tick or goes on there; below a staff its last voice is meant."""
    there = [
        (item.start < tick, -number if side == BELOW else number, place)
        for number, items in voices.items()
        for place, item in enumerate(items)
        if item.start <= tick < item.end and not item.hidden
    ]
    if there:
        _, number, place = min(there)
        items = voices[abs(number)]
        items[place] = replace(items[place], fermata=side)


def _by_bar(voice: list[Item], edges: NDArray[np.int64]) -> dict[int, list[Item]]:
    """The items that sound in each bar."""
    bars: dict[int, list[Item]] = defaultdict(list)
    for item in voice:
        first = min(max(0, int(np.searchsorted(edges, item.start, side="right")) - 1), len(edges) - 2)
        last = max(first, int(np.searchsorted(edges, item.end, side="left")) - 1)
        for index in range(first, last + 1):
            bars[index].append(item)
    return bars
