"""At the desk a piece is learned for good: clean on two days, tested by an analogue that is composed, then mastered."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from desk_takes import taken

from lessons.fingering import with_fingers
from lessons.library import shelf
from tutor.journal import take_log
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import PracticeSettings
from tutor.step import Knob

NOON = datetime(2026, 3, 1, 12)
SETTINGS = PracticeSettings()


def exactly(score) -> Performance:
    """Every note when it is due, for as long as it is written."""
    rows = [
        (
            float(score.tempo.seconds_at(note["onset_beat"])) + 1.0,
            0.9 * float(note["duration_beat"]) * 60 / score.tempo.bpm_at(float(note["onset_beat"])),
            int(note["pitch"]),
            70,
        )
        for note in score.notes
    ]
    return Performance(np.array(rows, PLAYED_DTYPE))


@pytest.fixture
def play(desk, monkeypatch):
    """Plays a score as it is written, at a moment, and gives what the desk tells of it."""

    def go(score, at: datetime):
        monkeypatch.setattr(take_log, "utc_now", lambda: at)
        return desk.report(taken(desk, SETTINGS, score, exactly(score)))

    return go


def test_two_clean_days_lead_to_an_unseen_analogue_and_that_to_mastery(desk, play):
    piece = with_fingers(shelf.load("ode-to-joy"))
    assert "once more tomorrow or later" in play(piece, NOON).review.report.mastery
    told = play(piece, NOON + timedelta(hours=21))
    assert told.review.step.knob is Knob.ANALOGUE
    assert desk.headway().mastered == ()
    test = desk.make_exercise(told, None)
    assert test is not None
    assert test.variation is not None
    assert test.score.digest != piece.digest
    told = play(test.score, NOON + timedelta(hours=22))
    assert told.review.report.mastery.endswith(f"{piece.title} is yours.")
    assert told.review.step.score.title not in (piece.title, test.score.title)  # on to something new
    assert desk.headway().mastered == (piece.title,)
