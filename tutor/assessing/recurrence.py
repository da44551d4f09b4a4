"""Music that comes again: of all places where a stretch of a take could be, the one that asks for the shortest jumps.

Where bars 5 and 6 are the music of bars 1 and 2, a restart at bar 5 and one at bar 1 sound alike, and only what follows
tells them apart. A stretch is a pass, or a part of one on either side of notes that were passed over. It may lie
wherever the same keys are written in the same rhythm; together the stretches lie so that what is jumped over between
them, forward or back, is least. The first and the last stay: a take begins where it was begun, and it leads to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tutor.assessing.passes import SHORTEST, Pass
from tutor.following.places import Places
from tutor.performance import Performance

SAME_BEATS = 1e-3
AHEAD = 0.5  # places more for a jump ahead: who stumbles goes back


@dataclass(frozen=True, slots=True)
class Stretch:
    """A pass or a part of one; ``goes_on`` says that its pass began before, ``moved`` by how many places."""

    heard: Pass
    goes_on: bool
    moved: int = 0


def placed_by_what_follows(places: Places, passes: Sequence[Pass], performance: Performance) -> list[Pass]:
    """The passes, each where the jumps to it and from it are shortest."""
    stretches = [stretch for one in passes for stretch in _parts(one)]
    if len(stretches) < 3:
        return list(passes)
    choices = [[stretch, *_elsewhere(places, stretch, performance)] for stretch in stretches[1:-1]]
    return _rejoined(_nearest([stretches[:1], *choices, stretches[-1:]]))


def placed_within(
    places: Places, passes: Sequence[Pass], performance: Performance, span: tuple[float, float]
) -> list[Pass]:
    """The passes, each in the passage (beats) that was practised, where the same music is written there too."""
    return [_within(places, one, performance, span) for one in passes]


def _within(places: Places, one: Pass, performance: Performance, span: tuple[float, float]) -> Pass:
    if _lies_in(places, one, span):
        return one
    others = (stretch.heard for stretch in _elsewhere(places, Stretch(one, False), performance))
    return next((other for other in others if _lies_in(places, other, span)), one)


def _lies_in(places: Places, one: Pass, span: tuple[float, float]) -> bool:
    return span[0] <= places.beats[one.first] and places.beats[one.last] < span[1]


def _parts(one: Pass) -> list[Stretch]:
    """A pass in its parts, where `SHORTEST` places or more in a row were passed over."""
    reached = sorted({place for place, _ in one.heard.values()})
    ends = [before for before, after in pairwise(reached) if after - before > SHORTEST]
    parts: list[Stretch] = []
    for end in ends:
        after = min(note for note, (place, _) in one.heard.items() if place > end)
        if any(place > end for note, (place, _) in one.heard.items() if note < after) or any(
            place <= end for note, (place, _) in one.heard.items() if note >= after
        ):
            continue
        head, one = _cut(one, after, end)
        parts.append(Stretch(head, bool(parts)))
    return [*parts, Stretch(one, bool(parts))]


def _cut(one: Pass, note: int, end: int) -> tuple[Pass, Pass]:
    """A pass before and from a note on; the first part ends at place ``end``."""
    before = {heard: key for heard, key in one.heard.items() if heard < note}
    after = {heard: key for heard, key in one.heard.items() if heard >= note}
    head = replace(one, end_note=note, last=end, search_last=end, heard=before, broken=True)
    return head, replace(one, first_note=note, first=min(place for place, _ in after.values()), heard=after)


def _elsewhere(places: Places, stretch: Stretch, performance: Performance) -> list[Stretch]:
    """A stretch as it would be wherever else the same keys are written in the same rhythm."""
    one, pitches = stretch.heard, performance.notes["pitch"]
    place, pitch = next(
        ((place, int(pitches[note])) for note, (place, _) in one.heard.items() if pitches[note] in places.bits[place]),
        (0, -1),
    )
    found = []
    for other in places.where.get(pitch, ()):
        moved = _moved(places, one, other - place, pitches.tolist()) if other != place else None
        if moved is not None:
            found.append(Stretch(moved, stretch.goes_on, other - place))
    return found


def _moved(places: Places, one: Pass, away: int, pitches: list[int]) -> Pass | None:
    """A pass some places away; None where other keys are written there, or another rhythm."""
    if not (one.first + away >= 0 and one.last + away < places.count):
        return None
    begins = places.beats[one.first + away] - places.beats[one.first]
    heard = {}
    for note, (place, bit) in one.heard.items():
        there = places.bits[place + away].get(pitches[note], 0)
        right = pitches[note] in places.bits[place]
        if abs(places.beats[place + away] - places.beats[place] - begins) > SAME_BEATS or (right and not there):
            return None
        if there or bit <= places.full[place + away]:
            heard[note] = (place + away, there & -there or bit)
    search_last = min(one.search_last + away, places.count - 1)
    return replace(one, first=one.first + away, last=one.last + away, search_last=search_last, heard=heard)


def _nearest(choices: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """One stretch of each choice, so that the jumps between them are shortest; where it is, if others are no nearer."""
    paths = [(0.0, [stretch]) for stretch in choices[0]]
    for stretches in choices[1:]:
        paths = [
            min(
                ((cost + _jump(path[-1].heard, one.heard), [*path, one]) for cost, path in paths),
                key=lambda path: path[0],
            )
            for one in stretches
        ]
    return min(paths, key=lambda path: path[0])[1]


def _jump(before: Pass, after: Pass) -> float:
    away = after.first - before.last - 1
    return abs(away) + AHEAD * (away > 0)


def _rejoined(stretches: Sequence[Stretch]) -> list[Pass]:
    """The passes again: parts that were not moved apart are one, and so are those that follow each other now."""
    passes: list[Pass] = []
    moved = 0
    for stretch in stretches:
        one = stretch.heard
        if stretch.goes_on and (stretch.moved == moved or one.first == passes[-1].last + 1):
            before = passes[-1]
            passes[-1] = replace(one, first_note=before.first_note, first=before.first, heard=before.heard | one.heard)
        else:
            passes.append(one)
        moved = stretch.moved
    return passes
