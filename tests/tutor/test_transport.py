"""The score's clock as a value: tempo, loop, pause and waiting."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.errors import InputError
from lessons.timing import TempoMap
from tutor.transport import Transport

TEMPO = TempoMap.of([(0.0, 120.0), (8.0, 60.0)])
seconds = st.floats(0, 500)


def test_the_score_runs_at_its_written_tempo():
    transport = Transport.at(TEMPO, 0.0, now_sec=100.0)
    assert transport.beat_at(101.0) == pytest.approx(2.0)
    assert transport.beat_at(106.0) == pytest.approx(10.0)


def test_half_the_tempo_takes_twice_the_time():
    assert Transport.at(TEMPO, 0.0, 0.0, ratio=0.5).beat_at(2.0) == pytest.approx(2.0)


def test_a_pause_stands_still_and_goes_on_from_there():
    transport = Transport.at(TEMPO, 0.0, 0.0).paused(1.0)
    assert transport.beat_at(50.0) == pytest.approx(2.0)
    assert transport.resumed(50.0).beat_at(50.5) == pytest.approx(3.0)


def test_a_loop_begins_anew_and_counts_its_laps():
    transport = Transport.at(TEMPO, 4.0, 0.0, loop=(4.0, 8.0))
    assert [transport.lap_at(sec) for sec in (0.0, 1.99, 2.0, 4.5)] == [0, 0, 1, 2]
    assert transport.beat_at(2.5) == pytest.approx(5.0)


def test_a_count_in_before_a_loop_belongs_to_its_first_lap():
    transport = Transport.at(TEMPO, 0.0, 0.0, loop=(4.0, 8.0))
    assert transport.lap_at(1.0) == 0
    assert transport.beat_at(1.0) == pytest.approx(2.0)


def test_a_limit_holds_the_score_until_the_learner_plays():
    transport = Transport.at(TEMPO, 0.0, 0.0)
    waiting = transport.waiting(transport.progress_of(1.0))
    assert waiting.beat_at(9.0) == pytest.approx(1.0)
    assert waiting.waiting_at(9.0) and not waiting.waiting_at(0.1)
    assert waiting.clock_sec_of(waiting.progress_of(1.0)) == math.inf


def test_a_change_of_tempo_does_not_move_the_score():
    transport = Transport.at(TEMPO, 0.0, 0.0)
    assert transport.at_ratio(0.5, 3.0).beat_at(3.0) == pytest.approx(transport.beat_at(3.0))


def test_a_loop_without_length_and_an_impossible_tempo_are_refused():
    with pytest.raises(InputError):
        Transport.at(TEMPO, 0.0, 0.0, loop=(4.0, 4.0))
    with pytest.raises(InputError):
        Transport.at(TEMPO, 0.0, 0.0, ratio=0.0)


@given(seconds, st.floats(0.1, 4.0))
def test_clock_seconds_and_progress_are_inverse(sec, ratio):
    transport = Transport.at(TEMPO, 0.0, 0.0, ratio, (4.0, 12.0))
    assert transport.clock_sec_of(transport.progress_at(sec)) == pytest.approx(sec, abs=1e-6)


@given(seconds)
def test_a_loop_never_leaves_its_bars_once_inside(sec):
    transport = Transport.at(TEMPO, 4.0, 0.0, loop=(4.0, 12.0))
    assert 4.0 <= transport.beat_at(sec) <= 12.0
    lap, beat = transport.lap_at(sec), transport.beat_at(sec)
    assert transport.progress_of(beat, lap) == pytest.approx(transport.progress_at(sec), abs=1e-6)


def test_a_count_in_tells_its_beats_as_they_sound():
    transport = Transport.at(TEMPO, -2.0, 0.0).entering(0.0, (-1.0, -0.5))
    assert [transport.counted_at(sec) for sec in (0.0, 0.49, 0.5, 0.99)] == [(1, 2), (1, 2), (2, 2), (2, 2)]
    assert transport.counted_at(1.0) is None
    assert transport.paused(0.5).counted_at(0.5) is None


def test_the_score_goes_as_fast_as_its_tempo_of_the_place_and_the_ratio_have_it():
    transport = Transport.at(TEMPO, 0.0, 0.0, ratio=0.5)
    assert transport.beats_per_sec_at(0.0) == pytest.approx(1.0)
    assert transport.beats_per_sec_at(20.0) == pytest.approx(0.5)
