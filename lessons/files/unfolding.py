"""Repeats of a MusicXML document written out, measure by measure, before anything else reads it.

Working on whole measures keeps ties, fingers, voices and hands as they are, whatever the jump. Plain repeats, voltas,
da capo, dal segno, fine and coda are followed as a player follows them; after a da capo or dal segno each repeat is
played once, with its last volta. A dal segno goes to the last sign before it. A jump sees the divisions, key, metre,
clefs and tempo that hold at its target, and each time through its own verse (`lessons.files.verses`). Which bars an
ending spans is told by `lessons.files.voltas`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from lessons.errors import FormatError
from lessons.files.limits import BAR_LIMIT, NOTE_LIMIT
from lessons.files.verses import sing_in_turn
from lessons.files.voltas import MOST_TURNS, Volta, is_last, stopped, voltas_of

_MARKS = {  # the attributes of <sound>, and what the page prints for those that are words
    "segno": r"(?!)",
    "coda": r"coda$",
    "fine": r"fine\b",
    "tocoda": r"to coda\b",
    "dacapo": r"(d\. ?c\.|da capo)",
    "dalsegno": r"(d\. ?s\.|dal segno)",
}
_HELD = ("divisions", "key", "time", "clef")  # what a jump must set anew, in the order of <attributes>


@dataclass
class Signs:
    """What a measure says about where to go on."""

    forward: bool = False
    times: int = 0  # how often the passage that ends here is played; 0 without a backward repeat
    volta: frozenset[int] = frozenset()
    marks: set[str] = field(default_factory=set)  # segno, coda, fine, tocoda, dacapo, dalsegno


def unfolded_order(signs: list[Signs]) -> list[int]:
    """The order in which the measures are played. Raises FormatError where it never comes to an end."""
    walk = _Walk(signs)
    while walk.at < len(signs):
        if len(walk.order) >= BAR_LIMIT:
            raise FormatError(f"with its repeats the score is longer than {BAR_LIMIT} bars")
        walk.step()
    return walk.order


class _Walk:
    """A player going through the measures."""

    def __init__(self, signs: list[Signs]):
        self.signs = signs
        self.order: list[int] = []
        self.at = 0
        self.start = 0  # where the repeat that is open begins
        self.turn = 1  # which time it is played
        self.leapt = False
        self.last_turns = _last_turns(signs)

    def step(self) -> None:
        here = self.signs[self.at]
        if here.forward and self.start != self.at:
            self.start, self.turn = self.at, 1
        turn = self.last_turns[self.at] if self.leapt else self.turn
        if here.volta and turn not in here.volta:
            self._skip()
            return
        self.order.append(self.at)
        self._go_on(here, turn)

    def _go_on(self, here: Signs, turn: int) -> None:
        if self.leapt and "fine" in here.marks:
            self.at = len(self.signs)
        elif self.leapt and "tocoda" in here.marks and self._place("coda", after=self.at) is not None:
            self.at = self._place("coda", after=self.at) or 0
        elif here.times and not self.leapt and turn < max(here.times, self.last_turns[self.at]):
            self.turn, self.at = turn + 1, self.start
        elif not self.leapt and here.marks & {"dacapo", "dalsegno"}:
            self.leapt, self.at = True, self._segno() if "dalsegno" in here.marks else 0
        else:
            self._pass(here)

    def _skip(self) -> None:
        closed = not self._volta_follows()
        self.at += 1
        if closed:
            self.start, self.turn = self.at, 1

    def _pass(self, here: Signs) -> None:
        closed = here.times or (here.volta and not self._volta_follows())
        self.at += 1
        if closed:
            self.start, self.turn = self.at, 1

    def _volta_follows(self) -> bool:
        return self.at + 1 < len(self.signs) and bool(self.signs[self.at + 1].volta)

    def _segno(self) -> int:
        """Where a dal segno here goes on: at the last sign up to here, else at the first of all, else at the start."""
        places = [i for i, sign in enumerate(self.signs) if "segno" in sign.marks]
        return max((i for i in places if i <= self.at), default=places[0] if places else 0)

    def _place(self, mark: str, after: int) -> int | None:
        return next((i for i, sign in enumerate(self.signs) if i > after and mark in sign.marks), None)


def _last_turns(signs: list[Signs]) -> list[int]:
    """The number of the last volta of the group that each measure belongs to (1 outside voltas)."""
    turns, first = [1] * len(signs), 0
    while first < len(signs):
        last = first
        while last < len(signs) and signs[last].volta:
            last += 1
        turns[first:last] = [max((max(sign.volta) for sign in signs[first:last]), default=1)] * (last - first)
        first = max(last, first + 1)
    return turns


def unfold(document: etree._Element, sections: Sequence[range] = ()) -> list[int]:
    """Write the repeats of a score-partwise document out in place; returns the played order of its measures.

    ``sections``: the measures to play, one section after the other, each with its own repeats; none for all of them.
    """
    parts = document.findall("part")
    signs = signs_of(parts)
    played = sections or [range(len(signs))]
    order = [part.start + index for part in played for index in unfolded_order(signs[part.start : part.stop])]
    _check_length(parts, order)
    for part in parts:
        measures = part.findall("measure")
        if order != list(range(len(measures))):
            own = [i for i in order if i < len(measures)]
            _rewrite(part, measures, own)
            sing_in_turn(part.findall("measure"), own)
        for barline in part.findall("measure/barline"):
            for sign in barline.findall("repeat") + barline.findall("ending"):
                barline.remove(sign)
    return order


def _check_length(parts: list[etree._Element], order: list[int]) -> None:
    played = np.bincount(order)
    counts = [[len(measure.findall("note")) for measure in part.findall("measure")] for part in parts]
    if len(order) > BAR_LIMIT:
        raise FormatError(f"with its repeats the score is longer than {BAR_LIMIT} bars")
    if sum(int(played[: len(row)] @ row[: len(played)]) for row in counts) > NOTE_LIMIT:
        raise FormatError(f"has more than {NOTE_LIMIT} notes, repeats written out")


def _rewrite(part: etree._Element, measures: list[etree._Element], order: list[int]) -> None:
    states = _states(measures)
    for measure in measures:
        part.remove(measure)
    previous = -1
    for index in order:
        measure = deepcopy(measures[index])
        if index != previous + 1:
            for element in reversed(states[index]):
                measure.insert(0, deepcopy(element))
        part.append(measure)
        previous = index


def _states(measures: list[etree._Element]) -> list[list[etree._Element]]:
    """For each measure the elements that set what holds at its start: attributes and a tempo."""
    held: dict[tuple[str, str], etree._Element] = {}
    tempo: etree._Element | None = None
    states = []
    for measure in measures:
        attributes = etree.Element("attributes")
        attributes.extend(deepcopy(held[sign]) for sign in sorted(held, key=lambda sign: _HELD.index(sign[0])))
        states.append(([attributes] if len(attributes) else []) + ([] if tempo is None else [tempo]))
        for name in _HELD:
            for element in measure.findall(f"attributes/{name}"):
                held[name, element.get("number") or ""] = element
        for sound in measure.iterfind(".//sound[@tempo]"):
            tempo = etree.Element("sound", tempo=sound.get("tempo") or "")
    return states


def signs_of(parts: list[etree._Element]) -> list[Signs]:
    """The signs of each measure, gathered from all parts."""
    rows = [part.findall("measure") for part in parts]
    signs = [Signs() for _ in range(max(map(len, rows), default=0))]
    for measures in rows:
        for sign, measure in zip(signs, measures, strict=False):
            _read_signs(measure, sign)
    _tell_voltas(signs, voltas_of(rows))
    return signs


def _tell_voltas(signs: list[Signs], voltas: list[Volta]) -> None:
    """Put the endings on their measures; one left open that sends back, with music after it, is not the last time."""
    backward = [index for index, sign in enumerate(signs) if sign.times]
    forward = [index for index, sign in enumerate(signs) if sign.forward]
    told = stopped(voltas, backward, forward)
    for volta, written in zip(told, voltas, strict=True):
        stop = volta.start + volta.bars
        for sign in signs[volta.start : stop]:
            sign.volta = sign.volta or volta.turns
        goes_on = stop < len(signs) and not signs[stop].forward and is_last(told, volta)
        if written.stop is None and goes_on and signs[stop - 1].times:
            signs[stop - 1].times = max(signs[stop - 1].times, max(volta.turns) + 1)


def _read_signs(measure: etree._Element, sign: Signs) -> None:
    """Add a measure's signs to ``sign``, but for its ending."""
    for repeat in measure.findall("barline/repeat"):
        if repeat.get("direction") == "forward":
            sign.forward = True
        else:
            sign.times = max(2, min(MOST_TURNS, _integer(repeat.get("times"))))
    for sound in measure.iterfind(".//sound"):
        sign.marks |= {name for name in _MARKS if sound.get(name) not in (None, "no")}
    for direction in measure.findall("direction"):
        if not any(sound.get(name) for sound in direction.iterfind("sound") for name in _MARKS):
            sign.marks |= _printed_marks(direction)


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
