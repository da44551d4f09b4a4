"""The notes of a score as the roll paints them: arrays prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lessons.note_names import Naming, note_name
from lessons.score import Score
from ui.practice.lanes import Lanes


@dataclass(frozen=True, eq=False)
class RollNotes:
    """Row i is row i of the notes that are shown, or of the backing; all arrays have shape (n,).

    ``reach_beat`` is the latest end of rows 0..i, so it ascends; ``left`` and ``width`` are shares of the keyboard;
    ``name`` is what a note is called, '' where nobody wants to read it.
    """

    onset_beat: NDArray[np.float64]
    end_beat: NDArray[np.float64]
    reach_beat: NDArray[np.float64]
    left: NDArray[np.float64]
    width: NDArray[np.float64]
    hand: NDArray[np.int8]
    finger: NDArray[np.int8]
    name: list[str]

    def visible(self, from_beat: float, to_beat: float) -> slice:
        """The rows that may show between two positions; a few more than do."""
        first = int(np.searchsorted(self.reach_beat, from_beat, side="right"))
        return slice(first, int(np.searchsorted(self.onset_beat, to_beat, side="right")))


def roll_notes(notes: NDArray[np.void], lanes: Lanes, naming: Naming = Naming.NONE) -> RollNotes:
    """Prepare the notes (NOTE_DTYPE) of a score, with their names where a naming is wanted."""
    onset, pitch = notes["onset_beat"].copy(), notes["pitch"].astype(int)
    end = onset + notes["duration_beat"]
    return RollNotes(
        onset,
        end,
        np.maximum.accumulate(end) if len(end) else end,
        lanes.left[pitch],
        lanes.width[pitch],
        notes["hand"].copy(),
        notes["finger"].copy(),
        [note_name(*note, naming) if naming else "" for note in notes[["pitch", "step", "alter"]].tolist()],
    )


def beat_lines(score: Score) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Positions of the bar lines, of the beats between them, and the bars' short names; all in beats, ascending."""
    bars = score.bars
    beats: list[float] = []
    for start, end in zip(bars["start_beat"].tolist(), bars["end_beat"].tolist(), strict=True):
        step = 4.0 / score.metre_at(start)[1]
        beats += np.arange(start + step, end - 1e-6, step).tolist()
    return bars["start_beat"].astype(float), np.array(beats), [name.short for name in score.bar_names]
