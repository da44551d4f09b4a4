"""What is said of a take before anybody learns from it."""

from __future__ import annotations

import numpy as np
import pytest
from playing import played

from tutor.evidence import WAITS
from tutor.judging import UNTIMED, judged
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings


def higher(take: Performance, semitones: int) -> Performance:
    notes = take.notes.copy()
    notes["pitch"] += semitones
    return Performance(notes)


def halting(take: Performance) -> Performance:
    """The take with a long stop before its last half."""
    notes = take.notes.copy()
    notes["onset_sec"][len(notes) // 2 :] += 3.0
    return Performance(notes)


@pytest.mark.parametrize("off", [0, 2])
def test_a_take_in_another_key_is_judged_in_that_key(steps, off):
    said = judged(steps, higher(played(steps), off), PracticeSettings()).assessment
    assert said["semitones_off"] == off
    assert all(note["verdict"] == "hit" for note in said["notes"])


def test_a_stray_key_of_a_take_in_another_key_is_told_as_it_was_struck(steps):
    take = higher(played(steps), 2)
    stray = take.notes[:1].copy()
    stray["onset_sec"], stray["pitch"] = 1.75, 100
    said = judged(steps, Performance(np.concatenate([take.notes, stray])), PracticeSettings()).assessment
    assert (said["semitones_off"], [one["pitch"] for one in said["extra"]]) == (2, [100])


def test_what_the_beat_led_through_is_reached_whoever_went_with_it(steps):
    begun = Performance(played(steps).notes[:3])
    for covered, reached in ((None, False), ((4.0, 8.0), True)):
        said = judged(steps, begun, PracticeSettings(mode=Mode.KEEP_TEMPO), covered).assessment
        assert {note["reached"] for note in said["notes"] if 4 <= note["onset_beat"] < 8} == {reached}


def test_where_the_score_waits_nobody_is_out_of_time(steps):
    take = halting(played(steps))
    led = judged(steps, take, PracticeSettings(mode=Mode.FOLLOW))
    waited = judged(steps, take, PracticeSettings(mode=Mode.WAIT))
    assert {one["kind"] for one in led.mistakes} & UNTIMED
    assert not {one["kind"] for one in waited.mistakes} & UNTIMED
    assert waited.assessment[WAITS] == 1
    assert WAITS not in led.assessment
