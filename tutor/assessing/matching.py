"""Which played note is which written note, exactly, inside one pass.

A note can only be the written note of its own pitch, so each pitch is aligned by itself: in order, with as many matches
as possible and then as near in time as possible to the pass's tempo curve. What is left is paired by nearness: a stray
note close to a written note that nobody played was meant for it (*wrong*).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tutor.assessing.curve import TempoCurve, in_middle_beats, tempo_curve
from tutor.assessing.passes import Pass
from tutor.following.places import Places
from tutor.performance import Performance

TOLERANCE_BEATS, LEAST_SEC, MOST_SEC = 0.75, 0.25, 1.0  # how far from its due time a note may be and still be meant
GRACE_SEC = 1.5
WRONG_SHARE = 0.5  # of that tolerance, for a wrong pitch
HEARD_SHARE = 0.3  # of its distance counts where the follower took the note for this very key
LEAST_SPREAD, MOST_SPREAD, SPREAD_SHARE = 0.05, 0.15, 2.2  # how far apart this player strikes the notes of a chord
HEARD_REACH = 2.5  # times what is allowed for a wrong pitch, where the follower took it for that very key
PITCH_COST = 0.08  # for each semitone off
WRONG_REACH = 5  # semitones, and the octave; a little more where the follower took it for that key

Key = tuple[int, int]  # (place, bit): one key to be struck


@dataclass(frozen=True, eq=False)
class Matched:
    """What a pass came to: played note for each key that was struck, rightly or wrongly; the rest missed or extra."""

    curve: TempoCurve
    hits: dict[Key, int]
    wrong: dict[Key, int]
    missed: tuple[Key, ...]
    extra: tuple[int, ...]


def match_pass(places: Places, one: Pass, performance: Performance, usual_period: float) -> Matched:
    """Align the notes of a pass with its keys."""
    one = _to_its_end(places, one)
    times, pitches = performance.notes["onset_sec"], performance.notes["pitch"]
    curve = _curve(places, one, times, usual_period)
    keys = [
        (place, 1 << slot) for place in range(one.first, one.search_last + 1) for slot in range(len(places.rows[place]))
    ]
    due = dict(zip(keys, curve.expected_at(np.array([places.beats[place] for place, _ in keys])).tolist(), strict=True))
    slack = _slack(places, curve, one)
    heard = {note: key for note, key in one.heard.items() if pitches[note] in places.bits[key[0]]}
    hits: dict[Key, int] = {}
    by_pitch = _keys_by_pitch(places, keys)
    notes_of: dict[int, list[int]] = defaultdict(list)
    for note in range(one.first_note, one.end_note):
        notes_of[int(pitches[note])].append(note)
    for pitch, notes in notes_of.items():
        wanted = by_pitch.get(pitch)
        if wanted:
            hits |= _align(notes, wanted, [float(times[note]) for note in notes], due, slack, heard)
    struck = set(hits.values())
    stray = [note for note in range(one.first_note, one.end_note) if note not in struck]
    open_keys = [key for key in keys if key not in hits]
    wrong = _wrong(places, stray, open_keys, times.tolist(), pitches.tolist(), due, slack, one, hits)
    meant = set(wrong.values())
    reached = max([one.last, *(place for place, _ in hits)])
    missed = tuple(
        key for key in open_keys if key not in wrong and key[0] <= reached and not _unfinished(places, one, key, hits)
    )
    return Matched(curve, hits, wrong, missed, tuple(note for note in stray if note not in meant))


def _to_its_end(places: Places, one: Pass) -> Pass:
    """The pass with as many places more as it has notes left: the last may be taken for an ornament before them."""
    if one.broken or not one.heard:
        return one
    left = one.end_note - 1 - max(one.heard)
    return replace(one, search_last=max(one.search_last, min(places.count - 1, one.last + left)))


def balance(found: Matched) -> int:
    """How many notes speak for a pass, less those that speak against it."""
    return len(found.hits) - len(found.wrong) - len(found.missed) - len(found.extra)


def _curve(places: Places, one: Pass, times: np.ndarray, usual_period: float) -> TempoCurve:
    struck: dict[int, list[float]] = defaultdict(list)
    for note, (place, bit) in one.heard.items():
        if not bit & places.grace_bits[place]:
            struck[place].append(float(times[note]))
    if not struck:
        struck[one.first] = [float(times[one.first_note])]
    order = sorted(struck)
    beats = np.array([places.beats[place] for place in order])
    at = np.array([float(np.median(struck[place])) for place in order])
    written = in_middle_beats(beats, [places.written_sec[place] for place in order])
    stops = [False, *(places.may_stop(*both) for both in pairwise(order))]
    return tempo_curve(beats, at, usual_period, written, np.array(stops))


def _slack(places: Places, curve: TempoCurve, one: Pass) -> list[float]:
    """How far from its due time a note may be, for each place from the pass's first on."""
    beats = np.array(places.beats[one.first : one.search_last + 1])
    slack = np.clip(TOLERANCE_BEATS * curve.period_at(beats), LEAST_SEC, MOST_SEC)
    graced = np.array([bool(places.grace_bits[place]) for place in range(one.first, one.search_last + 1)])
    allowed: list[float] = np.where(graced, GRACE_SEC, slack).tolist()
    return [0.0] * one.first + allowed


def _keys_by_pitch(places: Places, keys: list[Key]) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = defaultdict(list)
    by_place: dict[Key, int] = {}
    for place in {place for place, _ in keys}:
        for pitch, bits in places.bits[place].items():
            for slot in range(bits.bit_length()):
                if bits >> slot & 1:
                    by_place[place, 1 << slot] = pitch
    for key in keys:
        found[by_place[key]].append(key)
    return found


def _align(
    notes: list[int],
    keys: list[Key],
    times: list[float],
    due: dict[Key, float],
    slack: list[float],
    heard: dict[int, Key],
) -> dict[Key, int]:
    """The best monotone matching of notes and keys of one pitch: most matches, then nearest in time."""
    rows, columns = len(notes), len(keys)
    cost = [[float(column) for column in range(columns + 1)]]
    for row in range(rows):
        before, line = cost[-1], [row + 1.0]
        said = heard.get(notes[row])
        for column, key in enumerate(keys):
            away = abs(times[row] - due[key]) / slack[key[0]]
            if said == key:
                away = min(0.5, HEARD_SHARE * away)
            best = min(before[column + 1], line[column]) + 1.0
            line.append(min(best, before[column] + away) if away < 1.0 else best)
        cost.append(line)
    return _traced(notes, keys, cost)


def _traced(notes: list[int], keys: list[Key], cost: list[list[float]]) -> dict[Key, int]:
    row, column, found = len(notes), len(keys), {}
    while row and column:
        here = cost[row][column]
        if here == cost[row - 1][column] + 1.0:
            row -= 1
        elif here == cost[row][column - 1] + 1.0:
            column -= 1
        else:
            row, column = row - 1, column - 1
            found[keys[column]] = notes[row]
    return found


def _wrong(
    places: Places,
    stray: list[int],
    open_keys: list[Key],
    times: list[float],
    pitches: list[int],
    due: dict[Key, float],
    slack: list[float],
    one: Pass,
    hits: dict[Key, int],
) -> dict[Key, int]:
    """Pair stray notes with keys that nobody struck, the nearest pairs first."""
    by_place: dict[Key, int] = {}
    for pitch, keys in _keys_by_pitch(places, open_keys).items():
        by_place |= dict.fromkeys(keys, pitch)
    beside: dict[int, list[float]] = defaultdict(list)
    for (place, _), note in hits.items():
        beside[place].append(times[note])
    spread = _spread(list(beside.values()))
    order = sorted(open_keys, key=lambda key: due[key])
    due_times = np.array([due[key] for key in order])
    pairs = []
    for note in stray:
        low, high = np.searchsorted(due_times, [times[note] - MOST_SEC, times[note] + MOST_SEC])
        for key in order[int(low) : int(high)]:
            steps = abs(pitches[note] - by_place[key])
            said = one.heard.get(note) == key
            away = _apart(times[note], key, due, slack, beside, spread)
            near = away < (HEARD_REACH if said else 1.0)
            if steps and near and (steps <= WRONG_REACH + 2 * said or steps == 12):
                pairs.append((away + PITCH_COST * min(steps, 5) - 0.3 * said, note, key))
    found: dict[Key, int] = {}
    used: set[int] = set()
    for _, note, key in sorted(pairs):
        if note not in used and key not in found:
            used.add(note)
            found[key] = note
    return found


def _apart(
    time: float, key: Key, due: dict[Key, float], slack: list[float], beside: dict[int, list[float]], spread: float
) -> float:
    """How far a stray note is from the moment of a key, as a share of what is allowed.

    Where other notes of the chord were struck they say when that was; else the tempo does, more loosely.
    """
    struck = beside.get(key[0])
    if not struck:
        return abs(time - due[key]) / (slack[key[0]] * WRONG_SHARE)
    return abs(time - float(np.median(struck))) / spread


def _spread(chords: list[list[float]]) -> float:
    """How far from the middle of a chord this player strikes most of its notes."""
    away = [abs(time - float(np.median(chord))) for chord in chords if len(chord) > 1 for time in chord]
    usual = SPREAD_SHARE * float(np.quantile(away, 0.9)) if away else 0.0
    return min(MOST_SPREAD, max(LEAST_SPREAD, usual))


def _unfinished(places: Places, one: Pass, key: Key, hits: dict[Key, int]) -> bool:
    """Whether a key belongs to a chord that the player broke off."""
    return (
        one.broken
        and key[0] == one.last
        and sum(place == one.last for place, _ in hits) * 2 <= len(places.rows[one.last])
    )
