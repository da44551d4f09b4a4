"""The passes of a take as the live follower hears them, without its detours, and cut where the player stumbled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from lessons.score import Score
from tutor.assessing.detours import without_detours
from tutor.assessing.passes import Pass, find_passes
from tutor.assessing.stumbles import with_stumbles
from tutor.following.places import Places
from tutor.performance import Performance


def followed(
    score: Score,
    performance: Performance,
    hands: int | None,
    span: tuple[float, float] | None = None,
    restarts_sec: Sequence[float] = (),
) -> tuple[Places, list[Pass]]:
    """The places of a score, or of a ``span`` of it, for these hands (None: both), and the passes of a take there.

    What was played before and after the program was asked to begin again is heard apart.
    """
    count, passes = len(performance.notes), list[Pass]()
    for start, end in pairwise([0, *cuts(performance, restarts_sec), count]):
        places, found = _followed(score, _between(performance, start, end), hands, span)
        passes += [_later(one, start, one.broken or one.end_note + start == end < count) for one in found]
    return places, passes


def cuts(performance: Performance, restarts_sec: Sequence[float]) -> list[int]:
    """The notes with which the player began again, as asked: the first ones from each of these times on."""
    firsts = set(np.searchsorted(performance.notes["onset_sec"], restarts_sec).tolist())
    return sorted(firsts - {0, len(performance.notes)})


def _followed(
    score: Score, performance: Performance, hands: int | None, span: tuple[float, float] | None
) -> tuple[Places, list[Pass]]:
    places, passes = find_passes(score, performance, hands, span)
    usual_period = usual_period_of(score)
    passes = without_detours(places, passes, performance, usual_period)
    return places, with_stumbles(places, passes, performance, usual_period)


def _between(performance: Performance, start: int, end: int) -> Performance:
    return replace(performance, notes=performance.notes[start:end])


def _later(one: Pass, by: int, broken: bool) -> Pass:
    """A pass as so many notes came before it."""
    heard = {note + by: key for note, key in one.heard.items()}
    return replace(one, first_note=one.first_note + by, end_note=one.end_note + by, heard=heard, broken=broken)


def usual_period_of(score: Score) -> float:
    """Seconds a beat in which the score begins."""
    return 60.0 / score.tempo.bpm_at(0.0)
