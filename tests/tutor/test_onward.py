"""What is mastered leads on: back to the piece of an exercise, to what is due, or to a new piece."""

from __future__ import annotations

from datetime import datetime

import pytest

from lessons.exercise import Exercise, excerpt
from lessons.fingering import with_fingers
from lessons.library.shelf import load, pieces
from tutor.coach import next_step
from tutor.evidence import BarEvidence, Evidence
from tutor.journal.entries import ExerciseEntry
from tutor.learner import Attempt, Learner
from tutor.onward import Origin, level_of, next_piece, origin_of, put_back, to_due, to_new
from tutor.practice import Hands, PracticeSettings
from tutor.step import Knob

DAY = datetime(2026, 3, 1, 12)
CLEAN = Evidence(tuple(BarEvidence(number, 5) for number in range(1, 5)))


@pytest.fixture(scope="module")
def score():
    return with_fingers(load("hot-cross-buns"))


@pytest.fixture(scope="module")
def shelf():
    return pieces()


def after_clean(score, times: int):
    attempt = Attempt(score.digest, score.title, PracticeSettings(), CLEAN, len(score.bars), DAY)
    return next_step(score, CLEAN, Learner().after_all([attempt] * times), PracticeSettings())


def kept(piece, bars, around, number=1):
    made = Exercise(excerpt(piece, *around, title=f"After {piece.title}"), piece, around, "why")
    provenance = made.provenance | {"bars": bars}
    entry = ExerciseEntry(
        f"e{number}", datetime(2026, 3, number), made.score.title, made.score.digest, "why", provenance, "f", b""
    )
    return made.score, entry


def test_one_clean_take_is_played_once_more_and_two_are_enough(score):
    once, twice = after_clean(score, 1), after_clean(score, 2)
    assert (once.is_over, twice.is_over) == (False, True)
    assert once.advice == "Once more, from memory if you can."


def test_what_was_mastered_as_an_exercise_is_put_back_where_it_stands(score):
    made, entry = kept(score, [5, 5], (4, 6))
    origin = origin_of(made, [entry])
    step = put_back(after_clean(made, 2), score, origin)
    assert step.score is score
    assert (step.settings.bars, step.settings.hands, step.settings.loop) == ((4, 6), Hands.BOTH, True)
    where = "play bars 4–6 of Hot Cross Buns, with bar 5 in the midst"
    assert step.advice == f"Now put it back: {where}, until three times in a row are right."
    assert put_back(after_clean(made, 2), score, origin, Hands.LEFT).settings.hands is Hands.LEFT
    assert step.knob is Knob.LENGTH


def test_an_exercise_is_known_by_its_notes_before_its_title(score):
    made, entry = kept(score, [5, 5], (4, 6))
    _, newer = kept(score, [2, 2], (1, 3), number=2)
    assert origin_of(made, [newer, entry]).bars == (5, 5)
    again = excerpt(score, 1, 2, title=made.title)  # as if its file had been read anew
    assert origin_of(again, [newer, entry]).bars == (2, 2)
    assert origin_of(score, [newer, entry]) is None


def test_a_kept_composition_leads_nowhere_back(score):
    made, entry = kept(score, [5, 5], (4, 6))
    entry.provenance.pop("excerpt")
    assert origin_of(made, [entry]) is None


def test_the_next_piece_is_the_nearest_that_is_new_and_no_easier(shelf):
    first = next_piece(shelf, (), 1)
    assert first == shelf[0]
    level_one = [piece.title for piece in shelf if piece.level == 1]
    assert next_piece(shelf, level_one, 1).level == 2
    assert next_piece(shelf, (), 3).level == 3
    assert next_piece(shelf, [piece.title for piece in shelf], 1) is None


def test_the_level_of_ones_own_piece_is_that_of_the_best_one_played(shelf):
    hard = next(piece for piece in shelf if piece.level == 4)
    assert level_of(hard.title, shelf, ()) == 4
    assert level_of("My own song", shelf, ["Hot Cross Buns", hard.title]) == 4
    assert level_of("My own song", shelf, ()) == 1


def test_a_new_piece_begins_whole_at_its_tempo_and_says_how_hard_it_is(score):
    step = to_new(after_clean(score, 2), score, 2, 1)
    assert step.advice == "Something new: Hot Cross Buns, a little harder."
    assert (step.settings.bars, step.settings.tempo_ratio) == (None, 1.0)
    assert to_new(step, score, 1, 1).advice.endswith("as hard as this one.")
    assert to_new(step, score, 4, 1).advice.endswith(", harder.")


def test_what_is_due_comes_with_its_bars_and_its_hand(score):
    step = to_due(after_clean(score, 2), score, (3, 4), Hands.LEFT)
    assert step.advice == "To play again today, before it fades: bars 3–4 of Hot Cross Buns, with the left hand."
    assert (step.settings.bars, step.settings.hands) == ((3, 4), Hands.LEFT)


def test_bars_that_are_played_again_are_named_within_a_sentence(score):
    theme, step = load("mozart-theme-a"), after_clean(score, 2)
    due = to_due(step, theme, (9, 12), Hands.BOTH).advice
    assert due == "To play again today, before it fades: bars 1–4, second time, of Theme in A."
    back = put_back(step, theme, Origin("Theme in A", theme.digest, (10, 10), (9, 12))).advice
    said = "play bars 1–4, second time, of Theme in A, with bar 2, second time, in the midst"
    assert said in back
