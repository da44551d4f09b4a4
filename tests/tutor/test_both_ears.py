import pytest

from tutor.listen.both_ears import SURE, together
from tutor.listen.piano import Stroke


def stroke(onset_sec: float, pitch: int, confidence: float, velocity: int = 64) -> Stroke:
    return Stroke(onset_sec, 0.1, pitch, velocity, confidence)


def test_what_both_ears_hear_is_one_stroke_and_likelier_than_what_one_hears() -> None:
    both, *others = together(
        [stroke(1.0, 60, 0.7), stroke(2.0, 62, 0.7)], [stroke(1.03, 60, 0.7), stroke(3.0, 64, 0.7)]
    )
    assert [other.pitch for other in others] == [62, 64]
    assert both.pitch == 60
    assert all(both.confidence > other.confidence for other in others)


def test_neither_ear_alone_is_believed_when_it_doubts() -> None:
    doubtful = together([stroke(1.0, 60, 0.4)], [stroke(2.0, 62, 0.3)])
    assert all(one.confidence < SURE for one in doubtful)


def test_a_live_ear_that_is_sure_says_when_and_how_hard() -> None:
    back, live = stroke(1.0, 60, 0.9, 30), stroke(1.02, 60, 0.8, 90)
    assert [(one.onset_sec, one.velocity) for one in together([back], [live])] == [(1.02, 90)]
    faint = stroke(1.02, 60, 0.1, 90)
    assert [(one.onset_sec, one.velocity) for one in together([back], [faint])] == [(1.0, 30)]


def test_of_two_strokes_of_a_key_each_finds_its_own() -> None:
    found = together([stroke(1.0, 60, 0.8), stroke(1.1, 60, 0.8)], [stroke(1.1, 60, 0.8), stroke(1.01, 60, 0.8)])
    assert [one.onset_sec for one in found] == [pytest.approx(1.01), pytest.approx(1.1)]


def test_nothing_heard_is_nothing() -> None:
    assert together([], []) == []
