"""Ways through a score that leave out repeats: what the page lets a player pass over.

From the end of a bar the page leads on where its repeat would have led on in the end, or to what is printed next. A
take is held against all these ways at once: the best path of all never goes back, and leaps over a repeat at no cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from lessons.timing import TempoMap
from tutor.assessing.curve import Floats
from tutor.assessing.followed import followed
from tutor.assessing.passes import Pass
from tutor.assessing.straight import path_gains, path_of
from tutor.following.places import Places
from tutor.performance import Performance

NEAR = 1e-6  # beats

Seam = tuple[int, int]  # the last place before a repeat that may be left out, and the first one after it


def seams_of(score: Score, places: Places) -> tuple[Seam, ...]:
    """Where the page lets a player leave out a repeat, in order."""
    written = score.bars["written"].tolist()
    found = set()
    for before, after in _leaps(written):
        last = int(np.searchsorted(places.bar_of, before, side="right")) - 1
        first = int(np.searchsorted(places.bar_of, after))
        if 0 <= last < first - 1 and first < places.count:
            found.add((last, first))
    return tuple(sorted(found))


def _leaps(written: Sequence[int]) -> list[tuple[int, int]]:
    """The rows of two bars that follow each other where a repeat is left out, by the printed numbers of all bars."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(written):
        rows[number].append(row)
    found = []
    for row, (here, onward) in enumerate(pairwise(written)):
        again = [other + 1 for other in rows[here] if other > row and other + 1 < len(written)]
        found += [(row, other) for other in again if written[other] != onward]
        if onward != here + 1:  # the page leads back from here: a first ending may lead straight on
            found += [(row, other) for other in rows.get(here + 1, ()) if other > row + 1]
    return found


def shortened(
    score: Score, places: Places, seams: Sequence[Seam], performance: Performance, hands: int | None
) -> list[Pass]:
    """The take as passes along the best way that leaves repeats out; none where it leaves none out.

    The way is closed up to a score of its own, so that a player who stumbles on it is heard as on any other.
    """
    gains = path_gains(places, performance) if seams else None
    if gains is None:
        return []
    path = path_of(gains, np.array([len(rows) for rows in places.rows], float), seams).tolist()
    used = [seam for left, come in pairwise(path) if (seam := _seam_between(seams, left, come)) is not None]
    if not used:
        return []
    closed, onsets = _closed_up(score, places, used)
    _, passes = followed(closed, performance, hands)
    return [part for one in passes for part in _cut(one, np.searchsorted(places.beats, onsets - NEAR).tolist())]


def _seam_between(seams: Sequence[Seam], left: int, come: int) -> Seam | None:
    """The seam over which a path goes from place to place, that with the least missed around it."""
    over = [seam for seam in seams if left <= seam[0] and seam[1] <= come]
    return min(over, key=lambda seam: seam[0] - left + come - seam[1], default=None)


def _closed_up(score: Score, places: Places, seams: Sequence[Seam]) -> tuple[Score, Floats]:
    """The score without what lies within seams; with where each of its onsets really is, in beats."""
    rows = np.arange(len(score.bars))
    for last, first in seams:
        rows = rows[(rows <= places.bar_of[last]) | (rows >= places.bar_of[first])]
    bars = score.bars[rows].copy()
    begins, ends = bars["start_beat"].copy(), bars["end_beat"].copy()
    bars["end_beat"] = begins[0] + np.cumsum(ends - begins)
    bars["start_beat"] = bars["end_beat"] - (ends - begins)
    bars["number"] = np.arange(len(bars)) + bars["number"][0]

    def moved(events: NDArray[np.void]) -> NDArray[np.void]:
        slots = np.clip(np.searchsorted(begins, events["onset_beat"] + NEAR, side="right") - 1, 0, None)
        inside = (events["onset_beat"] < ends[slots] - NEAR) | (slots == len(bars) - 1)
        kept: NDArray[np.void] = events[inside].copy()
        slots = slots[inside]
        kept["onset_beat"] += (bars["start_beat"] - begins)[slots]
        return kept

    tempo = TempoMap.of(list(zip(bars["start_beat"].tolist(), map(score.tempo.bpm_at, begins.tolist()), strict=True)))
    closed: Score = replace(
        score, notes=moved(score.notes), bars=bars, labels=(), marks=moved(score.marks), tempo=tempo
    )
    slots = np.clip(np.searchsorted(bars["start_beat"], closed.onset_beats + NEAR, side="right") - 1, 0, None)
    return closed, closed.onset_beats - (bars["start_beat"] - begins)[slots]


def _cut(one: Pass, where: Sequence[int]) -> list[Pass]:
    """A pass of a closed-up score in the places where its own really are, cut where the way leaves something out."""
    parts: list[Pass] = []
    for after in [place + 1 for place in range(one.first, one.last) if where[place + 1] != where[place] + 1]:
        cut = min((note for note, (place, _) in one.heard.items() if place >= after), default=one.end_note)
        before = {note: key for note, key in one.heard.items() if note < cut}
        onward = {note: key for note, key in one.heard.items() if note >= cut}
        if not before or not onward:
            continue
        head = replace(one, end_note=cut, last=after - 1, search_last=after - 1, heard=before, broken=False)
        parts.append(head)
        one = replace(one, first_note=cut, first=after, heard=onward)
    return [_in_place(part, where) for part in [*parts, one]]


def _in_place(one: Pass, where: Sequence[int]) -> Pass:
    heard = {note: (where[place], bit) for note, (place, bit) in one.heard.items()}
    first, last, search_last = (where[place] for place in (one.first, one.last, one.search_last))
    return replace(one, first=first, last=last, search_last=search_last, heard=heard)
