"""Wait-for-me: which notes the score waits for."""

from __future__ import annotations

import pytest

from lessons.score import LEFT, RIGHT
from tutor.gate import Gate
from tutor.verdicts import Judgement

BOTH = (LEFT, RIGHT)


def hit(beat: float, pitch: int, **more) -> Judgement:
    return Judgement(0, 0.0, pitch, "hit", beat, beat, 1.0, **more)


def test_a_chord_is_done_when_all_its_keys_were_struck_in_any_order(steps):
    gate = Gate(steps, BOTH, (0.0, 16.0))
    assert not gate.strike(60)
    assert gate.onset_beat == 0.0
    assert gate.strike(48)
    assert (gate.onset_beat, gate.struck) == (1.0, (0.0, 0))


def test_only_the_notes_of_the_hand_that_plays_are_waited_for(steps):
    gate = Gate(steps, (LEFT,), (0.0, 16.0))
    assert gate.strike(48)
    assert gate.onset_beat == 4.0


def test_a_wrong_key_and_the_same_key_again_change_nothing(steps):
    gate = Gate(steps, (RIGHT,), (0.0, 16.0))
    gate.strike(60)
    assert not gate.strike(60) and not gate.strike(99)
    assert gate.onset_beat == 1.0


def test_after_the_last_onset_nothing_is_waited_for(steps):
    gate = Gate(steps, (RIGHT,), (12.0, 16.0))
    for pitch in (67, 69, 71, 72):
        gate.strike(pitch)
    assert gate.onset_beat is None and gate.pending_rows == ()
    assert not gate.strike(60)


def test_a_loop_begins_anew_in_the_next_lap(steps):
    gate = Gate(steps, (RIGHT,), (4.0, 6.0), loop=True)
    gate.strike(67)
    gate.strike(69)
    assert (gate.onset_beat, gate.lap, gate.struck) == (4.0, 1, (5.0, 0))


def test_two_hits_in_a_row_elsewhere_move_the_gate_and_one_does_not(steps):
    gate = Gate(steps, (RIGHT,), (0.0, 16.0))
    assert not gate.strike(71, [hit(6.0, 71)])
    assert gate.onset_beat == 0.0
    assert gate.strike(72, [hit(7.0, 72)])
    assert gate.onset_beat == 8.0


@pytest.mark.parametrize("doubt", [{"lost": True}, {"revised": True}])
def test_hits_in_doubt_do_not_move_the_gate(steps, doubt):
    gate = Gate(steps, (RIGHT,), (0.0, 16.0))
    for beat, pitch in ((6.0, 71), (7.0, 72), (5.0, 69)):
        gate.strike(pitch, [hit(beat, pitch, **doubt)])
    assert gate.onset_beat == 0.0


def test_an_empty_passage_waits_for_nothing(steps):
    gate = Gate(steps, (LEFT,), (5.0, 7.0), loop=True)
    assert gate.onset_beat is None
    assert not gate.strike(60)
