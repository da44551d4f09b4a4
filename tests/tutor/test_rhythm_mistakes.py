"""Mistakes of rhythm and pace: figures out of proportion, by hand, and passages slower than the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from conftest import plain_score
from numpy.typing import NDArray
from playing import composed, played

from lessons.analogy import Feature
from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.assess import assess
from tutor.coach import failed_feature, worst_passage
from tutor.evidence import Evidence
from tutor.mistakes import Failed, Mistake, find_mistakes
from tutor.performance import Performance
from tutor.reasons import fault_in_words, praise

Notes = NDArray[np.void]
DOTTED, PAIRS = (0.0, 1.0, 2.0, 3.5), (0.0, 0.5, 1.0, 2.0, 2.5, 3.0)


def rhythm_score(figures: dict[int, tuple[float, ...]], bars: int = 12) -> Score:
    """Quarter notes in the right hand but for the onsets of some bars, half notes in the left; 4/4."""
    rows = []
    for bar in range(bars):
        onsets = (*figures.get(bar + 1, (0.0, 1.0, 2.0, 3.0)), 4.0)
        for place, (onset, end) in enumerate(pairwise(onsets)):
            pitch = 64 + (5 * bar + 2 * place) % 12
            rows.append((4 * bar + onset, end - onset, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False))
        for beat in (0.0, 2.0):
            low = 40 + (3 * bar + int(beat)) % 10
            rows.append((4 * bar + beat, 2, low, 60, LEFT, 2, 0, 0, 0, "", 0, False))
    measures = [(bar + 1, bar + 1, 4 * bar, 4 * bar + 4) for bar in range(bars)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(measures, BAR_DTYPE), title="Figures", level=2)


def dotted_score(*at_bars: int) -> Score:
    """Bars that end in a dotted quarter and an eighth."""
    return rhythm_score(dict.fromkeys(at_bars, (0.0, 1.0, 2.0, 3.5)))


def moved(score: Score, onsets: list[float], beats: float, seed: int = 0) -> Performance:
    """The score as a human plays it, with the right hand's notes at some onsets moved by some beats."""
    notes = played(score, 0.6).notes.copy()
    order = np.lexsort((score.notes["pitch"], score.notes["onset_beat"]))
    chosen = np.isin(score.notes["onset_beat"][order], onsets) & (score.notes["hand"][order] == RIGHT)
    notes["onset_sec"] += np.random.default_rng(seed).normal(0.0, 0.008, len(notes)) + 0.6 * beats * chosen
    return Performance(notes)


def found(score: Score, take: Performance) -> tuple[Mistake, ...]:
    return find_mistakes(score, take, assess(score, take))


def kinds(mistakes: tuple[Mistake, ...]) -> Counter[str]:
    return Counter(mistake.kind for mistake in mistakes)


def slowed(score: Score, first_bar: int, last_bar: int, ratio: float, period_sec: float = 0.5) -> Performance:
    """The score with some bars at ``ratio`` times the period of the others."""
    notes = played(score, period_sec, rng=np.random.default_rng(2)).notes.copy()
    starts, ends = score.bars["start_beat"], score.bars["end_beat"]
    begins = 0.5 + period_sec * float(starts[score.bars["number"] == first_bar][0])
    over = 0.5 + period_sec * float(ends[score.bars["number"] == last_bar][0])
    inside = np.clip(notes["onset_sec"], begins, over) - begins
    slow = (notes["onset_sec"] > begins - 0.05) & (notes["onset_sec"] < over - 0.05)
    notes["duration_sec"] = np.where(slow, notes["duration_sec"] * ratio, notes["duration_sec"])
    notes["onset_sec"] += inside * (ratio - 1.0)
    return Performance(notes)


def test_a_dotted_figure_played_even_is_named_each_time_however_far_apart_it_comes() -> None:
    score = dotted_score(4, 8)
    mistakes = found(score, moved(score, [15.5, 31.5], -0.5))
    assert [(mistake.kind, mistake.onset_beat, mistake.hand) for mistake in mistakes] == [
        ("early", 15.5, "right"),
        ("early", 31.5, "right"),
    ]
    assert {mistake.feature for mistake in mistakes} == {Failed.RHYTHM}
    assert "ms too early" in mistakes[0].says


def test_pairs_of_equal_notes_played_long_and_short_are_each_named() -> None:
    score = rhythm_score(dict.fromkeys((5, 6), PAIRS))
    onsets = [16.5, 18.5, 20.5, 22.5]
    mistakes = found(score, moved(score, onsets, 0.25))
    assert [(mistake.kind, mistake.onset_beat) for mistake in mistakes] == [("uneven", onset) for onset in onsets]


def test_one_figure_bent_once_is_a_slip_without_a_name() -> None:
    score = rhythm_score(dict.fromkeys((3, 5, 6), PAIRS))
    assert found(score, moved(score, [18.5], 0.2)) == ()


def both_hands_dotted(bars: int = 8) -> Score:
    """A dotted eighth and a sixteenth in the right hand over sixteenths in the left, on the first beat of each bar."""
    figures = dict.fromkeys(range(1, bars + 1), (0.0, 0.75, 1.0, 2.0, 3.0))
    score = rhythm_score(figures, bars)
    more = [
        (4 * bar + 0.25 * place, 0.25, 50 + place, 60, LEFT, 2, 0, 0, 0, "", 0, False)
        for bar in range(bars)
        for place in (1, 2, 3)
    ]
    notes = np.concatenate([score.notes, np.array(more, NOTE_DTYPE)])
    return score.with_notes(notes[np.lexsort((notes["pitch"], notes["onset_beat"]))])


@pytest.mark.parametrize("bars", [(1, 2, 3, 4, 5), (4,)])
def test_a_rhythm_that_one_hand_alone_plays_wrong_is_no_matter_of_both_hands(bars: tuple[int, ...]) -> None:
    score = both_hands_dotted()
    mistakes = found(score, moved(score, [4.0 * bar - 4.0 + 0.75 for bar in bars], -0.25))
    assert [(mistake.kind, mistake.hand, mistake.bar) for mistake in mistakes] == [
        ("early", "right", bar) for bar in bars
    ]


@pytest.mark.parametrize("ratio", [1.4, 1.7])
@pytest.mark.parametrize("seed", range(3))
def test_a_slower_passage_is_said_of_its_bars_and_not_of_its_seams(seed: int, ratio: float) -> None:
    score = composed(seed, bars=16)
    mistakes = found(score, slowed(score, 5, 8, ratio))
    assert [(mistake.kind, mistake.bar) for mistake in mistakes] == [("slower", bar) for bar in (5, 6, 7, 8)]
    assert mistakes[0].says == f"Bars 5–8 went {ratio:.1f} times slower than the rest."


@pytest.mark.parametrize(("bars", "ratio"), [((5, 5), 1.7), ((5, 6), 1.4), ((15, 16), 1.8), ((3, 14), 1.5)])
def test_what_is_not_slower_than_the_rest(bars: tuple[int, int], ratio: float) -> None:
    """One bar, two that are a little slower, a last ritardando, and most of the piece."""
    score = composed(4, bars=16)
    assert "slower" not in kinds(found(score, slowed(score, *bars, ratio)))
    assert "slower" in kinds(found(score, slowed(score, 5, 7, 1.5)))


def test_a_stop_is_no_slower_passage() -> None:
    score = plain_score(bars=12, left=False)
    notes = played(score).notes.copy()
    notes["onset_sec"][18:] += 3.0
    assert kinds(found(score, Performance(notes))) == {"hesitation": 1}


def test_where_the_page_is_slower_so_may_be_the_player() -> None:
    score = composed(1, bars=16)
    take = slowed(score, 5, 8, 1.6)
    assert "slower" in kinds(found(score, take))
    score = replace(score, tempo=TempoMap.of([(0.0, 120.0), (16.0, 75.0), (32.0, 120.0)]))
    assert "slower" not in kinds(found(score, take))


def test_the_coach_chooses_the_slow_passage_and_nobody_praises_it() -> None:
    score = composed(1, bars=16)
    take = slowed(score, 5, 8, 1.7)
    said = assess(score, take)
    evidence = Evidence.of(said.as_json(), [mistake.as_json(score) for mistake in find_mistakes(score, take, said)])
    bars = worst_passage(evidence)
    assert bars == (5, 8)
    assert failed_feature(evidence.within(*bars)) is Feature.RHYTHM
    assert fault_in_words(score, list(evidence.faults)) == "you played slower here than elsewhere"
    assert praise(score, evidence) == "Bars 9–16 went without a fault."
