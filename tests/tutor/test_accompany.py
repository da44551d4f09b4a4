"""What the program sounds along the score, through any number of laps and however the time is cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.parts import for_pianist
from lessons.score import LEFT, RIGHT
from tests.lessons.scores import song_score
from tutor.accompany import BACKING_CHANNEL, Accompanist, NoteEnd, NoteStart, timeline
from tutor.events import NoteOff, NoteOn, Pedal
from tutor.metronome import Click
from tutor.transport import Transport


class Calls:
    """A synth that writes down what it is asked to sound."""

    def __init__(self):
        self.made = []

    def note_on(self, pitch, velocity, channel=0):
        self.made.append(("on", pitch))

    def note_off(self, pitch, channel=0):
        self.made.append(("off", pitch))

    def click(self, accent):
        self.made.append(("click", accent))

    def silence(self):
        self.made.append(("silence",))

    def close(self):
        self.made.append(("close",))


def test_the_count_in_clicks_even_without_the_metronome(steps):
    sounds = timeline(steps, (), (4.0, 8.0), 0.0, metronome=False).sounds
    assert [sound.onset_beat for sound in sounds] == [0, 1, 2, 3]


def test_only_the_wanted_hand_of_the_wanted_bars_sounds(steps):
    sounds = timeline(steps, (LEFT,), (4.0, 8.0), 4.0, metronome=False).sounds
    assert [sound.pitch for sound in sounds if isinstance(sound, NoteStart)] == [43]


def test_what_others_play_sounds_beside_either_hand_and_apart():
    song = for_pianist(song_score())
    for backing, pitches in ((False, [43]), (True, [43, 60, 62, 64, 65])):
        sounds = timeline(song, (LEFT,), (4.0, 8.0), 4.0, metronome=False, backing=backing).sounds
        starts = [sound for sound in sounds if isinstance(sound, NoteStart)]
        assert sorted(sound.pitch for sound in starts) == pitches
        assert {sound.pitch for sound in starts if sound.channel == BACKING_CHANNEL} == set(pitches[1:])


def test_a_key_that_two_parts_share_sounds_on_in_the_other(steps):
    calls = Calls()
    accompanist, song = Accompanist(calls), for_pianist(song_score())
    accompanist.timeline = timeline(song, (RIGHT,), (0.0, 16.0), 0.0, metronome=False, backing=True)
    transport = Transport.at(song.tempo, 0.0, 0.0)
    accompanist.stand_at(transport.anchor_progress)
    accompanist.keep_up(transport, 1.6)  # beat 3.2: the voice has left its 64, the piano holds its own
    before = calls.made.count(("off", 64))
    accompanist.silence()
    assert (before, calls.made.count(("off", 64))) == (1, 2)


def test_a_repeated_note_ends_before_it_begins_again(steps):
    notes = steps.notes.copy()
    notes["pitch"] = 60
    sounds = timeline(steps.with_notes(notes), (RIGHT,), (0.0, 4.0), 0.0, metronome=False).sounds
    assert [type(sound) for sound in sounds] == [NoteStart, NoteEnd] * 4


def test_grace_notes_sound_one_after_the_other_before_their_main_note_and_end(steps):
    notes = steps.notes[:4].copy()
    notes["onset_beat"], notes["pitch"], notes["hand"] = [2, 2, 2, 3], [64, 62, 60, 60], RIGHT
    notes["voice"], notes["grace"] = 1, [True, True, False, False]
    notes["duration_beat"][:2] = 0
    plan = timeline(steps.with_notes(notes), (RIGHT,), (0.0, 4.0), 0.0, metronome=False)
    calls = Calls()
    accompanist, transport = Accompanist(calls), Transport.at(steps.tempo, 0.0, 0.0)
    accompanist.timeline = plan
    accompanist.stand_at(transport.anchor_progress)
    accompanist.keep_up(transport, transport.clock_sec_of(transport.progress_of(2.1)))
    assert calls.made == [("on", 64), ("off", 64), ("on", 62), ("off", 62), ("on", 60)]
    accompanist.keep_up(transport, 1e3)
    assert sorted(pitch for kind, pitch in calls.made if kind == "on") == sorted(
        pitch for kind, pitch in calls.made if kind == "off"
    )


def test_many_grace_notes_take_no_more_than_half_a_beat(steps):
    notes = np.repeat(steps.notes[:1], 10)
    notes["onset_beat"], notes["duration_beat"], notes["grace"] = 2.0, 0.0, True
    notes["pitch"] = np.arange(60, 70)
    plan = timeline(steps.with_notes(notes), (RIGHT, LEFT), (0.0, 4.0), 0.0, metronome=False)
    assert plan.score_sec[0] >= steps.tempo.seconds_at(1.5) - 1e-9
    assert [sound.pitch for sound in plan.sounds if isinstance(sound, NoteStart)] == list(range(60, 70))


def test_a_transposing_part_sounds_where_its_company_does_and_alone_as_it_is_written():
    song = for_pianist(song_score())
    written = replace(song, written_above=2)
    for backing, lower in ((True, 2), (False, 0)):
        kinds = [timeline(each, (LEFT,), (0.0, 16.0), 0.0, False, backing).sounds for each in (song, written)]
        starts = [[s for s in sounds if isinstance(s, NoteStart)] for sounds in kinds]
        own = [[s.pitch for s in sounds if s.channel != BACKING_CHANNEL] for sounds in starts]
        others = [[s.pitch for s in sounds if s.channel == BACKING_CHANNEL] for sounds in starts]
        assert own[1] == [pitch - lower for pitch in own[0]]
        assert others[1] == others[0]


@given(gaps=st.lists(st.floats(0.001, 1.5), min_size=1, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_sound_comes_once_a_lap_however_the_time_is_cut(steps, gaps):
    plan = timeline(steps, (LEFT, RIGHT), (4.0, 8.0), 0.0, metronome=True)
    transport = Transport.at(steps.tempo, 0.0, 0.0, loop=(4.0, 8.0))
    now, heard = transport.anchor_progress - 1e-6, []
    for gap in gaps:
        heard += plan.due(transport, now, now + gap)
        now += gap
    assert heard == plan.due(transport, transport.anchor_progress - 1e-6, now)
    laps = transport.lap_of(now)
    starts = sum(isinstance(sound, NoteStart) for sound in heard)
    in_a_lap = sum(isinstance(sound, NoteStart) for sound in plan.sounds)
    assert laps * in_a_lap <= starts <= (laps + 1) * in_a_lap


def test_the_next_sound_in_a_loop_is_in_the_next_lap(steps):
    plan = timeline(steps, (LEFT,), (4.0, 8.0), 4.0, metronome=False)
    transport = Transport.at(steps.tempo, 4.0, 0.0, loop=(4.0, 8.0))
    release = plan.next_progress(transport, transport.progress_of(4.0))
    assert transport.beat_of(release) == pytest.approx(4 + 0.95 * 4)
    assert plan.next_progress(transport, release) == pytest.approx(transport.progress_of(4.0, lap=1))


def test_a_new_lap_ends_what_still_sounds(steps):
    synth = Calls()
    accompanist = Accompanist(synth)
    accompanist.timeline = timeline(steps, (LEFT,), (4.0, 6.0), 4.0, metronome=False)
    transport = Transport.at(steps.tempo, 4.0, 0.0, loop=(4.0, 6.0))
    accompanist.stand_at(transport.anchor_progress)
    for tenth in range(25):
        accompanist.keep_up(transport, tenth / 10)
    assert synth.made == [("on", 43), ("off", 43), ("on", 43), ("off", 43), ("on", 43)]


def test_a_jump_silences_what_sounded_and_passes_over_what_lies_between(steps):
    synth = Calls()
    accompanist = Accompanist(synth)
    accompanist.timeline = timeline(steps, (LEFT,), (0.0, 16.0), 0.0, metronome=False)
    transport = Transport.at(steps.tempo, 0.0, 0.0)
    accompanist.stand_at(0.0)
    accompanist.keep_up(transport, 0.1)
    accompanist.catch_up(transport, transport.progress_of(13.0))
    assert synth.made == [("on", 48), ("off", 48)]


def left_hand(score, clock_sec=0.0):
    """A synth, the accompanist that sounds the left hand on it, and a transport from the beginning."""
    synth, transport = Calls(), Transport.at(score.tempo, 0.0, clock_sec)
    accompanist = Accompanist(synth)
    accompanist.timeline = timeline(score, (LEFT,), (0.0, 16.0), 0.0, metronome=False)
    accompanist.stand_at(0.0)
    return synth, accompanist, transport


def test_who_jumps_hears_what_stands_where_they_land(steps):
    synth, accompanist, transport = left_hand(steps)
    accompanist.keep_up(transport, 0.1)
    accompanist.catch_up(transport, transport.progress_of(12.0))
    assert synth.made == [("on", 48), ("off", 48), ("on", 43)]
    accompanist.catch_up(transport, transport.progress_of(8.0))
    assert synth.made[3:] == [("off", 43), ("on", 48)]


def test_the_other_notes_of_a_chord_leave_the_accompaniment_as_it_is(steps):
    synth, accompanist, transport = left_hand(steps)
    chord = transport.progress_of(4.0)
    accompanist.keep_up(transport, 1.8)
    accompanist.catch_up(transport, chord)
    for later_sec in (0.03, 0.06):
        accompanist.keep_up(transport.moved(chord, 2.0), 2.0 + later_sec)
        accompanist.catch_up(transport, chord)
    assert synth.made == [("on", 48), ("off", 48), ("on", 43)]


def test_what_fell_due_while_the_machine_slept_does_not_sound_all_at_once(steps):
    synth, accompanist, transport = left_hand(steps)
    accompanist.keep_up(transport, 0.1)
    accompanist.keep_up(transport, transport.progress_of(12.0))
    assert synth.made == [("on", 48), ("off", 48), ("on", 43)]


def test_a_key_that_another_voice_strikes_while_it_sounds_is_not_let_go_under_it(steps):
    notes = steps.notes[:2].copy()
    notes["hand"], notes["pitch"], notes["onset_beat"], notes["duration_beat"] = LEFT, 48, [0.0, 2.0], [3.0, 2.0]
    synth, accompanist, transport = left_hand(steps.with_notes(notes))
    accompanist.keep_up(transport, 1.25)  # beat 2.5
    assert synth.made == [("on", 48), ("off", 48), ("on", 48)]
    accompanist.keep_up(transport, 1.75)  # beat 3.5
    assert synth.made[3:] == []
    accompanist.keep_up(transport, 2.0)
    assert synth.made[3:] == [("off", 48)]


def test_the_learners_keys_sound_on_under_the_pedal():
    synth = Calls()
    accompanist = Accompanist(synth)
    for event in (NoteOn(0.0, 60), Pedal(0.1, 127), NoteOff(0.2, 60), NoteOn(0.3, 64), Pedal(0.4, 90)):
        accompanist.echo(event)
    assert synth.made == [("on", 60), ("on", 64)]
    accompanist.echo(NoteOn(0.5, 60))
    accompanist.echo(NoteOff(0.6, 60))
    assert synth.made[2:] == [("off", 60), ("on", 60)]
    accompanist.echo(Pedal(0.7, 20))
    accompanist.echo(NoteOff(0.8, 64))
    assert synth.made[4:] == [("off", 60), ("off", 64)]


def test_clicks_are_sounded_with_their_accent(steps):
    synth = Calls()
    accompanist = Accompanist(synth)
    accompanist.timeline = timeline(steps, (), (0.0, 4.0), 0.0, metronome=True)
    accompanist.stand_at(0.0)
    accompanist.keep_up(Transport.at(steps.tempo, 0.0, 0.0), 1.2)
    assert synth.made == [("click", True), ("click", False), ("click", False)]
    assert all(isinstance(sound, Click) for sound in accompanist.timeline.sounds)
