"""The notes of a score as the roll paints them: arrays prepared once, plain lists for the painter's loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, Score
from ui.practice.lanes import Lanes


@dataclass(frozen=True, eq=False)
class RollNotes:
    """Row i is row i of ``score.notes``. ``reach_beat`` is the latest end of rows 0..i, so it ascends."""

    onset_beat: NDArray[np.float64]
    reach_beat: NDArray[np.float64]
    onsets: list[float]
    ends: list[float]
    across: list[tuple[float, float]]
    pitches: list[int]
    left_hand: list[bool]
    fingers: list[int]

    def visible(self, from_beat: float, to_beat: float) -> range:
        """The rows that may show between two positions; a few more than do."""
        first = int(np.searchsorted(self.reach_beat, from_beat, side="right"))
        last = int(np.searchsorted(self.onset_beat, to_beat, side="right"))
        return range(first, last)


def roll_notes(score: Score, lanes: Lanes) -> RollNotes:
    """Prepare the notes of a score; ``across`` is (left, width) as shares of the keyboard."""
    notes = score.notes
    onset, pitch = notes["onset_beat"].copy(), notes["pitch"].astype(int)
    end = onset + notes["duration_beat"]
    return RollNotes(
        onset,
        np.maximum.accumulate(end) if len(end) else end,
        onset.tolist(),
        end.tolist(),
        list(zip(lanes.left[pitch].tolist(), lanes.width[pitch].tolist(), strict=True)),
        pitch.tolist(),
        (notes["hand"] == LEFT).tolist(),
        notes["finger"].tolist(),
    )


def beat_lines(score: Score) -> tuple[NDArray[np.float64], NDArray[np.float64], list[int]]:
    """Positions of the bar lines, of the beats between them, and the bars' numbers; all in beats, ascending."""
    bars = score.bars
    beats: list[float] = []
    for start, end in zip(bars["start_beat"].tolist(), bars["end_beat"].tolist(), strict=True):
        step = 4.0 / score.metre_at(start)[1]
        beats += np.arange(start + step, end - 1e-6, step).tolist()
    return bars["start_beat"].astype(float), np.array(beats), bars["number"].tolist()
