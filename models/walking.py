"""A walking bass: a key on every beat, that steps from the root of one chord to the root of the next.

The best path through the beats: roots where chords begin, tones of the chord or steps of the key between them, and a
step, of the key or a semitone, into the next root. It keeps below the tune.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.harmony import in_mask
from models.hand_positions import HIGHEST, HOLLOW_END, LOWEST, MUDDY, OCTAVE, ROOT, THIRD, Harmony
from models.patterns import top_at

BEAT = 1.0
STEP, FIFTH, LEAST_BEAT = 2, 7, 0.25
INVERTED, FOREIGN, PASSING, CHROMATIC, AGAIN, LEFT_BY_LEAP, AWAY, FIRM = 2.5, 40.0, 0.8, 2.2, 3.0, 5.0, 0.08, 4.0
HARSH, ALONG, CENTRE = 1.5, 4.0, 47

Values = NDArray[np.float64]


@dataclass(frozen=True)
class _Beat:
    """A stroke: where it begins and how long it is, its chord, whether that begins here, and what the tune has."""

    place: float
    length: float
    harmony: Harmony
    begins: bool
    firm: bool  # every second beat of a chord
    top: int | None  # the tune's key, None in a rest


def walked(harmonies: list[Harmony], tune: NDArray[np.void], scale: int) -> dict[tuple[float, int], float]:
    """What is struck, by (beat, key), and how long each is held; ``scale`` is the mask of the key."""
    beats = [beat for harmony in harmonies for beat in _beats(harmony, tune)]
    keys = np.arange(LOWEST, HIGHEST + 1)
    total, back = _stay(beats[0], keys, scale), []
    for before, after in pairwise(beats):
        ways = total[:, None] + _moves(before, after, keys)
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + _stay(after, keys, scale)
    path = [int(total.argmin())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return {(beat.place, int(keys[at])): beat.length for beat, at in zip(beats, reversed(path), strict=True)}


def _beats(harmony: Harmony, tune: NDArray[np.void]) -> list[_Beat]:
    """The beats under one chord; a remainder too short to be struck lengthens the last one."""
    length = harmony.end_beat - harmony.start_beat
    count = max(1, int((length - LEAST_BEAT) // BEAT) + 1)
    places = [harmony.start_beat + number * BEAT for number in range(count)]
    ends = [*places[1:], harmony.end_beat]
    return [
        _Beat(round(place, 6), end - place, harmony, number == 0, number % 2 == 0, top_at(tune, place))
        for number, (place, end) in enumerate(zip(places, ends, strict=True))
    ]


def _stay(beat: _Beat, keys: NDArray[np.int64], scale: int) -> Values:
    """What each key costs on a beat."""
    harmony, above = beat.harmony, (keys - beat.harmony.root) % OCTAVE
    in_chord, in_key = in_mask(harmony.tones, keys), in_mask(scale, keys)
    cost = AWAY * np.abs(keys - CENTRE).astype(np.float64)
    cost += np.where(keys >= harmony.ceiling, FOREIGN, 0.0) + np.where(in_mask(harmony.harsh, keys), HARSH, 0.0)
    if harmony.hollow >= HOLLOW_END:  # a chord with its third shall stand on it
        cost += np.where(keys < MUDDY, harmony.hollow, 0.0)
    if beat.begins:
        on_root = 0.0 if ROOT in harmony.basses else FOREIGN
        on_third = FOREIGN if THIRD not in harmony.basses else INVERTED if ROOT in harmony.basses else 0.0
        return cost + np.where(above == 0, on_root, np.where(np.isin(above, (3, 4)), on_third, FOREIGN))
    passing = np.where(in_key, PASSING, CHROMATIC) + (FIRM if beat.firm else 0.0)
    return cost + np.where(in_chord, 0.0, passing)


def _moves(before: _Beat, after: _Beat, keys: NDArray[np.int64]) -> Values:
    """What each move costs: [from, to]; what is foreign to its chord comes and goes by step."""
    steps = keys[None] - keys[:, None]
    size = np.abs(steps)
    cost = np.select(
        [size == 0, size <= STEP, size <= 4, size <= FIFTH, size == OCTAVE], [AGAIN, 0.0, 0.7, 1.4, 1.6], 4.0
    )
    cost += np.where(size > OCTAVE, FOREIGN, 0.0)
    passing = ~in_mask(before.harmony.tones, keys)[:, None] & (not before.begins)
    reached = ~in_mask(after.harmony.tones, keys)[None] & (not after.begins)
    cost += np.where((passing | reached) & (size > STEP), LEFT_BY_LEAP, 0.0)
    return cost + np.where(_along(before, after, keys), ALONG, 0.0)


def _along(before: _Beat, after: _Beat, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which moves go with the tune in octaves or in fifths."""
    first, second = before.top, after.top
    if first is None or second is None or first == second:
        return np.zeros((len(keys), len(keys)), dtype=np.bool_)
    gap = (second - keys) % OCTAVE
    same_way = np.sign(keys[None] - keys[:, None]) == np.sign(second - first)
    parallel = ((first - keys) % OCTAVE)[:, None] == gap[None]
    along: NDArray[np.bool_] = parallel & same_way & np.isin(gap, (0, FIFTH))[None]
    return along
