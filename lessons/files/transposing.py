"""Transposing parts of a MusicXML document moved to the pitch that sounds, with their keys and chord symbols.

<pitch> is what the page shows and <transpose> says how far from it the part sounds. (A clef with an 8 moves nothing:
<pitch> counts with it already.) A part that is alone stays as it is written, but for octaves: see
`lessons.transposition`. Source: MusicXML 4.0, elements transpose, clef-octave-change, key.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

from lessons.errors import FormatError
from lessons.files.spelling import STEPS
from lessons.transposition import within

_STEPS = tuple(STEPS)
_STAFF_STEPS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)  # of an interval of so many semitones, where nobody says
_FURTHEST = 48  # semitones


@dataclass(frozen=True)
class _Interval:
    """How far something is moved: semitones, and steps of the staff."""

    semitones: int = 0
    steps: int = 0


def sound_transposed(document: etree._Element) -> dict[str, int]:
    """Move all parts, in place, to where they sound; returns the semitones that each is written above, by part id."""
    parts = [part for part in document.findall("part") if part.find("measure/note/pitch") is not None]
    above: dict[str, int] = {}
    for part in parts:
        intervals = [_interval(element) for element in part.iterfind("measure/attributes/transpose")]
        distance = next((each.semitones for each in intervals if each.semitones), 0)
        if len(parts) > 1 or not any(each.semitones % 12 for each in intervals):
            _move_part(part)
            above[part.get("id") or ""] = -distance if distance % 12 else 0
    return above


def _interval(transpose: etree._Element) -> _Interval:
    """What a <transpose> says. Raises FormatError for what is no interval."""
    try:
        chromatic, octaves = (int(transpose.findtext(name) or 0) for name in ("chromatic", "octave-change"))
        steps = int(transpose.findtext("diatonic") or 7 * (chromatic // 12) + _STAFF_STEPS[chromatic % 12])
    except ValueError as fault:
        raise FormatError("a <transpose> is no interval") from fault
    if abs(chromatic + 12 * octaves) > _FURTHEST or abs(steps + 7 * octaves) > _FURTHEST:
        raise FormatError("a <transpose> goes further than any instrument")
    return _Interval(chromatic + 12 * octaves, steps + 7 * octaves)


def _move_part(part: etree._Element) -> None:
    by = _Interval()
    for measure in part.findall("measure"):
        for element in measure:
            if element.tag == "attributes":
                by = _move_key(element, by)
            elif by.semitones and element.tag == "note" and element.find("pitch") is not None:
                _move_pitch(element.find("pitch"), by)
            elif by.semitones and element.tag == "harmony":
                for name in ("root", "bass"):
                    for named in element.findall(name):
                        _move_name(named, name, by)


def _move_key(attributes: etree._Element, by: _Interval) -> _Interval:
    """Take the <transpose> out of some attributes and move their keys by what holds then, which is returned."""
    for transpose in attributes.findall("transpose"):
        by = _interval(transpose)
        attributes.remove(transpose)
    for fifths in attributes.iterfind("key/fifths"):
        fifths.text = str(within(int(fifths.text or 0) + 7 * by.semitones - 12 * by.steps))
    return by


def _move_pitch(pitch: etree._Element, by: _Interval) -> None:
    octaves = _move_name(pitch, "", by)
    pitch.find("octave").text = str(int(pitch.findtext("octave") or 0) + octaves)


def _move_name(named: etree._Element, prefix: str, by: _Interval) -> int:
    """Move a step and its alter (``root-step``, ...) by an interval; returns the octaves that the step went up.

    A step that is none is left to who reads the document.
    """
    tags = [f"{prefix}-{tag}" if prefix else tag for tag in ("step", "alter")]
    step, alter = named.find(tags[0]), named.find(tags[1])
    name = (step.text or "").strip() if step is not None else ""
    if name not in STEPS:
        return 0
    sounding = STEPS[name] + int(float(alter.text or 0) if alter is not None else 0) + by.semitones
    octaves, place, shift = _spelled(sounding, _STEPS.index(name) + by.steps)
    step.text = _STEPS[place]
    if alter is None:
        alter = etree.Element(tags[1])
        step.addnext(alter)
    alter.text = str(shift)
    return octaves


def _spelled(semitones: int, step: int) -> tuple[int, int, int]:
    """(octaves, step, alter) of a pitch in semitones above a C, as near to a step of the staff as can be written."""
    choices = [(step + away, semitones - _semitones(step + away)) for away in (0, -1, 1, -2, 2)]
    place, alter = next((each for each in choices if abs(each[1]) <= 2), choices[0])
    return place // 7, place % 7, alter


def _semitones(step: int) -> int:
    return 12 * (step // 7) + STEPS[_STEPS[step % 7]]
