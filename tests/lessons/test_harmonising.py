"""Chords for a tune that stands alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lessons.harmonising import Wishes, harmonised, is_lone_tune, windows_of
from lessons.harmony import chord_indices, chords_of, in_mask
from lessons.score import BAR_DTYPE, KEY_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, Score

SKETCH = [64, 67, 69, 67, 64, 62, 60, 60, 64, 67, 69, 67, 62, 64, 62, 62]
SKETCH += [64, 67, 69, 67, 64, 62, 60, 60, 69, 67, 64, 62, 60, 60, 60, 60]  # eight bars of quarters in C, closing on c


def tune(pitches: list[int], hand: int = RIGHT, fifths: int = 0) -> Score:
    """A tune in quarters, four to a bar."""
    notes = np.zeros(len(pitches), NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"], notes["pitch"] = np.arange(len(pitches)), 1.0, pitches
    notes["hand"] = hand
    bars = [(bar + 1, bar + 1, bar * 4.0, bar * 4.0 + 4) for bar in range(len(pitches) // 4)]
    return Score(
        notes,
        np.array(bars, dtype=BAR_DTYPE),
        np.array([(0.0, 4, 4)], dtype=METRE_DTYPE),
        np.array([(0.0, fifths, False)], dtype=KEY_DTYPE),
    )


def test_a_lone_tune_begins_and_ends_at_home_and_its_dominant_stands_before() -> None:
    chords = chords_of(tune(SKETCH))
    assert chords["root"][0] == chords["root"][-1] == 0
    assert 7 in chords["root"][chords["start_beat"] < 16][-2:]  # d at the end of the first half
    assert chords["start_beat"].tolist() == [2.0 * window for window in range(16)]


def test_chords_move_with_their_tune() -> None:
    here, higher = chords_of(tune(SKETCH)), chords_of(tune([pitch + 2 for pitch in SKETCH], fifths=2))
    assert ((here["root"] + 2) % 12 == higher["root"]).all()


def test_the_lowest_note_of_a_tune_is_no_bass() -> None:
    chords = chords_of(tune([71, 67, 71, 74, 71, 67, 71, 74, 72, 76, 72, 67, 60, 64, 72, 72]))
    index = chord_indices(chords, [0.0, 4.0])
    assert chords["root"][index].tolist() == [7, 7]


def test_a_cadence_may_be_settled() -> None:
    chords = harmonised(tune(SKETCH), 0, False, Wishes({14.0: 7, 28.0: 5}))
    assert chords["root"][[7, 14]].tolist() == [7, 5]
    assert in_mask(int(chords["tones"][7]), 71)


def test_where_a_left_hand_or_a_second_voice_plays_no_tune_stands_alone() -> None:
    alone = tune(SKETCH)
    assert is_lone_tune(alone)
    assert not is_lone_tune(tune(SKETCH, hand=LEFT))
    double = np.concatenate([alone.notes, alone.notes])
    double["pitch"][len(alone.notes) :] += 4
    assert not is_lone_tune(alone.with_notes(double))


def test_a_double_stop_or_two_leave_a_tune_alone() -> None:
    notes = np.concatenate([tune(SKETCH).notes, tune(SKETCH).notes[[0, 31]]])
    notes["pitch"][-2:] += 4
    assert is_lone_tune(tune(SKETCH).with_notes(notes))


def test_a_low_tune_stands_alone_though_hands_were_guessed() -> None:
    notes = tune(SKETCH).notes.copy()
    notes["hand"][:2] = LEFT
    guessed = replace(tune(SKETCH).with_notes(notes), handless=(0,))
    assert is_lone_tune(guessed)
    assert not is_lone_tune(replace(guessed, handless=()))


def test_windows_count_bars_anew_where_the_page_jumps() -> None:
    score = tune(SKETCH)
    bars = score.bars.copy()
    bars["written"][4:] = [1, 2, 3, 4]
    places = windows_of(replace(score, bars=bars)).places
    assert places.tolist() == [0, 1, 2, 3, 4, 5, 6, 7] * 2


def test_a_tune_in_octaves_has_the_chords_of_the_tune() -> None:
    upper = tune(SKETCH)
    below = tune([pitch - 12 for pitch in SKETCH], hand=LEFT)
    both = upper.with_notes(np.concatenate([upper.notes, below.notes]))
    assert chords_of(both).tolist() == chords_of(upper).tolist()
    moved = below.notes.copy()
    moved["pitch"] -= 4
    assert chords_of(upper.with_notes(np.concatenate([upper.notes, moved]))).tolist() != chords_of(upper).tolist()
