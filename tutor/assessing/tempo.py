"""Rules for the tempo of a pass: one that runs away, and a passage that went slower than the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessons.bar_names import aside, bar_in_words, bars_in_words, begun
from lessons.score import Score
from tutor.assessing.curve import TempoCurve
from tutor.assessing.heard import Take
from tutor.assessing.mistake import Failed, Mistake
from tutor.assessing.slow import bar_paces

DRIFT, DRIFT_STEP = 1.2, 1.05  # of the tempo, from the first third of a pass to its last, and from each to the next
FEWEST_STEADY = 3  # bars of each of two tempos
STEADY_SHARE = 0.2  # of the squares that are left with one that grows: two steady tempos fit clearly better
DRIFT_LEAST, DRIFT_END_BEATS = 16, 4.0  # onsets, and beats; not looked at before the end


def drifts(take: Take) -> Iterator[Mistake]:
    """The tempo rose or fell all the way through a pass, where the page keeps one tempo; or changed once."""
    first = take.first_notes()
    for index, curve in enumerate(take.assessment.curves):
        change = _one_change(take.score, curve)
        if change is not None:
            beat, before, after = change
            at = next(other for (one, here), other in first.items() if one == index and here >= beat)
            where, tempos = bar_in_words(take.score, at.bar), f"{60 / before:.0f} to {60 / after:.0f}"
            says = f"The tempo changed in {where}, from {tempos} beats a minute."
            yield take.mistake(at, "tempo changed", Failed.RHYTHM, says)
            continue
        thirds = _drift(take.score, curve)
        inside = curve.beat[curve.beat <= curve.beat[-1] - DRIFT_END_BEATS]
        note = first.get((index, float(inside[len(inside) // 2]))) if thirds else None
        if note is None:
            continue
        way, said = ("rushing", "rose") if thirds[0] > thirds[-1] else ("dragging", "fell")
        says = f"The tempo {said} from {60 / thirds[0]:.0f} to {60 / thirds[-1]:.0f} beats a minute."
        yield take.mistake(note, way, Failed.RHYTHM, says)


def slower(take: Take) -> Iterator[Mistake]:
    """A passage went much slower than the rest of its pass, said of each of its bars."""
    for passage in take.slow:
        curve = take.assessment.curves[passage.pass_index]
        if _drift(take.score, curve) or _one_change(take.score, curve):
            continue
        where = begun(aside(bars_in_words(take.score, passage.first_bar, passage.last_bar)))
        says = f"{where} went {passage.ratio:.1f} times slower than the rest."
        told: set[int] = set()
        for note in take.notes:
            inside = note.pass_index == passage.pass_index and passage.first_bar <= note.bar <= passage.last_bar
            if inside and note.bar not in told:
                told.add(note.bar)
                yield take.mistake(note, "slower", Failed.RHYTHM, says)


def _drift(score: Score, curve: TempoCurve) -> list[float]:
    """Seconds a beat in each third of a pass whose tempo ran away; empty where it did not."""
    inside = curve.beat <= curve.beat[-1] - DRIFT_END_BEATS  # how somebody comes to an end is their own
    beats, periods = curve.beat[inside], curve.period[inside]
    if not _keeps_one_tempo(score, beats):
        return []
    thirds = [float(np.median(part)) for part in np.array_split(periods, 3)]
    steps = [before / after for before, after in pairwise(thirds)]
    runs_away = min(steps) > DRIFT_STEP or max(steps) < 1 / DRIFT_STEP
    return thirds if runs_away and not 1 / DRIFT < thirds[0] / thirds[-1] < DRIFT else []


def _one_change(score: Score, curve: TempoCurve) -> tuple[float, float, float] | None:
    """The bar line (in beats) at which a tempo changed once for another, with seconds a beat before and after it.

    None where it changed more than that: where two steady tempos fit the bars no better than one that grows.
    """
    rows, paces = bar_paces(score, curve)
    rows, paces = rows[:-1], paces[:-1]  # how somebody comes to an end is their own
    if len(rows) < 2 * FEWEST_STEADY or not _keeps_one_tempo(score, curve.beat):
        return None
    bars, logs = np.arange(len(rows)), np.log(paces)
    splits = range(FEWEST_STEADY, len(rows) - FEWEST_STEADY + 1)
    split = min(splits, key=lambda slot: _off_two(logs, slot))
    growing = float(np.sum((logs - np.polyval(np.polyfit(bars, logs, 1), bars)) ** 2))
    if _off_two(logs, split) > STEADY_SHARE * growing:
        return None
    before, after = (float(np.median(part)) for part in (paces[:split], paces[split:]))
    if 1 / DRIFT < before / after < DRIFT:
        return None
    return float(score.bars["start_beat"][rows[split]]), before, after


def _off_two(logs: NDArray[np.float64], split: int) -> float:
    """How far the paces of bars are from two steady ones, the second from ``split`` on."""
    return float(sum(np.sum((part - np.mean(part)) ** 2) for part in (logs[:split], logs[split:])))


def _keeps_one_tempo(score: Score, beats: NDArray[np.float64]) -> bool:
    """Whether between these positions the page has but one tempo, and enough is written to know what became of it."""
    return len(beats) >= DRIFT_LEAST and beats[-1] - beats[0] >= DRIFT_LEAST and not _changes_tempo(score, beats)


def _changes_tempo(score: Score, beats: NDArray[np.float64]) -> bool:
    """Whether the page changes its tempo between the first and the last of these positions."""
    starts = score.tempo.start_beat
    here = (starts > beats[0] + 1e-6) & (starts <= beats[-1])
    return bool(np.any(score.tempo.bpm[here] != score.tempo.bpm_at(float(beats[0]))))
