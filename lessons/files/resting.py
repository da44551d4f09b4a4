"""Which rests of a bar are printed.

A score keeps notes alone, so a rest is the time between those of a voice. Printed are all rests of the voice that leads
a staff in a bar. Of a voice beside it, those that carry its rhythm are: between its notes, and up to a beat before its
first. More than that before it, and all after its last note, says only that the voice is away. A voice that lives on
another staff brings no rests along and leaves none at home, nor do notes that another voice had no room for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.files.measure_elements import ticks_of
from lessons.files.notation import BEAT, Item

_GUEST_SHARE = 0.2  # a voice with less of its notes on a staff lives on another
_HAIR_BEATS = 1e-3


class Resting:
    """The rests of one score's notes."""

    def __init__(self, notes: NDArray[np.void]):
        self._names = notes["voice"].tolist()
        self._guests = {int(hand): _guests(notes, int(hand)) for hand in np.unique(notes["hand"])}
        visiting = [name in self._guests[hand] for hand, name in notes[["hand", "voice"]].tolist()]
        self._visits = notes[np.array(visiting, dtype=np.bool_)]

    def hide(self, hand: int, voices: Mapping[int, list[Item]]) -> dict[int, list[Item]]:
        """The written items of a staff's voices in a bar, by number, with those rests hidden that say nothing."""
        names = {number: self._named(items) for number, items in voices.items()}
        guests = {number for number in voices if names[number] <= self._guests.get(hand, set())}
        leader = min(voices.keys() - guests or voices)
        out, before = {}, set[int]()
        for number, items in voices.items():
            bare = number in guests or not names[number].isdisjoint(before)
            seen = items if number == leader else _bare(items) if bare else _beside(items)
            out[number] = seen if number in guests else self._at_home(seen, names[number])
            before |= names[number]
        return out

    def _named(self, items: list[Item]) -> set[int]:
        return {self._names[row] for item in items for row in item.notes}

    def _at_home(self, items: list[Item], names: set[int]) -> list[Item]:
        """The items without the rests in which their voice is on another staff."""
        visits = self._visits[np.isin(self._visits["voice"], list(names))]
        begin, end = ticks_of(visits["onset_beat"]), ticks_of(visits["onset_beat"] + visits["duration_beat"])
        away = [bool(np.any((begin < item.end) & (end > item.start))) for item in items]
        return [_bare([item])[0] if gone else item for item, gone in zip(items, away, strict=True)]


def _guests(notes: NDArray[np.void], hand: int) -> set[int]:
    """The voices that come to a hand's staff from another; a number that two hands use at once names no such voice."""
    found = set()
    for name in np.unique(notes["voice"]).tolist():
        voice = notes[notes["voice"] == name]
        here, there = voice[voice["hand"] == hand], voice[voice["hand"] != hand]
        if len(here) < _GUEST_SHARE * len(voice) and not (_enters(here, there) or _enters(there, here)):
            found.add(name)
    return found


def _enters(notes: NDArray[np.void], others: NDArray[np.void]) -> bool:
    """Whether a note begins while one of the others goes on."""
    onsets, begin = np.sort(notes["onset_beat"]), others["onset_beat"]
    first = np.searchsorted(onsets, begin + _HAIR_BEATS)
    return bool(np.any(first < np.searchsorted(onsets, begin + others["duration_beat"] - _HAIR_BEATS)))


def _bare(items: list[Item]) -> list[Item]:
    return [item if item.notes else replace(item, hidden=True) for item in items]


def _beside(items: list[Item]) -> list[Item]:
    sounding = [place for place, item in enumerate(items) if item.notes]
    first, end = (sounding[0], sounding[-1] + 1) if sounding else (0, 0)
    seen = 0 if first and items[first].start - items[0].start <= BEAT else first
    return _bare(items[:seen]) + items[seen:end] + _bare(items[end:])
