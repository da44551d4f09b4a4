"""One hand alone is judged by what it played; one that lay an octave off did play, and is told so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playing import composed, in_order, played

from lessons.score import LEFT, RIGHT, Score
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.review import Review, review, schedule

SCORE = composed(4, bars=16)


def reviewed(score: Score, notes: NDArray[np.void]) -> Review:
    return review(score, Performance(notes), PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


def alone(hand: int) -> Review:
    notes = played(SCORE).notes
    return reviewed(SCORE, notes[in_order(SCORE)["hand"] == hand])


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_the_hand_that_was_silent_costs_the_other_one_nothing(hand: int) -> None:
    found = alone(hand)
    assert found.step.knob == "hands" and found.step.reason.endswith("hand alone.")
    assert found.report.hit_share == 1.0
    assert found.report.praise[0].startswith("You made no fault: all ")
    assert found.report.items == ()


def test_only_the_hand_that_played_is_due_again(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    passage = schedule(journal, SCORE, alone(LEFT), datetime(2026, 3, 1))
    assert passage is not None and passage.hands == Hands.LEFT
    journal.close()


def test_who_played_one_hand_alone_does_not_yet_play_the_piece() -> None:
    found = alone(RIGHT)
    assert found.learner.plays() == ()
    assert not found.attempt.is_clean


@pytest.mark.parametrize("hand", [LEFT, RIGHT])
def test_a_hand_an_octave_off_was_not_silent_and_is_told_so(hand: int) -> None:
    notes = played(SCORE).notes.copy()
    notes["pitch"][in_order(SCORE)["hand"] == hand] += 12
    found = reviewed(SCORE, notes)
    whose = "left" if hand == LEFT else "right"
    assert found.attempt.evidence.silent_hand == ""
    assert found.step.reason.startswith(f"The notes were right but an octave off: your {whose} hand")
    assert found.report.items == (f"Bars 1–16: your {whose} hand lay an octave off.",)
