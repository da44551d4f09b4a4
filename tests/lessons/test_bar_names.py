"""Bars are named as a musician reads them on the page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scores import score_of

from lessons.bar_names import (
    bar_at,
    bar_in_words,
    bar_of,
    bars_in_words,
    bars_listed,
    listed,
    passage_in_short,
    passage_of,
    told,
    told_range,
)
from lessons.errors import InputError
from lessons.exercise import excerpt
from lessons.score import BAR_DTYPE, RIGHT, Score


def piece(*page: int, labels: tuple[str, ...] = (), pickup: bool = False) -> Score:
    """A piece whose bars are on the page under these numbers, in the order in which they are played."""
    first = 0 if pickup else 1
    start = 4.0 if pickup else 0.0
    rows = [(first + n, number, 4.0 * n - start, 4.0 * (n + 1) - start) for n, number in enumerate(page)]
    return replace(score_of([(0.0, 1.0, 60, RIGHT)]), bars=np.array(rows, BAR_DTYPE), labels=labels)


STRAIGHT = piece(*range(1, 10))
TWICE = piece(*range(1, 9), *range(1, 9), *range(9, 17))  # |: 1-8 :| 9-16
ENDINGS = piece(1, 2, 3, 4, 1, 2, 3, 5, 6)  # bar 4 is the first ending, bar 5 the second
PICKED_UP = piece(0, 1, 2, 3, 4, 1, 2, 3, 4, pickup=True)
THREE_TIMES = piece(1, 2, 1, 2, 1, 2)


def short(score: Score) -> str:
    """The short names of all bars."""
    return " ".join(name.short for name in score.bar_names)


@pytest.mark.parametrize(
    ("score", "names"),
    [
        (STRAIGHT, "1 2 3 4 5 6 7 8 9"),
        (TWICE, "1 2 3 4 5 6 7 8 1² 2² 3² 4² 5² 6² 7² 8² 9 10 11 12 13 14 15 16"),
        (ENDINGS, "1 2 3 4 1² 2² 3² 5 6"),
        (PICKED_UP, "0 1 2 3 4 1² 2² 3² 4²"),
        (THREE_TIMES, "1 2 1² 2² 1³ 2³"),
        (piece(*[1] * 12), "1 1² 1³ 1⁴ 1⁵ 1⁶ 1⁷ 1⁸ 1⁹ 1¹⁰ 1¹¹ 1¹²"),
        (piece(6, 6, 6, labels=("7a", "7b", "8")), "7a 7b 8"),
        (piece(1, 2, 1, 2, labels=("1", "2", "II:1", "II:2")), "1 2 II:1 II:2"),
        (piece(1, 2, 2, 3, labels=("1", "2", "+2", "3")), "1 2 2 3"),
        (piece(1, 1, 2, 1, 1, 2, labels=("1", "+1", "2", "1", "+1", "2")), "1 1 2 1² 1² 2²"),
    ],
)
def test_each_bar_has_the_number_of_the_page_and_the_time_that_it_is_played(score, names):
    assert short(score) == names


@pytest.mark.parametrize(
    ("score", "bar", "words"),
    [
        (STRAIGHT, 5, "bar 5"),
        (TWICE, 5, "bar 5"),
        (TWICE, 13, "bar 5, second time"),
        (THREE_TIMES, 6, "bar 2, third time"),
        (ENDINGS, 4, "bar 4"),
        (ENDINGS, 8, "bar 5"),
        (PICKED_UP, 0, "the pickup"),
        (PICKED_UP, 5, "bar 1, second time"),
        (piece(*[1] * 11), 11, "bar 1, 11th time"),
        (piece(1, 0, 1, labels=("1", "II:0", "II:1")), 2, "the pickup of II"),
        (TWICE, 99, "bar 99"),
        (replace(STRAIGHT, bars=np.empty(0, BAR_DTYPE)), 1, "bar 1"),
    ],
)
def test_a_bar_is_named_as_a_teacher_names_it(score, bar, words):
    assert bar_in_words(score, bar) == words


@pytest.mark.parametrize(
    ("score", "bars", "words"),
    [
        (STRAIGHT, (3, 3), "bar 3"),
        (STRAIGHT, (3, 5), "bars 3–5"),
        (TWICE, (5, 8), "bars 5–8"),
        (TWICE, (13, 16), "bars 5–8, second time"),
        (TWICE, (7, 10), "bar 7 to bar 2, second time"),
        (TWICE, (8, 9), "bar 8 to bar 1, second time"),
        (TWICE, (13, 20), "bars 5–12, second time"),
        (TWICE, (17, 20), "bars 9–12"),
        (TWICE, (1, 24), "bar 1 to the end"),
        (THREE_TIMES, (4, 6), "bar 2, second time, to the end"),
        (PICKED_UP, (0, 8), "the pickup to the end"),
        (ENDINGS, (3, 4), "bars 3–4"),
        (ENDINGS, (7, 9), "bars 3–6, second time"),
        (THREE_TIMES, (4, 5), "bar 2, second time, to bar 1, third time"),
        (THREE_TIMES, (2, 4), "bar 2 to bar 2, second time"),
        (piece(4, 4, 5), (1, 2), "bar 4 to bar 4, second time"),
        (piece(1, 2, 1, 2, 3, 2, 3), (4, 5), "bar 2, second time, to bar 3"),
        (piece(15, 16, 1, 2), (2, 3), "bar 16 to bar 1"),
        (piece(6, 6, 8, labels=("7a", "7b", "8")), (1, 3), "bars 7a–8"),
        (PICKED_UP, (0, 0), "the pickup"),
        (PICKED_UP, (0, 2), "the pickup to bar 2"),
        (piece(1, 2, 2, 3, labels=("1", "2", "+2", "3")), (2, 3), "bar 2"),
        (piece(1, 2, 2, 3, labels=("1", "2", "+2", "3")), (1, 4), "bars 1–3"),
    ],
)
def test_a_passage_is_named_as_a_teacher_names_it(score, bars, words):
    assert bars_in_words(score, *bars) == words


def test_single_bars_are_told_in_the_order_given_and_each_name_once():
    assert bars_listed(TWICE, [5, 13, 17]) == "bars 5, 5 (second time) and 9"
    assert bars_listed(TWICE, [13]) == "bar 5, second time"
    assert bars_listed(piece(1, 1, labels=("1", "+1")), [1, 2]) == "bar 1"


def test_passages_are_listed_so_that_each_time_belongs_to_its_own():
    again = "bars 1–2, second time"
    assert listed(["bar 4"]) == listed(["bar 4"], goes_on=True) == "bar 4"
    assert (listed([again]), listed([again], goes_on=True)) == (again, f"{again},")
    assert listed(["bar 2", again], goes_on=True) == f"bar 2 and {again},"
    assert listed([again, "bar 4"]) == f"{again}, and bar 4"
    assert listed(["bar 2", again, "bar 4"]) == f"bar 2, {again}, and bar 4"
    assert listed(["bars 1–2", "bar 4", "others"], goes_on=True) == "bars 1–2, bar 4 and others"


def test_a_position_is_told_by_its_bar():
    assert bar_at(TWICE, 4.0 * 12 + 1.0) == "bar 5²"
    assert bar_at(PICKED_UP, -1.0) == "pickup"
    assert bar_at(replace(TWICE, bars=np.empty(0, BAR_DTYPE)), 1.0) == ""


@pytest.mark.parametrize(
    ("said", "bar"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("bar 5", 5),
        ("5²", 13),
        ("5 2", 13),
        ("5 (2nd)", 13),
        ("5, second time", 13),
        ("Bar 5, second time", 13),
        ("9", 17),
        ("9²", None),
        ("5 (3rd)", None),
        ("17", None),
        ("", None),
        ("x", None),
        ("5 often", None),
    ],
)
def test_a_bar_is_found_by_what_somebody_types(said, bar):
    assert bar_of(TWICE, said) == bar


@pytest.mark.parametrize(
    ("said", "bars"),
    [
        ("5-8", (5, 8)),
        ("5 – 8", (5, 8)),
        ("5²–8²", (13, 16)),
        ("5²-8", (13, 16)),
        ("5-8, second time", (13, 16)),
        ("bars 5–8", (5, 8)),
        ("8-1", (8, 9)),
        ("5-8²", (5, 16)),
        ("5²", (13, 13)),
        ("5 2 - 8 2", (13, 16)),
        ("9-16", (17, 24)),
        ("9-5", None),
        ("17", None),
        ("5-", None),
        ("", None),
    ],
)
def test_a_passage_is_found_by_what_somebody_types(said, bars):
    assert passage_of(TWICE, said) == bars


def test_a_passage_is_shown_as_it_may_be_typed():
    assert [passage_in_short(TWICE, *bars) for bars in ((5, 8), (13, 16), (13, 13), (8, 9))] == [
        "5–8",
        "5²–8²",
        "5²",
        "8–1²",
    ]
    assert passage_of(TWICE, passage_in_short(TWICE, 8, 9)) == (8, 9)


def test_a_passage_ends_with_the_second_half_of_its_last_bar():
    assert passage_of(piece(1, 2, 2, 3, labels=("1", "2", "+2", "3")), "1-2") == (1, 3)
    assert passage_of(piece(1, 2, 2, 3, labels=("1", "2", "+2", "3")), "2") == (2, 3)


@pytest.mark.parametrize("score", [STRAIGHT, TWICE, ENDINGS, PICKED_UP, THREE_TIMES])
def test_every_bar_is_found_again_by_its_names(score):
    numbers = score.bars["number"].tolist()
    assert [bar_of(score, name.short) for name in score.bar_names] == numbers
    worded = [bar_of(score, bar_in_words(score, number)) for number in numbers if number]
    assert worded == [number for number in numbers if number]


def test_a_bar_with_a_letter_and_one_of_another_section_are_found_as_they_stand():
    assert bar_of(piece(6, 6, labels=("7a", "7b")), "7b") == 2
    assert bar_of(piece(1, 1, labels=("1", "II:1")), "ii:1") == 2


def test_json_says_beside_a_number_what_the_page_has():
    assert told(TWICE, 13) == {"written": "5", "time": 2}
    assert told_range(TWICE, (8, 9)) == {"written": ["8", "1"], "times": [1, 2]}
    assert told_range(TWICE, None) == {}


def test_the_names_are_no_part_of_the_identity_of_the_music():
    assert piece(6, 6, labels=("7a", "7b")).digest == piece(6, 6).digest


def test_labels_that_are_not_of_all_bars_are_refused():
    with pytest.raises(InputError, match="1 labels of 2 bars"):
        piece(1, 2, labels=("1",))


def test_an_excerpt_keeps_the_numbers_of_the_page_and_counts_times_from_its_own_beginning():
    assert short(excerpt(TWICE, 13, 16)) == "5 6 7 8"
    assert short(excerpt(TWICE, 7, 10)) == "7 8 1 2"
    assert short(excerpt(piece(6, 6, 8, labels=("7a", "7b", "8")), 2, 3)) == "7b 8"
    assert excerpt(TWICE, 13, 16).title == "bars 5–8, second time"


def test_who_asks_for_bars_that_are_not_there_is_told_that_repeats_count():
    with pytest.raises(InputError, match=r"this piece has bars 1 to 24, its repeats counted$"):
        TWICE.bar_range(20, 30)
    with pytest.raises(InputError, match=r"this piece has bars 1 to 9$"):
        STRAIGHT.bar_range(8, 10)
