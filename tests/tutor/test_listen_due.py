import math

import pytest
from listen_scores import scale_score

from tutor.listen.due import AGAIN_BEATS, CHORD_SEC, EARLY, Due
from tutor.verdicts import Judgement


def hit(index: int, time_sec: float, row: int) -> tuple[Judgement, ...]:
    return (Judgement(index, time_sec, 60, "hit", float(row), float(row), 0.9, score_index=row),)


def due_of(score_hands: frozenset[int] = frozenset({0, 1})) -> Due:
    return Due(scale_score(left=False), score_hands, 0.0)  # 60 62 64 65 | 67 69 71 72, a beat each


def test_before_the_first_note_all_that_is_near_is_due() -> None:
    assert due_of().from_when(2.5) == {60: -math.inf, 62: -math.inf, 64: -math.inf}


def test_what_was_heard_is_not_due_again_and_the_next_note_is_when_it_is_nearly_time() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    found = due.from_when(1.5)
    assert found[60] == math.inf
    assert found[62] == pytest.approx(10.0 - CHORD_SEC + EARLY * 60 / 120)


def test_the_tempo_is_that_of_the_last_notes() -> None:
    due = due_of()
    for row in range(4):
        due.heard(hit(row, 10.0 + 0.8 * row, row))
    assert due.from_when(1.0)[67] == pytest.approx(10.0 - CHORD_SEC + 3 * 0.8 + EARLY * 0.8)


def test_a_note_may_be_played_anew_after_a_while() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    due.heard((Judgement(1, 10.0 + (AGAIN_BEATS + 1) * 0.5, 60, "extra", None, 0.0, 0.9),))
    assert due.from_when(1.5)[60] < math.inf


def test_a_revised_judgement_takes_the_place_of_the_first() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    due.heard((Judgement(0, 10.0, 60, "extra", None, 0.0, 0.9, revised=True),))
    assert due.from_when(1.5)[60] < math.inf


def test_only_the_hands_that_are_played_are_due() -> None:
    assert due_of(frozenset()).from_when(8.0) == {}
