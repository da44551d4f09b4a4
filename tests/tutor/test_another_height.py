"""A keyboard set an octave off, or transposed, is told once; the rest is judged as if it had been right."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from playing import composed, in_order, played

from lessons.score import NOTE_DTYPE, Score
from tutor.learner import Learner
from tutor.listen.fitting import likely_heights
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.reasons import height_in_words
from tutor.review import Review, review


def in_octaves(seed: int) -> Score:
    """A piece whose every note also stands an octave higher, so that an octave off is half right everywhere."""
    score = composed(seed, bars=16)
    above = score.notes.copy()
    above["pitch"] += 12
    return score.with_notes(np.concatenate([score.notes, above]).astype(NOTE_DTYPE))


def told(score: Score, semitones: int, lost: int | None = None) -> Review:
    notes = played(score, rng=np.random.default_rng(1)).notes.copy()
    notes["pitch"] += semitones
    take = Performance(notes if lost is None else np.delete(notes, lost))
    return review(score, take, PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))


@pytest.mark.parametrize(
    ("semitones", "words"),
    [(-12, "an octave too low"), (24, "2 octaves too high"), (3, "3 semitones too high"), (-1, "a semitone too low")],
)
def test_a_keyboard_set_off_is_told_once_and_no_break_is_invented(semitones: int, words: str) -> None:
    found = told(composed(3, bars=16), semitones)
    assert height_in_words(semitones) == words
    assert found.report.items == (f"All of it lay {words}.",)
    assert found.step.reason.startswith(f"All of it lay {words}; the rest")
    assert all(words in said for said in found.report.praise)
    assert {note["verdict"] for note in found.assessment["notes"]} == {"hit"}
    assert not any(one["kind"] in ("restart", "skip") for one in found.mistakes)
    assert found.step.bars is None and not found.step.is_foreign


@pytest.mark.parametrize("hands", [Hands.RIGHT, Hands.LEFT])
def test_who_begins_with_one_hand_hears_in_which_octave_it_lay_and_what_it_played_well(hands: Hands) -> None:
    score = composed(3, bars=16)
    notes = played(score).notes[in_order(score)["hand"] == hands.code].copy()
    notes["pitch"] += 12
    found = review(score, Performance(notes), PracticeSettings(hands=hands), Learner(), datetime(2026, 3, 1, 12))
    assert found.report.items == ("All of it lay an octave too high.",)
    assert found.report.hit_share == 1.0
    assert found.report.praise == ("The rhythm was steady throughout, but all of it lay an octave too high.",)


def test_an_octave_off_in_a_full_texture_is_known_and_what_else_went_wrong_is_told() -> None:
    score = in_octaves(5)
    found = told(score, 12, lost=40)
    assert found.report.items[0] == "All of it lay an octave too high."
    verdicts = [note["verdict"] for note in found.assessment["notes"]]
    assert verdicts.count("missed") == 1 and verdicts.count("hit") == len(verdicts) - 1


def test_who_plays_at_the_right_height_is_not_moved() -> None:
    found = told(composed(3, bars=16), 0)
    assert found.assessment["semitones_off"] == 0
    assert found.report.praise[0].startswith("You made no fault")


def test_another_piece_is_no_transposition() -> None:
    notes = played(composed(9, bars=16)).notes
    found = review(composed(3, bars=16), Performance(notes), PracticeSettings(), Learner(), datetime(2026, 3, 1, 12))
    assert found.assessment["semitones_off"] == 0


def test_the_likeliest_heights_come_first_and_only_those_that_fit_better() -> None:
    score = composed(3, bars=16)
    notes = played(score).notes.copy()
    assert likely_heights(score, Performance(notes)) == []
    notes["pitch"] -= 5
    assert likely_heights(score, Performance(notes))[0] == 5
