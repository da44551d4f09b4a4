"""Broken chords are no tune, and stay broken chords."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.library import shelf
from lessons.score import LEFT
from models.figuration import is_figuration, reordered
from models.line import cut_overlaps, line_mask
from models.rules import RuleComposer
from models.voicing_composer import load_composers


def test_the_prelude_breaks_chords_and_songs_do_not() -> None:
    assert is_figuration(shelf.load("bach-prelude-c"))
    assert not any(is_figuration(shelf.load(slug)) for slug in ("ode-to-joy", "greensleeves", "petzold-minuet-g"))


@pytest.mark.parametrize("strength", [0.4, 1.0])
def test_each_half_bar_keeps_its_keys_in_one_new_order(strength: float) -> None:
    piece = shelf.load("bach-prelude-c")
    line = cut_overlaps(piece.notes[line_mask(piece)])[:48]
    moved = reordered(piece, line, strength, np.random.default_rng(1)).reshape(-1, 6)
    before = line["pitch"].reshape(-1, 6)
    assert (np.sort(moved) == np.sort(before)).all()
    assert (moved != before).any()
    ranks = {tuple(np.searchsorted(np.unique(cell), cell).tolist()) for cell in moved}
    assert len(ranks) == 1


def test_a_free_variation_of_a_prelude_is_a_prelude_over_the_same_left_hand() -> None:
    piece = shelf.load("bach-prelude-c")
    for composer in (RuleComposer(), load_composers()):
        answer = composer.vary(Analogy(piece, strength=0.9, seed=2))[0]
        assert answer.score.hands(LEFT).notes.tolist() == piece.hands(LEFT).notes.tolist()
        assert answer.score.notes["onset_beat"].tolist() == piece.notes["onset_beat"].tolist()
        assert answer.measures.distance > 0.2
        assert any("broken" in notice for notice in answer.notices)


def test_who_takes_a_rhythm_for_it_is_told_that_the_figure_is_lost() -> None:
    asked = Analogy(shelf.load("bach-prelude-c"), {Feature.RHYTHM: shelf.load("ode-to-joy")})
    assert any("figure is lost" in notice for notice in load_composers().vary(asked)[0].notices)
