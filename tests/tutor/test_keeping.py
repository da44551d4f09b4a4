"""Who practises with the beat is told whether they kept with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from playing import composed, in_order, played

from lessons.score import Score
from lessons.timing import TempoMap
from tutor.events import Inbox
from tutor.evidence import BarEvidence, Evidence
from tutor.follow import Follower
from tutor.keeping import OffBeat
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings
from tutor.requests import Change
from tutor.review import Review, review
from tutor.session import Session
from tutor.step import Knob

SCORE = replace(composed(6, bars=16), tempo=TempoMap.of([(0.0, 120.0)]))
BEAT = PracticeSettings(mode=Mode.KEEP_TEMPO)


def told(take: Performance, settings: PracticeSettings = BEAT, score: Score = SCORE, **more) -> Review:
    return review(score, take, settings, Learner(), datetime(2026, 3, 1, 12), **more)


def later(from_beat: float, seconds: float) -> Performance:
    notes = played(SCORE, rng=np.random.default_rng(2)).notes.copy()
    notes["onset_sec"] += seconds * (in_order(SCORE)["onset_beat"][: len(notes)] >= from_beat)
    return Performance(notes)


def test_who_is_slower_than_the_beat_is_told_and_gets_a_slower_one() -> None:
    found = told(played(SCORE, period_sec=0.5 / 0.75))
    assert found.report.items == ("You played slower than the beat, at 75 % of its tempo.",)
    assert (found.step.knob, found.step.settings.tempo_ratio) == (Knob.TEMPO, 0.75)
    assert not found.report.praise[0].startswith("You made no fault")


def test_who_is_faster_than_the_beat_is_asked_to_listen_to_it() -> None:
    found = told(played(SCORE, period_sec=0.5 / 1.2))
    assert found.report.items == ("You played faster than the beat, at 120 % of its tempo.",)
    assert found.step.settings.metronome and found.step.settings.tempo_ratio == 1.0


@pytest.mark.parametrize(("seconds", "way"), [(0.2, "behind"), (-0.2, "before")])
def test_who_leaves_the_beat_is_told_from_where(seconds: float, way: str) -> None:
    found = told(later(20.0, seconds))
    assert found.report.items[0] == f"From bar 6 on you were {way} the beat."
    assert found.step.reason == found.report.items[0]


def test_who_keeps_with_the_beat_is_told_nothing_of_it_nor_is_who_sets_the_pace() -> None:
    assert told(played(SCORE, rng=np.random.default_rng(1))).report.items == ()
    slower = PracticeSettings(mode=Mode.KEEP_TEMPO, tempo_ratio=0.75)
    assert told(played(SCORE, period_sec=0.5 / 0.75), slower).report.items == ()
    assert told(played(SCORE, period_sec=0.5 / 0.75), PracticeSettings()).report.items == ()


def test_who_stopped_once_and_went_on_in_tempo_is_told_of_the_stop_alone() -> None:
    found = told(later(20.0, 3.0))
    assert found.report.items == ("Bar 6: the music stopped.",)
    assert "off_beat" not in found.assessment


def test_where_the_beat_was_set_anew_nobody_knows_who_kept_with_it() -> None:
    assert told(played(SCORE, period_sec=0.5 / 0.75), one_beat=False).report.items == ()


@pytest.mark.parametrize("asked", ["tempo", "nothing"])
def test_a_session_tells_whether_one_beat_led(asked: str) -> None:
    inbox = Inbox()
    session = Session(SCORE, Follower(SCORE), inbox, [], BEAT, clock=None)
    for number, event in enumerate(played(SCORE).events()):
        if number == 20 and asked == "tempo":
            inbox.put(Change(event.time_sec, replace(BEAT, tempo_ratio=0.8)))
        inbox.put(event)
    inbox.put(None)
    assert session.run().one_beat is (asked == "nothing")


def test_what_was_found_of_the_beat_is_read_again_from_the_journal() -> None:
    found = told(played(SCORE, period_sec=0.5 / 0.75))
    assert Evidence.of(found.assessment, found.mistakes).off_beat == OffBeat(True, 1, 0.75)


def test_a_bar_that_the_beat_led_through_in_silence_was_left_out() -> None:
    notes = played(SCORE).notes
    inside = in_order(SCORE)["onset_beat"]
    take = Performance(notes[(inside < 12.0) | (inside >= 16.0)])
    found = told(take, covered=(0.0, 64.0))
    assert found.report.items[0] == "Bar 4 was left out."
    assert found.report.bars[3].why == "nothing was played"
    assert BarEvidence(4, missed=3).is_silent and not BarEvidence(4, hit=1, missed=3).is_silent


def test_a_beat_beyond_all_written_tempos_can_be_kept() -> None:
    hasty = replace(SCORE, tempo=TempoMap.of([(0.0, 600.0)]))
    found = told(played(hasty, period_sec=0.05), replace(BEAT, tempo_ratio=2.0), hasty)
    assert found.attempt.evidence.off_beat is None
    assert found.report.hit_share == 1.0


def at_the_beat(take: Performance, late_sec: float, settings: PracticeSettings = BEAT) -> Review:
    """Played so late to a beat that began at half a second of the take."""
    notes = take.notes.copy()
    notes["onset_sec"] += late_sec
    return told(Performance(notes), settings, beat_sec=0.5)


@pytest.mark.parametrize("late_sec", [0.3, 1.2, -0.3])
def test_who_is_evenly_off_the_beat_from_the_first_note_on_is_told(late_sec: float) -> None:
    found = at_the_beat(played(SCORE), late_sec)
    way = "behind" if late_sec > 0 else "before"
    assert found.report.items == (f"From bar 1 on you were {way} the beat.",)
    assert not found.report.praise[0].startswith("You made no fault")


@pytest.mark.parametrize("late_sec", [0.0, 0.15, 0.24, -0.1])
def test_a_beat_that_reaches_the_ear_late_is_kept_all_the_same(late_sec: float) -> None:
    assert at_the_beat(played(SCORE), late_sec).attempt.evidence.off_beat is None


def test_in_a_loop_each_lap_has_its_own_beat() -> None:
    looped = replace(BEAT, bars=(1, 16), loop=True)
    assert at_the_beat(played(SCORE), 32.0, looped).attempt.evidence.off_beat is None
    assert at_the_beat(played(SCORE), 32.0 + 0.4, looped).attempt.evidence.off_beat is not None


@pytest.mark.parametrize(("count_in", "began_sec"), [(0, 0.0), (1, 2.0), (2, 4.0)])
def test_a_session_knows_when_its_beat_began(count_in: int, began_sec: float) -> None:
    inbox = Inbox()
    session = Session(SCORE, Follower(SCORE), inbox, [], replace(BEAT, count_in_bars=count_in), clock=None)
    for event in played(SCORE).events():
        inbox.put(event)
    inbox.put(None)
    assert session.run().beat_sec == pytest.approx(began_sec - session.start_sec)
