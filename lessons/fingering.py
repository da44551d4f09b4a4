"""Which finger plays what, where the page does not say.

Each hand is gone through once by dynamic programming: a state is the fingers of all notes struck together, in the order
of the hand; the cost of a step is what the hand must do to get there. Rules and spans follow Parncutt, Sloboda, Clarke,
Raekallio and Desain, "An ergonomic model of keyboard fingering for melodic fragments", Music Perception 14 (1997),
applied to chords as well (as in Al Kasimi, Nichols and Raphael, ISMIR 2007). Spans are in semitones towards the little
finger; the left hand is the right one in a mirror. In arpeggios the thumb passes the third finger by a fourth, which
their span from key to key does not allow: there the table goes farther. Written fingers are kept and the others fitted
around them.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT, Score

FINGERS = (1, 2, 3, 4, 5)
SURE_LIMIT = 0.95  # a guess is never as sure as print
_SPANS = {  # practical, comfortable and relaxed least span; relaxed, comfortable and practical greatest span
    (1, 2): (-5, -2, 1, 5, 8, 10),
    (1, 3): (-6, -5, 3, 7, 10, 12),
    (1, 4): (-3, -1, 5, 9, 12, 14),
    (1, 5): (-1, 1, 7, 10, 13, 15),
    (2, 3): (1, 1, 1, 2, 3, 5),
    (2, 4): (1, 1, 3, 4, 5, 7),
    (2, 5): (2, 2, 5, 6, 8, 10),
    (3, 4): (1, 1, 1, 2, 2, 4),
    (3, 5): (1, 1, 3, 4, 5, 7),
    (4, 5): (1, 1, 1, 2, 3, 5),
}
_REACH = 24  # a leap beyond this costs no more
_STRETCH, _IMPRACTICAL, _LEAP_LIMIT, _SAME_FINGER = 1.0, 1.4, 14.0, 9.0
_WEAK = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.3, 5: 0.2}
_THUMB_BLACK, _THREE_FOUR, _THUMB_PASS, _THUMB_PASS_UP = 1.5, 0.1, 3.0, 3.0
_THUMB_BESIDE_WHITE = 1.0  # on a black key, for a white one before or after it
_WIDE_PASS = 1.0  # for each semitone that the thumb passes by more than a tone: a hand that opens needs no pass
_NEAR, _FAR = 0.05, 0.2  # a semitone too near or too far for thumb and finger,
_NEAR_FINGERS, _FAR_FINGERS = 2.5, 1.1  # and for two fingers
_CHORD = 2.0  # spans inside a chord weigh more than those from note to note
_POSITION, _STEP = 0.25, 1.75  # a hand at rest has a key for each finger: semitones from one to the next
_REST_BEATS, _REST_EASE = 0.5, 0.35
_BLACK = np.array([False, True, False, True, False, False, True, False, True, False, True, False])


def with_fingers(score: Score) -> Score:
    """The score with a finger for each note whose hand is known; written fingers stay, guesses are less sure than 1."""
    notes = score.notes.copy()
    for hand in (RIGHT, LEFT):
        rows = np.flatnonzero(notes["hand"] == hand)
        if len(rows) and np.any(notes["finger"][rows] == 0):
            fingers, confidence = _fingers_of(notes[rows], hand)
            bare = (notes["finger"][rows] == 0) & (fingers > 0)
            notes["finger"][rows[bare]] = fingers[bare]
            notes["finger_confidence"][rows[bare]] = confidence[bare]
    return score.with_notes(notes)


def _fingers_of(notes: NDArray[np.void], hand: int) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """A finger (0 for a sixth note of a chord) and its confidence for each note of one hand."""
    groups = _groups(notes, hand)
    states = [_states(notes["finger"][group]) for group in groups]
    reach = [notes["pitch"][group].astype(np.int64) * (1 if hand == RIGHT else -1) for group in groups]
    black = [_BLACK[notes["pitch"][group] % 12] for group in groups]
    local = [_chord_costs(*each) for each in zip(states, reach, black, strict=True)]
    steps = [
        _step_costs(states[i], reach[i], black[i], states[i + 1], reach[i + 1], black[i + 1])
        * _ease(notes, groups[i], groups[i + 1])
        for i in range(len(groups) - 1)
    ]
    fingers, confidence = np.zeros(len(notes), np.int8), np.zeros(len(notes))
    for group, choices, totals in zip(groups, states, _totals(local, steps), strict=True):
        chosen = choices[int(totals.argmin())]
        fingers[group] = chosen
        confidence[group] = [_confidence(totals, choices[:, i], chosen[i]) for i in range(len(group))]
    return fingers, confidence


def _groups(notes: NDArray[np.void], hand: int) -> list[NDArray[np.intp]]:
    """Rows of the notes struck together, from the thumb's side to the little finger's; grace notes go before."""
    towards = notes["pitch"] if hand == RIGHT else -notes["pitch"]
    order = np.lexsort((towards, ~notes["grace"], notes["onset_beat"]))
    places = np.stack([notes["onset_beat"][order], ~notes["grace"][order]])
    cuts = np.flatnonzero(np.any(np.diff(places, axis=1) != 0, axis=0)) + 1
    return [np.asarray(group) for group in np.split(order, cuts)]


def _states(written: NDArray[np.int8]) -> NDArray[np.int8]:
    """All ways to play a chord, one a row; those that keep the written fingers where there are any such."""
    count = len(written)
    size = min(count, len(FINGERS))
    rows = np.zeros((len(list(combinations(FINGERS, size))), count), np.int8)
    kept = np.round(np.linspace(0, count - 1, size)).astype(int)
    rows[:, kept] = list(combinations(FINGERS, size))
    fitting = rows[np.all((rows == written) | (written == 0), axis=1)]
    if len(fitting):
        return fitting
    forced = rows[:1].copy()
    forced[0, written > 0] = written[written > 0]
    return forced


def _chord_costs(states: NDArray[np.int8], reach: NDArray[np.int64], black: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What each way to play a chord costs in itself."""
    table = _span_table()
    cost = np.zeros(len(states))
    for i in range(states.shape[1]):
        cost += np.array([0.0, *_WEAK.values()])[states[:, i]] if states.shape[1] == 1 else 0.0
        cost += black[i] * _THUMB_BLACK * (states[:, i] == 1)
        cost += 0.5 * (states[:, i] == 4) * (states.shape[1] > 1)
    pairs = [(i, i + 1) for i in range(states.shape[1] - 1)]
    if states.shape[1] > 2:
        pairs.append((0, states.shape[1] - 1))
    for i, j in pairs:
        cost += _CHORD * table[states[:, i], states[:, j], _place(reach[j] - reach[i])]
    return cost


def _step_costs(
    before: NDArray[np.int8],
    reach_before: NDArray[np.int64],
    black_before: NDArray[np.bool_],
    after: NDArray[np.int8],
    reach_after: NDArray[np.int64],
    black_after: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """What each step from a way to play one chord to a way to play the next costs; shape (before, after)."""
    total = np.zeros((len(before), len(after)))
    for end in (0, -1):
        pair = before[:, end][:, None], after[:, end][None, :]
        span = int(reach_after[end] - reach_before[end])
        total += _span_table()[pair[0], pair[1], _place(span)]
        total += _THREE_FOUR * ((pair[0] == 3) & (pair[1] == 4) | (pair[0] == 4) & (pair[1] == 3))
        total += _passing(pair, span, bool(black_before[end]), bool(black_after[end]))
        if black_before[end] != black_after[end]:
            on_black = pair[0] if black_before[end] else pair[1]
            total += _THUMB_BESIDE_WHITE * (on_black == 1)
    return total / 2


def _passing(
    pair: tuple[NDArray[np.int8], NDArray[np.int8]], span: int, black_before: bool, black_after: bool
) -> NDArray[np.float64]:
    """The thumb goes under a finger, or a finger over the thumb."""
    under, over = (pair[1] == 1) & (pair[0] > 1) & (span > 0), (pair[0] == 1) & (pair[1] > 1) & (span < 0)
    uphill = under * (black_after and not black_before) + over * (black_before and not black_after)
    pass_cost = _THUMB_PASS + _WIDE_PASS * max(0, abs(span) - 2)
    passing: NDArray[np.float64] = pass_cost * (under | over) + _THUMB_PASS_UP * uphill
    return passing


@cache
def _span_table() -> NDArray[np.float64]:
    """Cost of going from finger to finger (index 0 unused) over a span; shape (6, 6, 2 * _REACH + 1)."""
    table = np.zeros((6, 6, 2 * _REACH + 1))
    for span in range(-_REACH, _REACH + 1):
        for first in FINGERS:
            for second in FINGERS:
                table[first, second, span + _REACH] = _span_cost(first, second, span)
    return table


def _span_cost(first: int, second: int, span: int) -> float:
    if first == second:
        return min(_SAME_FINGER + 0.3 * abs(span), _LEAP_LIMIT) if span else 0.0
    if first > second:
        first, second, span = second, first, -span
    least, low, relaxed_low, relaxed_high, high, most = _SPANS[first, second]
    near, far = (_NEAR, _FAR) if first == 1 else (_NEAR_FINGERS, _FAR_FINGERS)
    cost = _POSITION * abs(span - _STEP * (second - first))
    cost += near * max(0, relaxed_low - span) + far * max(0, span - relaxed_high)
    cost += _STRETCH * (max(0, low - span) + max(0, span - high))
    cost += _IMPRACTICAL * (max(0, least - span) + max(0, span - most))
    return min(cost, _LEAP_LIMIT)


def _place(span: int | np.int64) -> int:
    return int(np.clip(span, -_REACH, _REACH)) + _REACH


def _ease(notes: NDArray[np.void], before: NDArray[np.intp], after: NDArray[np.intp]) -> float:
    """A rest gives time to move: the weight of the step."""
    end = float((notes["onset_beat"][before] + notes["duration_beat"][before]).max())
    return _REST_EASE if float(notes["onset_beat"][after[0]]) - end >= _REST_BEATS else 1.0


def _totals(local: list[NDArray[np.float64]], steps: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """For each chord and way to play it, the cost of the best whole path through it."""
    ahead, behind = [local[0]], [np.zeros(len(local[-1]))]
    for i, step in enumerate(steps):
        ahead.append((ahead[-1][:, None] + step).min(axis=0) + local[i + 1])
    for i in range(len(steps) - 1, -1, -1):
        behind.append((steps[i] + (local[i + 1] + behind[-1])[None, :]).min(axis=1))
    return [forth + back for forth, back in zip(ahead, reversed(behind), strict=True)]


def _confidence(totals: NDArray[np.float64], fingers: NDArray[np.int8], chosen: np.int8) -> float:
    """How sure a finger is: by what the best path with another one would cost more."""
    others = totals[fingers != chosen]
    margin = float(others.min() - totals.min()) if len(others) else np.inf
    return min(SURE_LIMIT, 1.0 / (1.0 + float(np.exp(-margin))))
