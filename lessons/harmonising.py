"""Chords for a tune that stands alone: what a pianist would put under it, by bars and half bars.

A linear chain over the windows of `harmonic_window`. What is seen of a window speaks for each chord of the key: the
tones in it and around it by their length, the one on its beat and the longest, and its place in a phrase of eight bars,
at its end and at the end of the tune. Moves from chord to chord speak too, within a bar and over a bar line; Viterbi
finds the best path, so phrases come to their cadences and the tune comes home. The figures in ``harmonising.json`` were
fitted by ``tests/bench/fit_harmony.py`` to folk tunes with chord symbols.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.score import CHORD_DTYPE, LEFT, RIGHT, Score

TRIADS = {"maj": (0, 4, 7), "min": (0, 3, 7), "dim": (0, 3, 6)}
SEVENTH, DOMINANT = 10, 7
PERIOD_BARS = 8  # the places of a phrase and its answer
EPSILON = 1e-6
FORBIDDEN = -1e4
LEAST_BASS = 0.25  # the share of notes found to be the left hand's from which one is believed
DOUBLED = 0.1  # the share of notes that may be struck together with another one
IN_OCTAVES = 0.9  # the share of a hand's notes that the other one plays as well
OVERLAPPING = 0.05  # the share of notes that may run into the next one
FIGURES = Path(__file__).with_suffix(".json")

Values = NDArray[np.float64]


class Windows(NamedTuple):
    """Where chords may change: beats, their places in eight bars, and whether a bar begins there."""

    starts: Values
    ends: Values
    places: NDArray[np.int64]
    opens_bar: NDArray[np.bool_]
    closes: NDArray[np.bool_]  # in the last bar before the page jumps, or of all


@dataclass(frozen=True, eq=False)
class Figures:
    """What was fitted for one mode: chords as (degree, shape), and what speaks for them (a row for each thing seen)."""

    chords: tuple[tuple[int, str], ...]
    seen: Values  # (features, chords)
    moves: Values  # (2, chords, chords): within a bar, over a bar line


ANY = frozenset(range(12))


@dataclass(frozen=True)
class Wishes:
    """What chords shall be, whatever suits the tune; all tones in semitones above the tonic.

    ``settled`` names the root of the chords that begin at some beats. Where a ``scale`` is given, no chord leaves it,
    and a settled one that was not fitted is its triad. No chord has a tone that is not ``within``, and those that begin
    where the tune ``opens`` have one of these roots.
    """

    settled: Mapping[float, int] = field(default_factory=dict)
    scale: tuple[int, ...] = ()
    within: frozenset[int] = ANY
    opens: Mapping[float, frozenset[int]] = field(default_factory=dict)


def is_lone_tune(score: Score) -> bool:
    """Whether one hand plays one note at a time, but for a few double stops, and nobody plays a bass."""
    notes = score.notes[~score.notes["grace"]]
    if not len(notes) or _has_bass(score, notes) or len(np.unique(notes["part"])) > 1:
        return False
    steps = np.diff(notes["onset_beat"])
    alone = steps > EPSILON
    overlaps = alone & (notes["duration_beat"][:-1] - steps > 0.5 * notes["duration_beat"][1:] + EPSILON)
    return float((~alone).sum()) <= DOUBLED * len(notes) and float(overlaps.sum()) <= OVERLAPPING * len(notes)


def tune_alone(score: Score) -> Score | None:
    """The tune of a score in which nothing else says what harmony is meant: it stands alone, or both hands play it."""
    if is_lone_tune(score):
        return score
    return score.hands(RIGHT) if _is_doubled(score) else None


def _is_doubled(score: Score) -> bool:
    """Whether the hands play one tune in octaves, as beginners do."""
    notes = score.notes[~score.notes["grace"]]
    right, left = (_struck(notes[notes["hand"] == hand]) for hand in (RIGHT, LEFT))
    same = 2 * len(right & left) >= IN_OCTAVES * (len(right) + len(left))
    return bool(right) and bool(left) and same and len({onset for onset, _ in right}) == len(right)


def _struck(notes: NDArray[np.void]) -> set[tuple[float, int]]:
    """Places and pitch classes."""
    return set(zip(notes["onset_beat"].round(3).tolist(), (notes["pitch"] % 12).tolist(), strict=True))


def _has_bass(score: Score, notes: NDArray[np.void]) -> bool:
    """Whether a left hand plays; where no file told the hands, whether it was found to play a good deal."""
    guessed = np.isin(notes["part"], score.handless)
    left = notes["hand"] == LEFT
    return bool((left & ~guessed).any() or left.mean() > LEAST_BASS)


def harmonised(score: Score, tonic: int, minor: bool, wishes: Wishes | None = None) -> NDArray[np.void]:
    """Chords for the tune of a score, each a bar or half a bar long; none before its first full bar."""
    wishes = wishes or Wishes()
    windows = windows_of(score)
    if not len(windows.starts):
        return np.zeros(0, CHORD_DTYPE)
    figures = read_figures()["minor" if minor else "major"]
    seen = features(score.notes, windows, tonic)
    speaks = seen @ figures.seen + _against(figures, windows, wishes)
    path = _best_path(speaks, figures.moves, windows.opens_bar)
    chords = np.zeros(len(path), CHORD_DTYPE)
    for index, state in enumerate(path):
        degree, shape = figures.chords[state]
        root = (degree + tonic) % 12
        tones = [(root + step) % 12 for step in TRIADS[shape]]
        if degree == DOMINANT and shape == "maj" and seen[index, (degree + SEVENTH) % 12] > 0:
            tones.append((root + SEVENTH) % 12)
        wanted = [there for beat, there in wishes.settled.items() if abs(beat - windows.starts[index]) < EPSILON]
        outside = not {(degree + step) % 12 for step in TRIADS[shape]} <= set(wishes.scale)
        if wishes.scale and wanted and (degree != wanted[0] or outside):
            tones = _triad_of(wishes.scale, wanted[0], tonic)
            root = tones[0]
        mask = sum(1 << tone for tone in tones)
        chords[index] = (windows.starts[index], windows.ends[index], root, mask, root)
    return chords


def _triad_of(scale: tuple[int, ...], degree: int, tonic: int) -> list[int]:
    """The triad of a scale on one of its tones, in semitones above the tonic; the root first."""
    place = scale.index(degree)
    return [(scale[(place + step) % len(scale)] + tonic) % 12 for step in (0, 2, 4)]


def _against(figures: Figures, windows: Windows, wishes: Wishes) -> Values:
    """What forbids chords that are not wished for; where one is settled all others, with no scale a minor dominant."""
    chords = [{(root + step) % 12 for step in TRIADS[shape]} for root, shape in figures.chords]
    allowed = wishes.within & (frozenset(wishes.scale) or ANY)
    outside = [not tones <= allowed for tones in chords]
    against = np.tile(np.where(outside, FORBIDDEN, 0.0), (len(windows.starts), 1))
    for beat, roots in wishes.opens.items():
        fits = [root in roots for root, _ in figures.chords]
        against[np.abs(windows.starts - beat) < EPSILON] += np.where(fits, 0.0, FORBIDDEN)
    for beat, degree in wishes.settled.items():
        fits = [
            root == degree and not out and (bool(wishes.scale) or degree != DOMINANT or shape == "maj")
            for (root, shape), out in zip(figures.chords, outside, strict=True)
        ]
        against[np.abs(windows.starts - beat) < EPSILON] = np.where(fits, 0.0, FORBIDDEN)
    return against


def windows_of(score: Score) -> Windows:
    """The windows of the full bars of a score."""
    rows = []
    bars = score.bars[score.bars["start_beat"] >= -EPSILON]
    jumps = np.append(np.diff(bars["written"]) != 1, np.ones(min(1, len(bars)), dtype=np.bool_))
    place = 0
    for bar, jump in zip(bars, jumps, strict=True):
        start, end = float(bar["start_beat"]), float(bar["end_beat"])
        parts = _parts(score.metre_at(start), end - start)
        cuts = np.linspace(start, end, parts + 1)
        for part in range(parts):
            rows.append((cuts[part], cuts[part + 1], 2 * place + min(1, part), part == 0, jump))
        place = 0 if jump else (place + 1) % PERIOD_BARS
    starts, ends, places, opens, closes = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Windows(
        np.array(starts, dtype=np.float64),
        np.array(ends, dtype=np.float64),
        np.array(places, dtype=np.int64),
        np.array(opens, dtype=np.bool_),
        np.array(closes, dtype=np.bool_),
    )


def _parts(metre: tuple[int, int], length: float) -> int:
    """In how many windows a bar falls: two where it is long and even."""
    compound = metre[1] == 8 and metre[0] % 3 == 0
    halves = metre[0] % 4 == 0 or (compound and metre[0] % 2 == 0)
    return 2 if halves and length >= 3 - EPSILON else 1


def features(notes: NDArray[np.void], windows: Windows, tonic: int) -> Values:
    """What is seen of each window; a row a window. The first twelve columns are its tones above the tonic."""
    tones, beat, longest = _tones(notes, windows, tonic)
    count = len(tones)
    silent = np.zeros((1, 12))
    before, after = np.concatenate([silent, tones[:-1]]), np.concatenate([tones[1:], silent])
    place = np.eye(2 * PERIOD_BARS)[windows.places]
    last = np.zeros((count, 3))
    last[-1, 0] = 1
    last[windows.closes, 1] = 1
    last[:, 2] = 1
    first_close = windows.closes & windows.opens_bar
    return np.concatenate([tones, beat, longest, before, after, place, last, first_close[:, None]], axis=1)


def _tones(notes: NDArray[np.void], windows: Windows, tonic: int) -> tuple[Values, Values, Values]:
    """Shares of the sounding time by tone above the tonic; the tone on the beat; the longest one."""
    starts, ends = notes["onset_beat"], notes["onset_beat"] + notes["duration_beat"]
    degree = np.eye(12)[(notes["pitch"].astype(np.int64) - tonic) % 12]
    count = len(windows.starts)
    tones, beat, longest = np.zeros((count, 12)), np.zeros((count, 12)), np.zeros((count, 12))
    for index, (start, end) in enumerate(zip(windows.starts, windows.ends, strict=True)):
        shared = np.clip(np.minimum(ends, end) - np.maximum(starts, start), 0, None)
        if not shared.any():
            continue
        tones[index] = shared @ degree / shared.sum()
        sounding = np.flatnonzero((starts <= start + EPSILON) & (shared > 0))
        if len(sounding):
            beat[index] = degree[sounding[-1]]
        longest[index] = degree[int(shared.argmax())]
    return tones, beat, longest


def _best_path(speaks: Values, moves: Values, opens_bar: NDArray[np.bool_]) -> list[int]:
    """The chords that most speaks for: of the windows one by one, and of the moves between them."""
    best, back = speaks[0], np.zeros(speaks.shape, dtype=np.intp)
    for index in range(1, len(speaks)):
        ways = best[:, None] + moves[int(opens_bar[index])]
        back[index] = ways.argmax(axis=0)
        best = ways.max(axis=0) + speaks[index]
    path = [int(best.argmax())]
    for index in range(len(speaks) - 1, 0, -1):
        path.append(int(back[index][path[-1]]))
    return path[::-1]


@cache
def read_figures() -> dict[str, Figures]:
    """The fitted figures by mode."""
    told = json.loads(FIGURES.read_text(encoding="utf-8"))
    return {
        mode: Figures(
            tuple((int(degree), str(shape)) for degree, shape in one["chords"]),
            np.array(one["seen"], dtype=np.float64),
            np.array(one["moves"], dtype=np.float64),
        )
        for mode, one in told.items()
    }
