"""Notes of a piece that stay where they are while the rest of its line takes another rhythm.

Nothing else is struck while they sound. Where the other rhythm has nothing to strike after one of them, though the
piece plays on, its own notes go on to the next beat, and the one there sounds until the rhythm or a new bar begins.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from lessons.timing import pulse_beats
from models.line import EPSILON, Mask, cut_overlaps


def at_places(line: NDArray[np.void], places: Sequence[float]) -> Mask:
    """Which notes of a line begin at one of these places, in beats."""
    wanted: Mask = np.isin(np.round(line["onset_beat"], 3), np.round(places, 3))
    return wanted


def with_fixed(
    score: Score, rhythm: NDArray[np.void], own: NDArray[np.void], places: Sequence[float]
) -> NDArray[np.void]:
    """A rhythm with the notes of the piece's ``own`` line at these places, and with nothing else while they sound."""
    kept = own[at_places(own, places)]
    begins, ends = kept["onset_beat"], kept["onset_beat"] + kept["duration_beat"]
    onsets = rhythm["onset_beat"][:, None]
    free = rhythm[~((onsets > begins - EPSILON) & (onsets < ends - EPSILON)).any(axis=1)]
    joined = _in_order([free, kept])
    return _in_order([joined, *_bridges(score, joined, own, ends)])


def _in_order(lines: list[NDArray[np.void]]) -> NDArray[np.void]:
    joined = np.concatenate(lines)
    return cut_overlaps(joined[np.argsort(joined["onset_beat"], kind="stable")])


def _bridges(
    score: Score, line: NDArray[np.void], own: NDArray[np.void], ends: NDArray[np.float64]
) -> list[NDArray[np.void]]:
    """What sounds from the end of each fixed note to the next note of the line, a bar at a time."""
    found = []
    for begins in ends.tolist():
        later = line["onset_beat"][line["onset_beat"] > begins - EPSILON]
        until = float(later.min()) if len(later) else np.inf
        for bar in score.bars[(score.bars["end_beat"] > begins + EPSILON) & (score.bars["start_beat"] < until)]:
            found.append(_bridge(score, own, max(begins, float(bar["start_beat"])), min(until, float(bar["end_beat"]))))
    return found


def _bridge(score: Score, own: NDArray[np.void], begins: float, until: float) -> NDArray[np.void]:
    """The piece's notes from a place in a bar on, as far as one on a beat, which lasts as long as they all would."""
    here = own[(own["onset_beat"] > begins - EPSILON) & (own["onset_beat"] < until - EPSILON)].copy()
    if not len(here) or here["onset_beat"][0] > begins + EPSILON:
        return here[:0]
    bar = score.bars[score.bars["start_beat"] <= begins + EPSILON][-1]
    beats = (here["onset_beat"] - bar["start_beat"]) / pulse_beats(*score.metre_at(begins))
    on_beat = np.flatnonzero(np.abs(beats - np.round(beats)) < EPSILON)
    if len(on_beat):
        last, sounded = int(on_beat[0]), float((here["onset_beat"] + here["duration_beat"]).max())
        here = here[: last + 1]
        here["duration_beat"][last] = min(until, sounded) - here["onset_beat"][last]
    return here
