"""What broke off, stopped or was left out is told, though it came but once, where it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from playing import between, composed, in_order, joined, played

from lessons.score import Score
from tutor.assessing.mistake import Degree
from tutor.events import Event, Inbox
from tutor.follow import Follower
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings
from tutor.requests import Restart
from tutor.review import Review, review
from tutor.session import Session


def reviewed(
    score: Score,
    take: Performance,
    settings: PracticeSettings | None = None,
    restarts_sec: tuple[float, ...] = (),
) -> Review:
    settings, at = settings or PracticeSettings(), datetime(2026, 3, 1, 12)
    return review(score, take, settings, Learner(), at, restarts_sec=restarts_sec)


def later(event: Event, by_sec: float) -> Event:
    return replace(event, time_sec=event.time_sec + by_sec)


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


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.KEEP_TEMPO, Mode.WAIT])
@pytest.mark.parametrize("beats", [0.5, 1.0, 3.0, 9.0, 10.0, 63.0])
def test_who_asks_to_begin_again_has_broken_nothing_off(mode: Mode, beats: float) -> None:
    score = composed(6, bars=16)
    settings = PracticeSettings(mode=mode, count_in_bars=0)
    whole = played(score, 60.0 / score.tempo.bpm_at(0.0))
    first, again = between(score, whole, 0.0, beats).events(), whole.events()
    asked_sec = first[-1].time_sec + 1.0
    inbox = Inbox()
    for event in (*first, Restart(asked_sec), *(later(event, asked_sec + 0.5) for event in again), None):
        inbox.put(event)
    take = Session(score, Follower(score), inbox, settings=settings, clock=None).run()
    found = reviewed(score, take.performance, settings, take.restarts_sec)
    assert take.restarts_sec == (pytest.approx(asked_sec),)
    assert (found.report.items, found.step.bars, found.mistakes) == ((), None, ())
    assert found.assessment["summary"]["extra"] == found.assessment["summary"]["missed"] == 0


def test_what_went_wrong_before_the_program_was_asked_to_begin_again_still_counts() -> None:
    score = composed(6, bars=16)
    notes = parts(score, (0.0, 10.0), (0.0, 64.0)).notes.copy()
    notes["pitch"][4] += 1
    asked_sec = float(between(score, played(score), 0.0, 10.0).notes["onset_sec"][-1]) + 0.01
    found = reviewed(score, Performance(notes), restarts_sec=(asked_sec,))
    assert [one["kind"] for one in found.mistakes] == ["neighbour"]


def test_who_goes_back_themselves_after_asking_to_begin_again_has_broken_off_once() -> None:
    score = composed(6, bars=16)
    take = parts(score, (0.0, 10.0), (0.0, 38.0), (28.0, 64.0))
    asked_sec = float(between(score, played(score), 0.0, 10.0).notes["onset_sec"][-1]) + 0.01
    found = reviewed(score, take, restarts_sec=(asked_sec,))
    assert [(one["kind"], one["bar"]) for one in found.mistakes] == [("restart", 10)]
