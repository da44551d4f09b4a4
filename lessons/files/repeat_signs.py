"""What the measures of a MusicXML document say about where to go on: repeats, endings and jumps, as `Signs`.

A jump is heard in <sound>, and else read in print. Which bars an ending spans is told by `lessons.files.voltas`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.voltas import MOST_TURNS, Landmarks, Volta, is_last, stopped, voltas_of

_MARKS = {  # the attributes of <sound>, and what the page prints for those that are words
    "segno": r"(?!)",
    "coda": r"coda$",
    "fine": r"fine\b",
    "tocoda": r"to coda\b",
    "dacapo": r"(d\. ?c\.|da capo)",
    "dalsegno": r"(d\. ?s\.|dal segno)",
}
JUMPS = {"dacapo", "dalsegno"}


@dataclass
class Signs:
    """What a measure says about where to go on."""

    forward: bool = False
    times: int = 0  # how often the passage that ends here is played; 0 without a backward repeat
    volta: frozenset[int] = frozenset()
    marks: set[str] = field(default_factory=set)  # segno, coda, fine, tocoda, dacapo, dalsegno
    names: dict[str, str] = field(default_factory=dict)  # by mark the sign that the file names, where several may be


def signs_of(parts: list[etree._Element]) -> list[Signs]:
    """The signs of each measure, gathered from all parts."""
    rows = [part.findall("measure") for part in parts]
    signs = [Signs() for _ in range(max(map(len, rows), default=0))]
    for measures in rows:
        for sign, measure in zip(signs, measures, strict=False):
            _read_signs(measure, sign)
    _drop_said_twice(signs, rows)
    _tell_voltas(signs, voltas_of(rows))
    return signs


def _drop_said_twice(signs: list[Signs], rows: list[list[etree._Element]]) -> None:
    """Forget a jump where a measure begins after a repeat sign: it says in words what the sign says."""
    for measures in rows:
        for before, sign, measure in zip(signs, signs[1:], measures[1:], strict=False):
            if before.times:
                sign.marks -= {mark for each in _opening(measure) for mark in _marks_of(each) & JUMPS}


def _opening(measure: etree._Element) -> list[etree._Element]:
    """The directions that stand where a measure begins."""
    at, opening = 0, []
    for element in measure:
        if element.tag == "direction" and at <= 0:
            opening.append(element)
        elif element.tag in ("note", "backup", "forward") and element.find("chord") is None:
            at += _integer(element.findtext("duration")) * (-1 if element.tag == "backup" else 1)
    return opening


def _tell_voltas(signs: list[Signs], voltas: list[Volta]) -> None:
    """Put the endings on their measures; one left open that sends back, with music after it, is not the last time."""
    told = stopped(voltas, _landmarks(signs))
    for volta, written in zip(told, voltas, strict=True):
        stop = volta.start + volta.bars
        for sign in signs[volta.start : stop]:
            sign.volta = sign.volta or volta.turns
        goes_on = stop < len(signs) and not signs[stop].forward and is_last(told, volta)
        if volta.stop != written.stop and goes_on and signs[stop - 1].times:
            signs[stop - 1].times = max(signs[stop - 1].times, max(volta.turns) + 1)
    for volta, after in pairwise(told):
        if volta.stop == after.start and not _sends_back(signs, volta):
            _send_back(signs, volta)


def _landmarks(signs: list[Signs]) -> Landmarks:
    return Landmarks(
        backward=[index for index, sign in enumerate(signs) if sign.times],
        forward=[index for index, sign in enumerate(signs) if sign.forward],
        fines=[index for index, sign in enumerate(signs) if "fine" in sign.marks],
    )


def _sends_back(signs: list[Signs], volta: Volta) -> bool:
    """Whether a repeat sign sends back, in the endings of the group of one or after them."""
    ahead = range(volta.start, len(signs))
    backward = next((index for index in ahead if signs[index].times), len(signs))
    return backward < next((index for index in ahead if signs[index].forward), len(signs))


def _send_back(signs: list[Signs], volta: Volta) -> None:
    """Repeat before an ending that another follows, where no sign says so: from the last segno or repeat sign on."""
    signs[volta.start + volta.bars - 1].times = max(volta.turns) + 1
    begun = next((i for i in range(volta.start, -1, -1) if signs[i].forward or "segno" in signs[i].marks), None)
    if begun is not None:
        signs[begun].forward = True


def _read_signs(measure: etree._Element, sign: Signs) -> None:
    """Add a measure's signs to ``sign``, but for its ending."""
    for repeat in measure.findall("barline/repeat"):
        if repeat.get("direction") == "forward":
            sign.forward = True
        else:
            sign.times = max(2, min(MOST_TURNS, _integer(repeat.get("times"))))
    for sound in measure.iterfind(".//sound"):
        sign.marks |= _sounded(sound)
        sign.names |= {name: sound.get(name) for name in _sounded(sound)}
    for direction in measure.findall("direction"):
        sign.marks |= _marks_of(direction)


def _marks_of(direction: etree._Element) -> set[str]:
    """The marks of a direction: of its <sound>, else of its print."""
    sounded = {name for sound in direction.iterfind("sound") for name in _MARKS if sound.get(name)}
    return {n for s in direction.iterfind("sound") for n in _sounded(s)} if sounded else _printed_marks(direction)


def _sounded(sound: etree._Element) -> set[str]:
    return {name for name in _MARKS if sound.get(name) not in (None, "no")}


def _printed_marks(direction: etree._Element) -> set[str]:
    """The marks of a direction that says in print, but not in <sound>, where to go."""
    words = " ".join(" ".join(each.text or "" for each in direction.iterfind("direction-type/words")).split())
    marks = {name for name, pattern in _MARKS.items() if re.match(pattern, words, re.IGNORECASE)}
    signs = {name for name in ("segno", "coda") if direction.find(f"direction-type/{name}") is not None}
    return marks or signs


def sends_elsewhere(direction: etree._Element) -> bool:
    """Whether a direction tells the player where to go on, or where to end."""
    sound = any(each.get(name) for each in direction.iterfind("sound") for name in _MARKS)
    return sound or bool(_printed_marks(direction))


def _integer(text: str | None) -> int:
    return int(text) if text and text.strip().isdigit() else 0
