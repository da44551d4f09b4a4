"""Motifs as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from lessons.errors import InputError
from lessons.score import Score
from lessons.typed_notes import score_of_typed, typed_of

LETTERS = st.sampled_from(["C", "F#", "Bb", "c", "e", "ab", "d'", "G,", "z"])
LENGTHS = st.sampled_from(["", "2", "/2", "3/2", "/4", "/3", "3"])


def read(text: str, metre: tuple[int, int] = (4, 4)) -> Score:
    return score_of_typed(text, metre, 96.0)


def spans(score: Score) -> list[tuple[float, float, int]]:
    return [tuple(note) for note in score.notes[["onset_beat", "duration_beat", "pitch"]].tolist()]


def test_letters_signs_octaves_and_lengths_are_read() -> None:
    motif = read("C F#/2 Bb3/2 c' | D,2 z g")
    assert spans(motif) == [(0, 1, 60), (1, 0.5, 66), (1.5, 1.5, 70), (3, 1, 84), (4, 2, 50), (7, 1, 79)]
    assert motif.notes[["step", "alter"]][1:3].tolist() == [("F", 1), ("B", -1)]
    assert motif.bars["end_beat"].tolist() == [4, 8]
    assert motif.tempo.bpm_at(0.0) == 96


def test_numbers_count_the_unit_of_the_metre() -> None:
    assert spans(read("G2 A B3", (6, 8))) == [(0, 1, 67), (1, 0.5, 69), (1.5, 1.5, 71)]


def test_bar_lines_may_be_left_out_and_ties_go_over_them() -> None:
    assert spans(read("C2 D2 E2 F2")) == spans(read("C2 D2 | E2 F2 |"))
    for tied in ("C3 D - | D2 E2", "C3 D | - D2 E2"):
        assert spans(read(tied)) == [(0, 3, 60), (3, 3, 62), (6, 2, 64)]


def test_what_is_short_before_the_first_bar_line_is_a_pickup() -> None:
    motif = read("D | G2 B2 | A4")
    assert spans(motif)[0] == (-1, 1, 62)
    assert motif.bars["number"].tolist() == [0, 1, 2]


def test_its_key_is_heard() -> None:
    assert read("D F# A d | c# A D2").keys[["fifths", "minor"]].tolist() == [(2, False)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("C H2", "“H2” is no note"),
        ("C0", "has no length"),
        ("C D E F00", "“F00” has no length"),
        ("C/0", "has no length"),
        ("d'''", "beyond the piano"),
        ("C,,,,", "“C,,,,” is beyond the piano"),
        ("z# D", "“#” is no note"),
        ("C٣", "“٣” is no note"),
        ("H" * 3000, f"“{'H' * 16}…” is no note"),
        ("", "no notes"),
        ("z z |", "no notes"),
        ("C2 | D2 E | F4", "bar 1 holds 3 instead of 4 quarters"),
        ("C4 | D2 E3 | F4", "bar 2 holds 5 instead of 4 quarters"),
        ("C4 D4 E4 F4 G4", "5 bars; a motif has 4"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(text)


@pytest.mark.parametrize(
    ("text", "metre"),
    [
        ("D/2 | G A3/2 Bb/2 z", (4, 4)),
        ("G A3/2 Bb/2 | c d2 - | d2 z", (3, 4)),
        ("D | G2 A3/2 Bb/2 c z", (6, 8)),
        ("C, e' F#2 z | Eb5", (5, 4)),
    ],
)
def test_a_motif_is_written_as_one_types_it(text: str, metre: tuple[int, int]) -> None:
    assert typed_of(read(text, metre)) == text


@given(st.lists(st.tuples(LETTERS, LENGTHS), min_size=1, max_size=9), st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 4)]))
def test_what_was_typed_is_read_the_same_once_it_is_written_again(
    notes: list[tuple[str, str]], metre: tuple[int, int]
) -> None:
    try:
        motif = read(" ".join(letter + length for letter, length in notes), metre)
    except InputError:
        reject()
    again = read(typed_of(motif), metre)
    assert spans(again) == spans(motif)
    assert again.bars["end_beat"].tolist() == motif.bars["end_beat"].tolist()
