import math

import pytest
from listen_scores import scale_score

from tutor.listen.due import AGAIN_BEATS, CHORD_SEC, EARLY, Due, DueNote
from tutor.verdicts import Judgement


def hit(index: int, time_sec: float, row: int) -> tuple[Judgement, ...]:
    return (Judgement(index, time_sec, 60, "hit", float(row), float(row), 0.9, score_index=row),)


def due_of(score_hands: frozenset[int] = frozenset({0, 1})) -> Due:
    return Due(scale_score(left=False), score_hands, 0.0)  # 60 62 64 65 | 67 69 71 72, a beat each


def only(due: Due, pitch: int, ahead_beats: float = 1.5) -> DueNote:
    (note,) = due.notes(ahead_beats)[pitch]
    return note


def test_before_the_first_note_all_that_is_near_is_due_at_any_time() -> None:
    notes = due_of().notes(2.5)
    assert set(notes) == {60, 62, 64}
    assert all(note.from_sec == -math.inf and math.isnan(note.at_sec) for (note,) in notes.values())


def test_what_was_heard_is_not_due_again_and_the_next_note_is_when_it_is_nearly_time() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    assert due.notes(1.5)[60] == ()
    assert only(due, 62).from_sec == pytest.approx(10.0 - CHORD_SEC + EARLY * 60 / 120)
    assert only(due, 62).at_sec == pytest.approx(10.0 + 60 / 120)


def test_the_tempo_is_that_of_the_last_notes() -> None:
    due = due_of()
    for row in range(4):
        due.heard(hit(row, 10.0 + 0.8 * row, row))
    assert only(due, 67).from_sec == pytest.approx(10.0 - CHORD_SEC + 3 * 0.8 + EARLY * 0.8)
    assert only(due, 67).at_sec == pytest.approx(10.0 + 4 * 0.8)


def test_a_note_may_be_played_anew_after_a_while() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    due.heard((Judgement(1, 10.0 + (AGAIN_BEATS + 1) * 0.5, 60, "extra", None, 0.0, 0.9),))
    assert due.notes(1.5)[60]


def test_a_revised_judgement_takes_the_place_of_the_first() -> None:
    due = due_of()
    due.heard(hit(0, 10.0, 0))
    due.heard((Judgement(0, 10.0, 60, "extra", None, 0.0, 0.9, revised=True),))
    assert due.notes(1.5)[60]


def test_only_the_hands_that_are_played_are_due() -> None:
    assert due_of(frozenset()).notes(8.0) == {}


def test_a_note_knows_the_rest_of_its_chord() -> None:
    due = Due(scale_score(), frozenset({0, 1}), 0.0)
    assert only(due, 60).together == {48}
    assert only(due, 48).together == {60}
    assert only(due, 62).together == frozenset()
