"""Notes that stay while the rest of their line takes another rhythm."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.score import NOTE_DTYPE, RIGHT, Score
from models.fixed_notes import with_fixed
from tests.lessons.scores import score_of

Rhythm = list[tuple[float, float]]
SEEDS = range(40)


def line(rhythm: Rhythm) -> np.ndarray:
    notes = np.zeros(len(rhythm), NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"] = zip(*rhythm, strict=True)
    notes["hand"], notes["pitch"] = RIGHT, 60
    return notes


def score(rhythm: Rhythm, bars: int) -> Score:
    return score_of([(onset, length, 60, RIGHT) for onset, length in rhythm], bars)


def joined(own: Rhythm, donor: Rhythm, *places: float) -> Rhythm:
    bars = int(np.ceil(max(onset + length for onset, length in own) / 4))
    found = with_fixed(score(own, bars), line(donor), line(own), places)
    return list(zip(found["onset_beat"].tolist(), found["duration_beat"].tolist(), strict=True))


QUARTERS = [(float(beat), 1.0) for beat in range(8)]


def test_a_long_note_that_gave_way_to_a_short_one_sounds_on_after_it() -> None:
    assert joined(QUARTERS, [(0, 4), (4, 2), (6, 2)], 0.0) == [(0, 1), (1, 3), (4, 2), (6, 2)]


def test_off_the_beat_the_piece_goes_on_to_the_beat() -> None:
    eighths = [(place / 2, 0.5) for place in range(8)]
    assert joined(eighths, [(0, 4)], 1.0) == [(0, 1), (1, 0.5), (1.5, 0.5), (2, 2)]


def test_in_each_bar_it_is_struck_again() -> None:
    assert joined(QUARTERS, [(0, 8)], 2.0) == [(0, 2), (2, 1), (3, 1), (4, 4)]


def test_where_the_piece_rests_nothing_sounds() -> None:
    assert joined([(0, 1), (4, 4)], [(0, 4), (4, 4)], 0.0) == [(0, 1), (4, 4)]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hole_is_left_by_a_note_that_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own, donor = (_full_bars(rng) for _ in range(2))
    places = sorted(rng.choice([onset for onset, _ in own], 3, replace=False).tolist())
    found = joined(own, donor, *places)
    assert {note for note in own if note[0] in places} <= set(found)
    ends = [onset + length for onset, length in found]
    assert np.allclose([*[onset for onset, _ in found][1:], 16.0], ends)


def _full_bars(rng: np.random.Generator) -> Rhythm:
    """Four bars of 4/4 without a rest."""
    cells = [(1.0, 1.0), (2.0,), (0.5, 0.5, 1.0), (1.5, 0.5)]
    lengths = [length for _ in range(8) for length in cells[int(rng.integers(len(cells)))]]
    return list(zip(np.cumsum([0.0, *lengths[:-1]]).tolist(), lengths, strict=True))
