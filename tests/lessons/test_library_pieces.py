"""Every piece of the library as music: complete bars, two hands that can play it, and fingers that can be used."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from lessons.library.shelf import Piece, pieces
from lessons.score import LEFT, RIGHT, Score

TENTH = 16  # semitones: what a grown hand reaches
LOWEST, HIGHEST = 21, 108

every_piece = pytest.mark.parametrize("piece", pieces(), ids=lambda piece: piece.slug)


@cache
def score_of(piece: Piece) -> Score:
    return piece.score()


def struck_together(score: Score) -> list[np.ndarray]:
    """The notes of each hand at each onset."""
    notes = score.notes
    groups = [
        notes[(notes["hand"] == hand) & (notes["onset_beat"] == onset)]
        for hand in (LEFT, RIGHT)
        for onset in score.onset_beats
    ]
    return [group for group in groups if len(group)]


@every_piece
def test_every_bar_is_complete(piece: Piece) -> None:
    score = score_of(piece)
    lengths = score.bars["end_beat"] - score.bars["start_beat"]
    top, bottom = map(int, piece.metre.split("/"))
    full = score.bars["number"] > 0
    assert lengths[full] == pytest.approx(4 * top / bottom)
    assert (lengths[~full] < 4 * top / bottom).all()
    assert score.bars["start_beat"][1:].tolist() == score.bars["end_beat"][:-1].tolist()


@every_piece
def test_the_header_tells_the_truth_about_the_music(piece: Piece) -> None:
    score = score_of(piece)
    written = score.bars["written"][score.bars["number"] > 0]
    assert sorted(set(written.tolist())) == list(range(1, piece.bars + 1))
    assert "{}/{}".format(*score.metre_at(0)) == piece.metre
    assert bool(score.keys["minor"][0]) == piece.key.endswith("minor")
    assert 8 <= piece.bars <= 48
    assert score.title == piece.title and score.level == piece.level


@every_piece
def test_both_hands_play_and_every_key_is_on_the_piano(piece: Piece) -> None:
    notes = score_of(piece).notes
    assert set(notes["hand"].tolist()) == {LEFT, RIGHT}
    assert notes["pitch"].min() >= LOWEST and notes["pitch"].max() <= HIGHEST
    assert (notes["duration_beat"][~notes["grace"]] > 0).all()


@every_piece
def test_the_last_note_rings_to_the_end_or_to_a_rest_in_the_last_bar(piece: Piece) -> None:
    score = score_of(piece)
    ends = score.notes["onset_beat"] + score.notes["duration_beat"]
    assert score.bars["start_beat"][-1] < ends.max() <= score.bars["end_beat"][-1] + 1e-9


@every_piece
def test_a_hand_can_reach_what_it_strikes_at_once(piece: Piece) -> None:
    for group in struck_together(score_of(piece)):
        assert np.ptp(group["pitch"]) <= TENTH, f"beat {group['onset_beat'][0]}: {group['pitch']}"
        assert len(group) <= 5


@every_piece
def test_no_key_is_struck_twice_at_once_or_while_the_same_hand_holds_it(piece: Piece) -> None:
    notes = score_of(piece).notes
    for hand in (LEFT, RIGHT):
        for pitch in set(notes["pitch"].tolist()):
            same = notes[(notes["hand"] == hand) & (notes["pitch"] == pitch)]
            for first, second in pairwise(same):
                assert first["onset_beat"] + first["duration_beat"] <= second["onset_beat"] + 1e-9


@every_piece
def test_the_spelling_is_written_and_agrees_with_the_pitch(piece: Piece) -> None:
    notes = score_of(piece).notes
    steps = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    spelled = [(steps[str(note["step"])] + int(note["alter"])) % 12 for note in notes]
    assert spelled == (notes["pitch"] % 12).tolist()


@every_piece
def test_fingers_are_fingers_and_each_does_one_thing_at_a_time(piece: Piece) -> None:
    score = score_of(piece)
    assert set(score.notes["finger"].tolist()) <= set(range(6))
    for group in struck_together(score):
        marked = group[group["finger"] > 0]
        fingers = marked["finger"].tolist()
        assert len(set(fingers)) == len(fingers), f"beat {group['onset_beat'][0]}"
        rising = fingers if group["hand"][0] == RIGHT else fingers[::-1]
        assert rising == sorted(rising), f"beat {group['onset_beat'][0]}: hands do not cross their own fingers"


@pytest.mark.parametrize("piece", [each for each in pieces() if each.level <= 2], ids=lambda piece: piece.slug)
def test_in_first_lessons_a_finger_moves_to_another_key_only_after_a_long_note(piece: Piece) -> None:
    """The same finger on two keys in a row breaks the line; where a phrase ends the hand has time to move."""
    score = score_of(piece)
    for hand in (LEFT, RIGHT):
        line = score.notes[(score.notes["hand"] == hand) & (score.notes["finger"] > 0)]
        for before, after in pairwise(line):
            joined = before["onset_beat"] + before["duration_beat"] == after["onset_beat"]
            if joined and before["pitch"] != after["pitch"] and before["duration_beat"] < 2:
                assert before["finger"] != after["finger"], f"beat {after['onset_beat']}"


@every_piece
def test_first_lessons_have_fingers_where_a_hand_begins(piece: Piece) -> None:
    notes = score_of(piece).notes
    for hand in (LEFT, RIGHT):
        own = notes[notes["hand"] == hand]
        first = own[own["onset_beat"] == own["onset_beat"][0]]
        if piece.level <= 3:
            assert (first["finger"] > 0).all()
            assert (first["finger_confidence"] == 1).all()


@every_piece
def test_repeats_are_unfolded_onto_one_timeline(piece: Piece) -> None:
    score = score_of(piece)
    repeated = "|:" in piece.path.read_text(encoding="utf-8")
    full = score.bars[score.bars["number"] > 0]
    assert (len(full) > piece.bars) == repeated
