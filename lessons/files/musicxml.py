"""MusicXML in: .musicxml, .xml and .mxl through partitura, with repeats written out first (`lessons.files.unfolding`).

Beat 0 is the first downbeat: a first bar that is shorter than its metre is a pickup. Tied notes are one note. A grace
note has duration 0 and stands at its main note (one that is tied to its main note is no grace note but that note).
Staff 1 is the right hand and the others the left. Parts of one staff go by their names, else the higher one of two is
the right hand, else `lessons.hands` finds the hands. A part without pitches is left out and logged.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.harmony import STEPS, chord_code, chords_from_codes
from lessons.files.limits import MEBIBYTE, SIZE_LIMIT
from lessons.files.notation import TYPES
from lessons.files.unfolding import unfold
from lessons.hands import hand_of_name
from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, UNKNOWN_HAND, Score
from lessons.timing import BPM_RANGE, GRID_PER_BEAT, TempoMap, snap

if TYPE_CHECKING:
    from partitura.score import Note, Part

SCORE_VELOCITY = 64
LEVELS = range(10)

_log = logging.getLogger(__name__)


def parse_musicxml(content: bytes) -> Score:
    """Make a score of the bytes of a MusicXML file. Raises FormatError with the reason."""
    document = _document(_unpacked(content))
    written = _written_numbers(document)
    for direction in document.iter("direction"):
        _sound_metronome(direction)
    order = unfold(document)
    _prepare(document)
    parts = _pitched(_parts_of(document))
    return _score(document, parts, [written[index] for index in order])


def _unpacked(content: bytes) -> bytes:
    """The XML inside a .mxl archive; other bytes as they are."""
    if not content.startswith(b"PK"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            container = etree.fromstring(_entry(archive, "META-INF/container.xml"), _parser())
            name = next((root.get("full-path") for root in container.iterfind(".//{*}rootfile")), None)
            return _entry(archive, name or "")
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError, EOFError) as fault:
        raise FormatError(f"the compressed file is damaged: {fault}") from fault
    except etree.XMLSyntaxError as fault:
        raise FormatError(f"META-INF/container.xml is not XML: {fault.msg}") from fault


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """One file of an archive, read no further than the limit whatever its header claims."""
    with archive.open(name) as entry:
        content = entry.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise FormatError(f"{name} is larger than {SIZE_LIMIT // MEBIBYTE} MB unpacked")
    return content


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _document(content: bytes) -> etree._Element:
    try:
        document = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise FormatError(f"is not XML: {getattr(fault, 'msg', fault)}") from fault
    doctype = document.getroottree().docinfo.internalDTD
    if doctype is not None and next(iter(doctype.iterentities()), None) is not None:
        raise FormatError("declares XML entities, which no score needs")
    if document.tag == "score-timewise":
        raise FormatError("is a score-timewise file; save it as score-partwise")
    if document.tag != "score-partwise":
        raise FormatError(f"is XML but no MusicXML score (its root is <{document.tag}>)")
    return document


def _prepare(document: etree._Element) -> None:
    """Check what partitura would stumble over and write chords as codes into the text that it keeps."""
    if not document.findall("part/measure"):
        raise FormatError("has no bars")
    for part in document.findall("part"):
        first = next(part.iter("note", "divisions"), None)
        if first is not None and first.tag == "note":
            raise FormatError(f"part {part.get('id')}: notes come before <divisions> says how long they are")
    for divisions in document.iter("divisions"):
        if not (divisions.text or "").strip().isdigit() or not 0 < int(divisions.text or 0) <= 1_000_000:
            raise FormatError(f"<divisions> {(divisions.text or '').strip()[:20]!r} is no usable number")
    for duration in document.iter("duration"):
        _check_duration(duration)
    for step in document.iter("step"):
        if (step.text or "").strip() not in STEPS:
            raise FormatError(f"<step> {(step.text or '').strip()[:20]!r} is no note's name")
    for beats in document.iter("beats"):
        beats.text = _summed(beats.text or "")
    for harmony in list(document.iter("harmony")):
        _encode(harmony)


def _sound_metronome(direction: etree._Element) -> None:
    """Give a printed tempo the <sound> that partitura reads."""
    metronome = direction.find("direction-type/metronome")
    number = re.search(r"\d+(\.\d+)?", metronome.findtext("per-minute") or "") if metronome is not None else None
    unit = TYPES.get((metronome.findtext("beat-unit") or "").strip()) if number else None
    if number and unit and direction.find("sound[@tempo]") is None:
        dotted = 1.5 if metronome.find("beat-unit-dot") is not None else 1.0
        etree.SubElement(direction, "sound", tempo=repr(float(number[0]) * unit * dotted / GRID_PER_BEAT))


def _check_duration(duration: etree._Element) -> None:
    try:
        length = float(duration.text or "")
    except ValueError:
        length = -1.0
    if not 0 <= length <= 1_000_000_000:
        raise FormatError(f"<duration> {(duration.text or '').strip()[:20]!r} is no usable length")


def _summed(beats: str) -> str:
    """A metre's beats as one number: 3+2 is 5."""
    numbers = [number.strip() for number in beats.split("+")]
    if not all(number.isdigit() for number in numbers) or not 0 < sum(map(int, numbers)) <= 255:
        raise FormatError(f"the metre {beats.strip()[:20]!r} makes no sense")
    return str(sum(map(int, numbers)))


def _encode(harmony: etree._Element) -> None:
    code, parent = chord_code(harmony), harmony.getparent()
    if not code:
        if parent is not None:
            parent.remove(harmony)
        return
    for child in list(harmony):
        harmony.remove(child)
    etree.SubElement(etree.SubElement(harmony, "root"), "root-step").text = "C"
    etree.SubElement(harmony, "kind", text=code).text = "other"


def _parts_of(document: etree._Element) -> list[Part]:
    """The document through partitura, without its warnings."""
    import partitura

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(partitura.load_musicxml(io.BytesIO(etree.tostring(document, encoding="utf-8"))).parts)


def _pitched(parts: list[Part]) -> list[Part]:
    from partitura.score import Note

    kept = []
    for part in parts:
        if next(part.iter_all(Note, include_subclasses=True), None) is None:
            _log.info("part %s (%s) has no pitched notes and is left out", part.id, part.part_name)
        else:
            kept.append(part)
    if not kept:
        raise FormatError("has no pitched notes")
    return kept


@dataclass(frozen=True)
class _Clock:
    """Positions of one part on the score's timeline, bar by bar, so that a bar too short in one part shifts nothing."""

    quarter_times: NDArray[np.float64]
    quarters: NDArray[np.float64]
    bar_times: NDArray[np.float64]
    bar_beats: NDArray[np.float64]

    def beats(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Beats for partitura's times."""
        bar = np.clip(np.searchsorted(self.bar_times, times, side="right") - 1, 0, None)
        return self.bar_beats[bar] + self.raw(times) - self.raw(self.bar_times[bar])

    def raw(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Quarters from the part's start."""
        segment = np.clip(np.searchsorted(self.quarter_times, times, side="right") - 1, 0, None)
        starts = np.concatenate([[0.0], np.cumsum(np.diff(self.quarter_times) / self.quarters[:-1])])
        out: NDArray[np.float64] = starts[segment] + (times - self.quarter_times[segment]) / self.quarters[segment]
        return out


def _clocks(parts: list[Part]) -> tuple[list[_Clock], NDArray[np.float64]]:
    """A clock for each part, and the bars' boundaries in beats from the start."""
    from partitura.score import Measure

    rows, lengths = [], np.zeros(0)
    for part in parts:
        times, quarters = np.array(part.quarter_durations(), dtype=float).reshape(-1, 2).T
        bars = sorted((bar.start.t, bar.end.t) for bar in part.iter_all(Measure))
        starts, ends = np.array(bars, dtype=float).reshape(-1, 2).T
        clock = _Clock(times, quarters, starts, starts)
        own = clock.raw(ends) - clock.raw(starts)
        size = max(len(own), len(lengths))
        lengths = np.maximum(np.pad(own, (0, size - len(own))), np.pad(lengths, (0, size - len(lengths))))
        rows.append(clock)
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    return [_Clock(c.quarter_times, c.quarters, c.bar_times, edges[: len(c.bar_times)]) for c in rows], edges


def _score(document: etree._Element, parts: list[Part], written: list[int]) -> Score:
    clocks, edges = _clocks(parts)
    metres = _metres(parts[0], clocks[0])
    edges = edges - _pickup(document, edges, metres)
    clocks = [_Clock(c.quarter_times, c.quarters, c.bar_times, edges[: len(c.bar_times)]) for c in clocks]
    metres = _metres(parts[0], clocks[0])
    notes = np.concatenate([_notes(part, clock, i) for i, (part, clock) in enumerate(zip(parts, clocks, strict=True))])
    names = tuple(str(part.part_name or part.id or "") for part in parts)
    _assign_part_hands(notes, [_staves(part) for part in parts], names)
    return Score(
        notes,
        _bars(edges, metres, written),
        metres,
        _keys(parts[0], clocks[0]),
        _chords(parts, clocks, float(edges[-1])),
        _tempo(parts, clocks),
        *_words(document),
        part_names=names,
    )


def _notes(part: Part, clock: _Clock, number: int) -> NDArray[np.void]:
    """A part's notes, ties joined, as NOTE_DTYPE."""
    notes: list[Note] = list(part.notes_tied)
    rows = np.zeros(len(notes), NOTE_DTYPE)
    starts = np.array([note.start.t for note in notes], dtype=float)
    ends = np.array([_last_tied(note).end.t for note in notes], dtype=float)
    rows["onset_beat"] = clock.beats(starts)
    rows["duration_beat"] = clock.raw(ends) - clock.raw(starts)
    rows["pitch"] = [_pitch(note) for note in notes]
    rows["velocity"] = SCORE_VELOCITY
    rows["hand"] = [_hand_of_staff(note.staff) for note in notes]
    rows["voice"] = [min(int(note.voice or 1), 32_000) for note in notes]
    rows["part"] = number
    rows["finger"] = [_finger(note) for note in notes]
    rows["finger_confidence"] = rows["finger"] > 0
    rows["step"] = [note.step.upper() for note in notes]
    rows["alter"] = [note.alter or 0 for note in notes]
    rows["grace"] = [type(note).__name__ == "GraceNote" for note in notes] & (rows["duration_beat"] == 0)
    return rows


def _last_tied(note: Note) -> Note:
    seen = {id(note)}
    while note.tie_next is not None and id(note.tie_next) not in seen:
        note = note.tie_next
        seen.add(id(note))
    return note


def _pitch(note: Note) -> int:
    pitch = 12 * (int(note.octave) + 1) + STEPS[note.step.upper()] + int(note.alter or 0)
    if not 0 <= pitch <= 127:
        raise FormatError(f"the pitch {note.step}{note.octave} is outside what a keyboard or MIDI has")
    return pitch


def _finger(note: Note) -> int:
    fingers = [mark.fingering for mark in note.technical or () if hasattr(mark, "fingering")]
    return next((finger for finger in fingers if finger in range(1, 6)), 0)


def _hand_of_staff(staff: int | None) -> int:
    return RIGHT if (staff or 1) == 1 else LEFT


def _staves(part: Part) -> int:
    return max((int(note.staff or 1) for note in part.notes), default=1)


def _assign_part_hands(notes: NDArray[np.void], staves: list[int], names: tuple[str, ...]) -> None:
    """Correct in place the hands that staves gave: what a part of one staff is depends on its name and company."""
    single = [number for number, count in enumerate(staves) if count == 1]
    for number in single:
        notes["hand"][notes["part"] == number] = hand_of_name(names[number])
    if len(single) == len(staves) == 2 and np.any(notes["hand"] == UNKNOWN_HAND):
        means = [notes["pitch"][notes["part"] == number].mean() for number in single]
        notes["hand"] = np.where(notes["part"] == single[int(means[1] > means[0])], RIGHT, LEFT)


def _metres(part: Part, clock: _Clock) -> NDArray[np.void]:
    from partitura.score import TimeSignature

    rows = []
    for sign in part.iter_all(TimeSignature):
        if not 0 < sign.beat_type <= 64:
            raise FormatError(f"the metre {sign.beats}/{sign.beat_type} makes no sense")
        rows.append((_beat(clock, sign.start.t), sign.beats, sign.beat_type))
    return np.array(_changes(rows) or [(0.0, 4, 4)], METRE_DTYPE)


def _keys(part: Part, clock: _Clock) -> NDArray[np.void]:
    from partitura.score import KeySignature

    signs = [sign for sign in part.iter_all(KeySignature) if -7 <= (sign.fifths or 0) <= 7]
    rows = [(_beat(clock, sign.start.t), sign.fifths or 0, sign.mode == "minor") for sign in signs]
    return np.array(_changes(rows), KEY_DTYPE)


_Row = TypeVar("_Row", bound=tuple[float, ...])


def _changes(rows: list[_Row]) -> list[_Row]:
    """The rows that say something new; of equal places the last."""
    latest = list({row[0]: row for row in rows}.values())
    return [row for i, row in enumerate(latest) if i == 0 or row[1:] != latest[i - 1][1:]]


def _chords(parts: list[Part], clocks: list[_Clock], end_beat: float) -> NDArray[np.void]:
    from partitura.score import ChordSymbol

    codes = [
        (_beat(clock, symbol.start.t), str(symbol.kind))
        for part, clock in zip(parts, clocks, strict=True)
        for symbol in part.iter_all(ChordSymbol)
    ]
    return chords_from_codes(codes, end_beat)


def _tempo(parts: list[Part], clocks: list[_Clock]) -> TempoMap:
    from partitura.score import Tempo
    from partitura.utils.music import to_quarter_tempo

    changes = [
        (_beat(clock, mark.start.t), float(to_quarter_tempo(mark.unit or "q", mark.bpm)))
        for part, clock in zip(parts, clocks, strict=True)
        for mark in part.iter_all(Tempo)
    ]
    if any(not BPM_RANGE[0] <= bpm <= BPM_RANGE[1] for _, bpm in changes):
        raise FormatError(f"has a tempo outside {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g} beats a minute")
    if not changes:
        return TempoMap.of()
    tempo = TempoMap.of(changes)
    return TempoMap.of(_changes(list(zip(tempo.start_beat.tolist(), tempo.bpm.tolist(), strict=True))))


def _beat(clock: _Clock, time: int) -> float:
    return float(snap(clock.beats(np.array([time], dtype=float)))[0])


def _pickup(document: etree._Element, edges: NDArray[np.float64], metres: NDArray[np.void]) -> float:
    """The length of a first bar that is shorter than its metre, unless the file says that it is no pickup; else 0."""
    implicit = document.find("part/measure").get("implicit")
    first, nominal = edges[1] - edges[0], 4.0 * metres["numerator"][0] / metres["denominator"][0]
    short = first < nominal - 1e-6 and implicit != "no"
    return float(first) if short and (len(edges) > 2 or implicit == "yes") else 0.0


def _bars(edges: NDArray[np.float64], metres: NDArray[np.void], written: list[int]) -> NDArray[np.void]:
    """Bars from their boundaries; the two halves of a bar that a repeat sign cuts are one bar."""
    rows: list[tuple[int, float, float]] = []
    for number, start, end in zip(written, edges[:-1].tolist(), edges[1:].tolist(), strict=False):
        index = max(0, int(np.searchsorted(metres["start_beat"], start + 1e-6, side="right")) - 1)
        nominal = 4.0 * metres["numerator"][index] / metres["denominator"][index]
        halves = rows and rows[-1][1] >= 0 and abs((end - rows[-1][1]) - nominal) < 1e-6
        if halves and end - start < nominal:
            rows[-1] = (rows[-1][0], rows[-1][1], end)
        elif end > start:
            rows.append((number, start, end))
    first = 0 if rows and rows[0][1] < 0 else 1
    return np.array([(first + i, *row) for i, row in enumerate(rows)], BAR_DTYPE)


def _written_numbers(document: etree._Element) -> list[int]:
    """What the page calls each bar: its number, or the one before where it has none of its own."""
    numbers: list[int] = []
    rows = [part.findall("measure") for part in document.findall("part")]
    for measure in max(rows, key=len, default=[]):
        text = (measure.get("number") or "").strip()
        numbers.append(int(text) if text.isdigit() and len(text) < 7 else (numbers[-1] if numbers else 0))
    return numbers


def _words(document: etree._Element) -> tuple[str, str, int]:
    """Title, composer and level."""
    title = _text(document, "work/work-title") or _text(document, "movement-title")
    composer = _text(document, "identification/creator[@type='composer']")
    level = _text(document, "identification/miscellaneous/miscellaneous-field[@name='level']")
    return title, composer, int(level) if level.isdigit() and int(level) in LEVELS else 0


def _text(document: etree._Element, place: str) -> str:
    return " ".join((document.findtext(place) or "").split())
