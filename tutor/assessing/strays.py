"""The stray notes of a take: what was struck and belongs nowhere.

No strays are the notes of an ornament, nor those that the page has there for a hand that is not asked for: who plays
both hands where one is practised has made no mistake by that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.assessing.assessment import EXTRA_DTYPE
from tutor.assessing.matching import Matched
from tutor.assessing.ornaments import without_added_trills, without_ornaments
from tutor.assessing.passes import Pass
from tutor.following.places import Places
from tutor.performance import Performance

NEAR_BEATS, NEAR_SEC = 0.5, 0.25  # from when its note is due; the longer of the two


def strays(
    score: Score,
    places: Places,
    passes: Sequence[Pass],
    matched: Sequence[Matched],
    performance: Performance,
    hands: int | None,
) -> NDArray[np.void]:
    """The stray notes (EXTRA_DTYPE), each with about where it was struck."""
    extra = _unexplained(score, passes, matched, performance)
    extra = without_ornaments(score, performance, extra, matched)
    extra = without_added_trills(places, performance, extra, matched)
    return extra if hands is None else _without_other_hand(score, performance, extra, matched, hands)


def _unexplained(
    score: Score, passes: Sequence[Pass], matched: Sequence[Matched], performance: Performance
) -> NDArray[np.void]:
    """The played notes that no pass has a place for."""
    lines = []
    used: set[int] = set()
    for index, (one, found) in enumerate(zip(passes, matched, strict=True)):
        used.update(range(one.first_note, one.end_note))
        for note in found.extra:
            time = float(performance.notes["onset_sec"][note])
            lines.append((note, index, float(np.interp(time, found.curve.time_sec, found.curve.beat)), 0))
    lines += [(note, -1, score.start_beat, 0) for note in range(len(performance.notes)) if note not in used]
    extra = np.array(sorted(lines), EXTRA_DTYPE)
    if len(extra) and len(score.bars):
        extra["bar"] = score.bar_numbers_at(extra["onset_beat"] + 1e-6)
    return extra


def _without_other_hand(
    score: Score, performance: Performance, extra: NDArray[np.void], matched: Sequence[Matched], hands: int
) -> NDArray[np.void]:
    """The stray notes (EXTRA_DTYPE) but for those that the page has there for the other hand."""
    others = score.notes[score.notes["hand"] != hands]
    beats = others["onset_beat"].astype(float)
    kept = np.ones(len(extra), bool)
    for index, found in enumerate(matched):
        due, near = found.curve.expected_at(beats), np.maximum(NEAR_SEC, NEAR_BEATS * found.curve.period_at(beats))
        for place in np.flatnonzero(extra["pass_index"] == index).tolist():
            struck = performance.notes[extra["played"][place]]
            same = others["pitch"] == struck["pitch"]
            kept[place] = not np.any(same & (np.abs(due - struck["onset_sec"]) < near))
    return extra[kept]
