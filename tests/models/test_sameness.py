"""Who asks for a feature that is the same elsewhere is told that little is new."""

from __future__ import annotations

import pytest

from lessons.analogy import Analogy, Feature
from lessons.score import LEFT, RIGHT, Score
from models.rules import RuleComposer
from models.songwriter import Songwriter
from tests.lessons.scores import score_of

BASS = [(4.0 * bar, 4.0, pitch, LEFT) for bar, pitch in enumerate((48, 43, 45, 48))]


def tune(onsets: tuple[float, ...], *pitches: int) -> Score:
    places = [4 * bar + beat for bar in range(4) for beat in onsets]
    line = [(at, 1.0, pitches[number % len(pitches)], RIGHT) for number, at in enumerate(places)]
    return score_of([*BASS, *line])


@pytest.mark.parametrize(("onsets", "is_said"), [((0, 1, 2, 3), True), ((0, 1.5, 2, 3), False)])
def test_a_donor_whose_rhythm_is_the_pieces_own_is_told(onsets: tuple[float, ...], is_said: bool) -> None:
    piece, donor = tune((0, 1, 2, 3), 72, 74, 76, 77, 79), tune(onsets, 67, 72, 69)
    answer = Songwriter(RuleComposer()).vary(Analogy(piece, {Feature.RHYTHM: donor}))[0]
    assert any("has much the same rhythm as the piece" in said for said in answer.notices) == is_said
