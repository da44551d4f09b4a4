"""Chords and keys, named from notes that were spelled on purpose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.harmony import (
    Key,
    chords_from_notes,
    chords_of,
    classes_of,
    find_key,
    harmonic_window,
    in_mask,
    infer_chords,
    mask_of,
    name_chord,
    scale_under,
    score_key,
    tones_at,
    transpose_chords,
)
from lessons.score import BAR_DTYPE, KEY_DTYPE, METRE_DTYPE, NOTE_DTYPE, Score

CADENCE = [(0, (36, 52, 55, 60)), (2, (41, 53, 57, 60)), (4, (43, 50, 55, 59)), (6, (36, 52, 55, 60))]


def notes_of(groups: list[tuple[float, tuple[int, ...]]], duration: float = 2.0, part: int = 0) -> np.ndarray:
    rows = [(onset, duration, pitch) for onset, pitches in groups for pitch in pitches]
    notes = np.zeros(len(rows), NOTE_DTYPE)
    for name, column in zip(("onset_beat", "duration_beat", "pitch"), zip(*rows, strict=True), strict=True):
        notes[name] = column
    notes["part"], notes["velocity"] = part, 80
    return notes


def score_of(notes: np.ndarray, **fields: object) -> Score:
    bars = np.array([(1, 1, 0.0, 4.0), (2, 2, 4.0, 8.0)], dtype=BAR_DTYPE)
    return Score(notes, bars, np.array([(0.0, 4, 4)], dtype=METRE_DTYPE), **fields)


@pytest.mark.parametrize(
    ("pitches", "root", "tones"),
    [
        ((48, 52, 55), 0, {0, 4, 7}),
        ((52, 55, 60), 0, {0, 4, 7}),
        ((43, 47, 50, 53), 7, {7, 11, 2, 5}),
        ((45, 48, 52, 55), 9, {9, 0, 4, 7}),
        ((38, 48, 52, 55), 0, {0, 2, 4, 7}),
        ((41, 43, 47, 50), 7, {7, 11, 2, 5}),
    ],
)
def test_a_chord_is_named_by_its_tones_and_its_bass(pitches: tuple[int, ...], root: int, tones: set[int]) -> None:
    named_root, mask, bass = name_chord(pitches)
    assert (named_root, set(classes_of(mask)), bass) == (root, tones, pitches[0] % 12)


def test_a_bass_foreign_to_a_plain_chord_is_no_tone_of_it() -> None:
    root, mask, bass = name_chord((42, 48, 53, 57))
    assert (root, classes_of(mask), bass) == (5, [0, 5, 9], 6)


def test_block_chords_last_until_the_next_one_or_their_own_end() -> None:
    chords = chords_from_notes(notes_of([(0, (48, 52, 55)), (4, (43, 47, 50))], duration=6.0), 8.0)
    assert chords["start_beat"].tolist() == [0, 4]
    assert chords["end_beat"].tolist() == [4, 8]


def test_a_cadence_is_heard_from_its_notes_alone() -> None:
    chords = infer_chords(notes_of(CADENCE), 0.0, 8.0, 2.0)
    assert chords["root"].tolist() == [0, 5, 7, 0]
    assert [classes_of(mask) for mask in chords["tones"]] == [[0, 4, 7], [0, 5, 9], [2, 7, 11], [0, 4, 7]]


def test_broken_chords_sound_like_the_block_they_are() -> None:
    alberti = [(onset / 2, pitch) for onset, pitch in enumerate((48, 55, 52, 55, 43, 53, 47, 53))]
    chords = infer_chords(notes_of([(onset, (pitch,)) for onset, pitch in alberti], duration=0.5), 0.0, 4.0, 2.0)
    assert chords["root"].tolist() == [0, 7]


def test_silence_has_no_chord() -> None:
    assert infer_chords(notes_of([(0, (48, 52, 55))]), 0.0, 8.0, 2.0)["start_beat"].tolist() == [0]
    assert tones_at(infer_chords(notes_of([(0, (48, 52, 55))]), 0.0, 8.0, 2.0), [5.0]).tolist() == [0]


@given(st.integers(0, 11))
def test_inference_moves_with_the_music(semitones: int) -> None:
    plain, moved = notes_of(CADENCE), notes_of(CADENCE)
    moved["pitch"] += semitones
    here = transpose_chords(infer_chords(plain, 0.0, 8.0, 2.0), semitones)
    assert infer_chords(moved, 0.0, 8.0, 2.0).tolist() == here.tolist()


@given(st.integers(0, 11), st.booleans())
def test_a_scale_with_its_tonic_chord_tells_the_key(tonic: int, minor: bool) -> None:
    steps = (0, 2, 3, 5, 7, 8, 11, 12) if minor else (0, 2, 4, 5, 7, 9, 11, 12)
    third = 3 if minor else 4
    groups = [(index, (60 + tonic + step,)) for index, step in enumerate(steps)]
    notes = notes_of([*groups, (8, (48 + tonic, 48 + tonic + third, 55 + tonic))])
    assert find_key(None, notes) == Key(tonic, minor)


def test_the_key_on_the_page_comes_before_any_guess() -> None:
    keys = np.array([(0.0, -3, True)], dtype=KEY_DTYPE)
    assert score_key(score_of(notes_of(CADENCE), keys=keys)) == Key(0, True)


@given(st.integers(-5, 6), st.booleans())
def test_a_key_signature_survives_the_way_to_a_key_and_back(fifths: int, minor: bool) -> None:
    keys = np.array([(0.0, fifths, minor)], dtype=KEY_DTYPE)
    assert score_key(score_of(notes_of(CADENCE), keys=keys)).fifths == fifths


def test_a_chord_part_is_read_and_not_guessed_at() -> None:
    tune = notes_of([(0, (73,)), (4, (73,))])
    chords = chords_of(score_of(np.concatenate([tune, notes_of(CADENCE, part=1)]), part_names=("MELODY", "CHORDS")))
    assert chords["root"].tolist() == [0, 5, 7, 0]
    assert not in_mask(chords["tones"][0], 73)


@pytest.mark.parametrize(
    ("metre", "window"), [((4, 4), 2.0), ((3, 4), 3.0), ((6, 8), 1.5), ((2, 4), 2.0), ((12, 8), 3.0), ((11, 8), 5.5)]
)
def test_chords_change_at_most_twice_a_bar(metre: tuple[int, int], window: float) -> None:
    assert harmonic_window(metre) == window


@given(st.sets(st.integers(0, 11)))
def test_a_mask_holds_exactly_its_classes(classes: set[int]) -> None:
    assert set(classes_of(mask_of(sorted(classes)))) == classes


def test_a_long_piece_is_heard_like_a_short_one() -> None:
    groups = [(2.0 * bar, ((48, 52, 55), (43, 47, 50))[bar % 2]) for bar in range(600)]
    heard = infer_chords(notes_of(groups), 0.0, 1200.0, 2.0)
    assert heard["root"].tolist() == [0, 7] * 300


def test_two_voices_alone_are_heard_as_a_chord_of_the_key_and_not_with_a_foreign_fifth() -> None:
    two = notes_of([(0, (48, 76)), (2, (47, 74)), (4, (48, 72))])
    chords = infer_chords(two, 0.0, 6.0, 2.0, Key(0, False))
    assert [(int(chord["root"]), int(chord["bass"])) for chord in chords] == [(0, 0), (7, 11), (0, 0)]


def test_a_foreign_fifth_that_sounds_is_heard() -> None:
    chords = infer_chords(notes_of([(0, (47, 62, 66))]), 0.0, 2.0, 2.0, Key(0, False))
    assert int(chords["root"][0]) == 11


@pytest.mark.parametrize(
    ("root", "shape", "out"),
    [
        (4, (0, 4, 7), {7}),  # E major in A minor: no G beside its G sharp
        (7, (0, 4, 7), {8}),  # G major there: no G sharp
        (9, (0, 3, 7), set()),  # on the tonic both sevenths
        (11, (0, 4, 7), {2, 5}),  # the dominant of the dominant: no D beside its D sharp, no F beside its F sharp
        (5, (0, 4, 7), set()),  # F major: B stays a passing note
    ],
)
def test_the_scale_over_a_chord_has_no_second_form_of_what_the_chord_raises(root, shape, out) -> None:
    scale = Key(9, True).scale
    under = scale_under(root, mask_of(root + np.array(shape)), scale)
    assert set(classes_of(scale)) - set(classes_of(under)) == out
