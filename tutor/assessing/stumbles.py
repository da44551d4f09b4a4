"""Stumbles: a short stretch that is played again at once, too short for the follower to believe in a jump.

The last beat or half a bar, struck again in order before the music goes on, is not a heap of notes that nobody wrote:
it is a new pass from there on, as after any restart. A stumble costs time; what is struck again in time is an added
note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.assessing.matching import Key, balance, match_pass
from tutor.assessing.passes import Pass, mean_period
from tutor.following.places import Places
from tutor.performance import Performance

FEWEST = 2  # notes of a stumble
BACK_PLACES = 16  # as far back as it may reach
REACH = 2  # places that it may move on with one note
PAUSE_SEC = 0.25  # between a slip and what is struck again; an ornament does not wait
LOST_SHARE, LOST_SEC = 0.5, 0.15  # of the time of the stretch is lost at the least


def with_stumbles(places: Places, passes: Sequence[Pass], performance: Performance, usual_period: float) -> list[Pass]:
    """The passes, each cut where a stretch of it was played again."""
    cut: list[Pass] = []
    for one in passes:
        rest = one
        for stray in _runs(one, performance, places):
            is_stray = rest.heard.get(stray[0]) == one.heard.get(stray[0])  # no key of a stumble before
            parts = _again(places, rest, stray, performance, usual_period) if is_stray else None
            if parts is not None:
                before, rest = parts
                cut.append(before)
        cut.append(rest)
    return cut


def _runs(one: Pass, performance: Performance, places: Places) -> list[list[int]]:
    """The notes of a pass that are none of its keys, those in a row together, where they come after a pause."""
    pitches, times = performance.notes["pitch"].tolist(), performance.notes["onset_sec"]
    runs: list[list[int]] = []
    for note in range(one.first_note, one.end_note):
        if note in one.heard and pitches[note] in places.bits[one.heard[note][0]]:
            continue
        if runs and runs[-1][-1] == note - 1:
            runs[-1].append(note)
        else:
            runs.append([note])
    return [run for run in runs if len(run) >= FEWEST and times[run[0]] - times[max(0, run[0] - 1)] >= PAUSE_SEC]


def _again(
    places: Places, one: Pass, stray: Sequence[int], performance: Performance, usual_period: float
) -> tuple[Pass, Pass] | None:
    """A pass before and from stray notes on, where these are its last keys again; None where they are not."""
    before = {note: key for note, key in one.heard.items() if note < stray[0]}
    last = max((place for place, _ in before.values()), default=-1)
    struck = list(enumerate(performance.notes["pitch"][stray[0] : one.end_note].tolist(), stray[0]))
    found = _in_order(places, struck, last)
    if found is None:
        return None
    again, onward = found
    left = (max(note for note, (place, _) in before.items() if place == last), last)
    period = mean_period(places, one, performance, usual_period)
    if not _stood_still(places, again, left, onward, performance, period):
        return None
    after = {note: key for note, key in one.heard.items() if note >= onward[0] and key[0] > last}
    head = replace(one, end_note=stray[0], last=last, search_last=last, heard=before, broken=True)
    first, reached = min(place for place, _ in again.values()), max(one.last, onward[1])
    tail = replace(one, first_note=stray[0], first=first, last=reached, heard=again | after)
    apart = sum(balance(match_pass(places, part, performance, usual_period)) for part in (head, tail))
    return (head, tail) if apart > balance(match_pass(places, one, performance, usual_period)) else None


def _stood_still(
    places: Places, again: dict[int, Key], left: Key, onward: Key, performance: Performance, period: float
) -> bool:
    """Whether time was lost between two notes (note, place) while the keys ``again`` were struck."""
    (note_left, place_left), (note_on, place_on) = left, onward
    stretch = [places.beats[place] for place, _ in again.values()]
    gap_sec = float(performance.notes["onset_sec"][note_on] - performance.notes["onset_sec"][note_left])
    lost = gap_sec - (places.beats[place_on] - places.beats[place_left]) * period
    return lost > max(LOST_SEC, LOST_SHARE * (max(stretch) - min(stretch)) * period)


def _in_order(places: Places, struck: Sequence[tuple[int, int]], last: int) -> tuple[dict[int, Key], Key] | None:
    """The keys up to place ``last`` that notes (note, pitch) strike again, in order until one goes on after them.

    With them that note, and its place. None where the notes do not lead there.
    """
    for first in range(last, max(-1, last - BACK_PLACES), -1):
        found = _from(places, struck, first, last)
        if found is not None and len(found[0]) >= FEWEST:
            return found
    return None


def _from(
    places: Places, struck: Sequence[tuple[int, int]], first: int, last: int
) -> tuple[dict[int, Key], Key] | None:
    """The same where the first note is struck at place ``first``."""
    again: dict[int, Key] = {}
    place = first
    for note, pitch in struck:
        ends = min(last, place + REACH) if again else first
        reach = (place, *range(place + 1, ends + 1), max(first, place - 1))
        keys = [(there, both & -both) for there in reach if (both := places.bits[there].get(pitch, 0))]
        key = next((key for key in keys if key not in again.values()), None)
        if key is None:
            onward = range(last + 1, min(places.count, last + 1 + REACH)) if place >= last - 1 else ()
            there = next((there for there in onward if pitch in places.bits[there]), None)
            return (again, (note, there)) if there is not None else None
        again[note], place = key, max(place, key[0])
    return None
