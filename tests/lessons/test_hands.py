"""Hands are found where a file does not tell them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from scores import score_of, scores

from lessons.files import read_score
from lessons.hands import hand_of_name, split_hands, with_hands
from lessons.score import LEFT, RIGHT, UNKNOWN_HAND, Score

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def without_hands(score: Score) -> Score:
    notes = score.notes.copy()
    notes["hand"] = UNKNOWN_HAND
    return score.with_notes(notes)


def test_a_tune_over_broken_chords_is_parted() -> None:
    right = [(float(i), 1.0, pitch, RIGHT) for i, pitch in enumerate((72, 74, 76, 77, 79, 77, 76, 74))]
    left = [(i / 2, 0.5, pitch, LEFT) for i, pitch in enumerate((48, 55, 52, 55) * 4)]
    score = score_of(right + left, count=2)
    assert with_hands(without_hands(score)).notes["hand"].tolist() == score.notes["hand"].tolist()


def test_the_split_moves_with_the_hands() -> None:
    high = [(float(i), 1.0, pitch, hand) for i in range(8) for pitch, hand in ((88, RIGHT), (69, LEFT), (65, LEFT))]
    low = [
        (float(i), 1.0, pitch, hand) for i in range(12, 20) for pitch, hand in ((57, RIGHT), (53, RIGHT), (36, LEFT))
    ]
    score = score_of(high + low, count=5)
    assert with_hands(without_hands(score)).notes["hand"].tolist() == score.notes["hand"].tolist()


def test_wide_chords_are_shared_so_that_each_hand_reaches_its_keys() -> None:
    chord = [(0.0, 1.0, pitch, LEFT if pitch < 55 else RIGHT) for pitch in (36, 43, 48, 64, 67, 72)]
    score = score_of(chord)
    assert with_hands(without_hands(score)).notes["hand"].tolist() == score.notes["hand"].tolist()


def test_hands_that_are_known_stay() -> None:
    score = score_of([(0.0, 1.0, 40, RIGHT), (0.0, 1.0, 80, LEFT)])
    assert with_hands(score) is score


@pytest.mark.parametrize(
    ("name", "hand"),
    [
        ("Right hand", RIGHT),
        ("RH1", RIGHT),
        ("up:", RIGHT),
        ("upper", RIGHT),
        ("left", LEFT),
        ("down_2", LEFT),
        ("CHORDS", LEFT),
        ("MELODY", RIGHT),
        ("Piano", UNKNOWN_HAND),
        ("Bright", UNKNOWN_HAND),
        ("left and right", UNKNOWN_HAND),
        ("", UNKNOWN_HAND),
    ],
)
def test_names_tell_hands(name: str, hand: int) -> None:
    assert hand_of_name(name) == hand


@settings(max_examples=20, deadline=None)
@given(scores(grid=2))
def test_every_note_gets_a_hand_and_no_low_note_is_right_of_a_high_left_one(score: Score) -> None:
    hands = split_hands(score.notes)
    assert set(hands.tolist()) <= {LEFT, RIGHT}
    for onset in np.unique(score.notes["onset_beat"]):
        now = score.notes["onset_beat"] == onset
        left, right = score.notes["pitch"][now & (hands == LEFT)], score.notes["pitch"][now & (hands == RIGHT)]
        assert not len(left) or not len(right) or left.max() < right.min()


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "mutopia-piano").is_dir(), reason="needs shared/data/mutopia-piano")
def test_hands_of_engraved_pieces_are_found_for_nine_notes_in_ten() -> None:
    right = total = 0
    for path in sorted((SHARED / "mutopia-piano" / "midi").glob("*.mid"))[::12]:
        score = read_score(path)
        if len(score.part_names) == 2:
            right += int((split_hands(score.notes) == score.notes["hand"]).sum())
            total += len(score.notes)
    assert total > 5000
    assert right / total > 0.92
