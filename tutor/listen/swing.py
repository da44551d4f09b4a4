"""Whether a voice has left a note, or only swings about it.

A singer's vibrato swings by 70 cents to either side of the note on average (Prame 1997), farther than the next semitone
is from being heard; where it turns it stands still for as long as a short note. But it comes back.
"""

from __future__ import annotations

import numpy as np

from tutor.listen.periodicity import Values

STEADY_SEMITONES = 0.35
LEAVES_SEMITONES = 0.6
SWING_SEC, LEAST_SEC = 0.25, 0.12  # of a note that its swing is known by
SWINGS_SEMITONES = 0.15  # of standard deviation: 20 cents to either side
SWUNG_SEMITONES, STILL_SEC = 1.5, 0.08  # no swing goes farther from its middle, or stands still for longer
PERIOD_SEC = 0.2


def left_swing(places: Values, now: float, begun: float, hop_sec: float) -> float | None:
    """The place for which a note was left that began at ``begun``; None where it only swings.

    ``places`` are those of its last `SWING_SEC`, of shape (hops,); ``now`` is one that has left it, as far as that
    alone can tell. Near the middle of a swing a new note must stand still, or all be elsewhere on average.
    """
    still = round(STILL_SEC / hop_sec)
    before = places[:-still]
    if len(before) * hop_sec < LEAST_SEC or before.std() < SWINGS_SEMITONES:
        return now
    away = abs(now - float(before.mean()))
    if away >= SWUNG_SEMITONES or (away > LEAVES_SEMITONES and np.ptp(places[-still:]) <= STEADY_SEMITONES):
        return now
    middle = float(places[-round(PERIOD_SEC / hop_sec) :].mean())
    return middle if abs(middle - begun) > LEAVES_SEMITONES else None
