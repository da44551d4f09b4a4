"""Where a piece is at home, and how music from elsewhere comes there."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import Key, chords_of, in_mask, score_key
from lessons.library import shelf
from lessons.score import RIGHT
from models.donors import wanted_chords
from models.ground import passage
from models.plan import plan_line
from models.rules import RuleComposer
from models.tonality import degrees_moved, home, in_mode, towards

C, A_MINOR, E_FLAT, A = Key(0, False), Key(9, True), Key(3, False), Key(9, False)


@pytest.mark.parametrize(
    ("theirs", "ours", "semitones"), [(E_FLAT, C, -3), (A, C, 3), (A_MINOR, C, 0), (C, A_MINOR, 0)]
)
def test_keys_a_third_apart_are_brought_together_and_relatives_stay(theirs: Key, ours: Key, semitones: int) -> None:
    assert towards(theirs, ours) == semitones


def test_a_tune_from_a_key_a_third_away_is_heard_in_the_key_of_the_piece() -> None:
    song = shelf.load("lavenders-blue")
    plan = plan_line(Analogy(song, {Feature.PITCH: shelf.load("frere-jacques")}))
    assert in_mask(score_key(song).scale, plan.source["pitch"]).all()
    assert plan.source["pitch"][0] % 12 == plan.source["pitch"][-1] % 12 == score_key(song).tonic


def test_a_tune_in_the_major_turns_minor_over_a_minor_piece() -> None:
    piece = shelf.load("minuet-a-minor")
    plan = plan_line(Analogy(piece, {Feature.PITCH: shelf.load("mozart-theme-a")}))
    assert not (np.isin(plan.source["pitch"] % 12, [1, 6])).any()  # C sharp, F sharp
    assert 0 in plan.source["pitch"] % 12


def test_a_seventh_beside_a_lowered_sixth_goes_down_with_it() -> None:
    tune = np.array([72, 71, 69, 67, 71, 72])
    assert in_mode(tune, 0, degrees_moved(tune, C, Key(0, True))).tolist() == [72, 70, 68, 67, 71, 72]


def test_a_dorian_song_is_at_home_where_it_begins_and_ends() -> None:
    song = shelf.load("scarborough-fair")
    assert home(song, chords_of(song)) == Key(2, True)
    minuet = shelf.load("petzold-minuet-g")
    assert home(minuet, chords_of(minuet)) == Key(7, False)


@pytest.mark.parametrize(
    ("piece", "donor", "key"), [("twinkle-twinkle", "lightly-row", C), ("ode-to-joy", "greensleeves", A_MINOR)]
)
def test_an_answer_under_other_chords_has_the_signature_of_their_page(piece: str, donor: str, key: Key) -> None:
    analogy = Analogy(shelf.load(piece), {Feature.CHORDS: shelf.load(donor)})
    assert wanted_chords(analogy, *passage(analogy))[1] == key


@pytest.mark.parametrize("feature", [Feature.CHORDS, Feature.PITCH])
def test_a_piece_that_closes_on_its_tonic_does_so_with_any_donor(feature: Feature) -> None:
    for name in ("greensleeves", "scarborough-fair", "when-the-saints"):
        answer = RuleComposer().vary(Analogy(shelf.load("twinkle-twinkle"), {feature: shelf.load(name)}))[0].score
        own = chords_of(answer)
        assert answer.hands(1).notes["pitch"][-1] % 12 == home(answer, own).tonic


def test_a_long_last_note_comes_home_though_it_begins_under_the_chord_before() -> None:
    tune = shelf.load("hot-cross-buns").hands(RIGHT)
    analogy = Analogy(tune, {Feature.CHORDS: shelf.load("twinkle-twinkle")})
    plan = plan_line(analogy)
    assert plan.chords["root"][-2:].tolist() == [7, 0]
    assert in_mask(plan.chord_masks[-1], 0)
    assert RuleComposer().vary(analogy)[0].score.hands(1).notes["pitch"][-1] % 12 == 0


@pytest.mark.parametrize(
    ("piece", "donor", "third", "other"),
    [("petzold-minuet-g-minor", "petzold-minuet-g", 10, 11), ("petzold-minuet-g", "petzold-minuet-g-minor", 11, 10)],
)
def test_a_few_bars_stay_in_the_mode_of_the_bars_around_them(piece: str, donor: str, third: int, other: int) -> None:
    asked = Analogy(shelf.load(piece), {Feature.CHORDS: shelf.load(donor)}, bars=(1, 8))
    chords, *_ = wanted_chords(asked, *passage(asked))
    tonics = chords["tones"][(chords["root"] == 7) & (chords["start_beat"] < 24.0)]
    assert [in_mask(tones, third) for tones in tonics] == [True] * len(tonics)
    assert not any(in_mask(tones, other) for tones in tonics)
    assert len(tonics)
