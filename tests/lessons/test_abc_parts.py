"""The parts of an ABC tune come in the order that its head asks for."""

from __future__ import annotations

import pytest
from test_abc_scores import tune

from lessons.errors import FormatError
from lessons.files.abc import parse_abc

BODY = "P:A\nCDEF|\nP:B\nGABc|\n"


def played(order: str, body: str = BODY, head: str = "") -> list[int]:
    """The numbers on the page of the bars as they are played."""
    text = f"X:1\nT:Parts\nM:4/4\nL:1/4\nP:{order}\n{head}K:C\n{body}"
    numbers: list[int] = parse_abc(text.encode()).bars["written"].tolist()
    return numbers


@pytest.mark.parametrize(
    ("order", "bars"),
    [
        ("AB", [1, 2]),
        ("ABA", [1, 2, 1]),
        ("BA % backwards", [2, 1]),
        ("A.B2.A", [1, 2, 2, 1]),
        ("A(BA)2", [1, 2, 1, 2, 1]),
        ("Melody", [1, 2]),
    ],
)
def test_parts_are_played_in_the_order_of_the_head(order: str, bars: list[int]) -> None:
    assert played(order) == bars


def test_each_part_has_its_own_repeats_and_its_own_key() -> None:
    score = parse_abc(b"X:1\nM:4/4\nL:1/4\nP:ABA\nK:C\nP:A\nCDEF|\nP:B\n[K:G]GABc:|\n")
    assert score.bars["written"].tolist() == [1, 2, 2, 1]
    assert score.keys[["start_beat", "fifths"]].tolist() == [(0, 0), (4, 1), (12, 0)]


def test_a_part_that_is_named_as_often_as_it_repeats_itself_comes_no_more_often() -> None:
    repeated = "P:A\nCDEF:|\nP:B\nGABc|\n"
    assert played("AAB", repeated) == [1, 1, 2]
    assert played("AABA", repeated) == [1, 1, 2, 1, 1]


def test_what_stands_before_the_first_part_is_played_once() -> None:
    assert played("ABA", "c4|\n" + BODY) == [1, 2, 3, 2]


def test_parts_of_several_voices_go_together() -> None:
    body = "P:A\n[V:1]CDEF|\n[V:2]C,4|\nP:B\n[V:1]GABc|\n[V:2]G,4|\n"
    assert played("BAB", body, "V:1\nV:2\n") == [2, 1, 2]


def test_a_head_without_parts_in_the_tune_changes_nothing() -> None:
    assert played("AAB", "CDEF|GABc|\n") == [1, 2]
    assert len(tune("E F G|\n").notes) == 3


@pytest.mark.parametrize(
    ("order", "body"),
    [
        ("ABC", BODY),
        ("BA", "[P:A]CD[P:B]EF|GABc|\n"),
        ("BA", BODY + "P:A\nCDEF|\n"),
        ("(AB", BODY),
        ("AB)A", BODY),
        ("(A9999B9999)9999", BODY),
    ],
)
def test_an_order_that_cannot_be_followed_is_one_line(order: str, body: str) -> None:
    with pytest.raises(FormatError, match="P:") as caught:
        played(order, body)
    assert "\n" not in str(caught.value)
