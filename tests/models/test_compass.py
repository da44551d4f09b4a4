"""The range that is asked for."""

from __future__ import annotations

import numpy as np

from lessons.analogy import Analogy
from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from models.line import line_mask
from models.rules import RuleComposer

RULES = RuleComposer()


def test_the_left_hand_comes_into_the_range_too_where_it_does_not_cross() -> None:
    piece = shelf.load("lightly-row")
    low = int(piece.hands(RIGHT).notes["pitch"].min())
    answer = RULES.vary(Analogy(piece, lowest=60, highest=low + 24))[0]
    kept = RULES.vary(Analogy(piece, lowest=41, highest=96))[0].score
    assert any("left hand" in notice for notice in answer.notices) or (answer.score.notes["pitch"] >= 60).all()
    assert kept.notes["pitch"].min() >= 41


def test_a_low_range_moves_the_tune_by_an_octave_and_the_left_hand_out_of_its_way() -> None:
    piece = shelf.load("lightly-row")
    made = RULES.vary(Analogy(piece, lowest=48, highest=60))[0]
    left, tune = made.score.hands(LEFT).notes, made.score.notes[line_mask(made.score)]
    assert ((tune["pitch"] >= 48) & (tune["pitch"] <= 60)).all()
    assert left["pitch"].max() < np.median(tune["pitch"])
    assert made.measures.contour_kept > 0.5
    assert any("left hand lie outside the range" in notice for notice in made.notices)


def test_broken_chords_in_another_order_stay_in_the_range() -> None:
    made = RULES.vary(Analogy(shelf.load("bach-prelude-c"), lowest=60, highest=79))[0].score
    tune = made.notes[line_mask(made)]
    assert tune["pitch"].min() >= 60 and tune["pitch"].max() <= 79
