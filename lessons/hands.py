"""Which hand plays what, where a file does not say.

A split point moves through the piece: what is above it is the right hand's. At each onset the candidates are all places
between two keys; the path with the lowest cost wins (dynamic programming). It costs a hand to reach further than a
tenth, to hold more than five keys and to roam within a beat or two; it costs the split point to move, to cut through
close notes, and to be far from where hands part on the whole.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score

SPAN_LIMIT = 14  # semitones: an octave and a tone
FINGERS = 5
_LOWEST, _HIGHEST = 20, 109
_WINDOW_BEATS = 1.0
_CHORD_SPAN, _CHORD_KEYS, _ROAM, _CLOSE, _MOVE, _FAR = 20.0, 20.0, 0.75, 4.0, 1.5, 0.025

_RIGHT_NAME = re.compile(
    r"\b(right|rh|r\.h|up|upper|treble|droite|rechts|rechte|md|melody)(\b|[\d_: -])", re.IGNORECASE
)
_LEFT_NAME = re.compile(r"\b(left|lh|l\.h|down|lower|bass|gauche|links|linke|mg|chords)(\b|[\d_: -])", re.IGNORECASE)


def hand_of_name(name: str) -> int:
    """The hand that the name of a part or track speaks of."""
    right, left = bool(_RIGHT_NAME.search(name)), bool(_LEFT_NAME.search(name))
    return UNKNOWN_HAND if right == left else RIGHT if right else LEFT


def with_hands(score: Score) -> Score:
    """The score with a hand for each note; hands that the file gives stay as they are."""
    unknown = score.notes["hand"] == UNKNOWN_HAND
    if not unknown.any():
        return score
    notes = score.notes.copy()
    notes["hand"][unknown] = split_hands(notes[unknown])
    handless = set(score.handless) | set(np.unique(notes["part"][unknown]).tolist())
    return replace(score, notes=notes, handless=tuple(sorted(handless)))


def split_hands(notes: NDArray[np.void]) -> NDArray[np.int8]:
    """A hand for each note (rows of NOTE_DTYPE, sorted by onset)."""
    onsets, group = np.unique(notes["onset_beat"], return_inverse=True)
    costs = np.array([_local_costs(notes, onset) for onset in onsets.tolist()])
    splits = _cheapest_path(costs)[group]
    return np.where(notes["pitch"] >= splits, RIGHT, LEFT).astype(np.int8)


def _local_costs(notes: NDArray[np.void], onset: float) -> NDArray[np.float64]:
    """What each split point would cost at an onset; shape (_HIGHEST - _LOWEST,)."""
    first, last = np.searchsorted(notes["onset_beat"], [onset - _WINDOW_BEATS, onset + _WINDOW_BEATS])
    near = notes[first : last + 1]
    now = (near["onset_beat"] <= onset) & (near["onset_beat"] + np.maximum(near["duration_beat"], 1e-6) > onset + 1e-6)
    struck = near["onset_beat"] == onset
    splits = np.arange(_LOWEST, _HIGHEST)
    cost: NDArray[np.float64] = _FAR * np.abs(splits - 60.0)
    for pitches, roaming in ((np.sort(near["pitch"][now | struck]), False), (np.sort(near["pitch"]), True)):
        below = np.searchsorted(pitches, splits)
        left = np.where(below > 0, pitches[np.maximum(below, 1) - 1] - pitches[0], 0)
        right = np.where(below < len(pitches), pitches[-1] - pitches[np.minimum(below, len(pitches) - 1)], 0)
        if roaming:
            cost += _ROAM * (np.maximum(left - 12, 0) + np.maximum(right - 12, 0))
            gaps = np.abs(splits[:, None] - 0.5 - pitches[None, :])
            cost += _CLOSE * np.exp(-gaps.min(axis=1) / 3.0)
        else:
            cost += _CHORD_SPAN * (np.maximum(left - SPAN_LIMIT, 0) + np.maximum(right - SPAN_LIMIT, 0))
            cost += _CHORD_KEYS * (np.maximum(below - FINGERS, 0) + np.maximum(len(pitches) - below - FINGERS, 0))
    return cost


def _cheapest_path(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The split point at each onset."""
    places = np.arange(costs.shape[1])
    moving = _MOVE * np.abs(places[:, None] - places[None, :])
    total, back = costs[0], np.zeros(costs.shape, dtype=np.int64)
    for i in range(1, len(costs)):
        ways = total[:, None] + moving
        back[i] = ways.argmin(axis=0)
        total = ways[back[i], places] + costs[i]
    path = np.empty(len(costs), dtype=np.int64)
    path[-1] = total.argmin()
    for i in range(len(costs) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path + _LOWEST
