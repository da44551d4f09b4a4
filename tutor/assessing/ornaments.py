"""Ornaments: written ones are not asked for, and neither they nor a trill that is added are held against the player."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lessons.score import ORNAMENTS, Score
from tutor.assessing.matching import Matched
from tutor.following.places import NEIGHBOUR, Places
from tutor.following.trill import CHORD_SEC, STROKES, is_trill
from tutor.performance import Performance

BEFORE_SEC, AFTER_SEC = 0.35, 0.15  # an ornament may come before the beat, and its last note a little late
STROKE_SEC = 0.25  # the strokes of a trill follow each other within this


def without_ornaments(
    score: Score, performance: Performance, extra: NDArray[np.void], matched: Sequence[Matched]
) -> NDArray[np.void]:
    """The stray notes (EXTRA_DTYPE) but for those of the ornaments that are written where they were struck."""
    written = score.notes[score.marked_rows(ORNAMENTS)]
    if not len(written) or not len(extra):
        return extra
    kept = np.ones(len(extra), bool)
    for index, found in enumerate(matched):
        begins = found.curve.expected_at(written["onset_beat"].astype(float)) - BEFORE_SEC
        ends = found.curve.expected_at((written["onset_beat"] + written["duration_beat"]).astype(float)) + AFTER_SEC
        for place in np.flatnonzero(extra["pass_index"] == index).tolist():
            struck = performance.notes[extra["played"][place]]
            near = np.abs(written["pitch"] - struck["pitch"]) <= NEIGHBOUR
            kept[place] = not np.any(near & (struck["onset_sec"] > begins) & (struck["onset_sec"] < ends))
    return extra[kept]


def without_added_trills(
    places: Places, performance: Performance, extra: NDArray[np.void], matched: Sequence[Matched]
) -> NDArray[np.void]:
    """The stray notes (EXTRA_DTYPE) but for the strokes of trills that the player added to the page."""
    if not len(extra):
        return extra
    added = {note for found in matched for note in added_trills(places, performance, found)}
    return extra[[note not in added for note in extra["played"].tolist()]]


def added_trills(places: Places, performance: Performance, found: Matched) -> set[int]:
    """The stray notes of a pass that are strokes of a trill on a note that sounds there."""
    if len(found.extra) < STROKES // 2:
        return set()
    stray, times = set(found.extra), performance.notes["onset_sec"]
    first, end = min(stray | set(found.hits.values())), max(stray | set(found.hits.values())) + 1
    added: set[int] = set()
    for strokes, low, high in _alternations(performance, first, end):
        for note in stray.intersection(strokes):
            slot = int(np.searchsorted(found.curve.time_sec, times[note] + CHORD_SEC, side="right")) - 1
            place = places.at(float(found.curve.beat[max(0, slot)]))
            if is_trill(places, place, low, [high]):
                added.add(note)
    return added


def _alternations(performance: Performance, first: int, end: int) -> Iterator[tuple[list[int], int, int]]:
    """Notes ``first`` to before ``end`` that strike two neighbouring keys fast in turn: (notes, lower, higher key)."""
    notes_of: dict[int, list[int]] = defaultdict(list)
    for note in range(first, end):
        notes_of[int(performance.notes["pitch"][note])].append(note)
    for low, high in ((low, low + step) for low in notes_of for step in range(1, NEIGHBOUR + 1)):
        for strokes in _in_turn(performance, sorted(notes_of[low] + notes_of.get(high, []))):
            if len(strokes) >= STROKES:
                yield strokes, low, high


def _in_turn(performance: Performance, notes: Sequence[int]) -> Iterator[list[int]]:
    """Notes of two keys, cut where the keys do not change or the next stroke does not follow."""
    pitches, times = performance.notes["pitch"], performance.notes["onset_sec"]
    run: list[int] = []
    for note in notes:
        if run and (pitches[note] == pitches[run[-1]] or not CHORD_SEC < times[note] - times[run[-1]] < STROKE_SEC):
            yield run
            run = []
        run.append(note)
    yield run
