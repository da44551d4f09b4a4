"""Ties of which a file says one end only: some programs never write where a tie stops.

A tie joins two notes of one key that abut. Where one of them says that it is tied to the other, both say so in the end;
a tie that leads nowhere stays as it is, and so does one that has both its ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from lessons.files.placed_notes import Placed, number_in, placed_in

START, STOP = "start", "stop"
_PLACES = 6  # decimals of a quarter in which two notes abut
_Spot = tuple[float, tuple[str | None, ...]]  # when, in quarters of the part, and which key


def settle_ties(document: etree._Element) -> None:
    """Give each tie that has one end the other one, where there is a note for it."""
    for part in document.findall("part"):
        if part.find("measure/note/tie") is not None:
            _settle(part)


def _settle(part: etree._Element) -> None:
    timed = list(_timed(part))
    tied = [(_ends(placed.note), begins, ends) for placed, begins, ends in timed]
    moments = {begins for said, begins, _ in tied if STOP in said} | {ends for said, _, ends in tied if START in said}
    starting, ending = defaultdict[_Spot, list[Placed]](list), defaultdict[_Spot, list[Placed]](list)
    for placed, begins, ends in timed:
        if begins in moments:
            starting[begins, placed.key].append(placed)
        if ends in moments:
            ending[ends, placed.key].append(placed)
    for spot in starting.keys() & ending.keys():
        _complete(ending[spot], starting[spot], START, STOP)
        _complete(starting[spot], ending[spot], STOP, START)


def _timed(part: etree._Element) -> Iterator[tuple[Placed, float, float]]:
    """The sounding notes of a part, each with its beginning and its end in quarters; a bar lasts as it is filled."""
    bar, divisions = 0.0, 1.0
    for measure in part.findall("measure"):
        divisions = number_in(measure, "attributes/divisions") or divisions
        placed = list(placed_in(measure))
        for each in placed:
            if each.sounds and not each.grace:
                begins, ends = bar + each.start / divisions, bar + each.end / divisions
                yield each, round(begins, _PLACES), round(ends, _PLACES)
        bar += max((each.end for each in placed), default=0.0) / divisions


def _complete(said: list[Placed], other: list[Placed], end: str, missing: str) -> None:
    """Where one of the ``said`` has this end of a tie and none of the ``other`` has the missing one, give it to one."""
    tied = [each for each in said if end in _ends(each.note)]
    if not tied or any(missing in _ends(each.note) for each in other):
        return
    voices = {(each.staff, each.voice) for each in tied}
    chosen = next((each for each in other if (each.staff, each.voice) in voices), other[0]).note
    duration, tie = chosen.find("duration"), etree.Element("tie", type=missing)
    chosen.append(tie) if duration is None else duration.addnext(tie)


def _ends(note: etree._Element) -> list[str | None]:
    """What a note has of ties; of <tie>, which is what sounds: a <tied> is what the page shows."""
    return [tie.get("type") for tie in note.findall("tie")]
