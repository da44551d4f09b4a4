"""Repeats of a MusicXML document written out, measure by measure, before anything else reads it.

Working on whole measures keeps ties, fingers, voices and hands as they are, whatever the jump. Plain repeats, voltas,
da capo, dal segno, fine and coda are followed as a player follows them; after a da capo or dal segno each repeat is
played once, with its last volta. A dal segno goes to the last sign before it, to the coda leads the next one; where
the file names its signs, one of that name. A jump sees the divisions, key, metre, clefs and tempo that hold at its
target, and each time through its own verse (`lessons.files.verses`). Couplets after the end (`lessons.files.couplets`)
are not played.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from lessons.errors import FormatError
from lessons.files.couplets import end_of_music
from lessons.files.limits import BAR_LIMIT, NOTE_LIMIT
from lessons.files.repeat_signs import JUMPS, Signs, signs_of
from lessons.files.verses import sing_in_turn

_HELD = ("divisions", "key", "time", "clef")  # what a jump must set anew, in the order of <attributes>


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
        coda = self._coda(here) if self.leapt and "tocoda" in here.marks else None
        if self.leapt and "fine" in here.marks:
            self.at = len(self.signs)
        elif coda is not None:
            self.at = coda
        elif here.times and not self.leapt and turn < max(here.times, self.last_turns[self.at]):
            self.turn, self.at = turn + 1, self.start
        elif not self.leapt and here.marks & JUMPS:
            self.leapt, self.at = True, self._segno(here) if "dalsegno" in here.marks else 0
        else:
            self._pass(here)

    def _skip(self) -> None:
        closed = not self._next_volta()
        self.at += 1
        if closed:
            self.start, self.turn = self.at, 1

    def _pass(self, here: Signs) -> None:
        after = self._next_volta()
        closed = (here.times and self.turn not in after) or (here.volta and not after)
        self.at += 1
        if closed:
            self.start, self.turn = self.at, 1

    def _next_volta(self) -> frozenset[int]:
        """The times that the ending which the next measure belongs to is for; none where it belongs to none."""
        return self.signs[self.at + 1].volta if self.at + 1 < len(self.signs) else frozenset()

    def _segno(self, here: Signs) -> int:
        """Where a dal segno goes on: at the last sign (of its name) up to here, else at the first of all, else at 0."""
        places = self._places("segno", here.names.get("dalsegno"))
        return max((i for i in places if i <= self.at), default=places[0] if places else 0)

    def _coda(self, here: Signs) -> int | None:
        """Where a leap to the coda goes on: at the next one, of its name if any ahead has it."""
        return next((i for i in self._places("coda", here.names.get("tocoda"), self.at + 1)), None)

    def _places(self, mark: str, name: str | None, first: int = 0) -> list[int]:
        """The measures from ``first`` on that have a mark; those alone where it has that name, if there are any."""
        places = [i for i in range(first, len(self.signs)) if mark in self.signs[i].marks]
        return [i for i in places if self.signs[i].names.get(mark, "") == name] or places


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
    played = sections or [range(end_of_music(parts))]
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
