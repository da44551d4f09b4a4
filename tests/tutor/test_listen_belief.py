"""How sure the ear must be of a stroke, by what is due and what else was struck."""

import math

from tutor.listen.belief import (
    EARLY,
    IN_CHORD,
    IN_TIME,
    NEVER,
    OUT_OF_TIME,
    OVERTONE,
    REPLACED,
    RESONANCE,
    SLIP,
    STRAY,
    SURE,
    needed,
)
from tutor.listen.due import DueNote

CHORD = {pitch: (DueNote(0.9, 1.0, frozenset({48, 60, 64} - {pitch})),) for pitch in (48, 60, 64)}
ALONE = {60: (DueNote(0.9, 1.0),)}


def test_without_a_score_a_stroke_must_be_likely_and_the_programs_own_is_not_told() -> None:
    assert needed(60, 1.0, None, ()) == SURE
    assert needed(60, 1.0, None, (), own={60}) == NEVER


def test_a_hint_of_a_chord_is_enough_where_another_of_it_was_heard() -> None:
    assert needed(60, 1.0, CHORD, {64}) == IN_CHORD
    assert needed(60, 3.0, CHORD, {64}) == IN_CHORD  # whatever the clock says
    assert needed(60, 1.0, CHORD, ()) == IN_TIME
    assert needed(60, 3.0, CHORD, ()) == OUT_OF_TIME


def test_a_note_alone_is_believed_sooner_in_time_which_nothing_is_before_the_first_note() -> None:
    assert needed(60, 1.1, ALONE, ()) == IN_TIME
    assert needed(60, 1.3, ALONE, ()) == OUT_OF_TIME
    assert needed(60, 1.3, {60: (DueNote(-math.inf, math.nan),)}, ()) == OUT_OF_TIME


def test_what_was_struck_in_its_place_speaks_against_a_due_note() -> None:
    assert needed(60, 1.0, CHORD, {48, 61}) == REPLACED
    assert needed(48, 1.0, CHORD, {60, 64}) == OVERTONE
    steps = {60: (DueNote(0.9, 1.0, frozenset({61})),)}
    assert needed(60, 1.0, steps, {61}) == IN_CHORD  # a second that is written


def test_what_is_written_but_not_due_yet_must_be_likely() -> None:
    assert needed(60, 0.5, ALONE, ()) == EARLY
    assert needed(60, 1.0, {60: ()}, ()) == EARLY
    assert needed(60, 0.5, ALONE, (), own={60}) == NEVER
    assert needed(60, 1.0, ALONE, (), own={60}) == IN_TIME


def test_a_slip_beside_a_due_key_is_likelier_than_a_stray_and_a_resonance_the_least_likely() -> None:
    assert needed(61, 1.0, ALONE, ()) == SLIP
    assert needed(61, 2.0, ALONE, ()) == STRAY
    assert needed(67, 1.0, ALONE, ()) == STRAY
    assert needed(72, 1.0, ALONE, {60}) == RESONANCE
    assert needed(61, 1.0, ALONE, {73}) == RESONANCE


def test_of_two_notes_of_a_key_the_one_that_is_due_counts() -> None:
    twice = {60: (DueNote(0.9, 1.0, frozenset({64})), DueNote(1.5, 1.6))}
    assert needed(60, 1.6, twice, ()) == IN_TIME
