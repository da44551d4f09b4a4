"""What the hand should feel: planned from the score, faded by performance, rehearsed in rest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.errors import InputError
from lessons.score import BAR_DTYPE, LEFT, METRE_DTYPE, NOTE_DTYPE, RIGHT, UNKNOWN_HAND, Score
from lessons.timing import TempoMap
from tutor.cue_sheet import CueSheet
from tutor.cues import PRESETS, Guidance, Strength, actuator_of, plan, row_cue
from tutor.metronome import clicks
from tutor.rehearsal import BLOCK_SEC, REST_SEC, rehearse

FULL, HINT, MISS = (Guidance(strength=strength) for strength in (Strength.FULL, Strength.HINT, Strength.AFTER_MISS))


def score(*notes, bars=4, bpm=120.0):
    """Notes as (onset, duration, hand, finger)."""
    rows = [
        (on, length, 60 + i, 70, hand, 1, 0, finger, 1, "", 0, False)
        for i, (on, length, hand, finger) in enumerate(notes)
    ]
    measures = [(i + 1, i + 1, 4 * i, 4 * i + 4) for i in range(bars)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(measures, BAR_DTYPE), tempo=TempoMap.of([(0.0, bpm)]))


def scale(bars=4):
    return score(*[(beat, 1, RIGHT, beat % 5 + 1) for beat in range(4 * bars)], bars=bars)


def test_each_finger_has_its_motor():
    assert [actuator_of(LEFT, finger) for finger in range(1, 6)] == [0, 1, 2, 3, 4]
    assert [actuator_of(RIGHT, finger) for finger in range(1, 6)] == [5, 6, 7, 8, 9]
    assert actuator_of(RIGHT, 0) is actuator_of(UNKNOWN_HAND, 3) is None


def test_a_chord_of_both_hands_is_one_cue():
    (cue,) = plan(score((0, 1, LEFT, 5), (0, 1, RIGHT, 1), (0, 1, RIGHT, 3)), FULL).cues
    assert cue.actuators == (4, 5, 7)
    assert cue.rows == (0, 1, 2)


def test_only_the_wanted_hand_is_cued():
    both = score((0, 1, LEFT, 5), (0, 1, RIGHT, 1))
    assert [cue.actuators for cue in plan(both, FULL, hands=[RIGHT]).cues] == [(5,)]


def test_a_note_without_a_finger_or_a_hand_is_left_out():
    planned = plan(score((0, 1, RIGHT, 0), (1, 1, UNKNOWN_HAND, 2), (2, 1, RIGHT, 2)), FULL)
    assert len(planned.cues) == 1


def test_a_full_cue_lasts_with_its_note_and_a_hint_does_not():
    notes = score((0, 0.5, RIGHT, 1), (2, 8, RIGHT, 2))
    assert [cue.duration_ms for cue in plan(notes, FULL).cues] == [150, 400]
    assert [cue.duration_ms for cue in plan(notes, HINT).cues] == [60, 60]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5)), min_size=1, max_size=40), st.floats(40, 400))
def test_two_touches_of_one_finger_are_always_felt_as_two(notes, bpm):
    cues = plan(score(*[(on / 4, 1, RIGHT, finger) for on, finger in sorted(notes)], bpm=bpm), FULL)
    ends: dict[int, float] = {}
    for timed in cues.timed(TempoMap.of([(0.0, bpm)])):
        assert timed.cue.duration_ms >= 20
        for actuator in timed.cue.actuators:
            assert timed.at_sec - ends.get(actuator, -1.0) >= 0.0395
            ends[actuator] = timed.at_sec + timed.cue.duration_ms / 1000


def test_a_touch_that_leaves_no_room_for_the_next_is_left_out():
    fast = score((0, 0.25, RIGHT, 1), (0.125, 0.25, RIGHT, 1), (0.25, 0.25, RIGHT, 2), bpm=200)
    assert [cue.onset_beat for cue in plan(fast, FULL).cues] == [0.125, 0.25]


def test_after_a_miss_only_what_was_missed_is_cued():
    assert plan(scale(), MISS).cues == ()
    assert [cue.onset_beat for cue in plan(scale(), MISS, missed={3, 7}).cues] == [3, 7]


def test_an_entry_after_a_rest_is_announced_a_beat_before():
    notes = score((0, 1, RIGHT, 1), (8, 1, RIGHT, 3))
    cues = plan(notes, PRESETS["Only the beat"]).cues
    announced = [cue for cue in cues if cue.actuators == (7,)]
    assert [cue.onset_beat for cue in announced] == [7]


def test_only_the_beat_taps_each_beat_and_no_finger():
    cues = plan(scale(2), PRESETS["Only the beat"], hands=[RIGHT]).cues
    assert [cue.onset_beat for cue in cues] == list(range(8))
    assert {cue.actuators for cue in cues} == {(5,)}
    assert cues[4].intensity > cues[5].intensity


def metred(metre, *bars):
    """Bars as (start, end) in one metre, without a note."""
    rows = [(number, number, start, end) for number, (start, end) in enumerate(bars, 1)]
    metres = np.array([(bars[0][0], *metre)], METRE_DTYPE)
    return Score(np.empty(0, NOTE_DTYPE), np.array(rows, BAR_DTYPE), metres, tempo=TempoMap.of([(0.0, 120.0)]))


@pytest.mark.parametrize(
    ("score", "beats", "accents"),
    [
        (metred((4, 4), (-1.5, 0), (0, 4)), [-1, 0, 1, 2, 3], [0]),
        (metred((6, 8), (-0.5, 0), (0, 3), (3, 6)), [0, 1.5, 3, 4.5], [0, 3]),
        (metred((3, 8), (0, 1.5)), [0, 0.5, 1], [0]),
    ],
    ids=["pickup", "compound", "eighths"],
)
def test_the_beat_is_felt_where_the_metronome_clicks(score, beats, accents):
    cues = plan(score, PRESETS["Only the beat"]).cues
    assert [cue.onset_beat for cue in cues] == beats
    assert [cue.onset_beat for cue in cues if not cue.is_offbeat] == accents
    clicked = clicks(score, score.start_beat, score.end_beat)
    assert [(cue.onset_beat, not cue.is_offbeat) for cue in cues] == [(at.onset_beat, at.accent) for at in clicked]


def pages(sheet):
    return [cue for _, _, (cues, _) in sheet.pages(-1e3, 1e3) for cue in cues]


@given(
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 5), st.integers(1, 30)), min_size=1, max_size=60),
    st.floats(40, 300),
    st.sampled_from([FULL, HINT, PRESETS["Show me everything"], PRESETS["Only the beat"]]),
)
def test_a_sheet_of_pages_says_what_the_whole_plan_says(notes, bpm, guidance):
    whole = score(*[(on / 4, length / 4, RIGHT, finger) for on, finger, length in sorted(notes)], bars=8, bpm=bpm)
    sheet = CueSheet(whole, guidance, [RIGHT], (whole.start_beat, whole.end_beat))
    assert pages(sheet) == list(plan(whole, guidance, [RIGHT]).cues)


def test_a_passage_announces_no_hand_that_enters_after_it():
    notes = score((0, 1, RIGHT, 1), (8, 1, RIGHT, 3), bars=4)
    sheet = CueSheet(notes, Guidance(strength=Strength.NONE, entries=True), [RIGHT], (0.0, 8.0))
    assert pages(sheet) == []


def test_the_last_touch_of_a_lap_leaves_room_for_the_first_of_the_next():
    tied = score((0, 1, RIGHT, 1), (3.75, 4, RIGHT, 1), bars=2)
    once, again = (CueSheet(tied, FULL, [RIGHT], (0.0, 4.0), loop=loop) for loop in (False, True))
    assert [cue.duration_ms for cue in pages(once)] == [300, 400]
    (_, _, (cues, _)), *_ = again.pages(0.0, 1.0)
    assert [cue.duration_ms for cue in cues] == [300, 85]


def test_no_touch_is_no_touch():
    assert plan(scale(), PRESETS["No touch"]).cues == ()


def test_cue_times_follow_the_tempo_that_is_given():
    planned = plan(scale(), HINT)
    slow = [timed.at_sec for timed in planned.timed(TempoMap.of([(0.0, 60.0), (8.0, 120.0)]))]
    assert slow[:3] == [0.0, 1.0, 2.0]
    assert slow[9] - slow[8] == 0.5


def test_the_notes_due_now_make_one_cue():
    notes = score((0, 1, RIGHT, 1), (0, 1, RIGHT, 5), (1, 1, RIGHT, 0))
    assert row_cue(notes, [0, 1]).actuators == (5, 9)
    assert row_cue(notes, [2]) is None


def test_a_rehearsal_keeps_to_its_minutes_and_rests():
    rehearsal = rehearse(scale(8), [(1, 2), (5, 6)], minutes=25)
    times = [timed.at_sec for timed in rehearsal.cues]
    assert times == sorted(times)
    assert 24 * 60 < rehearsal.length_sec <= 25 * 60 + 2
    assert all(abs(end - start - REST_SEC) < 1e-9 for start, end in rehearsal.rests)
    assert len(rehearsal.rests) == 4
    assert not any(start < at < end for at in times for start, end in rehearsal.rests)
    assert rehearsal.rests[0][0] <= BLOCK_SEC


def test_a_rehearsal_stays_within_a_childs_sitting():
    assert rehearse(scale(), [(1, 1)], minutes=30, child=True).length_sec <= 15 * 60 + 2


def test_a_rehearsal_takes_the_three_worst_passages_only():
    rehearsal = rehearse(scale(8), [(1, 1), (2, 2), (3, 3), (4, 4)], minutes=5)
    assert {int(timed.cue.onset_beat // 4) for timed in rehearsal.cues} == {0, 1, 2}


@pytest.mark.parametrize("minutes", [0, 31])
def test_a_rehearsal_that_is_too_long_is_refused(minutes):
    with pytest.raises(InputError):
        rehearse(scale(), [(1, 1)], minutes=minutes)


def test_a_rehearsal_of_nothing_is_refused():
    with pytest.raises(InputError, match="can be felt"):
        rehearse(score((0, 1, RIGHT, 0)), [(1, 1)])
