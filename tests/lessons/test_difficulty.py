"""Harder music gets a higher level, for the reason that made it harder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scores import Row, score_of, scores

from lessons.difficulty import LEVEL_RANGE, Difficulty, difficulty, features
from lessons.score import LEFT, RIGHT, Score
from lessons.timing import TempoMap

TUNE: list[Row] = [(float(i), 1.0, pitch, RIGHT) for i, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 62) * 2)]
BASS: list[Row] = [(float(i), 2.0, pitch, LEFT) for i, pitch in zip(range(0, 16, 2), (48, 43) * 4, strict=True)]


def level(score: Score) -> float:
    return difficulty(score).level


def test_a_five_finger_tune_is_for_first_lessons() -> None:
    assert level(score_of(TUNE)) < 1.6


@settings(max_examples=40, deadline=None)
@given(scores(grid=4), st.floats(1.1, 3.0))
def test_a_faster_tempo_is_never_easier(score: Score, ratio: float) -> None:
    assert level(replace(score, tempo=score.tempo.scaled(ratio))) >= level(score)


def test_each_feature_alone_makes_a_piece_harder() -> None:
    plain = score_of(TUNE + BASS)
    harder = {
        "speed": replace(plain, tempo=TempoMap.of([(0.0, 160.0)])),
        "leaps": score_of([(on, dur, p + (24 if i % 2 else 0), h) for i, (on, dur, p, h) in enumerate(TUNE)] + BASS),
        "independence": score_of(TUNE + [(on + 0.5, dur, p, h) for on, dur, p, h in BASS]),
        "chords": score_of(TUNE + BASS + [(on, dur, p + 7, h) for on, dur, p, h in BASS]),
        "voices": score_of([*TUNE, *BASS, (0.0, 16.0, 55, RIGHT)]),
        "rhythm": score_of([(on + 0.25 * (i % 3), 0.5, p, h) for i, (on, _, p, h) in enumerate(TUNE)] + BASS),
        "accidentals": score_of([(on, dur, p + (i % 3 == 0), h) for i, (on, dur, p, h) in enumerate(TUNE)] + BASS),
        "range": score_of([(on, dur, p + 2 * i, h) for i, (on, dur, p, h) in enumerate(TUNE)] + BASS),
    }
    for name, score in harder.items():
        assert features(score)[name] > features(plain)[name], name
        assert level(score) > level(plain), name
        assert difficulty(score).shares[name] > difficulty(plain).shares[name], name


def test_block_chords_that_are_held_are_easier_than_broken_ones() -> None:
    chords = [(48, 52, 55), (43, 47, 50)] * 2
    held = [(bar * 4.0, 4.0, key, LEFT) for bar, keys in enumerate(chords) for key in keys]
    broken = [
        (bar * 4.0 + eighth / 2, 0.5, keys[(0, 2, 1, 2)[eighth % 4]], LEFT)
        for bar, keys in enumerate(chords)
        for eighth in range(8)
    ]
    assert level(score_of(TUNE + held)) < level(score_of(TUNE + broken))


@settings(max_examples=30, deadline=None)
@given(scores(grid=4, graces=True))
def test_levels_stay_in_range_and_their_shares_add_up(score: Score) -> None:
    grade: Difficulty = difficulty(score)
    assert LEVEL_RANGE[0] <= grade.level <= LEVEL_RANGE[1]
    assert sum(grade.shares.values()) == pytest.approx(grade.level - 1)
    assert len(grade.reasons) <= 3


def test_silence_has_the_first_level() -> None:
    assert difficulty(score_of([])) == Difficulty(1.0, dict.fromkeys(features(score_of([])), 0.0), ())


def test_a_study_of_the_concert_hall_is_near_the_top() -> None:
    rng = np.random.default_rng(3)
    right = [(i / 4, 0.25, int(60 + rng.integers(0, 36)) + k, RIGHT) for i in range(64) for k in (0, 7)]
    left = [(i / 3, 1.0, int(28 + rng.integers(0, 30)) + k, LEFT) for i in range(48) for k in (0, 10)]
    assert level(score_of(right + left, bpm=140.0)) > 7.5
