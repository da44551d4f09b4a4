"""Who leads the score's clock: where a note takes it in each mode, and what is due then."""

from __future__ import annotations

import pytest

from tutor.course import Course
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.steering import REJOIN_SEC, Steering

BEAT_SEC = 0.5


class Led:
    """A score with its clock, led as a mode has it, from second 0 on."""

    def __init__(self, score, mode, hands=Hands.RIGHT):
        settings = PracticeSettings(mode=mode, hands=hands, count_in_bars=0)
        course = Course(score, settings)
        self.steering = Steering(score, Follower(score, hands=hands.code), settings, course)
        self.clock = course.opening(0.0, 1.0, self.steering.gate.onset_beat)

    def play(self, pitch, at_sec, silent_sec=0.0):
        """The judgements of a key; whether it moved the clock."""
        judgements = self.steering.judged(NoteOn(at_sec, pitch, 70), self.clock, at_sec, silent_sec)
        before, self.clock = self.clock, self.steering.moved(self.clock, at_sec, judgements)
        return judgements, self.clock is not before


def test_where_the_score_waits_it_goes_on_with_the_right_key_alone(steps):
    led = Led(steps, Mode.WAIT)
    (wrong,), moved = led.play(61, 3.0)
    assert (wrong.verdict, moved) == ("wrong", False)
    (right,), moved = led.play(60, 4.0)
    assert (right.verdict, moved) == ("hit", True)
    assert [led.clock.beat_at(sec) for sec in (4.0, 4.0 + BEAT_SEC, 99.0)] == pytest.approx([0.0, 1.0, 1.0])
    assert [int(steps.notes["pitch"][row]) for row in led.steering.due_rows(led.clock, 99.0)] == [62]


def test_a_learner_who_leads_sets_the_place_and_the_pace(steps):
    led = Led(steps, Mode.FOLLOW)
    for beat, pitch in enumerate((60, 62, 64, 65, 67)):
        assert led.play(pitch, 10.0 + beat * 2 * BEAT_SEC)[1]
    assert led.clock.beat_at(14.0) == pytest.approx(4.0)
    assert led.clock.ratio == pytest.approx(0.5, abs=0.1)
    assert led.clock.beat_at(99.0) == pytest.approx(5.0)  # where it waits for the next note


@pytest.mark.parametrize("mode", [Mode.KEEP_TEMPO, Mode.LISTEN])
def test_where_the_beat_leads_no_note_moves_the_clock(steps, mode):
    led = Led(steps, mode)
    assert not led.play(60, 0.0)[1]
    assert led.clock.beat_at(2.0) == pytest.approx(4.0)


@pytest.mark.parametrize(("silent_sec", "beat"), [(REJOIN_SEC + 1, 8.0), (0.0, 0.0)])
def test_who_was_silent_while_the_beat_led_begins_again_where_it_stands(steps, silent_sec, beat):
    led = Led(steps, Mode.KEEP_TEMPO)  # bar 3 begins as bar 1 does
    (said, *_), _ = led.play(60, 8 * BEAT_SEC, silent_sec)
    assert said.onset_beat == beat


def test_who_begins_again_is_expected_at_the_beginning_at_the_tempo_asked_for(steps):
    led = Led(steps, Mode.WAIT)
    led.play(60, 1.0)
    led.steering.begin_anew(0.75)
    assert (led.steering.gate.onset_beat, led.steering.pace.ratio) == (0.0, 0.75)
    assert led.play(60, 2.0)[0][0].verdict == "hit"
