"""A take as one pass straight through the score, whatever the live follower made of it.

Where a score repeats itself and much of a take is wrong, a follower that hears note after note may believe in a jump to
the repeat. Seen as a whole, one way through explains more. It is the best path of all, never going back: a note in its
place counts for it, a note out of place and a written note passed over count against it. A second look asks that notes
come about when the tempo of the first says that they were due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.assessing.curve import TempoCurve, in_middle_beats, tempo_curve
from tutor.assessing.passes import Pass
from tutor.following.places import Places
from tutor.performance import Performance

STRAY_COST, SKIP_COST = 0.4, 0.4
DUE_BEATS, DUE_LEAST_SEC, DUE_MOST_SEC = 0.75, 0.25, 1.0
LARGEST = 4_000_000  # notes times places, beyond which nothing is tried
FEWEST = 8
AROUND = 8  # anchors on each side that vouch for one

Floats = NDArray[np.float64]


def straight_pass(places: Places, performance: Performance, usual_period: float) -> Pass | None:
    """The whole take as one pass; None where it is too short, too long or has nothing of the score."""
    notes, gains = performance.notes, path_gains(places, performance)
    if gains is None:
        return None
    keys = np.array([len(rows) for rows in places.rows], float)
    heard = _heard(places, performance, path_of(gains, keys))
    if len(heard) < FEWEST:
        return None
    curve = _curve(places, heard, notes["onset_sec"], usual_period)
    beats = np.array(places.beats)
    slack = np.clip(DUE_BEATS * curve.period_at(beats), DUE_LEAST_SEC, DUE_MOST_SEC)
    away = np.abs(notes["onset_sec"][:, None] - curve.expected_at(beats)) / slack
    heard = _heard(places, performance, path_of(np.where(away < 1, gains - 0.5 * away, -STRAY_COST - away), keys))
    if not heard:
        return None
    reached = np.array([place for place, _ in heard.values()])
    due = _curve(places, heard, notes["onset_sec"], usual_period).expected_at(beats)
    sounded = np.flatnonzero(
        (due > notes["onset_sec"].min() - DUE_LEAST_SEC) & (due < notes["onset_sec"].max() + DUE_LEAST_SEC)
    )
    first, last = int(min(reached.min(), *sounded)), int(max(reached.max(), *sounded))
    return Pass(0, len(notes), first, last, last, heard, broken=False)


def path_gains(places: Places, performance: Performance) -> Floats | None:
    """What each note would be worth at each place, (notes, places); None where a take is too short or too long."""
    notes, count = performance.notes, places.count
    if len(notes) < FEWEST or not count or len(notes) * count > LARGEST:
        return None
    fits = np.zeros((128, count), bool)
    for pitch, where in places.where.items():
        fits[pitch, where] = True
    gains: Floats = np.where(fits[notes["pitch"]], 1.0, -STRAY_COST)
    return gains


def path_of(gains: Floats, keys: Floats, seams: Sequence[tuple[int, int]] = ()) -> NDArray[np.intp]:
    """The best place of each note, never going back. ``gains`` has shape (notes, places).

    From the first place of a seam to its second nothing is passed over. Where there are seams, nor is what comes after
    the last note.
    """
    before = SKIP_COST * np.concatenate([[0.0], np.cumsum(keys)])  # the cost of all keys before a place
    total = gains[0] - before[:-1]
    count = len(keys)
    came = np.zeros(gains.shape, np.int32)
    for note in range(1, len(gains)):
        left = total + before[1:]  # leaving a place for a later one: what is between is passed over
        best, where = _best_so_far(left, np.arange(count))
        for end, begin in seams:
            leapt = best[end] - before[end + 1] + before[begin]
            if leapt > best[begin - 1]:
                later, came_from = best[begin - 1 :].copy(), where[begin - 1 :].copy()
                later[0], came_from[0] = leapt, where[end]
                best[begin - 1 :], where[begin - 1 :] = _best_so_far(later, came_from)
        moved = np.concatenate([[-np.inf], best[:-1]]) - before[:-1]
        stays = total >= moved
        came[note] = np.where(stays, np.arange(count), np.concatenate([[0], where[:-1]]))
        total = gains[note] + np.where(stays, total, moved)
    path = np.zeros(len(gains), np.intp)
    path[-1] = int(np.argmax(total if seams else total - (before[-1] - before[1:])))
    for note in range(len(gains) - 1, 0, -1):
        path[note - 1] = came[note, path[note]]
    return path


def _best_so_far(values: Floats, places: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp]]:
    """The highest value up to each place, and the place that it came from."""
    best = np.maximum.accumulate(values)
    slots = np.maximum.accumulate(np.where(values >= best, np.arange(len(values)), 0))
    return best, places[slots]


def _heard(places: Places, performance: Performance, path: NDArray[np.intp]) -> dict[int, tuple[int, int]]:
    """The place and bit of each note that is one of the keys at its place, each key once."""
    used: dict[int, int] = defaultdict(int)
    heard: dict[int, tuple[int, int]] = {}
    for note, (place, pitch) in enumerate(zip(path.tolist(), performance.notes["pitch"].tolist(), strict=True)):
        free = places.bits[place].get(pitch, 0) & ~used[place]
        if free:
            bit = free & -free
            used[place] |= bit
            heard[note] = (place, bit)
    return heard


def _curve(places: Places, heard: dict[int, tuple[int, int]], times: Floats, usual_period: float) -> TempoCurve:
    """The tempo through the places heard, but for those that their neighbours contradict."""
    struck: dict[int, list[float]] = defaultdict(list)
    for note, (place, _) in heard.items():
        struck[place].append(float(times[note]))
    order = sorted(struck)
    beats = np.array([places.beats[place] for place in order])
    at = np.array([float(np.median(struck[place])) for place in order])
    kept = [slot for slot in range(len(order)) if _vouched_for(slot, beats, at)] or list(range(len(order)))
    written = in_middle_beats(beats[kept], [places.written_sec[order[slot]] for slot in kept])
    return tempo_curve(beats[kept], at[kept], usual_period, written)


def _vouched_for(slot: int, beats: Floats, at: Floats) -> bool:
    """Whether a place lies near the line through its neighbours (Theil and Sen's)."""
    near = np.array(
        [other for other in range(max(0, slot - AROUND), min(len(beats), slot + AROUND + 1)) if other != slot]
    )
    if len(near) < 4:
        return True
    apart = beats[near][:, None] - beats[near]
    later = apart > 0
    slope = float(np.median((at[near][:, None] - at[near])[later] / apart[later]))
    rest = at[near] - slope * (beats[near] - beats[slot])
    return bool(abs(at[slot] - np.median(rest)) < max(DUE_LEAST_SEC, DUE_BEATS * slope))
