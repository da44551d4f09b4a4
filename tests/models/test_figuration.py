"""Broken chords are no tune, and stay broken chords."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.library import shelf
from lessons.score import LEFT, RIGHT, Score
from models.figuration import is_figuration, reordered
from models.line import cut_overlaps, line_mask
from models.rules import RuleComposer
from models.voicing_composer import load_composers
from tests.lessons.scores import score_of


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


def bass_and_chord() -> Score:
    """Sixteen bars: a tune in halves over a bass on the strong beats, and its chord after it."""
    basses, thirds = [48, 48, 50, 43, 48, 41, 43, 48], [52, 52, 53, 47, 52, 45, 47, 52]
    rows = []
    for half in range(32):
        beat, bass, third = 2.0 * half, basses[half // 2 % 8], thirds[half // 2 % 8]
        rows += [(beat, 2.0, third + 24, RIGHT), (beat, 1.0, bass, LEFT)]
        rows += [(beat + 1, 1.0, third, LEFT), (beat + 1, 1.0, bass + 7, LEFT)]
    return score_of(rows, 16)


@pytest.mark.parametrize("strength", [0.5, 1.0])
@pytest.mark.parametrize("seed", range(2))
def test_the_bass_on_strong_beats_stays_the_bass_of_its_chord(strength: float, seed: int) -> None:
    piece = bass_and_chord()
    answer = RuleComposer().vary(Analogy(piece, strength=strength, hand=LEFT, seed=seed))[0].score
    assert answer.hands(RIGHT).notes.tolist() == piece.hands(RIGHT).notes.tolist()
    left = answer.hands(LEFT).notes
    assert left.tolist() != piece.hands(LEFT).notes.tolist()
    for beat in np.arange(0.0, 64.0, 2.0):
        struck = left["pitch"][left["onset_beat"] == beat]
        sounding = left["pitch"][(left["onset_beat"] >= beat) & (left["onset_beat"] < beat + 2)]
        assert not len(struck) or struck.min() == sounding.min()


def test_a_left_hand_that_is_to_move_far_plays_other_chords_too() -> None:
    little, far = (
        [RuleComposer().vary(Analogy(bass_and_chord(), strength=strength, hand=LEFT, seed=seed))[0] for seed in (1, 2)]
        for strength in (0.5, 1.0)
    )
    assert ["of the key" in " ".join(answer.notices) for answer in (*little, *far)] == [False, False, True, True]


def test_a_broken_chord_is_reordered_above_its_bass() -> None:
    rows = [(0.5 * eighth, 0.5, (48, 52, 55, 60)[eighth % 4], LEFT) for eighth in range(64)]
    piece = score_of(rows, 8)
    for strength in (0.4, 1.0):
        moved = reordered(piece, piece.notes, strength, np.random.default_rng(1)).reshape(-1, 4)
        assert (moved[:, 0] == 48).all()
        assert (moved[0] != (48, 52, 55, 60)).any()


def test_who_takes_a_rhythm_for_it_is_told_that_the_figure_is_lost() -> None:
    asked = Analogy(shelf.load("bach-prelude-c"), {Feature.RHYTHM: shelf.load("ode-to-joy")})
    assert any("figure is lost" in notice for notice in load_composers().vary(asked)[0].notices)
