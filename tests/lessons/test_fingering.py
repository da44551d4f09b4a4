"""Fingers are those of a piano method where the page says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scores import score_of, scores

from lessons.fingering import FINGERS, with_fingers
from lessons.score import LEFT, RIGHT, Score

C_MAJOR = (60, 62, 64, 65, 67, 69, 71, 72)


def line(pitches: tuple[int, ...], hand: int, written: dict[int, int] | None = None) -> Score:
    """One note after the other."""
    return score_of([(float(i), 1.0, pitch, hand) for i, pitch in enumerate(pitches)], count=4, fingers=written)


def fingers(score: Score) -> list[int]:
    found: list[int] = with_fingers(score).notes["finger"].tolist()
    return found


@pytest.mark.parametrize("shift", [0, 7, 2, 9, 4])
def test_major_scales_of_the_right_hand_pass_the_thumb_after_three(shift: int) -> None:
    up = tuple(pitch + shift for pitch in C_MAJOR)
    assert fingers(line(up, RIGHT)) == [1, 2, 3, 1, 2, 3, 4, 5]
    assert fingers(line(up[::-1], RIGHT)) == [5, 4, 3, 2, 1, 3, 2, 1]


def test_f_major_spares_the_thumb_a_black_key() -> None:
    assert fingers(line(tuple(pitch + 5 for pitch in C_MAJOR), RIGHT)) == [1, 2, 3, 4, 1, 2, 3, 4]


@pytest.mark.parametrize("shift", [0, 7, 2, 9, 5])
def test_major_scales_of_the_left_hand_mirror_that(shift: int) -> None:
    up = tuple(pitch + shift - 12 for pitch in C_MAJOR)
    assert fingers(line(up, LEFT)) == [5, 4, 3, 2, 1, 3, 2, 1]
    assert fingers(line(up[::-1], LEFT)) == [1, 2, 3, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("chord", "hand", "expected"),
    [
        ((60, 64, 67), RIGHT, [1, 3, 5]),
        ((48, 52, 55), LEFT, [5, 3, 1]),
        ((64, 67, 72), RIGHT, [1, 2, 5]),
        ((67, 72, 76), RIGHT, [1, 3, 5]),
        ((60, 72), RIGHT, [1, 5]),
        ((48, 60), LEFT, [5, 1]),
        ((60, 62, 64, 65, 67), RIGHT, [1, 2, 3, 4, 5]),
    ],
)
def test_chords_are_held_as_usual(chord: tuple[int, ...], hand: int, expected: list[int]) -> None:
    assert fingers(score_of([(0.0, 1.0, pitch, hand) for pitch in chord])) == expected


def test_broken_chords_and_five_finger_tunes_stay_in_their_place() -> None:
    assert fingers(line((48, 55, 52, 55) * 2, LEFT)) == [5, 1, 3, 1, 5, 1, 3, 1]
    assert fingers(line((60, 62, 64, 65, 67, 65, 64, 62, 60), RIGHT)) == [1, 2, 3, 4, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("arpeggio", "hand", "expected"),
    [
        ((53, 58, 62, 65), RIGHT, [1, 2, 4, 5]),
        ((53, 58, 62, 65), LEFT, [5, 3, 2, 1]),
        ((43, 48, 52, 55), LEFT, [5, 3, 2, 1]),
        ((60, 64, 67, 72), RIGHT, [1, 2, 3, 5]),
        ((48, 52, 55, 60), LEFT, [5, 3, 2, 1]),
        ((64, 67, 72, 76), RIGHT, [1, 2, 4, 5]),
    ],
)
def test_the_hand_opens_over_an_octave_and_does_not_pass_the_thumb(
    arpeggio: tuple[int, ...], hand: int, expected: list[int]
) -> None:
    assert fingers(line(arpeggio, hand)) == expected
    assert fingers(line(arpeggio[::-1], hand)) == expected[::-1]


@pytest.mark.parametrize("shift", [0, 5, 7])
def test_arpeggios_of_two_octaves_pass_the_thumb_once_an_octave(shift: int) -> None:
    arpeggio = tuple(48 + shift + step for step in (0, 4, 7, 12, 16, 19, 24))
    assert fingers(line(arpeggio, RIGHT)) == [1, 2, 3, 1, 2, 3, 5]
    assert fingers(line(arpeggio[::-1], RIGHT)) == [5, 3, 2, 1, 3, 2, 1]
    assert fingers(line(tuple(pitch - 12 for pitch in arpeggio), LEFT)) == [5, 3, 2, 1, 3, 2, 1]


def test_repeated_notes_keep_their_finger() -> None:
    found = fingers(line((60, 60, 67, 67, 69, 69, 67), RIGHT))
    assert found[0] == found[1]
    assert found[2] == found[3] == found[6]
    assert found[4] == found[5]


def test_written_fingers_stay_and_the_others_fit_around_them() -> None:
    found = fingers(line(C_MAJOR, RIGHT, written={2: 1}))
    assert found[2] == 1
    assert found[3] != 1
    assert with_fingers(line(C_MAJOR, RIGHT, written={2: 1})).notes["finger_confidence"][2] == 1


def test_a_chord_of_more_than_five_keys_uses_each_finger_once() -> None:
    found = fingers(score_of([(0.0, 1.0, pitch, RIGHT) for pitch in (60, 62, 64, 65, 67, 69, 71)]))
    assert sorted(finger for finger in found if finger) == [1, 2, 3, 4, 5]


@settings(max_examples=40, deadline=None)
@given(scores(grid=2, graces=True))
def test_each_guess_is_a_finger_that_is_less_than_sure_and_written_ones_are_untouched(score: Score) -> None:
    after = with_fingers(score)
    written = score.notes["finger"] > 0
    assert after.notes["finger"][written].tolist() == score.notes["finger"][written].tolist()
    guessed = after.notes[~written & (after.notes["finger"] > 0)]
    assert set(guessed["finger"].tolist()) <= set(FINGERS)
    assert all(0.0 < confidence < 1.0 for confidence in guessed["finger_confidence"].tolist())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=1, max_size=12))
def test_the_left_hand_is_the_right_one_in_a_mirror(steps: list[int]) -> None:
    """The keyboard mirrors at D: the black keys lie alike to its left and right."""
    right = tuple(62 + step for step in steps)
    left = tuple(62 - step for step in steps)
    assert fingers(line(right, RIGHT)) == fingers(line(left, LEFT))


@settings(max_examples=20, deadline=None)
@given(scores(grid=2))
def test_chords_never_cross_fingers(score: Score) -> None:
    notes = score.notes.copy()
    notes["finger"] = 0
    after = with_fingers(score.with_notes(notes)).notes
    for hand, sign in ((RIGHT, 1), (LEFT, -1)):
        for onset in set(after["onset_beat"].tolist()):
            chord = after[(after["onset_beat"] == onset) & (after["hand"] == hand) & (after["finger"] > 0)]
            found = chord["finger"][(chord["pitch"] * sign).argsort()].tolist()
            assert found == sorted(set(found))
