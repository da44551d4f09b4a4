"""Stumbles, detours and the end of a piece: what is a new pass, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from playing import between, composed, joined, played

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.assessing.detours import without_detours
from tutor.assessing.passes import Pass, find_passes
from tutor.mistakes import find_mistakes
from tutor.performance import Performance

USUAL = 0.6


def jumps(score: Score, take: Performance, said: Assessment) -> list[str]:
    return [mistake.kind for mistake in find_mistakes(score, take, said) if mistake.kind in ("restart", "skip")]


@pytest.mark.parametrize("beats", [1, 2])
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_last_beats_struck_again_are_one_restart_and_no_notes_too_many(seed: int, beats: int) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    again = joined(*(between(score, take, *part) for part in ((0, 20), (20 - beats, 20), (20, 100))), gap_sec=0.5)
    said = assess(score, again)
    summary = said.summary()
    assert (summary["wrong"], summary["missed"], summary["extra"]) == (0, 0, 0)
    assert jumps(score, again, said) == ["restart"]


@pytest.mark.parametrize("seed", range(3))
def test_a_chord_struck_again_in_time_is_added_notes(seed: int) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    chord = between(score, take, 20, 20.5).notes.copy()
    chord["onset_sec"] += 0.2
    said = assess(score, Performance(np.sort(np.concatenate([take.notes, chord]), order="onset_sec")))
    assert (len(said.passes), len(said.extra)) == (1, len(chord))


def test_who_has_come_to_the_end_has_not_broken_off() -> None:
    score = composed(2)
    take = played(score, rng=np.random.default_rng(2))
    thrice = joined(take, between(score, take, 0, 47), take, gap_sec=2.0)  # once without the last note
    said = assess(score, thrice)
    assert [(one.first_bar, one.last_bar, one.broken) for one in said.passes] == [(1, 12, False)] * 3
    assert not jumps(score, thrice, said)


def test_who_goes_back_just_before_the_end_has_broken_off() -> None:
    score = composed(2)
    take = played(score, rng=np.random.default_rng(2))
    back = joined(between(score, take, 0, 47), between(score, take, 40, 100), gap_sec=1.5)
    assert jumps(score, back, assess(score, back)) == ["restart"]


def with_detour(score: Score, take: Performance, notes: int, to_place: int) -> tuple[Pass, list[Pass]]:
    """A straight take as one pass, and with some notes in its middle believed to be elsewhere."""
    _, (one,) = find_passes(score, take)
    middle = len(take.notes) // 2
    parts = [{n: key for n, key in one.heard.items() if n in run} for run in _thirds(len(take.notes), middle, notes)]
    astray = {n: (to_place + step, 1) for step, n in enumerate(parts[1])}
    heard = (parts[0], astray, parts[2])
    ends = (middle, middle + notes, len(take.notes))
    reached = [[place for place, _ in part.values()] for part in heard]
    return one, [
        Pass(start, end, min(there), max(there), max(there), part, end < len(take.notes))
        for start, end, there, part in zip((0, *ends), ends, reached, heard, strict=False)
    ]


def _thirds(count: int, middle: int, notes: int) -> tuple[range, range, range]:
    return range(middle), range(middle, middle + notes), range(middle + notes, count)


@pytest.mark.parametrize("seed", range(3))
def test_a_jump_that_cost_no_time_was_none(seed: int) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    one, parts = with_detour(score, take, 6, 3)
    (found,) = without_detours(find_passes(score, take)[0], parts, take, USUAL)
    assert (found.first, found.last, found.first_note, found.end_note) == (one.first, one.last, 0, len(take.notes))


@pytest.mark.parametrize("seed", range(3))
def test_an_excursion_that_cost_time_remains(seed: int) -> None:
    score = composed(seed)
    take = played(score, rng=np.random.default_rng(seed))
    parts = ((0, 24), (8, 14), (24, 100))
    excursion = joined(*(between(score, take, *part) for part in parts), gap_sec=0.8)
    said = assess(score, excursion)
    assert [(one.first_bar, one.last_bar) for one in said.passes] == [(1, 6), (3, 4), (7, 12)]
    assert not len(said.extra)
