"""Notes of one line that may have been made up: a tone that may have been struck anew, where nobody wrote that it is.

What a bow, a breath or a vibrato does inside a tone can look like the same note struck again. Where the score has that
note again, it is believed; where it has not, only what is certain is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tutor.assessing.assessment import HIT, Assessment

DOUBTFUL = 0.69  # the confidence in a note that may have been made up, and the most of it


def believed(confidence: Sequence[float], judge: Callable[[], Assessment]) -> NDArray[np.bool_]:
    """Which notes of a take are believed: all but doubtful ones that the score does not have; shape (notes,).

    ``judge`` gives the judgement of the take, and is asked only where a note is doubtful.
    """
    doubtful = np.asarray(confidence, float) <= DOUBTFUL
    if not doubtful.any():
        return ~doubtful
    notes = judge().notes
    right = np.zeros(len(doubtful), bool)
    right[notes["played"][notes["verdict"] == HIT]] = True
    return right | ~doubtful
