"""What moves under a tune that stays."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature, Level
from lessons.harmony import Key, chords_of, in_mask, mask_of, tones_at
from lessons.library import shelf
from lessons.score import CHORD_DTYPE, LEFT, RIGHT, Score
from models.accompaniment import moves_accompaniment, share_moved, substituted
from models.patterns import Outer, _voices, patterned, patterns_for
from models.rules import RuleComposer, free_question
from models.two_hands import HAND_SPAN

LOCKED = frozenset({Feature.PITCH, Feature.RHYTHM})


def test_a_locked_tune_stays_while_the_left_hand_takes_a_pattern(two_hands: Score) -> None:
    answer = RuleComposer().vary(Analogy(two_hands, keep=LOCKED | {Feature.CHORDS}, level=Level.HARDER))[0]
    assert answer.score.hands(RIGHT).notes.tolist() == two_hands.hands(RIGHT).notes.tolist()
    assert len(answer.score.hands(LEFT).notes) > len(two_hands.hands(LEFT).notes)
    assert any("pattern" in notice for notice in answer.notices)


def test_other_chords_still_hold_the_longest_notes_of_the_tune(two_hands: Score) -> None:
    chords = chords_of(two_hands)
    moved = substituted(two_hands, chords, Key(0, False), 1.0, [1])
    changed = moved["root"] != chords["root"]
    assert changed.any()
    assert not changed[0]
    assert not changed[-2:].any()
    line = two_hands.hands(RIGHT).notes
    long = line[line["duration_beat"] == 2]
    assert in_mask(tones_at(moved, long["onset_beat"]), long["pitch"]).all()


def test_a_pattern_plays_only_tones_of_its_chord_where_the_hand_was(two_hands: Score) -> None:
    chords = chords_of(two_hands)
    for name in patterns_for((4, 4)):
        left = patterned(two_hands, chords, name, 0.0, 16.0).hands(LEFT).notes
        assert in_mask(tones_at(chords, left["onset_beat"]), left["pitch"]).all()
        assert abs(left["pitch"].mean() - two_hands.hands(LEFT).notes["pitch"].mean()) < 9


def test_the_stronger_a_question_the_more_of_its_drafts_move_the_accompaniment(two_hands: Score) -> None:
    assert [share_moved(Analogy(two_hands, strength=strength)) for strength in (0.3, 0.5, 0.75, 1.0)] == [0, 0, 0.5, 1]
    assert share_moved(Analogy(two_hands, keep=LOCKED)) == 1.0
    moved = []
    for strength in (0.5, 0.6, 0.75, 0.9, 1.0):
        asked = [Analogy(two_hands, strength=strength, seed=seed) for seed in range(40)]
        moved.append(sum(free_question(one, 0)[0] is not one for one in asked))
    assert moved == sorted(moved)
    assert (moved[0], moved[-1]) == (0, 40)
    assert 4 < moved[2] < 36


def test_only_a_bold_question_or_a_locked_tune_moves_the_accompaniment(two_hands: Score) -> None:
    assert moves_accompaniment(Analogy(two_hands, strength=0.5)) == set()
    assert moves_accompaniment(Analogy(two_hands, strength=0.9)) == {Feature.CHORDS, Feature.TEXTURE}
    assert moves_accompaniment(Analogy(two_hands, keep=LOCKED | {Feature.TEXTURE})) == {Feature.CHORDS}
    assert moves_accompaniment(Analogy(two_hands, hand=RIGHT, strength=0.9)) == set()
    assert moves_accompaniment(Analogy(two_hands, {Feature.RHYTHM: two_hands}, strength=0.9)) == set()


def test_an_answer_keeps_its_question_and_shows_no_chords_that_the_page_did_not(two_hands: Score) -> None:
    asked = Analogy(two_hands, strength=1.0, seed=2)
    answer = RuleComposer().vary(asked)[0]
    assert answer.analogy is asked
    assert len(answer.score.chords) == 0


@pytest.mark.parametrize("slug", ["greensleeves", "mozart-theme-a"])
def test_broken_chords_lie_under_one_hand(slug: str) -> None:
    piece = shelf.load(slug)
    left = patterned(piece, chords_of(piece), "broken", 0.0, piece.end_beat).hands(LEFT).notes
    bars = piece.bar_numbers_at(left["onset_beat"])
    wide = [np.ptp(left["pitch"][bars == bar]) > HAND_SPAN for bar in np.unique(bars)]
    assert np.mean(wide) <= 0.1


def test_tune_and_bass_of_a_pattern_run_in_no_parallel_fifths_or_octaves() -> None:
    for slug in ("ode-to-joy", "when-the-saints", "lightly-row"):
        piece = shelf.load(slug)
        made = patterned(piece, chords_of(piece), "block", 0.0, piece.end_beat)
        outer = outer_voices(made)
        moves = np.diff(outer, axis=0)
        same = ((outer[1:, 0] - outer[1:, 1]) % 12 == (outer[:-1, 0] - outer[:-1, 1]) % 12) & (moves.prod(axis=1) > 0)
        assert not np.isin((outer[1:, 0] - outer[1:, 1])[same] % 12, [0, 7]).any()


def outer_voices(score: Score) -> np.ndarray:
    """Tune and bass where the left hand strikes: (strokes, 2)."""
    left, right = score.hands(LEFT).notes, score.hands(RIGHT).notes
    rows = []
    for onset in np.unique(left["onset_beat"]):
        held = right[(right["onset_beat"] <= onset) & (right["onset_beat"] + right["duration_beat"] > onset)]
        if len(held):
            rows.append((int(held["pitch"].max()), int(left["pitch"][left["onset_beat"] == onset].min())))
    return np.array(rows)


def test_broken_chords_keep_their_third_under_a_low_tune_and_leave_suspensions_open() -> None:
    chord = np.zeros(1, CHORD_DTYPE)[0]
    chord["root"], chord["tones"] = 9, mask_of([9, 1, 4])
    assert {key % 12 for key in _voices(chord, 45, 60, False, Outer(), None, True)} == {9, 1, 4}
    chord["tones"] = mask_of([9, 2, 4])
    assert {key % 12 for key in _voices(chord, 45, 60, False, Outer(), None, True)} == {9, 4}
