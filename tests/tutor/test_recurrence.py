"""Restarts in music that comes again: each pass is placed where the jumps are shortest."""

from __future__ import annotations

import numpy as np
import pytest
from playing import between, composed, joined, played, with_repeats

from lessons.library.shelf import pieces
from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.mistakes import find_mistakes
from tutor.performance import Performance


def coming_again(seed: int, voices: int = 2) -> Score:
    """Twelve bars of which bars 5 and 6 are the music of bars 1 and 2, as is bar 7 of bar 3 but for its end."""
    score = composed(seed, voices=voices)
    onsets = score.notes["onset_beat"]
    again = score.notes[onsets < 9.0].copy()
    again["onset_beat"] += 16.0
    kept = score.notes[(onsets < 16.0) | (onsets >= 25.0)]
    notes = np.concatenate([kept, again])
    return score.with_notes(notes[np.lexsort((notes["pitch"], notes["onset_beat"]))])


def stumbling(score: Score, first_beat: float, at_beat: float, times: int) -> Performance:
    """Up to a beat, again and again from another, and then to the end."""
    take = played(score, rng=np.random.default_rng(1))
    tries = [between(score, take, first_beat, at_beat)] * (times - 1)
    return joined(between(score, take, 0.0, at_beat), *tries, between(score, take, first_beat, 1000.0))


def passes(said: Assessment) -> list[tuple[int, int]]:
    return [(one.first_bar, one.last_bar) for one in said.passes]


def is_right(said: Assessment) -> bool:
    summary = said.summary()
    return (summary["wrong"], summary["missed"], summary["extra"]) == (0, 0, 0)


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_stumbling_at_one_spot_of_a_repeated_part_is_going_back_each_time(seed: int, times: int) -> None:
    score = with_repeats(composed(seed, bars=16), 8)
    take = stumbling(score, 16.0, 25.5, times)
    said = assess(score, take)
    assert passes(said) == [(1, 7), *[(5, 7)] * (times - 1), (5, 24)]
    assert is_right(said)
    kinds = [mistake.kind for mistake in find_mistakes(score, take, said)]
    assert kinds.count("restart") == times


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("at_beat", [21.5, 25.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_restart_in_music_heard_before_is_where_the_jump_is_shortest(seed: int, at_beat: float, times: int) -> None:
    score = coming_again(seed)
    said = assess(score, stumbling(score, 16.0, at_beat, times))
    reached = int(at_beat // 4) + 1
    assert [bars[0] for bars in passes(said)] == [1] + [5] * times
    assert {bars[1] for bars in passes(said)[:-1]} <= {reached, reached - 1}
    assert is_right(said)


def test_who_really_goes_back_to_the_first_of_two_places_is_believed() -> None:
    score = coming_again(1)
    take = played(score, rng=np.random.default_rng(1))
    tries = (between(score, take, 0.0, 22.0), between(score, take, 0.0, 14.0), between(score, take, 0.0, 48.0))
    assert passes(assess(score, joined(*tries))) == [(1, 6), (1, 4), (1, 12)]


def test_the_first_notes_of_a_restart_belong_to_it_even_if_the_piece_begins_with_them() -> None:
    score = next(piece for piece in pieces() if piece.slug == "when-the-saints").score()
    take = played(score, 0.6, rng=np.random.default_rng(1))
    parts = (between(score, take, -8.0, 13.0), between(score, take, 8.0, 1000.0))
    assert is_right(assess(score, joined(*parts, gap_sec=1.4)))
