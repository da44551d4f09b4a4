"""Bars where a file gives metres but no bar lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.limits import BAR_LIMIT
from lessons.score import BAR_DTYPE


def bars_of(metres: NDArray[np.void], end_beat: float, start_beat: float = 0.0) -> NDArray[np.void]:
    """Whole bars from beat 0 (bar 1) to ``end_beat``, at least one, and a pickup (bar 0) from a negative start.

    A metre that changes inside a bar cuts that bar short. Raises FormatError above `BAR_LIMIT` bars.
    """
    rows = [(start_beat, 0.0)] if start_beat < 0 else []
    changes = [row for row in metres.tolist() if row[0] < end_beat] or metres.tolist()[:1] or [(0.0, 4, 4)]
    for i, (change, numerator, denominator) in enumerate(changes):
        start = max(0.0, change) if i else 0.0
        stop = changes[i + 1][0] if i + 1 < len(changes) else max(end_beat, start + 1e-6)
        length = 4.0 * numerator / denominator
        if (stop - start) / length > BAR_LIMIT - len(rows):
            raise FormatError(f"is longer than {BAR_LIMIT} bars")
        starts = start + length * np.arange(max(0, int(np.ceil((stop - start) / length - 1e-6))))
        last = stop if i + 1 < len(changes) else np.inf
        rows += [(each, min(each + length, last)) for each in starts.tolist()]
    first = 0 if start_beat < 0 else 1
    return np.array([(first + i, first + i, start, end) for i, (start, end) in enumerate(rows)], BAR_DTYPE)
