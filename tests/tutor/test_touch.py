"""Touch in a session: cues on the live clock, taken back when tempo, loop or pause change."""

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, NOTE_DTYPE, RIGHT, Score
from lessons.timing import TempoMap
from tutor.cues import PRESETS, Guidance, Leader, Strength
from tutor.events import NoteOn
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
