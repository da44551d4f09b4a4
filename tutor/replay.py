"""A take as a score, so that whoever plays scores can play it back as it was played."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.score import BAR_DTYPE, NOTE_DTYPE, UNKNOWN_HAND, Score
from lessons.timing import TempoMap
from tutor.events import PEDAL_DOWN
from tutor.performance import Performance

BEATS_PER_SEC, BAR_BEATS = 2.0, 4.0


def replayed(performance: Performance, title: str = "") -> Score:
    """The take at 120 beats a minute, from its first note on; what the pedal held sounds until it came up."""
    played = performance.notes
    begins = float(played["onset_sec"].min()) if len(played) else 0.0
    notes = np.zeros(len(played), NOTE_DTYPE)
    notes["onset_beat"] = BEATS_PER_SEC * (played["onset_sec"] - begins)
    notes["duration_beat"] = BEATS_PER_SEC * (_released(performance) - played["onset_sec"])
    for name in ("pitch", "velocity"):
        notes[name] = played[name]
    notes["hand"], notes["voice"] = UNKNOWN_HAND, 1
    end = float((notes["onset_beat"] + notes["duration_beat"]).max(initial=1.0))
    count = int(np.ceil(end / BAR_BEATS))
    bars = np.array([(n + 1, n + 1, BAR_BEATS * n, BAR_BEATS * (n + 1)) for n in range(count)], BAR_DTYPE)
    return Score(notes, bars, tempo=TempoMap.of([(0.0, 60 * BEATS_PER_SEC)]), title=title)


def _released(performance: Performance) -> NDArray[np.float64]:
    """When each note falls silent, in seconds: when its key came up, or else the pedal, or when it is struck again."""
    ends = performance.notes["onset_sec"] + performance.notes["duration_sec"]
    pedals, longest = performance.pedals, performance.end_sec
    for place, end in enumerate(ends.tolist()):
        before = int(np.searchsorted(pedals["time_sec"], end, side="right")) - 1
        if before >= 0 and pedals["value"][before] >= PEDAL_DOWN:
            up = np.flatnonzero(pedals["value"][before:] < PEDAL_DOWN)
            ends[place] = float(pedals["time_sec"][before + up[0]]) if len(up) else longest
    for pitch in np.unique(performance.notes["pitch"]):
        rows = np.flatnonzero(performance.notes["pitch"] == pitch)
        ends[rows[:-1]] = np.minimum(ends[rows[:-1]], performance.notes["onset_sec"][rows[1:]])
    released: NDArray[np.float64] = np.maximum(ends, performance.notes["onset_sec"] + 0.02)
    return released
