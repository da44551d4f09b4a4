"""Change a rhythm or a curve by known figures, a bar at a time, the same way wherever the same bar returns.

Rhythm: a long note splits, two notes join, even pairs become dotted and dotted pairs even. Contour: a bar is mirrored
around its middle, tilted, or shifted by a third within the scale; what stands on the bar line moves least.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.analogy import Level
from lessons.form import phrases
from lessons.score import Score
from models.line import EPSILON, Beats, Mask

SHORTEST = 0.25
LONGEST = 4.0
AT_REST = 1.4  # times the usual length of a note
LEAST_SLOPE = 0.7  # of a bar's compass, that a tilt leaves
PASSED, NEIGHBOUR = range(2, 6), 2  # semitones
Rhythm = list[tuple[float, float]]  # (onset in the bar, duration) in beats


def bar_groups(score: Score, line: NDArray[np.void]) -> list[NDArray[np.intp]]:
    """The indices of a line's notes, bar by bar; empty bars left out."""
    index = np.clip(np.searchsorted(score.bars["start_beat"], line["onset_beat"] + EPSILON, side="right") - 1, 0, None)
    return [np.flatnonzero(index == bar) for bar in np.unique(index)]


def bar_content(score: Score, line: NDArray[np.void], members: NDArray[np.intp]) -> list[int]:
    """A bar as numbers, equal for equal bars wherever they stand: onsets and durations in ticks, pitches."""
    notes = line[members]
    start = bar_start(score, float(notes["onset_beat"][0]))
    ticks = np.round(np.stack([notes["onset_beat"] - start, notes["duration_beat"]]) * 480).astype(int)
    return [*ticks.ravel().tolist(), *notes["pitch"].tolist()]


def bar_start(score: Score, beat: float) -> float:
    """Where the bar begins that holds a position in beats."""
    index = max(0, int(np.searchsorted(score.bars["start_beat"], beat + EPSILON, side="right")) - 1)
    return float(score.bars["start_beat"][index])


def cadences(score: Score, line: NDArray[np.void], groups: list[NDArray[np.intp]]) -> set[int]:
    """The places among the bars of those that close: the last one, and last bars of phrases that come to rest.

    A short note before a rest is at rest too, and so is one before the upbeat to the next phrase.
    """
    ends = {round(phrase.end_beat, 6) for phrase in phrases(score, 0.0, score.end_beat)}
    usual = float(np.median(line["duration_beat"])) if len(line) else 0.0
    lags = longest_lags(score, line, groups)
    usual_lag = float(np.median(lags)) if len(lags) else 0.0
    closing = {len(groups) - 1}
    for number, members in enumerate(groups):
        bar = score.bars[score.bars["start_beat"] <= line["onset_beat"][members[0]] + EPSILON][-1:]
        if not len(bar) or round(float(bar["end_beat"][0]), 6) not in ends:
            continue
        if line["duration_beat"][members[-1]] > AT_REST * usual or lags[number] > AT_REST * max(usual, usual_lag):
            closing.add(number)
    return closing


def longest_lags(score: Score, line: NDArray[np.void], groups: list[NDArray[np.intp]]) -> NDArray[np.float64]:
    """For each bar the longest time, in beats, from a note of its second half to the next note of the line."""
    waits = np.append(np.diff(line["onset_beat"]), line["duration_beat"][-1:])
    index = [int(np.searchsorted(score.bars["start_beat"], line["onset_beat"][m[0]] + EPSILON)) - 1 for m in groups]
    middles = [(score.bars["start_beat"][max(0, at)] + score.bars["end_beat"][max(0, at)]) / 2 for at in index]
    late = [m[line["onset_beat"][m] > middle - EPSILON] for m, middle in zip(groups, middles, strict=True)]
    return np.array([waits[members].max(initial=0.0) for members in late])


def vary_rhythm(
    score: Score, line: NDArray[np.void], strength: float, level: Level, seed: list[int]
) -> tuple[Beats, Beats]:
    """Onsets and durations with about ``strength`` of each bar's figures changed; phrases keep their cadences."""
    onsets: list[float] = []
    durations: list[float] = []
    groups = bar_groups(score, line)
    closing = cadences(score, line, groups)
    for number, members in enumerate(groups):
        start = bar_start(score, float(line["onset_beat"][members[0]]))
        rhythm = [(float(note["onset_beat"]) - start, float(note["duration_beat"])) for note in line[members]]
        rng = np.random.default_rng([*seed, 1, *bar_content(score, line, members)])
        numerator, denominator = score.metre_at(start)
        beat = 1.5 if denominator == 8 and numerator % 3 == 0 else 1.0
        if number not in closing or len(groups) == 1:
            rhythm = _changed(rhythm, beat, strength, level, rng)
        onsets += [start + onset for onset, _ in rhythm]
        durations += [duration for _, duration in rhythm]
    return np.array(onsets), np.array(durations)


def _changed(rhythm: Rhythm, beat: float, strength: float, level: Level, rng: np.random.Generator) -> Rhythm:
    turns = rng.binomial(max(1, len(rhythm)), min(1.0, strength)) if strength > 0 else 0
    for _ in range(min(turns, 4)):
        ways = [way for figure in FIGURES[level] for way in figure(rhythm, beat)]
        if not ways:
            break
        rhythm = ways[int(rng.integers(len(ways)))]
    return rhythm


def _joined_notes(rhythm: Rhythm) -> list[int]:
    """Places where a note runs straight into the next one of the bar."""
    return [
        place for place, (note, after) in enumerate(pairwise(rhythm)) if abs(note[0] + note[1] - after[0]) < EPSILON
    ]


def split(rhythm: Rhythm, beat: float) -> list[Rhythm]:
    """Every way of striking one long note twice or, in compound time, three times."""
    ways = []
    for place, (onset, duration) in enumerate(rhythm):
        if abs(onset / (beat / 2 if beat == 1.0 else 0.5) % 1) > EPSILON or duration > LONGEST:
            continue
        parts = _parts(duration, beat)
        if parts and min(parts) >= SHORTEST:
            cells = [(onset + sum(parts[:index]), part) for index, part in enumerate(parts)]
            ways.append([*rhythm[:place], *cells, *rhythm[place + 1 :]])
    return ways


def _parts(duration: float, beat: float) -> list[float]:
    if beat == 1.5:
        return {1.5: [1.0, 0.5], 3.0: [1.5, 1.5], 1.0: [0.5, 0.5]}.get(duration, [])
    return {1.0: [0.5, 0.5], 1.5: [1.0, 0.5], 2.0: [1.0, 1.0], 3.0: [2.0, 1.0], 4.0: [2.0, 2.0], 0.5: [0.25, 0.25]}.get(
        duration, []
    )


def join(rhythm: Rhythm, beat: float) -> list[Rhythm]:
    """Every way of striking two notes that meet as one, where that one begins on a beat and ends on a beat."""
    ways = []
    for place in _joined_notes(rhythm):
        (onset, first), (_, second) = rhythm[place], rhythm[place + 1]
        whole = first + second
        if abs(onset / beat % 1) < EPSILON and abs(whole / beat % 1) < EPSILON and whole <= 2 * beat:
            ways.append([*rhythm[:place], (onset, whole), *rhythm[place + 2 :]])
    return ways


def dot(rhythm: Rhythm, beat: float) -> list[Rhythm]:
    """Every way of dotting an even pair on a beat (long-short in compound time stays)."""
    return _pairs(rhythm, beat, lambda first, second: abs(first - second) < EPSILON and first >= 0.5, (1.5, 0.5))


def undot(rhythm: Rhythm, beat: float) -> list[Rhythm]:
    """Every way of evening out a dotted pair on a beat."""
    return _pairs(rhythm, beat, lambda first, second: abs(first - 3 * second) < EPSILON, (1.0, 1.0))


def _pairs(
    rhythm: Rhythm, beat: float, fits: Callable[[float, float], bool], shares: tuple[float, float]
) -> list[Rhythm]:
    ways = []
    for place in _joined_notes(rhythm):
        (onset, first), (_, second) = rhythm[place], rhythm[place + 1]
        if beat == 1.0 and abs(onset % 1) < EPSILON and fits(first, second):
            half = (first + second) / 2
            pair = [(onset, half * shares[0]), (onset + half * shares[0], half * shares[1])]
            ways.append([*rhythm[:place], *pair, *rhythm[place + 2 :]])
    return ways


FIGURES: dict[Level, tuple[Callable[[Rhythm, float], list[Rhythm]], ...]] = {
    Level.EASIER: (join, undot),
    Level.SAME: (split, join, dot, undot),
    Level.HARDER: (split, dot),
}


def vary_curve(score: Score, line: NDArray[np.void], strength: float, seed: list[int]) -> NDArray[np.int64]:
    """Pitches to aim at, bent bar by bar by up to ``strength`` of a mirror, a tilt or a shift; not yet snapped."""
    curve = line["pitch"].astype(np.float64)
    groups = bar_groups(score, line)
    closing = cadences(score, line, groups)
    for number, members in enumerate(groups):
        rng = np.random.default_rng([*seed, 2, *bar_content(score, line, members)])
        last = number in closing
        if rng.random() < strength * (0.4 if last else 1.1):
            weight = np.full(len(members), strength**0.5)
            weight[0] *= 0.6
            weight[-1] *= 0.0 if last else 1.0
            curve[members] = _bent(curve[members], weight, rng)
    return np.round(curve).astype(np.int64)


def _bent(curve: NDArray[np.float64], weight: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A bar mirrored, tilted or shifted, the last two by ``weight``; a tilt that would level it out goes the other way.

    A bar is mirrored all or not at all: half way it would lie flat.
    """
    way = int(rng.integers(3))
    bent: NDArray[np.float64] = np.where(weight > 0, 2 * curve.mean() - curve, curve)
    if way == 1:
        tilt = weight * rng.choice([-1, 1]) * np.linspace(-4.0, 4.0, len(curve))
        bent = curve - tilt if np.ptp(curve + tilt) < LEAST_SLOPE * np.ptp(curve) else curve + tilt
    elif way == 2:
        bent = curve + weight * rng.choice([-5.0, -3.5, 3.5, 5.0])
    return bent


def passing(pitches: NDArray[np.int64], again: Mask) -> NDArray[np.int64]:
    """A curve whose notes that strike ``again`` what was held lead on to the next one, or round it, instead."""
    led = pitches.copy()
    for place in np.flatnonzero(again):
        step = int(pitches[place + 1] - pitches[place]) if place + 1 < len(pitches) else 0
        if abs(step) in PASSED:
            led[place] += step // 2 if step > 0 else -(-step // 2)
        elif step == 0 and place + 1 < len(pitches) and not again[place + 1]:
            led[place] += NEIGHBOUR
    return led
