"""A left hand in a style by its name: nothing else moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature, Style, styles_for
from lessons.errors import ComposerError
from lessons.harmony import chords_of, in_mask, tones_at
from lessons.library import shelf
from lessons.score import LEFT, METRE_DTYPE, RIGHT, Score
from models.patterns import patterns_for
from models.rules import RuleComposer
from models.songwriter import Songwriter

EIGHTHS = np.arange(0, 4, 0.5).tolist()
STROKES = {Style.SINGLE: [0], Style.BLOCK: [0], Style.BALLAD: [0, 0.5, 1, 2, 3]} | dict.fromkeys(
    (Style.BROKEN, Style.ALBERTI, Style.ARPEGGIO), EIGHTHS
)


@pytest.mark.parametrize("style", styles_for((4, 4)))
def test_tune_and_chords_stay_and_the_left_hand_plays_in_the_style(two_hands: Score, style: Style) -> None:
    answer = RuleComposer().vary(Analogy(two_hands, style=style))[0].score
    assert answer.hands(RIGHT).notes.tolist() == two_hands.hands(RIGHT).notes.tolist()
    left = answer.hands(LEFT).notes
    strong = left[left["onset_beat"] % 2 == 0] if style is Style.WALKING else left
    assert in_mask(tones_at(chords_of(two_hands), strong["onset_beat"]), strong["pitch"]).all()
    first_bar = left[left["onset_beat"] < 4]
    assert np.unique(first_bar["onset_beat"]).tolist() == STROKES.get(style, [0, 1, 2, 3])


def test_a_lone_tune_gets_its_left_hand_in_the_style(two_hands: Score) -> None:
    tune = replace(two_hands.hands(RIGHT), part_names=())
    answer = Songwriter(RuleComposer()).vary(Analogy(tune, style=Style.ALBERTI))[0].score
    left = answer.hands(LEFT).notes
    assert answer.hands(RIGHT).notes["pitch"].tolist() == tune.notes["pitch"].tolist()
    assert np.unique(left["onset_beat"][left["onset_beat"] < 4]).tolist() == np.arange(0, 4, 0.5).tolist()


def test_only_the_bars_that_are_asked_for_change(two_hands: Score) -> None:
    answer = RuleComposer().vary(Analogy(two_hands, style=Style.BROKEN, bars=(2, 3)))[0].score
    for score_bars in ((0.0, 4.0), (12.0, 16.0)):
        rows = [score.rows_of([LEFT], score_bars) for score in (answer, two_hands)]
        assert answer.notes[rows[0]]["pitch"].tolist() == two_hands.notes[rows[1]]["pitch"].tolist()


def test_a_left_hand_that_rests_goes_on_resting_and_keeps_its_part_and_loudness(two_hands: Score) -> None:
    notes = two_hands.notes[(two_hands.notes["hand"] == RIGHT) | (two_hands.notes["onset_beat"] != 4)].copy()
    notes["part"][notes["hand"] == LEFT], notes["velocity"][notes["hand"] == LEFT] = 1, 41
    piece = replace(two_hands.with_notes(notes), part_names=("Right", "Left"))
    left = RuleComposer().vary(Analogy(piece, style=Style.BROKEN))[0].score.hands(LEFT).notes
    assert not ((left["onset_beat"] >= 4) & (left["onset_beat"] < 8)).any()
    assert (set(left["part"].tolist()), set(left["velocity"].tolist())) == ({1}, {41})


@pytest.mark.parametrize("metre", [(4, 4), (3, 4), (6, 8), (2, 2), (9, 8), (5, 4)])
def test_every_style_of_a_metre_has_a_pattern(metre: tuple[int, int]) -> None:
    assert tuple(patterns_for(metre)) == styles_for(metre)


def test_what_does_not_go_with_a_style_is_refused(two_hands: Score) -> None:
    in_three = replace(two_hands, metres=np.array([(0.0, 3, 4)], METRE_DTYPE))
    with pytest.raises(ComposerError, match="does not fit 3/4; choose among single bass, block, hymn, waltz"):
        RuleComposer().vary(Analogy(in_three, style=Style.ALBERTI))
    with pytest.raises(ComposerError, match="one answer"):
        RuleComposer().vary(Analogy(two_hands, style=Style.BLOCK), 2)
    with pytest.raises(ComposerError, match="not two hands"):
        RuleComposer().vary(Analogy(two_hands.hands(LEFT), style=Style.BLOCK))
    with pytest.raises(ComposerError, match="nothing can be taken"):
        RuleComposer().vary(Analogy(two_hands, {Feature.CHORDS: shelf.load("ode-to-joy")}, style=Style.BLOCK))
