"""Takes of a piece of the shelf, as the window's desk and its journal get them."""

from __future__ import annotations

import numpy as np

from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.score import Score
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import PracticeSettings
from tutor.sinks import FinishedTake
from ui.furnishing import Desk

SLUG = "ode-to-joy"


def in_time(score: Score, settings: PracticeSettings) -> Performance:
    """The written notes of the passage, in time."""
    first, last = settings.bars or (1, 99)
    numbers, hands = score.bar_numbers_at(score.notes["onset_beat"]), settings.hands.played()
    wanted = (numbers >= first) & (numbers <= last) & np.isin(score.notes["hand"], list(hands))
    rows = [
        (float(score.tempo.seconds_at(note["onset_beat"])) + 2.0, 0.3, int(note["pitch"]), 70)
        for note in score.notes[wanted]
    ]
    return Performance(np.array(rows, PLAYED_DTYPE))


def taken(
    desk: Desk, settings: PracticeSettings, score: Score | None = None, performance: Performance | None = None
) -> FinishedTake:
    """A performance, or the written notes of the passage, as a take of the journal."""
    score = score or with_fingers(shelf.load(SLUG))
    performance = performance or in_time(score, settings)
    take_log = desk.journal.begin_take(score.digest, score.title, settings.as_json())
    take_log.finish(performance)
    return FinishedTake(performance, settings, score, take_id=take_log.take_id)
