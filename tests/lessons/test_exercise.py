"""Passages cut out of pieces."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.errors import InputError
from lessons.exercise import excerpt
from lessons.score import BAR_DTYPE, CHORD_DTYPE, KEY_DTYPE, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap


@pytest.fixture
def piece() -> Score:
    """A pickup and three bars of 3/4, the last in 2/4 and another key and tempo; one note over each bar line."""
    onsets = [(-1, 1, 67), (0, 1, 60), (2, 2, 62), (4, 1, 64), (6, 3, 65)]
    notes = [(onset, length, pitch, 70, RIGHT, 1, 0, 0, 0, "", 0, False) for onset, length, pitch in onsets]
    return Score(
        np.array(notes, NOTE_DTYPE),
        np.array([(0, 0, -1, 0), (1, 1, 0, 3), (2, 2, 3, 6), (3, 3, 6, 8)], BAR_DTYPE),
        metres=np.array([(-1, 3, 4), (6, 2, 4)], METRE_DTYPE),
        keys=np.array([(-1, 0, False), (6, 2, False)], KEY_DTYPE),
        chords=np.array([(0, 6, 0, 0b10010001, 0), (6, 8, 2, 0b1001000100, 2)], CHORD_DTYPE),
        tempo=TempoMap.of([(0, 90), (6, 60)]),
        title="Waltz",
    )


def test_a_passage_begins_at_beat_0_with_bar_1_and_keeps_the_numbers_of_the_page(piece):
    cut = excerpt(piece, 2, 3)
    assert cut.bars.tolist() == [(1, 2, 0, 3), (2, 3, 3, 5)]
    assert cut.notes["onset_beat"].tolist() == [0, 1, 3]
    assert cut.title == "Waltz, bars 2–3"


def test_a_passage_keeps_metre_key_chord_and_tempo_in_force(piece):
    cut = excerpt(piece, 2, 3)
    assert cut.metres.tolist() == [(0, 3, 4), (3, 2, 4)]
    assert cut.keys.tolist() == [(0, 0, False), (3, 2, False)]
    assert cut.chords["end_beat"].tolist() == [3, 5]
    assert (cut.tempo.bpm_at(0), cut.tempo.bpm_at(3)) == (90, 60)


def test_a_note_that_is_held_into_a_passage_is_struck_there(piece):
    held = excerpt(piece, 2, 3).notes[0]
    assert (held["pitch"], held["onset_beat"], held["duration_beat"]) == (62, 0.0, 1.0)


def test_a_note_over_the_end_stops_there(piece):
    assert excerpt(piece, 1, 1).notes["duration_beat"].tolist() == [1, 1]
    assert excerpt(piece, 3, 3).notes["duration_beat"].tolist() == [2]


def test_a_passage_with_the_pickup_begins_before_beat_0(piece):
    cut = excerpt(piece, 0, 1)
    assert cut.bars["number"].tolist() == [0, 1]
    assert cut.start_beat == -1


def test_the_whole_piece_is_its_own_passage(piece):
    assert excerpt(piece, 0, 3).notes["pitch"].tolist() == piece.notes["pitch"].tolist()


def test_bars_outside_the_piece_are_refused(piece):
    with pytest.raises(InputError, match="bars 3-9"):
        excerpt(piece, 3, 9)
