"""The range that is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from models.compass import crossing_notices
from models.donors import THIRD
from models.line import crossings, line_mask
from models.plan import plan_line
from models.rules import RuleComposer
from tests.lessons.scores import score_of

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


def test_a_tune_from_elsewhere_stays_above_the_left_hand() -> None:
    piece = shelf.load("schumann-melody")
    made = RULES.vary(Analogy(piece, {Feature.PITCH: shelf.load("scarborough-fair")}))[0].score
    own, left = (score.notes[line_mask(score)] for score in (piece, made)), LEFT
    before, after = (
        crossings(line, score.hands(left).notes, 1) for line, score in zip(own, (piece, made), strict=True)
    )
    assert after <= before


def test_crossings_are_counted_in_long_scores_and_told() -> None:
    piece = shelf.load("schumann-melody")
    tune, left = piece.notes[line_mask(piece)], piece.hands(LEFT).notes
    low = tune.copy()
    low["pitch"] -= 24
    assert crossings(low, left, 1) > len(low) / 2
    assert "the hands cross at" in crossing_notices(Analogy(piece), left, low)[0]
    assert crossing_notices(Analogy(piece), left, tune) == []


@pytest.mark.parametrize("higher", [12, 9, -10])
def test_a_tune_for_a_passage_lies_where_the_hand_was(higher: int) -> None:
    steps = (72, 74, 76, 77, 76, 74, 72, 74)
    low = [(4.0 * bar, 4.0, 69, LEFT) for bar in range(4)]  # a left hand that the tune would rather be above
    page = score_of([*low, *[(2.0 * at, 2.0, pitch, RIGHT) for at, pitch in enumerate(steps)]])
    donor = score_of([(2.0 * at, 2.0, 71 - pitch % 7 + higher, RIGHT) for at, pitch in enumerate(steps)], 4)
    source = plan_line(Analogy(page, {Feature.PITCH: donor}, bars=(2, 3))).source["pitch"]
    own = page.notes[page.rows_of((RIGHT,), page.bar_range(2, 3))]["pitch"]
    assert own.min() - THIRD <= source.min()
    assert source.max() <= own.max() + THIRD
