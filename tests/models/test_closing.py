"""How answers come to rest."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import chords_of
from lessons.library import shelf
from lessons.score import LEFT, RIGHT, Score
from models.line import line_mask
from models.patterns import patterned, patterns_for
from models.plan import plan_line
from models.rules import RuleComposer


def ends(notes: np.ndarray) -> np.ndarray:
    return notes["onset_beat"] + notes["duration_beat"]


@pytest.mark.parametrize(
    ("slug", "donor"),
    [("tchaikovsky-old-french-song", "when-the-saints"), ("minuet-a-minor", "scarborough-fair")],
)
def test_a_tune_does_not_fall_silent_before_the_piece_ends(slug: str, donor: str) -> None:
    piece = shelf.load(slug)
    line = plan_line(Analogy(piece, {Feature.RHYTHM: shelf.load(donor)})).line
    own = piece.notes[line_mask(piece)]
    assert ends(line).max() >= ends(own).max() - 1e-6
    last_bars = piece.bars[-4:]
    for start, end in zip(last_bars["start_beat"], last_bars["end_beat"], strict=True):
        assert ((line["onset_beat"] < end - 1e-6) & (ends(line) > start + 1e-6)).any()


@pytest.mark.parametrize("rests", [(4.0, 16.0), (0.0, 12.0)], ids=["at first", "at the end"])
def test_a_rhythm_as_long_as_the_piece_is_taken_with_its_rests(two_hands: Score, rests: tuple[float, float]) -> None:
    tune = two_hands.notes[line_mask(two_hands)]
    kept = tune[(tune["onset_beat"] >= rests[0]) & (tune["onset_beat"] < rests[1])]
    line = plan_line(Analogy(two_hands, {Feature.RHYTHM: two_hands.with_notes(kept)})).line
    assert line["onset_beat"].tolist() == kept["onset_beat"].tolist()


@pytest.mark.parametrize("name", list(patterns_for((4, 4))))
def test_a_pattern_rests_at_the_end_on_the_root_as_long_as_the_tune(two_hands: Score, name: str) -> None:
    answer = patterned(two_hands, chords_of(two_hands), name, 0.0, 16.0)
    left = answer.hands(LEFT).notes
    last = left[left["onset_beat"] == left["onset_beat"].max()]
    assert last["pitch"].min() % 12 == int(chords_of(two_hands)["root"][-1])
    assert last["onset_beat"].tolist() == [14.0] * len(last)
    assert ends(last).tolist() == [16.0] * len(last)


@pytest.mark.parametrize("donor", ["schumann-melody", "petzold-minuet-g-minor"])
def test_a_texture_for_the_left_hand_ends_on_the_root_under_the_last_note(donor: str) -> None:
    piece = shelf.load("lightly-row" if donor == "schumann-melody" else "lavenders-blue")
    donors = {Feature.TEXTURE: shelf.load(donor)}
    answer = RuleComposer().vary(Analogy(piece, donors, hand=LEFT))[0].score
    left, tune = answer.hands(LEFT).notes, answer.hands(RIGHT).notes
    last = left[left["onset_beat"] == left["onset_beat"].max()]
    assert last["pitch"].min() % 12 == score_tonic(piece)
    assert ends(last).max() == ends(tune).max()


def score_tonic(piece: Score) -> int:
    return int(chords_of(piece)["root"][-1])


def test_a_texture_for_both_hands_ends_on_the_tonic() -> None:
    piece = shelf.load("lightly-row")
    for donor in ("schumann-melody", "twinkle-twinkle", "ode-to-joy"):
        answer = RuleComposer().vary(Analogy(piece, {Feature.TEXTURE: shelf.load(donor)}))[0].score
        assert answer.notes["pitch"][line_mask(answer)][-1] % 12 == 7


@pytest.mark.parametrize("slug", ["petzold-minuet-g", "schumann-soldiers-march", "greensleeves", "minuet-a-minor"])
def test_a_passage_that_ends_the_piece_comes_home_under_chords_from_elsewhere(slug: str) -> None:
    piece = shelf.load(slug)
    metre = "{}/{}".format(*piece.metre_at(0.0))
    others = [one.score() for one in shelf.pieces() if one.metre == metre and one.title != piece.title]
    last = int(piece.bars["number"][-1])
    own = chords_of(piece)
    for donor in others[:3]:
        under = plan_line(Analogy(piece, {Feature.CHORDS: donor}, bars=(last - 1, last))).chords
        assert under["root"][-1] == own["root"][-1]
        assert under["end_beat"][-1] == piece.bar_range(last, last)[1]
