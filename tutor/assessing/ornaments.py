"""Written ornaments: what is played of them is not held against the player, and not asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lessons.score import ORNAMENTS, Score
from tutor.assessing.matching import Matched
from tutor.following.places import NEIGHBOUR
from tutor.performance import Performance

BEFORE_SEC, AFTER_SEC = 0.35, 0.15  # an ornament may come before the beat, and its last note a little late


def without_ornaments(
    score: Score, performance: Performance, extra: NDArray[np.void], matched: Sequence[Matched]
) -> NDArray[np.void]:
    """The stray notes (EXTRA_DTYPE) but for those of the ornaments that are written where they were struck."""
    written = score.notes[score.marked_rows(ORNAMENTS)]
    if not len(written) or not len(extra):
        return extra
    kept = np.ones(len(extra), bool)
    for index, found in enumerate(matched):
        begins = found.curve.expected_at(written["onset_beat"].astype(float)) - BEFORE_SEC
        ends = found.curve.expected_at((written["onset_beat"] + written["duration_beat"]).astype(float)) + AFTER_SEC
        for place in np.flatnonzero(extra["pass_index"] == index).tolist():
            struck = performance.notes[extra["played"][place]]
            near = np.abs(written["pitch"] - struck["pitch"]) <= NEIGHBOUR
            kept[place] = not np.any(near & (struck["onset_sec"] > begins) & (struck["onset_sec"] < ends))
    return extra[kept]
