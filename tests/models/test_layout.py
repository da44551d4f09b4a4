"""Where a donor's bars go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import chords_of
from lessons.library import shelf
from lessons.score import BAR_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from models.layout import Run, donor_length, runs
from models.line import line_mask
from models.plan import plan_line
from models.rules import RuleComposer


def tune(letters: str, paged: bool = True) -> Score:
    """A score in 4/4 with a bar of two notes for each letter, equal for equal letters."""
    notes = np.zeros(2 * len(letters), NOTE_DTYPE)
    notes["onset_beat"] = np.arange(len(notes)) * 2.0
    notes["pitch"] = [60 + (7 * ord(letter) + step) % 12 for letter in letters for step in (0, 2)]
    notes["duration_beat"], notes["hand"], notes["step"] = 2.0, RIGHT, "C" if paged else ""
    bars = np.array([(bar + 1, bar + 1, 4.0 * bar, 4.0 * bar + 4) for bar in range(len(letters))], BAR_DTYPE)
    return Score(notes, bars, np.array([(0.0, 4, 4)], METRE_DTYPE))


@pytest.mark.parametrize("donor", ["abcdefgh", "abcdefghijkl"])
def test_a_donor_that_is_long_enough_is_taken_as_it_stands(donor: str) -> None:
    assert runs(tune("mnopmnop"), tune(donor), 0.0, 32.0) == [Run(0.0, 0.0, 32.0)]


def test_a_phrase_that_returns_takes_the_same_phrase_of_a_short_donor() -> None:
    found = runs(tune("mnopqrstqrstuvwx"), tune("abcdefgh"), 0.0, 64.0)
    assert [(run.at_beat, run.from_beat) for run in found] == [(0.0, 0.0), (32.0, 16.0), (48.0, 16.0)]


def test_a_piece_closes_where_a_short_donor_closes() -> None:
    last = runs(tune("mnopqrstmnop"), tune("abcdefgh"), 0.0, 48.0)[-1]
    assert (last.at_beat + last.length, last.from_beat + last.length) == (48.0, 32.0)


def test_a_repeat_of_the_page_stays_a_repeat() -> None:
    piece = tune("mnopmnop")
    bars = piece.bars.copy()
    bars["written"][4:] -= 4
    found = runs(replace(piece, bars=bars), tune("abcdefgh"), 0.0, 32.0)
    assert [(run.at_beat % 16, run.from_beat) for run in found] == [(0.0, 0.0), (8.0, 24.0)] * 2


def test_a_shorter_phrase_takes_the_opening_and_the_close_of_a_longer_one() -> None:
    assert runs(tune("mnopqr"), tune("abcd"), 0.0, 24.0)[-1] == Run(20.0, 12.0, 4.0)


def test_chords_of_a_longer_donor_reach_its_close() -> None:
    found = runs(tune("mnop"), tune("abcdefgh"), 0.0, 16.0, to_its_end=True)
    assert found[-1].from_beat + found[-1].length == 32.0


def test_bars_at_the_end_of_a_file_may_be_silent_but_those_of_a_page_are_counted() -> None:
    assert donor_length(tune("abcdefg", paged=False)) == 32.0
    assert donor_length(tune("abcdefg")) == 28.0


def test_a_song_under_the_chords_of_another_ends_on_its_cadence() -> None:
    song, donor = shelf.load("au-clair-de-la-lune"), shelf.load("minuet-a-minor")
    answer = RuleComposer().vary(Analogy(song, {Feature.CHORDS: donor}))[0].score
    last = answer.notes[(answer.notes["hand"] == LEFT)]["pitch"][-1]
    assert last % 12 == chords_of(donor)["root"][-1]


def test_a_tune_that_returns_keeps_its_new_rhythm_when_it_returns() -> None:
    song, donor = shelf.load("au-clair-de-la-lune"), shelf.load("hot-cross-buns")
    line = RuleComposer().vary(Analogy(song, {Feature.RHYTHM: donor}))[0].score
    onsets = line.notes["onset_beat"][line_mask(line)]
    first, second = onsets[onsets < 16], onsets[(onsets >= 16) & (onsets < 32)] - 16
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize("feature", [Feature.RHYTHM, Feature.PITCH])
def test_a_donor_that_rests_at_first_gives_what_comes_after(feature):
    """Burgmüller's Arabesque begins with two bars of the left hand alone."""
    piece, donor = shelf.load("tchaikovsky-old-french-song"), shelf.load("burgmuller-arabesque")
    line = plan_line(Analogy(piece, {feature: donor}, bars=(5, 5), hand=RIGHT)).line
    assert len(line)
