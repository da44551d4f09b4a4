"""A hand under other chords moves as a hand moves: scales stay scales, voices do not leap, all strokes stay."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.analogy import Analogy, Feature
from lessons.harmony import Key, in_mask, mask_of, tones_at
from lessons.library import shelf
from lessons.score import CHORD_DTYPE, LEFT, RIGHT
from models.leading import led
from models.rules import RuleComposer
from tests.lessons.scores import Row, notes_of

A_MINOR = Key(9, True).scale
MINOR, MAJOR, SEVENTH = (0, 3, 7), (0, 4, 7), (0, 4, 7, 10)


def chords(*named: tuple[int, tuple[int, ...]]) -> np.ndarray:
    """Chords of two beats each."""
    found = np.zeros(len(named), CHORD_DTYPE)
    for place, (root, shape) in enumerate(named):
        found[place] = 2.0 * place, 2.0 * place + 2, root, mask_of(root + np.array(shape)), root
    return found


def sixteenths(*keys: int, at: float = 0.0) -> list[Row]:
    return [(at + 0.25 * place, 0.25, key, LEFT) for place, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("keys", "old", "new"),
    [
        ((57, 59, 60, 62, 64), (9, MINOR), (4, SEVENTH)),
        ((56, 57, 59, 57, 56), (4, MAJOR), (9, MINOR)),
        ((64, 62, 60, 59, 57), (9, MINOR), (2, MINOR)),
    ],
)
def test_five_fingers_in_a_row_stay_a_row_under_another_chord(
    keys: tuple[int, ...], old: tuple[int, tuple[int, ...]], new: tuple[int, tuple[int, ...]]
) -> None:
    moved = led(notes_of(sixteenths(*keys)), chords(old), chords(new), A_MINOR)["pitch"].astype(int)
    assert (np.sign(np.diff(moved)) == np.sign(np.diff(keys))).all()
    assert np.abs(np.diff(moved)).max() <= 3
    assert np.abs(moved - keys).max() <= 5


def test_a_chord_has_its_root_below_and_all_its_tones() -> None:
    block = notes_of([(0.0, 2.0, key, LEFT) for key in (48, 52, 55)])
    moved = led(block, chords((0, MAJOR)), chords((5, MAJOR)), Key(0, False).scale)["pitch"]
    assert moved.min() % 12 == 5
    assert set((moved % 12).tolist()) == {5, 9, 0}


def test_a_key_that_is_struck_again_is_struck_again() -> None:
    again = notes_of([(0.5 * place, 0.5, 55, LEFT) for place in range(4)])
    assert len(set(led(again, chords((0, MAJOR)), chords((2, MINOR)), Key(0, False).scale)["pitch"].tolist())) == 1


def test_a_voice_that_moves_alone_over_a_held_bass_does_not_leap() -> None:
    rows = [(0.0, 2.0, 47, LEFT), (0.0, 1.0, 62, LEFT), (1.0, 1.0, 62, LEFT), (2.0, 1.0, 62, LEFT)]
    moved = led(notes_of(rows), chords((11, MINOR), (11, MINOR)), chords((4, MINOR), (9, MINOR)), Key(4, True).scale)
    tenor = moved["pitch"][1:].astype(int)
    assert np.abs(np.diff(tenor)).max() <= 4
    assert np.abs(tenor - 62).max() <= 5


def test_no_key_is_struck_that_the_hand_holds() -> None:
    rows = [(2.0 * place + wait, 2.0 - wait, key, LEFT) for place in (0, 1) for wait, key in ((0.0, 55), (0.25, 59))]
    moved = led(notes_of(rows), chords((7, MAJOR), (7, MAJOR)), chords((0, MAJOR), (5, MAJOR)), 0, 51, 62)["pitch"]
    assert (moved[1::2] > moved[::2]).all()


def test_where_the_chord_stays_the_notes_do() -> None:
    notes = notes_of([*sixteenths(57, 59, 60, 62), *sixteenths(57, 59, 60, 62, at=2.0)])
    moved = led(notes, chords((9, MINOR), (9, MINOR)), chords((9, MINOR), (4, SEVENTH)), A_MINOR)
    assert moved["pitch"][:4].tolist() == [57, 59, 60, 62]
    assert moved["pitch"][4:].tolist() != [57, 59, 60, 62]


def test_the_hands_neither_meet_nor_cross() -> None:
    rows = [(0.0, 2.0, 60, LEFT), (0.0, 2.0, 64, RIGHT), (2.0, 2.0, 59, LEFT), (2.0, 2.0, 62, RIGHT)]
    moved = led(notes_of(rows), chords((0, MAJOR), (7, MAJOR)), chords((9, MINOR), (5, MAJOR)), Key(0, False).scale)
    left, right = (moved["pitch"][moved["hand"] == hand] for hand in (LEFT, RIGHT))
    assert (left < right).all()
    assert in_mask(tones_at(chords((9, MINOR), (5, MAJOR)), moved["onset_beat"]), moved["pitch"]).all()


@pytest.mark.parametrize("slug", ["schumann-melody", "petzold-minuet-g", "burgmuller-arabesque", "minuet-c-minor"])
def test_both_hands_strike_as_they_did_under_the_chords_of_another_piece(slug: str) -> None:
    piece = shelf.load(slug)
    donor = next(one for one in shelf.pieces() if one.title != piece.title and one.metre == metre(piece)).score()
    question = Analogy(piece, {Feature.CHORDS: donor}, bars=(5, 8), keep=frozenset({Feature.RHYTHM, Feature.TEXTURE}))
    answer = RuleComposer().vary(question)[0].score
    for hand in (LEFT, RIGHT):
        before, after = (one.notes[one.rows_of((hand,), one.bar_range(5, 8))] for one in (piece, answer))
        assert after["onset_beat"].tolist() == before["onset_beat"].tolist()
        assert (after["pitch"] != before["pitch"]).any()


def metre(score) -> str:
    return "{}/{}".format(*score.metre_at(0.0))


def test_a_triad_keeps_its_third_though_the_hand_goes_on_higher() -> None:
    rows = [(0.0, 2.0, 55, LEFT), (0.0, 2.0, 59, LEFT), (0.0, 2.0, 62, LEFT), (2.0, 2.0, 59, LEFT)]
    moved = led(notes_of(rows), chords((7, MAJOR), (7, MAJOR)), chords((7, MINOR), (2, MINOR)), Key(7, True).scale)
    assert set((moved["pitch"][:3] % 12).tolist()) == {7, 10, 2}
