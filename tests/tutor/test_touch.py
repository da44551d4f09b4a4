"""Touch in a session: cues on the live clock, taken back when tempo, loop or pause change."""

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.cue_sheet import CueSheet
from tutor.cues import PRESETS, Guidance, Leader, Strength
from tutor.events import NoteOn
from tutor.glove.limits import HORIZON_US
from tutor.glove.state import GloveState
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.sinks import FinishedTake
from tutor.touch import TouchSink
from tutor.transport import Transport
from tutor.verdicts import Judgement


def steps():
    """Sixteen quarter notes in the right hand at 120 beats a minute, fingers 1 to 5 over and over."""
    rows = [(beat, 1, 60 + beat, 70, RIGHT, 1, 0, beat % 5 + 1, 1, "", 0, False) for beat in range(16)]
    bars = [(number + 1, number + 1, 4 * number, 4 * number + 4) for number in range(4)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE), tempo=TempoMap.of([(0.0, 120.0)]))


class FakeGlove:
    def __init__(self):
        self.state = GloveState(armed=True)
        self.calls, self.rhythms = [], []

    def arm(self):
        self.calls.append(("arm",))

    def cue(self, fingers, at_sec=None, intensity=None, duration_ms=None):
        self.calls.append(("cue", tuple(fingers), None if at_sec is None else round(at_sec, 3)))

    def rhythm(self, fingers, at_sec, intensity=None):
        self.rhythms.append([round(moment, 3) for moment in at_sec])
        for moment in at_sec:
            self.cue(fingers, moment)

    def cancel(self, from_sec):
        self.calls.append(("cancel", round(from_sec, 3)))
        self.calls = [call for call in self.calls if call[0] != "cue" or call[2] is None or call[2] < from_sec]

    def stop(self):
        self.calls.append(("stop",))

    def close(self):
        self.calls.append(("close",))

    @property
    def cues(self):
        return [(fingers, at) for name, *rest in self.calls if name == "cue" for fingers, at in [rest]]


class Lesson:
    """A touch sink with its clock; one quarter note is half a second."""

    def __init__(self, guidance, mode=Mode.KEEP_TEMPO, **settings):
        self.score = steps()
        self.settings = PracticeSettings(mode=mode, hands=Hands.RIGHT, **settings)
        self.glove, self.now = FakeGlove(), 10.0
        self.sink = TouchSink(self.glove, self.score, self.settings, guidance, clock=lambda: self.now)

    def transport(self, beat=0.0, ratio=1.0, loop=None):
        return Transport.at(self.score.tempo, beat, self.now, ratio, loop)

    def moved(self, transport, rows=()):
        self.sink.moved(transport, rows)

    def run(self, seconds):
        end = self.now + seconds
        while self.now < end:
            self.now = round(self.now + 0.04, 6)
            self.sink.ticked(self.now)


HINT = PRESETS["Just a nudge"]


def test_the_glove_is_armed_when_the_lesson_begins_and_rests_when_it_ends():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    lesson.moved(lesson.transport())
    lesson.sink.ended()
    assert lesson.glove.calls[-1][0] == "stop"
    empty = Performance(np.empty(0, [("onset_sec", "f8"), ("duration_sec", "f8"), ("pitch", "i2"), ("velocity", "u1")]))
    lesson.sink.finished(FinishedTake(empty, lesson.settings, lesson.score))
    names = [call[0] for call in lesson.glove.calls]
    assert (names[0], names[-1], names.count("arm")) == ("arm", "stop", 1)


def test_each_onset_is_felt_once_on_the_beat():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    lesson.run(9.0)
    assert [at for _, at in lesson.glove.cues] == [10.0 + beat * 0.5 for beat in range(16)]
    assert [fingers for fingers, _ in lesson.glove.cues][:6] == [(5,), (6,), (7,), (8,), (9,), (5,)]


def test_cues_are_given_a_second_ahead_and_not_all_at_once():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    assert len(lesson.glove.cues) == 3


def test_a_new_tempo_takes_the_cues_back_and_gives_them_anew():
    lesson = Lesson(HINT)
    first = lesson.transport()
    lesson.moved(first)
    lesson.run(1.2)
    lesson.moved(first.at_ratio(0.5, lesson.now))
    lesson.run(30)
    times = [at for _, at in lesson.glove.cues]
    assert ("cancel", 11.2) in lesson.glove.calls
    assert times[:3] == [10.0, 10.5, 11.0]
    assert times[3] == pytest.approx(11.2 + 0.3 * 2, abs=0.002)
    assert times[4] - times[3] == pytest.approx(1.0, abs=0.002)
    assert len(times) == 16


def test_a_pause_takes_back_what_is_to_come_and_resuming_gives_it():
    lesson = Lesson(HINT)
    first = lesson.transport()
    lesson.moved(first)
    lesson.run(1.2)
    paused = first.paused(lesson.now)
    lesson.moved(paused)
    before = len(lesson.glove.cues)
    lesson.run(5)
    assert len(lesson.glove.cues) == before == 3
    lesson.moved(paused.resumed(lesson.now))
    lesson.run(9)
    assert len(lesson.glove.cues) == 16


def test_what_counts_in_after_a_pause_is_not_felt():
    lesson = Lesson(HINT)
    first = lesson.transport()
    lesson.moved(first)
    lesson.run(1.2)
    paused = first.paused(lesson.now).entering(first.progress_of(2.4), ())
    lesson.moved(paused)
    lesson.run(5)
    felt = len(lesson.glove.cues)
    back_sec = lesson.now + 1.2
    lesson.moved(paused.moved(first.progress_of(0.0), lesson.now).resumed(lesson.now))
    lesson.run(9)
    times = [at for _, at in lesson.glove.cues[felt:]]
    assert times[0] == pytest.approx(back_sec + 0.3)
    assert len(times) == 13


def test_a_loop_is_felt_in_each_lap():
    lesson = Lesson(HINT, bars=(2, 2), loop=True)
    lesson.moved(lesson.transport(4.0, loop=(4.0, 8.0)))
    lesson.run(5.9)
    times = [at for _, at in lesson.glove.cues]
    assert times[:12] == [10.0 + number * 0.5 for number in range(12)]
    assert len({fingers for fingers, _ in lesson.glove.cues}) == 4


def test_a_new_start_gives_the_same_cues_again():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    lesson.run(3.0)
    lesson.moved(lesson.transport())
    lesson.run(9.0)
    assert [at for _, at in lesson.glove.cues][-16:] == [pytest.approx(13.0 + beat * 0.5) for beat in range(16)]


def test_in_follow_mode_the_next_onset_is_felt_where_the_learners_tempo_puts_it():
    lesson = Lesson(HINT, mode=Mode.FOLLOW)
    waiting = lesson.transport().waiting(0.0)
    lesson.moved(waiting)
    assert lesson.glove.cues == [((5,), 10.0)]
    lesson.now = 10.8
    lesson.moved(waiting.moved(0.0, lesson.now).waiting(0.5))
    assert lesson.glove.cues[-1] == ((6,), 11.3)
    lesson.now = 11.25
    lesson.moved(waiting.moved(0.5, lesson.now).waiting(1.0))
    assert [fingers for fingers, at in lesson.glove.cues if at >= lesson.now] == [(7,)]
    assert lesson.glove.cues[-1] == ((7,), 11.75)


def test_where_the_learner_leads_the_next_finger_is_felt_at_once_and_once():
    lesson = Lesson(Guidance(Leader.LEARNER, Strength.HINT), mode=Mode.WAIT)
    waiting = lesson.transport().waiting(0.0)
    lesson.moved(waiting, (0,))
    lesson.moved(waiting, (0,))
    lesson.moved(waiting.moved(0.0, 10.5).waiting(0.5), (1,))
    assert lesson.glove.cues == [((5,), None), ((6,), None)]


def test_the_rest_of_a_chord_that_is_being_struck_is_not_called_again():
    lesson = Lesson(Guidance(Leader.LEARNER, Strength.HINT), mode=Mode.WAIT)
    waiting = lesson.transport().waiting(0.0)
    for rows in ((0, 1, 2), (1, 2), (2,)):
        lesson.moved(waiting, rows)
    assert lesson.glove.cues == [((5, 6, 7), None)]


def test_the_same_finger_is_called_in_each_round_and_after_each_new_start():
    lesson = Lesson(Guidance(Leader.LEARNER, Strength.HINT), mode=Mode.WAIT, bars=(1, 1), loop=True)
    first = lesson.transport(loop=(0.0, 4.0)).waiting(0.0)
    lesson.moved(first, (0,))
    lesson.moved(first.waiting(first.progress_of(0.0, 1)), (0,))
    lesson.moved(replace(first, restarts=1), (0,))
    assert lesson.glove.cues == [((5,), None)] * 3


def test_the_first_finger_is_felt_as_soon_as_the_glove_is_ready_and_once():
    lesson = Lesson(Guidance(Leader.LEARNER, Strength.HINT), mode=Mode.WAIT)
    lesson.glove.state = GloveState()
    lesson.moved(lesson.transport().waiting(0.0), (0,))
    lesson.run(0.2)
    assert lesson.glove.cues == []
    lesson.glove.state = GloveState(armed=True)
    lesson.run(0.2)
    assert lesson.glove.cues == [((5,), None)]


def test_after_a_miss_the_missed_note_is_cued_from_then_on():
    lesson = Lesson(Guidance(strength=Strength.AFTER_MISS), bars=(1, 1), loop=True)
    lesson.moved(lesson.transport(loop=(0.0, 4.0)))
    lesson.run(1.0)
    assert lesson.glove.cues == []
    wrong = Judgement(0, 1.0, 61, "wrong", 2.0, 2.0, 0.9, score_index=2, missed=(1,))
    lesson.sink.heard(NoteOn(1.0, 61), (wrong,))
    lesson.run(2.0)
    assert [fingers for fingers, at in lesson.glove.cues if at > 12.0] == [(6,), (7,)]


def test_what_the_beat_has_left_behind_is_cued_from_then_on():
    lesson = Lesson(Guidance(strength=Strength.AFTER_MISS), bars=(1, 1), loop=True)
    lesson.moved(lesson.transport(loop=(0.0, 4.0)))
    lesson.run(1.0)
    lesson.sink.passed((1, 2))
    lesson.run(2.0)
    assert [fingers for fingers, at in lesson.glove.cues if at > 12.0] == [(6,), (7,)]


def test_guidance_that_is_taken_away_while_it_plays_is_felt_no_more():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    lesson.run(1.0)
    lesson.sink.use(PRESETS["No touch"])
    lesson.run(5.0)
    assert [at for _, at in lesson.glove.cues] == [10.0, 10.5]


def test_the_beat_is_felt_where_the_learner_leads_too():
    lesson = Lesson(replace(PRESETS["Only the beat"], leader=Leader.LEARNER), mode=Mode.FOLLOW)
    free = lesson.transport()
    lesson.moved(free.moved(0.0, lesson.now), (0,))
    lesson.run(1.9)
    assert [at for _, at in lesson.glove.cues][:3] == [10.0, 10.5, 11.0]
    assert {fingers for fingers, _ in lesson.glove.cues} == {(5,)}


def test_a_finger_that_was_called_is_not_taken_back_with_the_beat():
    everything = Guidance(Leader.LEARNER, Strength.HINT, pulse=True)
    lesson = Lesson(everything, mode=Mode.FOLLOW)
    free = lesson.transport().moved(0.0, lesson.now)
    lesson.moved(free, (0,))
    lesson.now = 10.7
    lesson.moved(free.moved(0.5, lesson.now), (2,))
    order = [call[:2] for call in lesson.glove.calls if call[0] in ("cancel", "cue")]
    assert order.index(("cue", (7,))) > order.index(("cancel", 10.7))


def test_only_the_hand_that_is_practised_is_touched():
    lesson = Lesson(HINT)
    notes = lesson.score.notes.copy()
    notes["hand"][::2] = 0
    lesson.sink = TouchSink(
        lesson.glove, lesson.score.with_notes(notes), lesson.settings, HINT, clock=lambda: lesson.now
    )
    lesson.moved(lesson.transport())
    lesson.run(9.0)
    assert len(lesson.glove.cues) == 8
    assert all(actuator >= 5 for fingers, _ in lesson.glove.cues for actuator in fingers)
    assert RIGHT == 1


def test_a_lead_asks_for_cues_that_much_sooner():
    lesson = Lesson(replace(HINT, lead_ms=500.0))
    lesson.moved(lesson.transport())
    assert [at for _, at in lesson.glove.cues] == [9.5, 10.0, 10.5, 11.0]


def test_the_beats_of_a_bar_are_one_rhythm_and_each_is_felt_once():
    lesson = Lesson(PRESETS["Only the beat"])
    lesson.moved(lesson.transport())
    lesson.run(9.0)
    assert [at for _, at in lesson.glove.cues] == [10.0 + beat * 0.5 for beat in range(16)]
    assert lesson.glove.rhythms == [[10.5 + 2 * bar, 11.0 + 2 * bar, 11.5 + 2 * bar] for bar in range(4)]


def test_a_new_tempo_in_the_midst_of_a_rhythm_moves_the_rest_of_it():
    lesson = Lesson(PRESETS["Only the beat"])
    first = lesson.transport()
    lesson.moved(first)
    lesson.run(0.8)
    lesson.moved(first.at_ratio(0.5, lesson.now))
    lesson.run(2.0)
    assert ("cancel", 10.8) in lesson.glove.calls
    times = [at for _, at in lesson.glove.cues]
    assert times[:2] == [10.0, 10.5]
    assert times[2:4] == [pytest.approx(11.2, abs=0.002), pytest.approx(12.2, abs=0.002)]


def cancelled(lesson):
    return [call for call in lesson.glove.calls if call[0] == "cancel"]


def test_the_same_guidance_again_takes_nothing_back():
    lesson = Lesson(HINT)
    lesson.moved(lesson.transport())
    lesson.run(1.2)
    lesson.sink.use(HINT)
    lesson.sink.changed(replace(lesson.settings, metronome=True))
    lesson.sink.use(HINT)
    lesson.run(8.0)
    assert cancelled(lesson) == []
    assert len(lesson.glove.cues) == 16


def long_score(notes=4000):
    rows = [(at / 2, 0.5, 60, 70, RIGHT, 1, 0, at % 5 + 1, 1, "", 0, False) for at in range(notes)]
    bars = [(number + 1, number + 1, 4 * number, 4 * number + 4) for number in range(notes // 8)]
    return Score(np.array(rows, NOTE_DTYPE), np.array(bars, BAR_DTYPE), tempo=TempoMap.of([(0.0, 120.0)]))


def test_other_guidance_in_a_long_piece_is_planned_where_the_score_stands_and_with_few_conversions(monkeypatch):
    lesson = Lesson(HINT, loop=True)
    lesson.score = long_score()
    lesson.sink = TouchSink(lesson.glove, lesson.score, lesson.settings, HINT, clock=lambda: lesson.now)
    lesson.moved(lesson.transport(loop=(0.0, 2000.0)))
    asked, convert = [], TempoMap.seconds_at
    monkeypatch.setattr(
        TempoMap, "seconds_at", lambda tempo, beats: asked.append(np.size(beats)) or convert(tempo, beats)
    )
    lesson.sink.use(PRESETS["Show me everything"])
    lesson.sink.ticked(lesson.now)
    assert len(asked) < 30
    assert sum(asked) < 1500  # the starts of the pages, and the cues of the first ones
    assert lesson.glove.cues


def test_a_slip_is_planned_anew_on_its_own_page_and_leaves_the_other_cues_as_they_are(monkeypatch):
    missed = Guidance(strength=Strength.AFTER_MISS)
    lesson = Lesson(missed, loop=True)
    lesson.score = long_score()
    lesson.sink = TouchSink(lesson.glove, lesson.score, lesson.settings, missed, lambda: lesson.now, missed=[1, 2, 3])
    lesson.moved(lesson.transport(loop=(0.0, 2000.0)))
    assert len(lesson.glove.cues) == 3
    planned, plan_page = [], CueSheet._planned
    monkeypatch.setattr(CueSheet, "_planned", lambda sheet, page: planned.append(page) or plan_page(sheet, page))
    lesson.sink.passed((0,))
    lesson.run(0.5)
    assert planned == [0]
    assert cancelled(lesson) == []


def test_a_slip_in_a_chord_that_is_cued_already_is_felt_with_it():
    missed = Guidance(strength=Strength.AFTER_MISS)
    lesson = Lesson(missed, loop=True, bars=(1, 1))
    notes = lesson.score.notes.copy()
    notes["onset_beat"][3] = 2.0
    score = lesson.score.with_notes(notes)
    lesson.sink = TouchSink(lesson.glove, score, lesson.settings, missed, lambda: lesson.now, missed=[2])
    lesson.moved(lesson.transport(loop=(0.0, 4.0)))
    assert lesson.glove.cues == [((7,), 11.0)]
    lesson.sink.passed((3,))
    lesson.run(0.1)
    assert lesson.glove.cues == [((7, 8), 11.0)]


def test_an_hour_of_a_loop_leaves_no_list_of_all_cues_behind():
    lesson = Lesson(HINT, bars=(1, 1), loop=True)
    lesson.moved(lesson.transport(loop=(0.0, 4.0)))
    for _ in range(3600):
        lesson.now += 1.0
        lesson.sink.ticked(lesson.now)
    assert len(lesson.glove.cues) > 7000
    assert len(lesson.sink._given) < 400


def test_a_slow_beat_is_told_in_rhythms_that_a_glove_takes():
    lesson = Lesson(PRESETS["Only the beat"], tempo_ratio=0.1)
    lesson.moved(lesson.transport(ratio=0.1))
    lesson.run(75.0)
    assert [at for _, at in lesson.glove.cues] == [10.0 + 5.0 * beat for beat in range(16)]
    assert all(1e6 * (moments[-1] - moments[0]) < HORIZON_US / 2 for moments in lesson.glove.rhythms)


@pytest.mark.parametrize(("bpm", "ratio"), [(300.0, 4.0), (5.0, 0.1)])
def test_no_tempo_is_too_fast_or_too_slow_for_touch(bpm, ratio):
    lesson = Lesson(HINT, tempo_ratio=ratio)
    score = replace(lesson.score, tempo=TempoMap.of([(0.0, bpm)]))
    sink = TouchSink(lesson.glove, score, lesson.settings, HINT, lambda: lesson.now)
    sink.moved(Transport.at(score.tempo, 0.0, lesson.now, ratio), ())
    assert lesson.glove.cues


def test_a_finger_that_could_not_be_called_in_time_is_not_called_later():
    lesson = Lesson(replace(PRESETS["Only when I slip"], leader=Leader.LEARNER), mode=Mode.WAIT)
    lesson.glove.state = GloveState()
    lesson.moved(lesson.transport().waiting(0.0), (0,))
    lesson.sink.passed((0,))
    lesson.moved(lesson.transport().waiting(0.5), (1,))
    lesson.glove.state = GloveState(armed=True)
    lesson.run(0.2)
    assert lesson.glove.cues == []


def test_touch_that_fails_lets_the_hand_rest():
    lesson = Lesson(HINT)
    lesson.glove.cue = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        lesson.moved(lesson.transport())
    assert lesson.glove.calls[-1] == ("stop",)
