"""How hard a piece is to play, from 1 (first lessons) to 9 (concert studies), and why.

Each feature is a plain measure of the score; each adds its share of levels, never less for more of it. The features are
those that graders of piano music name: speed, leaps, independence of the hands, chords, rhythm, accidentals and range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.files.spelling import key_at
from lessons.score import LEFT, RIGHT, Score

LEVEL_RANGE = (1.0, 9.0)
REASONS = 3
_TOLD = 0.2  # levels from which a feature is a reason
# How much a feature can weigh, and the value at which it weighs about two thirds of that.
_WEIGHTS = {
    "speed": (2.6, 6.0),
    "leaps": (1.4, 2.0),
    "independence": (1.3, 0.5),
    "chords": (1.2, 4.0),
    "voices": (1.2, 0.7),
    "rhythm": (0.8, 1.6),
    "accidentals": (0.9, 0.15),
    "range": (0.8, 20.0),
}
_HARDEST = 8.0  # the weight of a concert study
_CURVE = 1.6  # beginners' pieces differ little from each other, masters' pieces much
_WORDS = {
    "speed": "the notes come fast",
    "leaps": "the hands leap",
    "independence": "the hands do different things",
    "chords": "many keys at once",
    "voices": "several voices in one hand",
    "rhythm": "varied rhythm",
    "accidentals": "many sharps and flats",
    "range": "a wide range",
}
_EASY_REACH = 7  # semitones within a five-finger position
_KEY_SCALE = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True)
class Difficulty:
    """A level from 1 to 9, how many levels each feature adds to the first, and the weightiest of these in words."""

    level: float
    shares: Mapping[str, float]
    reasons: tuple[str, ...]


def difficulty(score: Score) -> Difficulty:
    """Grade a score; one without notes has level 1."""
    values = features(score)
    weights = {name: most * (1.0 - float(np.exp(-values[name] / scale))) for name, (most, scale) in _WEIGHTS.items()}
    total = sum(weights.values())
    above = (LEVEL_RANGE[1] - LEVEL_RANGE[0]) * min(1.0, total / _HARDEST) ** _CURVE
    shares = {name: above * weight / total if total else 0.0 for name, weight in weights.items()}
    weighty = sorted((name for name, share in shares.items() if share >= _TOLD), key=lambda name: -shares[name])
    return Difficulty(LEVEL_RANGE[0] + above, shares, tuple(_WORDS[name] for name in weighty[:REASONS]))


def features(score: Score) -> dict[str, float]:
    """The measures behind the level, by name, each 0 or more.

    ``speed``: keystrokes a second in the busier bars, chords counted once a hand. ``leaps``: semitones beyond a fifth
    from stroke to stroke in a hand, on average. ``independence``: in bars where both hands play, share of onsets that
    only one has, and of strokes of the quieter hand that it has alone: a chord that is held is no second voice.
    ``chords``: keys beyond one a stroke, by the second, for a chord that comes slowly can be prepared. ``voices``: keys
    that the hand holds meanwhile. ``rhythm``: bits of surprise in the gaps between a hand's strokes. ``accidentals``:
    share of notes outside the key, and a little for each sharp or flat of the key. ``range``: semitones beyond a fifth
    that the hands cover, on average.
    """
    hands = [score.notes[score.notes["hand"] == hand] for hand in (RIGHT, LEFT)]
    hands = [notes[~notes["grace"]] for notes in hands]
    playing = [notes for notes in hands if len(notes)] or [score.notes]
    if not len(score.notes):
        return dict.fromkeys(_WEIGHTS, 0.0)
    return {
        "speed": _speed(score, playing),
        "leaps": _mean([_leap(notes) for notes in playing]),
        "independence": _independence(score, hands),
        "chords": _chords(score, playing),
        "voices": _mean([_held(notes) for notes in playing]),
        "rhythm": _mean([_surprise(np.diff(np.unique(notes["onset_beat"]))) for notes in playing]),
        "accidentals": _accidentals(score),
        "range": _mean([max(0.0, float(np.ptp(notes["pitch"])) - _EASY_REACH) for notes in playing]),
    }


def _speed(score: Score, playing: list[NDArray[np.void]]) -> float:
    seconds = np.diff(score.tempo.seconds_at(_bar_edges(score)))
    strokes = sum(
        np.bincount(_bars(score, np.unique(notes["onset_beat"])), minlength=len(seconds)) for notes in playing
    )
    rates = strokes / np.maximum(seconds, 1e-3)
    return float(np.quantile(rates[rates > 0], 0.75)) if np.any(rates > 0) else 0.0


def _chords(score: Score, playing: list[NDArray[np.void]]) -> float:
    begin, end = score.tempo.seconds_at(np.array([score.start_beat, score.end_beat]))
    more = sum(len(notes) - len(np.unique(notes["onset_beat"])) for notes in playing)
    return float(more / max(end - begin, 1e-3))


def _leap(notes: NDArray[np.void]) -> float:
    """The mean way between strokes beyond a fifth, by the hand's middle."""
    onsets, group = np.unique(notes["onset_beat"], return_inverse=True)
    middle = np.bincount(group, weights=notes["pitch"]) / np.bincount(group)
    return float(np.maximum(0.0, np.abs(np.diff(middle)) - _EASY_REACH).mean()) if len(onsets) > 1 else 0.0


def _held(notes: NDArray[np.void]) -> float:
    """How many keys a hand goes on holding at a stroke, on average."""
    onsets = np.unique(notes["onset_beat"])
    ends = np.sort(notes["onset_beat"] + notes["duration_beat"])
    begun, over = np.searchsorted(notes["onset_beat"], onsets), np.searchsorted(ends, onsets + 1e-6, side="right")
    return float(np.maximum(0, begun - over).mean())


def _independence(score: Score, hands: list[NDArray[np.void]]) -> float:
    right, left = (np.unique(notes["onset_beat"]) for notes in hands)
    both = np.intersect1d(_bars(score, right), _bars(score, left))
    right, left = right[np.isin(_bars(score, right), both)], left[np.isin(_bars(score, left), both)]
    if not len(both):
        return 0.0
    apart = len(np.setxor1d(right, left)) / len(np.union1d(right, left))
    alone = min(len(np.setdiff1d(right, left)), len(np.setdiff1d(left, right))) / min(len(right), len(left))
    return len(both) / max(1, len(score.bars)) * (0.15 + 0.5 * apart + 0.5 * alone)


def _accidentals(score: Score) -> float:
    rows = [key_at(score.keys, beat)[0] for beat in score.notes["onset_beat"].tolist()]
    degree = (score.notes["pitch"] - 7 * np.array(rows)) % 12
    return float((~np.isin(degree, _KEY_SCALE)).mean()) + 0.015 * float(np.abs(rows).mean())


def _surprise(gaps: NDArray[np.float64]) -> float:
    """The entropy of the gaps in bits."""
    if not len(gaps):
        return 0.0
    share = np.unique(np.round(gaps * 48), return_counts=True)[1] / len(gaps)
    return float(-(share * np.log2(share)).sum())


def _bar_edges(score: Score) -> NDArray[np.float64]:
    if not len(score.bars):
        return np.array([score.start_beat, max(score.end_beat, score.start_beat + 1.0)])
    return np.append(score.bars["start_beat"], score.bars["end_beat"][-1])


def _bars(score: Score, beats: NDArray[np.float64]) -> NDArray[np.intp]:
    edges = _bar_edges(score)
    place: NDArray[np.intp] = np.clip(np.searchsorted(edges, beats + 1e-9, side="right") - 1, 0, len(edges) - 2)
    return place


def _mean(values: list[float]) -> float:
    return float(np.mean(values))
