"""The freedom of who plays well is no mistake, and a fault beyond it is: own spread, bent tempo, endings, rhythms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playing import composed, in_order, played

from lessons.files import read_score
from lessons.score import NOTE_DTYPE, RIGHT, Score
from tutor.assess import assess
from tutor.assessing.mistake import Degree
from tutor.coach import worst_passage
from tutor.evidence import Evidence
from tutor.mistakes import Mistake, find_mistakes
from tutor.performance import Performance
from tutor.takes import load_take

Notes = NDArray[np.void]
VIENNA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "vienna4x22"


def judged(score: Score, take: Performance) -> tuple[tuple[Mistake, ...], Evidence]:
    said = assess(score, take)
    mistakes = find_mistakes(score, take, said)
    return mistakes, Evidence.of(said.as_json(), [mistake.as_json(score) for mistake in mistakes])


def freely(score: Score, spread_sec: float, seed: int = 0) -> Notes:
    """The score with each onset shifted by chance, both hands together."""
    notes = played(score).notes.copy()
    places, at = np.unique(in_order(score)["onset_beat"], return_inverse=True)
    notes["onset_sec"] += np.random.default_rng(seed).normal(0.0, spread_sec, len(places))[at]
    return notes


@pytest.mark.parametrize("seed", range(4))
def test_a_free_player_whose_notes_are_right_is_not_sent_to_drill_a_beat(seed: int) -> None:
    score = composed(seed, bars=16)
    _, evidence = judged(score, Performance(freely(score, 0.04, seed)))
    assert worst_passage(evidence) is None


def test_who_is_free_is_still_told_what_is_off_by_far() -> None:
    score = composed(1, bars=16)
    notes = freely(score, 0.03)
    far = np.isin(in_order(score)["onset_beat"], (21.0, 23.0)) & (in_order(score)["hand"] == RIGHT)
    notes["onset_sec"] += 0.3 * far
    mistakes, evidence = judged(score, Performance(notes))
    assert {one.bar for one in mistakes if one.kind == "late" and one.degree is Degree.PLAIN} == {6}
    assert worst_passage(evidence) == (6, 6)


def test_a_player_who_bends_the_tempo_of_both_hands_is_not_drilled() -> None:
    score = composed(2, bars=16)
    notes = played(score).notes.copy()
    bent = np.isin(in_order(score)["onset_beat"], (21.0, 23.0))
    notes["onset_sec"] += 0.2 * bent
    mistakes, evidence = judged(score, Performance(notes))
    assert {one.degree for one in mistakes if one.kind == "late"} == {Degree.SLIGHT}
    assert worst_passage(evidence) is None


def test_how_a_piece_comes_to_its_end_is_the_players_own() -> None:
    score = composed(3, bars=16)
    notes = played(score).notes.copy()
    beats = in_order(score)["onset_beat"]
    notes["onset_sec"] += 0.25 * np.clip(beats - 58.0, 0.0, None) ** 1.5
    mistakes, _ = judged(score, Performance(notes))
    assert not [one for one in mistakes if one.bar > 14]
    earlier = played(score).notes.copy()
    earlier["onset_sec"] += 0.25 * np.clip(beats - 34.0, 0.0, 6.0) ** 1.5
    assert [one for one in judged(score, Performance(earlier))[0] if one.kind == "hesitation"]


def off_beat(bars: int) -> Score:
    """A rhythm across the beat in each bar, which is no figure of one or two beats."""
    onsets = [4.0 * bar + beat for bar in range(bars) for beat in (0.0, 0.5, 1.25, 2.0, 3.0)]
    ends = [*onsets[1:], 4.0 * bars]
    rows = [
        (onset, end - onset, 60 + 2 * place % 11, 70, RIGHT, 1, 0, 0, 0, "", 0, False)
        for place, (onset, end) in enumerate(zip(onsets, ends, strict=True))
    ]
    return replace(composed(0, bars), notes=np.array(rows, NOTE_DTYPE))


@pytest.mark.parametrize(("times", "named"), [(8, True), (1, False)])
def test_a_rhythm_that_goes_wrong_each_time_it_comes_is_told_though_it_is_off_by_little(
    times: int, named: bool
) -> None:
    score = off_beat(12)
    notes = played(score).notes.copy()
    wrong = np.isin(in_order(score)["onset_beat"], [4.0 * bar + 1.25 for bar in range(1, 1 + times)])
    notes["onset_sec"] -= 0.14 * wrong
    _, evidence = judged(score, Performance(notes))
    assert (worst_passage(evidence) is not None) == named


@pytest.mark.skipif(not VIENNA.is_dir(), reason="needs shared/data/vienna4x22")
@pytest.mark.parametrize("pianist", ["Schubert_D783_no15_p08", "Schubert_D783_no15_p22", "Mozart_K331_1st-mov_p19"])
def test_a_pianists_clean_take_is_praised_and_nothing_is_drilled(pianist: str) -> None:
    score = read_score(VIENNA / "musicxml" / f"{pianist.rsplit('_', 1)[0]}.musicxml")
    _, evidence = judged(score, load_take(VIENNA / "midi" / f"{pianist}.mid"))
    assert evidence.hit_share > 0.97
    assert worst_passage(evidence) is None
