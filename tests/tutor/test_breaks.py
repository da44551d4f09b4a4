"""What broke off, stopped or was left out is told, though it came but once, where it happened."""

from __future__ import annotations

from datetime import datetime

import pytest
from playing import between, composed, in_order, joined, played

from lessons.score import Score
from tutor.assessing.mistake import Degree
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.review import Review, review


def reviewed(score: Score, take: Performance, settings: PracticeSettings | None = None) -> Review:
    return review(score, take, settings or PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


def parts(score: Score, *spans: tuple[float, float]) -> Performance:
    take = played(score)
    return joined(*(between(score, take, *span) for span in spans))


def test_who_breaks_off_and_goes_back_is_told_where_and_practises_that_spot() -> None:
    score = composed(6, bars=16)
    found = reviewed(score, parts(score, (0.0, 38.0), (28.0, 64.0)))
    (restart,) = [one for one in found.mistakes if one["kind"] == "restart"]
    assert (restart["bar"], restart["to_bar"], restart["degree"]) == (10, 8, Degree.GRAVE)
    assert found.report.items == ("Bar 10: you broke off and went back to bar 8.",)
    assert found.step.bars == (10, 10)
    assert found.report.praise == ("Bars 1–9 went without a fault.",)


def test_who_breaks_off_again_and_again_at_one_spot_is_told_how_often() -> None:
    score = composed(6, bars=16)
    take = parts(score, (0.0, 39.0), (36.0, 39.0), (36.0, 39.0), (36.0, 64.0))
    assert reviewed(score, take).report.items == ("Bar 10: you broke off and began again three times.",)


def test_a_stop_of_some_seconds_is_told_and_one_short_breath_is_not() -> None:
    score = composed(6, bars=16)
    notes = played(score).notes.copy()
    for stop_sec, items in ((3.0, ("Bar 8: the music stopped.",)), (0.5, ())):
        later = notes.copy()
        later["onset_sec"] += stop_sec * (in_order(score)["onset_beat"] >= 30.0)
        found = reviewed(score, Performance(later))
        assert found.report.items == items
        assert found.step.bars == ((8, 8) if items else None)


@pytest.mark.parametrize("bars", [(5, 6), (5, 8)])
def test_who_practises_a_passage_round_and_round_breaks_nothing_off(bars: tuple[int, int]) -> None:
    score = composed(6, bars=16)
    span = 4.0 * bars[0] - 4.0, 4.0 * bars[1]
    found = reviewed(score, parts(score, span, span, span), PracticeSettings(bars=bars, loop=True))
    assert not [one for one in found.mistakes if one["kind"] == "restart"]
    assert found.step.bars is None


def test_a_line_that_was_skipped_is_told_whatever_else_went_wrong() -> None:
    score = composed(6, bars=16)
    notes = parts(score, (0.0, 24.0), (40.0, 64.0)).notes.copy()
    assert reviewed(score, Performance(notes)).report.items == ("Bars 7–10 were left out.",)
    notes["pitch"][4:8] += 1
    found = reviewed(score, Performance(notes))
    assert found.report.items[0] == "Bars 7–10 were left out."
    assert found.report.items[1].startswith("Bar 1: ")
    assert found.step.bars == (1, 1)


def test_who_begins_the_same_bar_again_is_told_so() -> None:
    score = composed(6, bars=16)
    found = reviewed(score, parts(score, (0.0, 39.0), (36.0, 64.0)))
    assert found.report.items == ("Bar 10: you broke off and began the bar again.",)


def test_a_stop_of_three_seconds_is_one_in_the_slowest_tempo() -> None:
    score = composed(6, bars=16)
    notes = played(score, 1.8).notes.copy()
    notes["onset_sec"] += 3.0 * (in_order(score)["onset_beat"] >= 30.0)
    assert reviewed(score, Performance(notes)).report.items == ("Bar 8: the music stopped.",)
