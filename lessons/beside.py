"""Whether what others play beside a piece goes on beside its answer: the same bars, and no more clashes than before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score

MORE_CLASHES = 0.05  # share of the other parts' notes
LONGEST_BEATS = 16.0  # no note that sounds is looked for farther back
LATE_BEAT = 1e-6


def goes_on_beside(piece: Score, answer: Score) -> bool:
    """Whether the backing of ``piece`` fits beside ``answer``, which was made from it."""
    if not np.array_equal(piece.bars["start_beat"], answer.bars["start_beat"]):
        return False
    before, now = (clashes(piece.backing, score.notes, piece.written_above) for score in (piece, answer))
    return now <= before + MORE_CLASHES


def clashes(backing: NDArray[np.void], notes: NDArray[np.void], above: int = 0) -> float:
    """The share of the backing's notes that begin a semitone beside one that sounds or begins then.

    ``notes`` stand ``above`` semitones higher than they sound.
    """
    order = np.argsort(notes["onset_beat"], kind="stable")
    onsets, pitches = notes["onset_beat"][order], notes["pitch"][order] - above
    ends = onsets + notes["duration_beat"][order]
    clashing = 0
    for onset, pitch in zip(backing["onset_beat"].tolist(), backing["pitch"].tolist(), strict=True):
        first, last = np.searchsorted(onsets, (onset - LONGEST_BEATS, onset + LATE_BEAT))
        sounding = pitches[first:last][ends[first:last] > onset + LATE_BEAT]
        clashing += bool(np.isin((sounding - pitch) % 12, (1, 11)).any())
    return clashing / max(1, len(backing))
