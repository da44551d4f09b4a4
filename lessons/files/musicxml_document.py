"""The XML of a MusicXML file: unpacked, parsed with care, checked and made ready for partitura, and its own words.

Whatever a file claims, nothing outside it is read, no entity is resolved and no more than `SIZE_LIMIT` is unpacked.
"""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]

from lessons.errors import FormatError
from lessons.files.archive import SIGN, opened
from lessons.files.bar_labels import number_in, page_labels
from lessons.files.cues import silence
from lessons.files.harmony import chord_code
from lessons.files.notation import TYPES
from lessons.files.provenance import SOFTWARE
from lessons.files.spelling import STEPS
from lessons.files.titles import title_of
from lessons.timing import GRID_PER_BEAT

LEVELS = range(10)
ACCIDENTALS = frozenset({"sharp", "natural", "flat", "double-sharp", "double-flat"})


def document_of(content: bytes) -> etree._Element:
    """Parse a partwise MusicXML document. Raises FormatError with the reason."""
    try:
        document = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        where = f" ({getattr(fault, 'msg', fault)})" if content.lstrip().startswith(b"<") else ""
        raise FormatError(f"is not MusicXML{where}") from fault
    doctype = document.getroottree().docinfo.internalDTD
    if doctype is not None and next(iter(doctype.iterentities()), None) is not None:
        raise FormatError("declares XML entities, which no score needs")
    if document.tag == "score-timewise":
        raise FormatError("is a score-timewise file; save it as score-partwise")
    if document.tag != "score-partwise":
        raise FormatError(f"is XML but no MusicXML score (its root is <{document.tag}>)")
    return document


def unpacked(content: bytes) -> bytes:
    """The XML inside a .mxl archive; other bytes as they are."""
    if not content.startswith(SIGN):
        return content
    with opened(content) as archive:
        try:
            container = etree.fromstring(archive.read("META-INF/container.xml"), _parser())
        except etree.XMLSyntaxError as fault:
            raise FormatError(f"META-INF/container.xml is not XML: {fault.msg}") from fault
        name = next((root.get("full-path") for root in container.iterfind(".//{*}rootfile")), None)
        return archive.read(name or "")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def prepare(document: etree._Element) -> None:
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
    for unpitched in list(document.iter("unpitched")):
        _leave_out(unpitched.getparent())
    for step in document.iter("step"):
        if (step.text or "").strip() not in STEPS:
            raise FormatError(f"<step> {(step.text or '').strip()[:20]!r} is no note's name")
    for pitch in document.iter("pitch"):
        _settle_alter(pitch)
    for beats in document.iter("beats"):
        beats.text = _summed(beats.text or "")
    for fingering in list(document.iter("fingering")):
        if not re.search(r"\d", fingering.text or ""):
            fingering.getparent().remove(fingering)
    for harmony in list(document.iter("harmony")):
        _encode(harmony)


def _leave_out(drum: etree._Element) -> None:
    """Let a note without pitch be silent; partitura stumbles over a chord of them."""
    if drum.find("chord") is None:
        silence(drum)
    else:
        drum.getparent().remove(drum)


def _check_duration(duration: etree._Element) -> None:
    try:
        length = float(duration.text or "")
    except ValueError:
        length = -1.0
    if not 0 <= length <= 1_000_000_000:
        raise FormatError(f"<duration> {(duration.text or '').strip()[:20]!r} is no usable length")


def _settle_alter(pitch: etree._Element) -> None:
    """Say in whole semitones how far a pitch is altered; a quarter tone more or less is left out.

    Where the pitch does not say, the accidental printed before the note does.
    """
    alter, accidental = pitch.find("alter"), pitch.find("../accidental")
    if alter is None and accidental is not None and (accidental.text or "").strip() not in ACCIDENTALS:
        accidental.getparent().remove(accidental)
    if alter is None:
        return
    try:
        alter.text = str(int(float(alter.text or "0")))
    except (ValueError, OverflowError) as fault:
        raise FormatError(f"<alter> {(alter.text or '').strip()[:20]!r} is no number of semitones") from fault


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


def sound_metronome(direction: etree._Element) -> None:
    """Give a printed tempo the <sound> that partitura reads."""
    metronome = direction.find("direction-type/metronome")
    number = re.search(r"\d+(\.\d+)?", metronome.findtext("per-minute") or "") if metronome is not None else None
    unit = TYPES.get((metronome.findtext("beat-unit") or "").strip()) if number else None
    if number and unit and direction.find("sound[@tempo]") is None:
        dotted = 1.5 if metronome.find("beat-unit-dot") is not None else 1.0
        etree.SubElement(direction, "sound", tempo=repr(float(number[0]) * unit * dotted / GRID_PER_BEAT))


def written_numbers(document: etree._Element) -> tuple[list[int], list[str]]:
    """What the page calls each measure: its number, or the one before where it has none of its own; and its label."""
    numbers: list[int] = []
    rows: list[list[etree._Element]] = [part.findall("measure") for part in document.findall("part")]
    measures = max(rows, key=len, default=[])
    for measure in measures:
        number = number_in((measure.get("number") or "").strip())
        numbers.append(number if number is not None else (numbers[-1] if numbers else 0))
    return numbers, page_labels(measures, numbers)


def words_of(document: etree._Element) -> tuple[str, str, int]:
    """Title, composer and level."""
    composer = _text(document, "identification/creator[@type='composer']")
    level = _text(document, "identification/miscellaneous/miscellaneous-field[@name='level']")
    return title_of(document), composer, int(level) if level.isdigit() and int(level) in LEVELS else 0


def made_by(document: etree._Element) -> dict[str, str]:
    """What the file says by name of how it was made, as `musicxml_writer` writes it; nothing of other programs."""
    if _text(document, "identification/encoding/software") != SOFTWARE:
        return {}
    fields = document.iterfind("identification/miscellaneous/miscellaneous-field")
    return {field.get("name", ""): field.text or "" for field in fields if field.get("name") != "level"}


def _text(document: etree._Element, place: str) -> str:
    return " ".join((document.findtext(place) or "").split())
