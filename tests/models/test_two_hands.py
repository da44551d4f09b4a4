"""What two hands can strike and hold."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.library import shelf
from lessons.score import LEFT, RIGHT, Score
from models.rules import RuleComposer
from models.two_hands import HAND_SPAN, playable, playable_with_line, reach, stretches
from tests.lessons.scores import notes_of, score_of


@pytest.mark.parametrize(("keys", "low", "high"), [((48, 55), 46, 57), ((55, 62), 53, 64), ((50,), 44, 55)])
def test_a_hand_in_one_position_reaches_an_octave_around_it(keys: tuple[int, ...], low: int, high: int) -> None:
    notes = score_of([(float(place), 1.0, key, LEFT) for place, key in enumerate(keys)], 1).notes
    assert reach(notes) == (low, high)
    assert high - low == 11


def test_a_hand_that_moves_about_goes_anywhere() -> None:
    assert reach(score_of([(0.0, 1.0, 40, LEFT), (1.0, 1.0, 52, LEFT)], 1).notes) == (0, 127)


def test_a_stroke_that_the_page_rolls_loses_no_key() -> None:
    rolled = notes_of([(0.0, 1.0, 48, RIGHT), (0.0, 1.0, 64, RIGHT), (1.0, 1.0, 48, RIGHT), (1.0, 1.0, 66, RIGHT)])
    asked = stretches(rolled[:2])
    assert asked == {(0.0, RIGHT): 16}
    assert sorted(playable(rolled, True, asked)["pitch"].tolist()) == [48, 64, 66]
    lead = rolled[[1, 3]]
    assert sorted(playable_with_line(rolled, lead, asked)["pitch"].tolist()) == [48, 64, 66]
    assert sorted(playable_with_line(rolled, lead)["pitch"].tolist()) == [64, 66]
    assert stretches(notes_of([(0.0, 1.0, 48, LEFT), (0.0, 1.0, 48 + HAND_SPAN, LEFT)])) == {}


def test_hands_that_stay_give_no_key_to_each_other() -> None:
    wide = notes_of([(0.0, 1.0, 40, LEFT), (0.0, 1.0, 60, LEFT), (0.0, 1.0, 67, RIGHT)])
    given, kept = (playable(wide, stay) for stay in (False, True))
    assert given["hand"].tolist() == [LEFT, RIGHT, RIGHT]
    assert [(int(note["pitch"]), int(note["hand"])) for note in kept] == [(40, LEFT), (67, RIGHT)]


@pytest.mark.parametrize(
    ("slug", "bars"), [("lightly-row", (1, 3)), ("ode-to-joy", (13, 14)), ("when-the-saints", (5, 8))]
)
@pytest.mark.parametrize("donor", ["twinkle-twinkle", "au-clair-de-la-lune", "when-the-saints", "ode-to-joy"])
def test_a_beginners_left_hand_stays_in_its_place_under_other_chords(
    slug: str, bars: tuple[int, int], donor: str
) -> None:
    piece = shelf.load(slug)
    made = RuleComposer().vary(Analogy(piece, {Feature.CHORDS: shelf.load(donor)}, bars=bars))[0].score
    keys, before = _left(made, bars)["pitch"], _left(piece, bars)
    low, high = reach(before)
    assert low <= keys.min() and keys.max() <= high


def _left(score: Score, bars: tuple[int, int]) -> np.ndarray:
    return score.notes[score.rows_of((LEFT,), score.bar_range(*bars))]
