"""Wait-for-me: which notes the score waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from tutor.gate import Gate
from tutor.verdicts import Judgement

BOTH = (LEFT, RIGHT)
C3, C4, D4, E4, F4 = 48, 60, 62, 64, 65


@pytest.fixture(scope="module")
def ode():
    """Sixteen bars; the first waits for C3 and E4, the ninth begins D4 D4 E4 C4 over G2."""
    return shelf.load("ode-to-joy")


def struck_through(gate: Gate, score, first: int, last: int) -> list[int | None]:
    """What the gate takes the notes of these bars for, struck one by one."""
    rows = score.rows_of(BOTH, score.bar_range(first, last)).tolist()
    return [gate.strike(int(score.notes["pitch"][row])) for row in rows]


def test_a_chord_is_done_when_all_its_keys_were_struck_in_any_order(steps):
    gate = Gate(steps, BOTH, (0.0, 16.0))
    gate.strike(60)
    assert (gate.moved, gate.onset_beat) == (False, 0.0)
    gate.strike(48)
    assert (gate.moved, gate.onset_beat, gate.struck) == (True, 1.0, (0.0, 0))


def test_a_key_that_was_waited_for_is_its_note(steps):
    gate = Gate(steps, BOTH, (0.0, 16.0))
    assert [steps.notes["pitch"][gate.strike(pitch)] for pitch in (60, 48, 62)] == [60, 48, 62]
    assert gate.strike(99) is None


def test_only_the_notes_of_the_hand_that_plays_are_waited_for(steps):
    gate = Gate(steps, (LEFT,), (0.0, 16.0))
    gate.strike(48)
    assert (gate.moved, gate.onset_beat) == (True, 4.0)


def test_a_wrong_key_and_the_same_key_again_change_nothing(steps):
    gate = Gate(steps, (RIGHT,), (0.0, 16.0))
    gate.strike(60)
    assert gate.strike(60) is None and gate.strike(99) is None
    assert (gate.moved, gate.onset_beat) == (False, 1.0)


def test_after_the_last_onset_nothing_is_waited_for(steps):
    gate = Gate(steps, (RIGHT,), (12.0, 16.0))
    for pitch in (67, 69, 71, 72):
        gate.strike(pitch)
    assert gate.onset_beat is None and gate.pending_rows == ()
    assert gate.strike(60) is None


def test_a_loop_begins_anew_in_the_next_lap(steps):
    gate = Gate(steps, (RIGHT,), (4.0, 6.0), loop=True)
    gate.strike(67)
    gate.strike(69)
    assert (gate.onset_beat, gate.lap, gate.struck) == (4.0, 1, (5.0, 0))


def test_it_begins_where_the_practice_begins_and_counts_what_is_written_from_there(steps):
    gate = Gate(steps, BOTH, (0.0, 16.0), start_beat=8.0)
    assert (gate.onset_beat, gate.written) == (8.0, 10)
    gate.strike(60)
    gate.strike(48)
    gate.begin_anew()
    assert gate.onset_beat == 8.0
    assert gate.after(0.0, 0) == (1.0, 0)


@pytest.mark.parametrize("wrong", [(D4, C4), (D4, C4, D4), (C4, C4, C4, C4, C4), (61, 66, 70, 62)])
def test_wrong_keys_leave_the_gate_where_it_is(ode, wrong):
    gate = Gate(ode, BOTH, (0.0, 64.0))
    assert [gate.strike(pitch) for pitch in wrong] == [None] * len(wrong)
    assert gate.onset_beat == 0.0
    gate.strike(C3)
    gate.strike(E4)
    assert gate.onset_beat == 1.0


def test_whoever_looks_for_a_key_among_its_neighbours_is_still_waited_for(ode):
    gate = Gate(ode, (RIGHT,), (0.0, 64.0))
    for pitch in (67, 65, E4, D4, E4, C4, D4, E4, F4):
        gate.strike(pitch)
    assert gate.onset_beat == 3.0


@pytest.mark.parametrize("bar", [9, 11])
def test_whoever_plays_on_in_another_bar_is_followed_there(ode, bar):
    gate = Gate(ode, BOTH, (0.0, 64.0))
    said = struck_through(gate, ode, bar, bar + 1)
    assert gate.onset_beat == ode.bar_range(bar + 2, bar + 2)[0]
    assert said[-1] == ode.rows_of(BOTH, ode.bar_range(bar, bar + 1))[-1]


def test_whoever_goes_back_is_followed_back(ode):
    gate = Gate(ode, BOTH, (0.0, 64.0), start_beat=32.0)
    struck_through(gate, ode, 3, 4)
    assert gate.onset_beat == 16.0


def test_the_keys_of_the_onset_that_was_left_bring_the_gate_back(steps):
    gate = Gate(steps, BOTH, (0.0, 16.0))
    gate.strike(48)
    for pitch in (69, 71, 72):  # beats 5 to 7 …
        gate.strike(pitch)
    assert gate.onset_beat == 0.0
    for pitch in (62, 64, 65, 67):  # … and beats 1 to 4 but for the bass
        gate.strike(pitch)
    assert gate.onset_beat == 0.0
    for pitch in (43, 69):
        gate.strike(pitch)
    assert gate.onset_beat == 6.0  # after beats 1 to 5
    assert gate.strike(60) == 1  # the one that was left
    assert (gate.moved, gate.onset_beat) == (True, 1.0)


def test_once_somebody_plays_on_elsewhere_nothing_brings_the_gate_back(steps):
    gate = Gate(steps, (RIGHT,), (0.0, 16.0))
    for pitch in (64, 65, 67, 69, 71):
        gate.strike(pitch)
    assert gate.onset_beat == 7.0
    for pitch in (72, 60):
        gate.strike(pitch)
    assert gate.strike(60) is None
    assert gate.onset_beat == 9.0


def said_of(verdict: str, beat: float | None, row: int | None) -> Judgement:
    return Judgement(3, 1.0, D4, verdict, beat, 8.0, 0.9, error_sec=0.1, score_index=row, missed=(1, 2))


@pytest.mark.parametrize("said", [said_of("hit", 8.0, 9), said_of("wrong", 8.0, 9), said_of("extra", None, None)])
def test_a_key_that_nothing_waits_for_is_stray_here_and_no_note_of_another_place(steps, said):
    judged = Gate(steps, BOTH, (0.0, 16.0)).judged(said)
    assert (judged.verdict, judged.onset_beat, judged.score_index, judged.missed) == ("extra", None, None, ())
    assert (judged.position_beat, judged.index) == (0.0, 3)


def test_a_wrong_key_may_stand_for_a_note_that_is_waited_for(steps):
    said = said_of("wrong", 0.0, 1)
    assert Gate(steps, BOTH, (0.0, 16.0)).judged(said) == replace(said, position_beat=0.0, missed=())


def test_an_empty_passage_waits_for_nothing(steps):
    gate = Gate(steps, (LEFT,), (5.0, 7.0), loop=True)
    assert gate.onset_beat is None
    assert gate.strike(60) is None
