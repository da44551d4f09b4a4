"""The key signature of a piece whose file names none: that whose seven notes cover the most of what sounds.

A lowest last note on the sixth of them makes it minor, which only tells how its leading note is spelled. Music of which
too little is covered gets no signature.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons.score import KEY_DTYPE, Score

LEAST_COVERED = 0.8
LONG_BEATS = 2.0  # what is longer speaks no louder
_SCALE, _SIXTH = np.array([0, 2, 4, 5, 7, 9, 11]), 9
_SIGNATURES = sorted(range(-5, 7), key=abs)  # in fifths; the plainest of equals


def keys_of(score: Score) -> NDArray[np.void]:
    """The keys of a score, found where it has none (KEY_DTYPE)."""
    if len(score.keys) or not len(score.notes):
        return score.keys
    classes = score.notes["pitch"].astype(np.int64) % 12
    sounding = np.bincount(classes, np.minimum(score.notes["duration_beat"], LONG_BEATS), minlength=12)
    covered = [float(sounding[(7 * fifths + _SCALE) % 12].sum()) for fifths in _SIGNATURES]
    fifths = _SIGNATURES[int(np.argmax(covered))]
    if max(covered) < LEAST_COVERED * sounding.sum():
        return score.keys
    last = score.notes["pitch"][score.notes["onset_beat"] == score.notes["onset_beat"][-1]].min()
    return np.array([(score.start_beat, fifths, (last - 7 * fifths) % 12 == _SIXTH)], KEY_DTYPE)
