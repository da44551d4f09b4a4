"""Where the metronome clicks and a count-in begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, METRE_DTYPE, Score
from lessons.timing import TempoMap
from tutor.metronome import clicks, count_in_beat, counted_in


def in_metre(score: Score, numerator: int, denominator: int, pickup: float = 0.0) -> Score:
    length = numerator * 4 / denominator
    bars = [(0, 0, -pickup, 0.0)] if pickup else []
    bars += [(index + 1, index + 1, index * length, (index + 1) * length) for index in range(2)]
    metres = np.array([(-pickup, numerator, denominator)], METRE_DTYPE)
    return replace(score, bars=np.array(bars, BAR_DTYPE), metres=metres)


@pytest.mark.parametrize(
    ("metre", "expected"),
    [((4, 4), [0, 1, 2, 3]), ((3, 4), [0, 1, 2]), ((6, 8), [0, 1.5]), ((3, 8), [0, 0.5, 1]), ((2, 2), [0, 2])],
)
def test_a_metre_clicks_on_its_written_beats_and_accents_the_first(steps, metre, expected):
    score = in_metre(steps, *metre)
    found = clicks(score, 0.0, score.bars["end_beat"][0])
    assert [click.onset_beat for click in found] == expected
    assert [click.accent for click in found] == [True] + [False] * (len(expected) - 1)


def test_clicks_before_the_piece_keep_the_grid_of_its_first_bar(steps):
    found = clicks(steps, -4.0, 0.0)
    assert [(click.onset_beat, click.accent) for click in found] == [(-4, True), (-3, False), (-2, False), (-1, False)]


def test_a_pickup_is_counted_in_from_a_bar_line(steps):
    score = in_metre(steps, 4, 4, pickup=1.0)
    assert count_in_beat(score, -1.0, bars=1) == -8.0
    found = clicks(score, -8.0, 1.0)
    assert [click.onset_beat for click in found] == list(range(-8, 1))
    assert [click.onset_beat for click in found if click.accent] == [-8, -4, 0]


@pytest.mark.parametrize(("start", "bars", "expected"), [(0.0, 0, 0.0), (0.0, 1, -4.0), (4.0, 2, -4.0), (6.0, 1, 0.0)])
def test_a_count_in_is_at_least_the_bars_asked_for(steps, start, bars, expected):
    assert count_in_beat(steps, start, bars) == expected


@pytest.fixture
def changing(steps) -> Score:
    """Two bars of 2/4 at 60, then two of 6/8 at 160 quarters a minute."""
    bars = [(1, 1, 0, 2), (2, 2, 2, 4), (3, 3, 4, 7), (4, 4, 7, 10)]
    metres = np.array([(0, 2, 4), (4, 6, 8)], METRE_DTYPE)
    return replace(steps, bars=np.array(bars, BAR_DTYPE), metres=metres, tempo=TempoMap.of([(0, 60), (4, 160)]))


def test_a_count_in_has_the_metre_and_the_tempo_of_where_playing_begins(changing):
    start = 4.0
    first, score = count_in_beat(changing, start, 1), counted_in(changing, start)
    found = clicks(score, first, 7.0)
    assert [(click.onset_beat, click.accent) for click in found] == [(1, True), (2.5, False), (4, True), (5.5, False)]
    assert np.diff(score.tempo.seconds_at([click.onset_beat for click in found])) == pytest.approx([0.5625] * 3)


def test_what_is_played_keeps_its_time_whatever_is_counted_in(changing):
    beats = np.array([4.0, 5.5, 10.0, 30.0])
    held = counted_in(changing, 4.0).tempo
    assert held.seconds_at(beats) == pytest.approx(changing.tempo.seconds_at(beats))
    assert held.beats_at(held.seconds_at([-2.0, 1.0, 4.0, 9.0])) == pytest.approx([-2.0, 1.0, 4.0, 9.0])


def test_at_the_beginning_a_count_in_is_as_written(steps):
    assert clicks(counted_in(steps, 0.0), -4.0, 16.0) == clicks(steps, -4.0, 16.0)
