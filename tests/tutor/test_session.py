"""A session with its real queue and thread: who hears what, who leads, and what is left at the end."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import replace
from queue import SimpleQueue

import numpy as np
import pytest
from playing import composed

from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from lessons.timing import TempoMap
from tutor.events import Inbox, Lost, NoteOff, NoteOn, Pedal
from tutor.follow import Follower
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.requests import Change, Restart
from tutor.session import Session
from tutor.sinks import Sink

SPEED = 20.0


def fast_clock() -> float:
    """A clock that runs twenty times as fast as the wall's."""
    return time.perf_counter() * SPEED


class Diary(Sink):
    """Writes down what it is told, and lets a test wait for it."""

    def __init__(self):
        self.heard_pairs, self.moves, self.losses, self.notices, self.takes = [], [], [], [], []
        self._changed = threading.Condition()

    def heard(self, event, judgements):
        self._note(self.heard_pairs, (event, judgements))

    def moved(self, transport, next_rows):
        self._note(self.moves, (transport, next_rows))

    def lost(self, event):
        self._note(self.losses, event)

    def noticed(self, words):
        self._note(self.notices, words)

    def finished(self, take):
        self._note(self.takes, take)

    def ticked(self, now_sec):
        with self._changed:
            self._changed.notify_all()

    def wait_for(self, condition) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, timeout=20)

    def _note(self, where, what):
        with self._changed:
            where.append(what)
            self._changed.notify_all()


class RecordingSynth:
    """Writes down what it is asked to sound."""

    def __init__(self):
        self.calls = []

    def note_on(self, pitch, velocity, channel=0):
        self.calls.append(("on", pitch, channel))

    def note_off(self, pitch, channel=0):
        self.calls.append(("off", pitch, channel))

    def click(self, accent):
        self.calls.append(("click", accent))

    def silence(self):
        self.calls.append(("silence",))

    def close(self):
        self.calls.append(("close",))


class MemoryLog:
    """A log of the take in a list; it notes what the diary knew when it was asked to finish."""

    take_id = "t1"

    def __init__(self, diary):
        self.events, self.finished, self.settings, self.diary = [], None, None, diary

    def append(self, event):
        self.events.append(event)

    def finish(self, performance, settings):
        assert self.diary.takes == []
        self.finished, self.settings = performance, settings
        return True


class Practice:
    """A session in its own thread, with all that it needs."""

    def __init__(self, score, settings=None, clock=fast_clock, sinks=()):
        self.score, self.settings = score, settings or PracticeSettings()
        self.inbox, self.diary, self.synth, self.clock = Inbox(), Diary(), RecordingSynth(), clock
        self.log = MemoryLog(self.diary)
        follower = Follower(score, hands=self.settings.hands.code, start_beat=self.settings.span(score)[0])
        self.session = Session(
            score, follower, self.inbox, [*sinks, self.diary], self.settings,
            take_log=self.log, synth=self.synth, clock=clock,
        )  # fmt: skip

    def strike(self, pitch: int) -> None:
        """Strike a key and wait until the session has moved, or not, because of it."""
        self.diary.wait_for(lambda: self.diary.moves)
        moves = len(self.diary.moves)
        self.inbox.put(NoteOn(self.clock(), pitch, 70))
        self.diary.wait_for(lambda: len(self.diary.moves) > moves)

    def end(self):
        self.session.stop()
        return self.session.join(20)


def replayed(score, events, **settings):
    """A practice through which these events went by their own stamps, in this thread."""
    practice = Practice(score, PracticeSettings(**settings), clock=None)
    for event in events:
        practice.inbox.put(event)
    practice.inbox.put(None)
    practice.session.run()
    return practice


@pytest.fixture(scope="module")
def ode():
    """Its first bar waits for C3 and E4."""
    return shelf.load("ode-to-joy")


def melody(score, sec_per_beat=0.5):
    """The score played evenly, as events in order of time."""
    events = []
    for note in score.notes:
        onset = float(note["onset_beat"]) * sec_per_beat
        events.append(NoteOn(onset, int(note["pitch"]), 70))
        events.append(NoteOff(onset + 0.4, int(note["pitch"])))
    return sorted(events, key=lambda event: event.time_sec)


def test_a_take_from_a_file_is_judged_note_by_note(steps):
    practice = replayed(steps, melody(steps))
    verdicts = [said.verdict for _, judgements in practice.diary.heard_pairs for said in judgements]
    assert verdicts == ["hit"] * len(steps.notes)
    (take,) = practice.diary.takes
    assert len(take.performance.notes) == len(steps.notes)
    assert take.take_id == "t1" and take.kept


def test_a_pedal_and_a_silent_note_on_are_no_notes(steps):
    practice = replayed(steps, [NoteOn(0.0, 60, 70), Pedal(0.1, 127), NoteOn(0.4, 60, 0)])
    assert [len(judgements) for _, judgements in practice.diary.heard_pairs] == [1, 0, 0]
    assert practice.diary.takes[0].performance.notes["duration_sec"].tolist() == [pytest.approx(0.4)]


def test_every_event_is_in_the_log_before_the_take_is_shown(steps):
    events = melody(steps)
    practice = replayed(steps, events)
    assert practice.log.events == events
    assert practice.log.finished.digest == practice.diary.takes[0].performance.digest


def test_a_sink_that_raises_is_left_out_and_the_others_are_told(steps):
    class Broken(Sink):
        times = 0

        def heard(self, event, judgements):
            Broken.times += 1
            raise RuntimeError("broken")

    practice = Practice(steps, clock=None, sinks=[Broken()])
    for event in melody(steps):
        practice.inbox.put(event)
    practice.inbox.put(None)
    take = practice.session.run()
    assert Broken.times == 1
    assert len(take.performance.notes) == len(steps.notes)
    assert practice.diary.notices == ["Broken stopped working; the session goes on without it."]


def test_a_follower_that_breaks_ends_the_session_but_keeps_the_take(steps):
    practice = Practice(steps, clock=None)

    def broken(event):
        raise RuntimeError("broken")

    practice.session._follower.step = broken
    practice.inbox.put(NoteOn(0.0, 60, 70))
    take = practice.session.run()
    assert len(take.performance.notes) == 1 and take.kept
    assert practice.diary.notices == ["The session ended early; what you played is kept."]


def test_a_lost_input_is_told_and_the_take_kept(steps):
    practice = replayed(steps, [NoteOn(0.0, 60, 70), Lost(0.5, "piano")])
    assert practice.diary.losses == [Lost(0.5, "piano")]
    assert practice.diary.takes[0].lost == Lost(0.5, "piano")
    assert len(practice.diary.takes[0].performance.notes) == 1


def test_keys_that_are_down_when_the_cable_is_pulled_end_there(steps):
    practice = replayed(steps, [NoteOn(0.0, 60, 70), Lost(0.5, "piano"), NoteOn(2.0, 62, 70)], echo=True)
    assert practice.diary.takes[0].performance.notes["duration_sec"][0] == pytest.approx(0.5)
    assert practice.synth.calls[:2] == [("on", 60, 0), ("off", 60, 0)]


def test_what_the_pedal_held_ends_when_the_cable_is_pulled(steps):
    held = [Pedal(0.0, 127), NoteOn(0.1, 60, 70), NoteOff(0.2, 60), Lost(0.5, "piano")]
    practice = replayed(steps, held, echo=True)
    assert practice.synth.calls[:2] == [("on", 60, 0), ("off", 60, 0)]


def test_a_key_that_is_down_ends_though_its_echo_was_switched_off(steps):
    practice = Practice(steps, PracticeSettings(echo=True))
    practice.session.start()
    practice.strike(60)
    practice.session.change(replace(practice.session.settings, echo=False))
    practice.inbox.put(NoteOff(practice.clock(), 60))
    practice.strike(62)
    practice.end()
    assert practice.synth.calls[:2] == [("on", 60, 0), ("off", 60, 0)]
    assert ("on", 62, 0) not in practice.synth.calls


def test_what_called_for_the_session_is_heard_before_all_else(steps):
    inbox, diary = Inbox(), Diary()
    for event in (NoteOff(0.2, 60), NoteOn(0.5, 62, 70), None):
        inbox.put(event)
    struck = (NoteOn(0.0, 60, 70), NoteOn(0.1, 48, 70))
    take = Session(steps, Follower(steps), inbox, [diary], clock=None, struck=struck).run()
    assert take.performance.notes[["onset_sec", "pitch"]].tolist() == [(0.0, 60), (pytest.approx(0.1), 48), (0.5, 62)]
    assert take.performance.notes["duration_sec"][0] == pytest.approx(0.2)


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.KEEP_TEMPO])
def test_a_take_begins_at_a_key_that_was_struck_before_the_session_was_there(steps, mode):
    practice = Practice(steps, PracticeSettings(mode=mode, count_in_bars=0), time.perf_counter)
    practice.inbox.put(NoteOn(practice.clock() - 0.5, 60, 70))
    practice.session.start()
    practice.diary.wait_for(lambda: practice.diary.heard_pairs)
    practice.inbox.put(NoteOn(practice.session.start_sec + 0.25, 62, 70))
    practice.diary.wait_for(lambda: len(practice.diary.heard_pairs) > 1)
    notes = practice.end().performance.notes
    assert notes["onset_sec"][0] == 0.0
    assert notes["onset_sec"][1] == pytest.approx(0.25 - practice.log.events[0].time_sec)
    assert practice.log.finished.notes["onset_sec"][0] == 0.0


def test_an_input_that_returned_is_not_lost_at_the_end(steps):
    practice = replayed(steps, [Lost(0.1, "piano"), Lost(0.2, "piano", regained=True), NoteOn(0.5, 60, 70)])
    assert practice.diary.takes[0].lost is None


def test_the_score_waits_for_the_learner_and_then_goes_on(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT))
    practice.session.start()
    practice.diary.wait_for(lambda: practice.diary.moves)
    first = {int(pitch) for pitch in steps.notes["pitch"][steps.notes["onset_beat"] == 0]}
    assert {int(steps.notes["pitch"][row]) for row in practice.diary.moves[-1][1]} == first
    practice.strike(60)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(0.0)
    practice.strike(48)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(1.0)
    practice.end()


def test_a_wrong_key_does_not_open_the_gate(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT, hands=Hands.RIGHT))
    practice.session.start()
    practice.strike(61)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(0.0)
    practice.strike(60)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(1.0)
    practice.end()


class StillClock:
    """A clock that a test sets."""

    now_sec = 100.0

    def __call__(self) -> float:
        return self.now_sec


def led_to_the_end(steps):
    """A learner who leads, and seems to be at the end of the piece."""
    clock = StillClock()
    practice = Practice(steps, PracticeSettings(mode=Mode.FOLLOW), clock)
    practice.session.start()
    for pitch in steps.hands(1).notes["pitch"].tolist():
        clock.now_sec += 0.5
        practice.strike(pitch)
    return practice, clock


def test_a_take_goes_on_past_the_end_while_keys_are_struck(steps):
    practice, clock = led_to_the_end(steps)
    for pitch in [30, 32] * 6:
        clock.now_sec += 0.5
        practice.strike(pitch)
    assert practice.session.recorded_notes == 16 + 12
    practice.end()


def test_a_take_that_is_led_ends_after_a_bar_of_silence(steps):
    practice, clock = led_to_the_end(steps)
    clock.now_sec += 3.0
    take = practice.session.join(20)
    assert take is not None and len(take.performance.notes) == 16


def led(steps, pitches):
    clock = StillClock()
    practice = Practice(steps, PracticeSettings(mode=Mode.FOLLOW), clock)
    practice.session.start()
    for pitch in pitches:
        clock.now_sec += 0.5
        practice.strike(pitch)
    return practice, clock


def test_a_take_whose_last_note_never_comes_ends_after_a_silence(steps):
    practice, clock = led(steps, steps.hands(1).notes["pitch"].tolist()[:-1])
    clock.now_sec += 3.0
    assert practice.session.join(0.3) is None
    clock.now_sec += 6.0
    assert practice.session.join(20) is not None


def test_a_take_that_got_lost_ends_after_a_long_silence(steps):
    practice, clock = led(steps, [30, 32] * len(steps.notes))
    clock.now_sec += 15.0
    assert practice.session.join(0.3) is None
    clock.now_sec += 10.0
    assert practice.session.join(20) is not None


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_silence_in_the_middle_of_a_piece_ends_nothing(steps, share):
    pitches = steps.hands(1).notes["pitch"].tolist()
    practice, clock = led(steps, pitches[: round(share * len(pitches))])
    clock.now_sec += 300.0
    assert practice.session.join(0.3) is None
    practice.end()


def test_waiting_ends_the_session_after_the_last_bar(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT, hands=Hands.RIGHT))
    practice.session.start()
    for pitch in steps.hands(1).notes["pitch"].tolist():
        practice.strike(pitch)
    take = practice.session.join(20)
    assert take is not None and len(take.performance.notes) == 16


def test_the_key_that_opens_the_gate_is_judged_as_its_note(ode):
    practice = replayed(ode, [NoteOn(0.5 * place, pitch, 70) for place, pitch in enumerate((62, 60, 64, 48, 64))],
                        mode=Mode.WAIT)  # fmt: skip
    said = [judgements[-1] for _, judgements in practice.diary.heard_pairs]
    assert [(one.verdict, one.onset_beat, one.pitch) for one in said[2:]] == [
        ("hit", 0.0, 64),
        ("hit", 0.0, 48),
        ("hit", 1.0, 64),
    ]
    assert all(one.verdict != "hit" and one.position_beat == 0.0 and not one.missed for one in said[:2])
    assert practice.session.transport.beat_at(math.inf) == pytest.approx(2.0)


def test_whoever_jumps_while_the_score_waits_is_waited_for_there(ode):
    rows = ode.rows_of(frozenset({LEFT, RIGHT}), ode.bar_range(9, 12))
    events = [NoteOn(0.5 * place, int(ode.notes["pitch"][row]), 70) for place, row in enumerate(rows)]
    practice = replayed(ode, events, mode=Mode.WAIT)
    assert practice.session.transport.beat_at(math.inf) == ode.bar_range(13, 13)[0]
    said = [judgements[-1] for _, judgements in practice.diary.heard_pairs]
    assert [one.score_index for one in said[10:]] == rows[10:].tolist()


def test_what_the_score_waited_for_is_not_missed_at_the_end(steps):
    settled = []
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT), clock=None)
    practice.diary.settled = settled.append
    for event in (NoteOn(0.0, 60, 70), None):
        practice.inbox.put(event)
    practice.session.run()
    assert settled == []


@pytest.mark.parametrize("mode", [Mode.WAIT, Mode.FOLLOW])
def test_a_practice_that_begins_in_the_middle_waits_there(steps, mode):
    practice = replayed(steps, [], mode=mode, bars=(3, 4))
    transport, rows = practice.diary.moves[-1]
    assert transport.beat_at(math.inf) == 8.0
    assert {float(steps.notes["onset_beat"][row]) for row in rows} == {8.0}


def test_whoever_leads_back_to_before_the_practice_is_awaited_at_the_next_note():
    score = composed(3, voices=1)
    practice = replayed(
        score, [event for event in melody(score) if event.time_sec < 5.3], mode=Mode.FOLLOW, bars=(6, 9)
    )
    transport, _ = practice.diary.moves[-1]
    here = [judgements for _, judgements in practice.diary.heard_pairs if judgements][-1][0].position_beat
    assert here < 12.0
    assert transport.beat_at(math.inf) == score.onset_beats[score.onset_beats > here][0]


def test_a_count_in_has_the_tempo_of_the_place_where_playing_begins(steps):
    score = replace(steps, tempo=TempoMap.of([(0.0, 60.0), (8.0, 160.0)]))
    session = Session(score, Follower(score), Inbox(), settings=PracticeSettings(mode=Mode.KEEP_TEMPO, bars=(3, 4)),
                      clock=lambda: 100.0)  # fmt: skip
    moments = [session.transport.clock_sec_of(progress) for progress in session.transport.count_in]
    assert moments == pytest.approx([100.0, 100.375, 100.75, 101.125])
    assert session.transport.beat_at(101.5) == pytest.approx(8.0)


def test_each_restart_is_told_with_the_clock(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT), clock=None)
    for event in (NoteOn(0.0, 60, 70), Restart(0.5), NoteOn(1.0, 60, 70), None):
        practice.inbox.put(event)
    practice.session.run()
    told = [transport.restarts for transport, _ in practice.diary.moves]
    assert told == sorted(told) and (told[0], told[-1]) == (0, 1)


def test_a_loop_in_wait_mode_returns_to_its_first_bar(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT, hands=Hands.RIGHT, bars=(2, 2), loop=True))
    practice.session.start()
    for pitch in (67, 69, 71, 72):
        practice.strike(pitch)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(4.0)
    practice.strike(67)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(5.0)
    practice.end()


def test_the_other_hand_sounds_with_the_learners_note_and_not_before(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT, hands=Hands.RIGHT, accompany=True, echo=True))
    practice.session.start()
    practice.diary.wait_for(lambda: practice.diary.moves)
    later = practice.clock() + 2
    practice.diary.wait_for(lambda: practice.clock() > later)  # it looks again with each tick of the session
    assert [call for call in practice.synth.calls if call[0] == "on"] == []
    practice.strike(60)
    practice.end()
    assert [call for call in practice.synth.calls if call[0] == "on"] == [("on", 60, 0), ("on", 48, 1)]


def test_keeping_the_tempo_counts_in_plays_the_other_hand_and_ends_by_itself(steps):
    settings = PracticeSettings(mode=Mode.KEEP_TEMPO, hands=Hands.RIGHT, accompany=True, metronome=True)
    practice = Practice(steps, settings)
    practice.session.start()
    assert practice.session.join(30) is not None
    clicks = [call[1] for call in practice.synth.calls if call[0] == "click"]
    assert clicks == [True, False, False, False] * 5
    left = steps.notes["pitch"][steps.notes["hand"] == LEFT].tolist()
    assert [call[1] for call in practice.synth.calls if call[0] == "on"] == left
    assert practice.synth.calls.index(("on", 48, 1)) > 3
    assert practice.synth.calls[-1] == ("silence",)


def test_listening_plays_the_whole_score_in_order(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.LISTEN, count_in_bars=0, bars=(1, 2)))
    practice.session.start()
    take = practice.session.join(30)
    assert len(take.performance.notes) == 0
    inside = steps.notes[steps.notes["onset_beat"] < 8]
    assert [call[1] for call in practice.synth.calls if call[0] == "on"] == inside["pitch"].tolist()
    ended = sorted(call[1] for call in practice.synth.calls if call[0] == "off")
    assert ended == sorted(inside["pitch"].tolist())


def test_the_tempo_can_be_changed_and_paused_while_playing(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.KEEP_TEMPO, count_in_bars=0))
    practice.session.start()
    practice.diary.wait_for(lambda: practice.diary.moves)
    practice.session.change(PracticeSettings(tempo_ratio=0.5, mode=Mode.WAIT))
    practice.diary.wait_for(lambda: practice.diary.moves[-1][0].ratio == 0.5)
    assert practice.session.settings.mode is Mode.KEEP_TEMPO
    practice.session.pause()
    practice.diary.wait_for(lambda: not practice.diary.moves[-1][0].running)
    practice.session.resume()
    practice.diary.wait_for(lambda: practice.diary.moves[-1][0].running)
    practice.end()


def test_the_take_is_kept_with_the_settings_with_which_it_ended(steps):
    slower = PracticeSettings(mode=Mode.WAIT, tempo_ratio=0.5, metronome=True)
    practice = replayed(steps, [NoteOn(0.0, 60, 70), Change(0.5, slower), NoteOn(1.0, 62, 70)])
    assert practice.log.settings == replace(slower, mode=Mode.FOLLOW)
    assert practice.diary.takes[0].settings == practice.log.settings


def test_a_restart_goes_back_to_the_first_bar_and_keeps_the_take(steps):
    practice = Practice(steps, PracticeSettings(mode=Mode.WAIT, hands=Hands.RIGHT))
    practice.session.start()
    practice.strike(60)
    practice.strike(62)
    moves = len(practice.diary.moves)
    practice.session.restart()
    practice.diary.wait_for(lambda: len(practice.diary.moves) > moves)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(0.0)
    assert len(practice.end().performance.notes) == 2


def test_what_was_played_before_a_restart_ends_nothing(steps):
    session = Session(steps, Follower(steps), Inbox(), clock=lambda: 100.0)
    session._begin()
    for at, pitch in enumerate([60, 62, 64, 65]):
        session._hear(NoteOn(100.0 + at, pitch, 70))
    session._now_sec = 107.0
    session._heed(Restart(107.0))
    assert (session._struck_sec, session._take.notes_since_restart) == (-math.inf, 0)
    session._now_sec = 120.0
    assert not session._over()


def test_the_score_follows_a_learner_who_leads(steps):
    practice = replayed(steps, melody(steps, sec_per_beat=0.7)[:12], mode=Mode.FOLLOW)
    transport, rows = practice.diary.moves[-1]
    last = practice.diary.heard_pairs[-2][1][0].position_beat
    assert transport.beat_at(0.0) == pytest.approx(last)
    assert {float(steps.notes["onset_beat"][row]) for row in rows} == {last + 1}


def test_settings_come_back_from_json(steps):
    settings = PracticeSettings(mode=Mode.WAIT, hands=Hands.LEFT, tempo_ratio=0.6, bars=(2, 3), loop=True)
    assert PracticeSettings.from_json(settings.as_json()) == settings


def test_the_end_of_the_playing_is_told_before_anybody_looks_back_and_what_that_finds_is_not_foreseen(steps):
    order = []

    class Told(Diary):
        def ended(self):
            order.append("ended")

    def hindsight(performance, time):
        order.append("looked back")
        return performance

    rng, inbox, diary = np.random.default_rng(3), SimpleQueue(), Told()
    for place, pitch in enumerate(rng.integers(75, 100, 40)):
        inbox.put(NoteOn(0.3 * place, int(pitch), 70))
    inbox.put(None)
    Session(steps, Follower(steps), inbox, [diary], clock=None, hindsight=hindsight).run()
    assert order == ["ended", "looked back"]
    assert diary.notices == []


def test_what_sounds_like_another_piece_is_kept_and_left_to_the_report(steps):
    rng = np.random.default_rng(3)
    events = [NoteOn(0.3 * place, int(pitch), 70) for place, pitch in enumerate(rng.integers(75, 100, 40))]
    practice = replayed(steps, events)
    assert practice.diary.notices == []
    assert len(practice.diary.takes[0].performance.notes) > 0


def test_a_learner_who_leads_is_accompanied_up_to_their_next_note(steps):
    settings = PracticeSettings(mode=Mode.FOLLOW, hands=Hands.LEFT, accompany=True)
    practice = Practice(steps, settings)
    practice.session.start()
    practice.strike(48)
    wanted = [("on", pitch, 1) for pitch in (60, 62, 64, 65)]
    practice.diary.wait_for(lambda: [call for call in practice.synth.calls if call[0] == "on"] == wanted)
    assert practice.session.transport.beat_at(practice.clock() + 99) == pytest.approx(4.0)
    practice.end()


def test_a_learner_who_leads_in_a_loop_is_awaited_at_its_first_note(steps):
    first_bar = [event for event in melody(steps) if event.time_sec < 1.9]
    practice = replayed(steps, first_bar, mode=Mode.FOLLOW, bars=(1, 1), loop=True)
    transport, _ = practice.diary.moves[-1]
    assert (transport.lap_at(1e6), transport.beat_at(1e6)) == (1, pytest.approx(0.0))
