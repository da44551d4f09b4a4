"""Who leaves out what the page repeats, and plays on where it leads then, has played the piece."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from playing import between, composed, joined, played

from lessons.score import BAR_DTYPE, Score
from tutor.assessing.matching import match_pass
from tutor.assessing.passes import find_passes
from tutor.evidence import Evidence
from tutor.learner import Learner
from tutor.performance import Performance
from tutor.practice import PracticeSettings
from tutor.report import report
from tutor.review import Review, review


def unfolded(score: Score, written: list[int]) -> Score:
    """The score of a page whose bars (four beats each) are played in this order."""
    parts = []
    for number, bar in enumerate(written):
        onset = score.notes["onset_beat"]
        notes = score.notes[(onset >= 4.0 * bar - 4.0) & (onset < 4.0 * bar)].copy()
        notes["onset_beat"] += 4.0 * (number + 1 - bar)
        parts.append(notes)
    rows = [(number + 1, bar, 4.0 * number, 4.0 * number + 4.0) for number, bar in enumerate(written)]
    return replace(score, notes=np.concatenate(parts), bars=np.array(rows, BAR_DTYPE))


def strophes(page: Score, times: int, endings: int = 2) -> list[int]:
    """The order of the bars of a page of strophes that begin at its third bar, with a last ending."""
    last = len(page.bars) - endings
    return [1, 2, *list(range(3, last + 1)) * times, *range(last + 1, last + endings + 1)]


def alike(page: Score, bar: int, other: int) -> Score:
    """The page with the music of one bar at another."""
    onset = page.notes["onset_beat"]
    copy = page.notes[(onset >= 4.0 * bar - 4.0) & (onset < 4.0 * bar)].copy()
    copy["onset_beat"] += 4.0 * (other - bar)
    kept = page.notes[(onset < 4.0 * other - 4.0) | (onset >= 4.0 * other)]
    return page.with_notes(np.concatenate([kept, copy]))


def told(score: Score, *spans: tuple[float, float], seed: int = 0, settings: PracticeSettings | None = None) -> Review:
    take = played(score, rng=np.random.default_rng(seed))
    parts = [between(score, take, *span) for span in spans]
    take = joined(*parts, gap_sec=0.5) if len(parts) > 1 else parts[0]
    take = Performance(np.sort(take.notes, order="onset_sec"))
    return review(score, take, settings or PracticeSettings(), Learner(), DAY)


DAY = datetime(2026, 3, 1, 12)


def is_praised(found: Review) -> bool:
    verdicts = {note["verdict"] for note in found.assessment["notes"]}
    return verdicts == {"hit"} and not found.assessment["extra"] and found.step.bars is None and not found.report.items


@pytest.mark.parametrize("seed", range(3))
def test_each_strophe_once_and_on_to_an_ending_like_the_beginning_is_the_piece(seed: int) -> None:
    page = alike(composed(seed, bars=12), 3, 11)
    score = unfolded(page, strophes(page, 3))
    ends = 4.0 * len(score.bars)
    found = told(score, (0.0, 40.0), (ends - 8.0, ends), seed=seed)
    assert is_praised(found)
    assert found.report.notice == "You played it without the repeats."
    assert "not played" not in found.step.reason


@pytest.mark.parametrize("seed", range(3))
def test_a_second_part_like_the_first_played_without_repeats_is_not_taken_for_its_repeat(seed: int) -> None:
    page = composed(seed, bars=17)
    for bar in range(1, 8):
        page = alike(page, bar, bar + 8)
    order = [*range(1, 9), *range(1, 9), *range(9, 17), *range(9, 16), 17]
    score = unfolded(page, order)
    found = told(score, (0.0, 32.0), (96.0, 128.0), seed=seed)
    assert is_praised(found)
    assert found.report.notice == "You played it without the repeats."


def test_the_first_ending_may_lead_straight_on() -> None:
    score = unfolded(composed(4, bars=12), [*range(1, 7), *range(1, 6), *range(7, 13)])
    found = told(score, (0.0, 24.0), (44.0, 68.0))
    assert is_praised(found)
    assert found.report.notice == "You played it without the repeats."


def test_last_notes_that_were_taken_for_an_ornament_are_the_written_ones() -> None:
    score = composed(1, bars=6, voices=1)
    take = played(score)
    places, (one,) = find_passes(score, take)
    heard = {note: key for note, key in one.heard.items() if key[0] < one.last - 1}
    shorter = replace(one, last=one.last - 2, search_last=one.last - 2, heard=heard)
    found = match_pass(places, shorter, take, 0.5)
    assert (len(found.hits), found.extra) == (len(score.notes), ())


def test_one_repeat_of_two_is_said_as_that_and_a_whole_piece_says_nothing() -> None:
    score = unfolded(composed(5, bars=8), [*range(1, 5), *range(1, 5), *range(5, 9), *range(5, 9)])
    found = told(score, (0.0, 16.0), (32.0, 64.0))
    assert is_praised(found)
    assert found.report.notice == "You left out a repeat."
    assert told(score, (0.0, 64.0)).report.notice == ""


def test_nothing_is_said_of_repeats_where_it_was_hardly_this_piece() -> None:
    score = unfolded(composed(5, bars=8), [*range(1, 9), *range(1, 9)])
    found = review(score, played(composed(11, bars=8)), PracticeSettings(), Learner(), DAY)
    evidence = replace(Evidence.of(found.assessment, found.mistakes), repeats_left_out=(9, 10))
    step = replace(found.step, is_foreign=True)
    assert report(score, evidence, found.learner, step).notice == ""


def test_who_practises_a_few_bars_is_not_told_of_repeats() -> None:
    score = unfolded(composed(5, bars=8), [*range(1, 9), *range(1, 9)])
    assert told(score, (32.0, 64.0), settings=PracticeSettings(bars=(9, 16))).report.notice == ""
