"""A wrong key that was put right is one slip, and not four faults."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from playing import composed, in_order, played

from lessons.score import RIGHT, Score
from tutor.assess import assess
from tutor.evidence import Evidence
from tutor.mistakes import Mistake, find_mistakes
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.reasons import fault_in_words

SCORE = composed(5, bars=16)


def with_corrections(beats: tuple[float, ...], pause_sec: float, away: int = 1, score: Score = SCORE) -> Performance:
    """The score where at some beats a key beside the right one was struck first."""
    notes, order = played(score).notes.copy(), in_order(score)
    strays = []
    for beat in beats:
        at = order["onset_beat"] >= beat
        first = notes[(order["onset_beat"] == beat) & (order["hand"] == RIGHT)][0]
        strays.append((first["onset_sec"], 0.2, first["pitch"] + away, 64))
        notes["onset_sec"] += pause_sec * at
        later = [(onset + pause_sec * (onset > first["onset_sec"]), *rest) for onset, *rest in strays[:-1]]
        strays = [*later, strays[-1]]
    every = np.concatenate([notes, np.array(strays, PLAYED_DTYPE)])
    return Performance(every[np.argsort(every["onset_sec"], kind="stable")])


def judged(take: Performance) -> tuple[tuple[Mistake, ...], Evidence]:
    said = assess(SCORE, take)
    mistakes = find_mistakes(SCORE, take, said)
    return mistakes, Evidence.of(said.as_json(), [one.as_json(SCORE) for one in mistakes])


@pytest.mark.parametrize("pause_sec", [0.3, 0.4, 0.8])
def test_a_wrong_key_put_right_is_one_mistake(pause_sec: float) -> None:
    mistakes, _ = judged(with_corrections((18.0, 34.0), pause_sec))
    assert Counter(one.kind for one in mistakes) == {"corrected": 2}
    assert [one.onset_beat for one in mistakes] == [18.0, 34.0]
    assert "then put it right" in mistakes[0].says


def test_what_was_put_right_again_and_again_is_told_as_that() -> None:
    mistakes, evidence = judged(with_corrections((17.0, 19.0), 0.4))
    assert fault_in_words(SCORE, list(evidence.faults)) == "you struck a wrong note and put it right twice"
    assert {one.bar for one in mistakes} == {5}


def test_a_stray_key_that_costs_no_time_was_not_put_right() -> None:
    notes = played(SCORE).notes
    stray = notes[40:41].copy()
    stray["pitch"] += 1
    stray["onset_sec"] -= 0.2
    mistakes, _ = judged(Performance(np.sort(np.concatenate([notes, stray]), order="onset_sec")))
    assert {one.kind for one in mistakes} == {"extra"}


def test_a_key_far_from_the_right_one_was_not_struck_for_it() -> None:
    mistakes, _ = judged(with_corrections((18.0,), 0.4, away=9))
    assert "corrected" not in {one.kind for one in mistakes}
