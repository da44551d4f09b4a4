"""The beat of a metre as a learner reads it: its sign before a tempo, and its name."""

from __future__ import annotations

from lessons.score import Score
from lessons.timing import pulse_beats

BEATS = {0.5: ("♪", "eighth notes"), 1.0: ("♩", "quarter notes"), 1.5: ("♩.", "dotted quarters")}
QUARTERS = 1.0


def pulse_of(score: Score) -> tuple[float, str, str]:
    """Quarter notes in a beat at the beginning of a score, the sign of the beat, and its name in the plural.

    A quarter note where the beat is one that has no sign in every typeface.
    """
    beats = pulse_beats(*score.metre_at(score.start_beat))
    beats = beats if beats in BEATS else QUARTERS
    return (beats, *BEATS[beats])
