"""Where the page lets the music stop: what is held at a fermata is held at will."""

from __future__ import annotations

import numpy as np

from lessons.page_signs import FERMATA
from lessons.score import Score

NEAR = 1e-6  # beats


class Fermatas:
    """The fermatas of a score, whichever staff they stand on."""

    def __init__(self, score: Score):
        directions = score.signs.directions
        beats = np.unique(directions["start_beat"][directions["kind"] == FERMATA]).tolist()
        onset, length = score.notes["onset_beat"], score.notes["duration_beat"]
        longest = (float(length[np.abs(onset - beat) < NEAR].max(initial=0.0)) for beat in beats)
        self._held = [(beat, beat + more) for beat, more in zip(beats, longest, strict=True)]

    def between(self, start_beat: float, end_beat: float) -> bool:
        """Whether one stands on something that sounds from one onset up to a later one."""
        return any(
            begins < end_beat - NEAR and (begins >= start_beat - NEAR or ends >= end_beat - NEAR)
            for begins, ends in self._held
        )
