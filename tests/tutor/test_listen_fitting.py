"""Whether what was heard is the piece, and at which height."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.assess import assess
from tutor.listen.fitting import best_height, is_another_piece
from tutor.performance import PLAYED_DTYPE, Performance


def tune(seed: int) -> Score:
    """64 notes that wander through the same ten steps of a major scale, in eighths to halves."""
    rng = np.random.default_rng(seed)
    steps = np.cumsum(rng.choice([-3, -2, -1, -1, 1, 1, 2, 4], 64)) % 10
    lengths = rng.choice([0.5, 0.5, 1, 1, 2], 64)
    onsets = np.cumsum(lengths) - lengths
    pitches = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76])[steps]
    rows = [
        (onset, length, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False)
        for onset, length, pitch in zip(onsets.tolist(), lengths.tolist(), pitches.tolist(), strict=True)
    ]
    bars = [(index + 1, index + 1, 4 * index, 4 * index + 4) for index in range(int(onsets[-1]) // 4 + 1)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE), tempo=TempoMap.of([(0.0, 100.0)]))


def take(score: Score, kept: float = 1.0, wrong: float = 0.0, height: int = 0, first: int = 0) -> Performance:
    """30 notes of a piece from a note on, some left out, some a little off."""
    rng = np.random.default_rng(3)
    rows = [
        (float(score.tempo.seconds_at(note["onset_beat"])) + rng.normal(0, 0.01), 0.3, note["pitch"] + height, 70)
        for note in score.notes[first : first + 30]
        if rng.random() < kept
    ]
    off = [(at, length, pitch + (2 if rng.random() < wrong else 0), force) for at, length, pitch, force in rows]
    return Performance(np.array(off, PLAYED_DTYPE))


@pytest.fixture(scope="module")
def tunes() -> list[Score]:
    return [tune(seed) for seed in range(5)]


def test_other_pieces_are_told(tunes: list[Score]) -> None:
    told = [is_another_piece(assess(one, take(other))) for one in tunes for other in tunes if one is not other]
    assert sum(told) >= 0.9 * len(told)


def test_the_right_piece_with_many_faults_or_half_its_notes_or_only_in_part_is_not(tunes: list[Score]) -> None:
    for one in tunes:
        assert not is_another_piece(assess(one, take(one, kept=0.5)))
        assert not is_another_piece(assess(one, take(one, wrong=0.35)))
        assert not is_another_piece(assess(one, take(one, first=12)))


def test_a_take_is_judged_at_the_height_where_it_fits(long_steps: Score) -> None:
    def judged(sounding: int, height: int) -> tuple[int, int]:
        found, assessment = best_height(
            lambda up: assess(long_steps, take(long_steps, height=sounding + up)), (12, -12, 1, -1)
        )
        assert found == height
        return assessment.summary()["hit"], assessment.summary()["extra"]

    assert judged(0, 0) == judged(-12, 12) == judged(1, -1) == (30, 0)


def test_what_fits_nowhere_stays_where_it_was_heard(tunes: list[Score]) -> None:
    one, other, *_ = tunes
    assert best_height(lambda up: assess(one, take(other, height=up)), (12, -12, 1, -1))[0] == 0
