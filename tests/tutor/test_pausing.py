"""A pause where the score's clock leads: the music goes on from the same place, and the take has nothing of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playing import composed, played

from lessons.score import LEFT, RIGHT
from lessons.timing import TempoMap
from tutor.accompany import Accompanist
from tutor.course import Course
from tutor.events import Event, Inbox, NoteOff, NoteOn
from tutor.follow import Follower
from tutor.leading import LeadingBeat
from tutor.learner import Learner
from tutor.metronome import Click
from tutor.pausing import Pausing
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.requests import Change, Pause, Restart, Resume
from tutor.review import review_of
from tutor.session import Session
from tutor.sinks import FinishedTake, Sink
from tutor.take_time import EARLY_SEC, TakeTime

SCORE = replace(composed(6, bars=8), tempo=TempoMap.of([(0.0, 120.0)]))
BEAT = PracticeSettings(mode=Mode.KEEP_TEMPO)  # a bar of two seconds counts in
COUNT_IN_SEC = 2.0
PAUSED_AT, AWAY_SEC = COUNT_IN_SEC + 8.35, 20.0  # 0.7 beat into bar 5


class Seen(Sink):
    """What is told of notes, of the score's clock and of what the beat left behind."""

    def __init__(self) -> None:
        self.notes, self.moves, self.passed_rows = [], [], []

    def heard(self, event, judgements):
        self.notes.append((event, judgements))

    def moved(self, transport, next_rows):
        self.moves.append((transport, next_rows))

    def passed(self, rows):
        self.passed_rows.extend(rows)


def on_the_beat(score=SCORE) -> list[Event]:
    """The whole score as it is due after the count-in."""
    take = played(score)
    notes = take.notes.copy()
    notes["onset_sec"] += COUNT_IN_SEC - notes["onset_sec"][0]
    return replace(take, notes=notes).events()


def later(events: Iterable[Event], sec: float) -> list[Event]:
    return [replace(event, time_sec=event.time_sec + sec) for event in events]


def practised(events: Iterable[object], settings: PracticeSettings = BEAT, score=SCORE) -> tuple[FinishedTake, Seen]:
    """A session through which these went by their stamps."""
    inbox, seen = Inbox(), Seen()
    span = settings.span(score)
    follower = Follower(score, hands=settings.hands.code, start_beat=span[0], loop=span if settings.loop else None)
    session = Session(score, follower, inbox, [seen], settings, clock=None)
    for event in (*events, None):
        inbox.put(event)
    return session.run(), seen


def with_a_pause(events: list[Event], going_on_sec: float, between: Iterable[Event] = ()) -> list[object]:
    """What is played until the pause, what happens in it, and the rest so much later as the music goes on later."""
    before = [event for event in events if event.time_sec < PAUSED_AT]
    after = [event for event in events if event.time_sec >= PAUSED_AT]
    resume_sec = PAUSED_AT + AWAY_SEC
    return [*before, Pause(PAUSED_AT), *between, Resume(resume_sec), *later(after, going_on_sec - PAUSED_AT)]


UNTIL = [event for event in on_the_beat() if event.time_sec < PAUSED_AT]
BACK_SEC = PAUSED_AT + AWAY_SEC + COUNT_IN_SEC + 0.35  # a bar, and 0.7 beat of bar 5


def entry_sec(seen: Seen) -> float:
    """When the music goes on, as the last clock has it."""
    transport = seen.moves[-1][0]
    return transport.clock_sec_of(transport.entry_progress)


def test_a_take_with_a_pause_is_the_take_without_it():
    plain, _ = practised(on_the_beat())
    paused, seen = practised(with_a_pause(on_the_beat(), BACK_SEC))
    assert entry_sec(seen) == pytest.approx(BACK_SEC)
    np.testing.assert_allclose(paused.performance.notes["onset_sec"], plain.performance.notes["onset_sec"], atol=1e-6)
    np.testing.assert_allclose(
        paused.performance.notes["duration_sec"], plain.performance.notes["duration_sec"], atol=1e-6
    )
    assert paused.beat_sec == pytest.approx(plain.beat_sec)
    assert (paused.one_beat, paused.restarts_sec, seen.passed_rows) == (True, (), [])
    verdicts = {said.verdict for _, judgements in seen.notes for said in judgements}
    assert verdicts == {"hit"}


def test_nobody_is_told_of_a_hesitation_or_an_end_by_a_pause():
    take, _ = practised(with_a_pause(on_the_beat(), BACK_SEC))
    found = review_of(take, Learner(), datetime(2026, 3, 1, 12), ())
    assert found.report.items == ()
    assert found.report.hit_share == 1.0


def test_what_is_struck_in_a_pause_lights_and_is_none_of_the_take():
    noodling = [NoteOn(PAUSED_AT + 3, 30, 70), NoteOff(PAUSED_AT + 4, 30)]
    counted = [NoteOn(PAUSED_AT + AWAY_SEC + 1, 31, 70)]
    take, seen = practised([*UNTIL, Pause(PAUSED_AT), *noodling, Resume(PAUSED_AT + AWAY_SEC), *counted])
    struck = len([event for event in UNTIL if isinstance(event, NoteOn)])
    assert len(take.performance.notes) == struck
    assert [(event.pitch, said) for event, said in seen.notes if event.pitch < 32] == [(30, ()), (30, ()), (31, ())]


def test_a_key_that_is_held_into_a_pause_ends_with_it():
    held = [*UNTIL, NoteOn(PAUSED_AT - 0.1, 30, 70), Pause(PAUSED_AT), NoteOff(PAUSED_AT + 9, 30), Resume(30.0)]
    take, _ = practised([*held, NoteOn(40.0, 72, 70)])
    (low,) = take.performance.notes[take.performance.notes["pitch"] == 30]
    assert low["duration_sec"] == pytest.approx(0.1)


@pytest.mark.parametrize(("early_sec", "counts"), [(EARLY_SEC - 0.01, True), (EARLY_SEC + 0.01, False)])
def test_who_comes_in_a_little_early_has_come_in(early_sec, counts):
    note = NoteOn(BACK_SEC - early_sec, 30, 70)
    take, _ = practised([*UNTIL, Pause(PAUSED_AT), Resume(PAUSED_AT + AWAY_SEC), note])
    assert low_notes(take) == ([pytest.approx(PAUSED_AT)] if counts else [])


def test_the_music_goes_on_from_the_note_that_was_let_go_by_in_reaching_for_the_button():
    onsets = np.unique(SCORE.notes["onset_beat"])
    missed = float(onsets[onsets > 16.0][0])
    stop_sec = COUNT_IN_SEC + 0.5 * missed + 0.2
    before = [event for event in on_the_beat() if event.time_sec < COUNT_IN_SEC + 0.5 * missed - 0.01]
    _, seen = practised([*before, Pause(stop_sec), Resume(60.0)])
    transport, rows = seen.moves[-1]
    assert transport.beat_of(transport.entry_progress) == pytest.approx(missed)
    assert {float(SCORE.notes["onset_beat"][row]) for row in rows} == {missed}
    assert seen.passed_rows == []


def test_where_a_key_was_struck_since_the_music_goes_on_after_it():
    _, seen = practised([*UNTIL, NoteOn(PAUSED_AT - 0.01, 30, 70), Pause(PAUSED_AT), Resume(60.0)])
    assert seen.moves[-1][0].beat_of(seen.moves[-1][0].entry_progress) == pytest.approx((PAUSED_AT - COUNT_IN_SEC) * 2)


@pytest.mark.parametrize("mode", [Mode.FOLLOW, Mode.WAIT])
def test_who_leads_just_stops(mode):
    take, seen = practised(
        [NoteOn(0.0, 60, 70), Pause(1.0), NoteOn(2.0, 62, 70), Resume(3.0)], replace(BEAT, mode=mode)
    )
    assert all(transport.running for transport, _ in seen.moves)
    assert take.performance.notes["onset_sec"].tolist() == [0.0, 2.0]


def test_a_pause_in_the_count_in_lets_it_count_anew():
    events = [Pause(1.5), Resume(30.0), *later(on_the_beat(), 30.0)]
    take, seen = practised(events)
    plain, _ = practised(on_the_beat())
    assert entry_sec(seen) == pytest.approx(30.0 + COUNT_IN_SEC)
    np.testing.assert_allclose(take.performance.notes["onset_sec"], plain.performance.notes["onset_sec"], atol=1e-6)
    assert take.beat_sec == pytest.approx(COUNT_IN_SEC)


def test_a_pause_in_the_count_in_after_a_pause_is_the_same_pause():
    events = with_a_pause(on_the_beat(), BACK_SEC, [Resume(PAUSED_AT + 5), Pause(PAUSED_AT + 6)])
    take, seen = practised(events)
    plain, _ = practised(on_the_beat())
    assert entry_sec(seen) == pytest.approx(BACK_SEC)
    np.testing.assert_allclose(take.performance.notes["onset_sec"], plain.performance.notes["onset_sec"], atol=1e-6)


def low_notes(take: FinishedTake) -> list[float]:
    """When a key was struck that the piece does not have."""
    return take.performance.notes["onset_sec"][take.performance.notes["pitch"] == 30].tolist()


def test_another_tempo_in_a_pause_counts_in_at_that_tempo():
    slower, back_sec = Change(15.0, replace(BEAT, tempo_ratio=0.5)), 30.0 + 2 * (COUNT_IN_SEC + 0.35)
    take, seen = practised([*UNTIL, Pause(PAUSED_AT), slower, Resume(30.0), NoteOn(back_sec, 30, 70)])
    assert entry_sec(seen) == pytest.approx(back_sec)
    assert low_notes(take) == [pytest.approx(PAUSED_AT)]
    assert not take.one_beat


def test_another_tempo_while_it_counts_in_enters_by_it():
    slower = Change(31.0, replace(BEAT, tempo_ratio=0.5))
    struck = NoteOn(31.0 + 2 * (COUNT_IN_SEC + 0.35 - 1) + 0.1, 30, 70)
    take, _ = practised([*UNTIL, Pause(PAUSED_AT), Resume(30.0), slower, struck])
    assert low_notes(take) == [pytest.approx(PAUSED_AT + 0.1)]


def test_to_begin_again_ends_a_pause():
    take, seen = practised([*UNTIL, Pause(PAUSED_AT), Restart(20.0), NoteOn(22.0, 30, 70)])
    assert seen.moves[-1][0].running
    assert low_notes(take) == [pytest.approx(PAUSED_AT + 2.0)]
    assert take.restarts_sec == (pytest.approx(PAUSED_AT),)


def test_a_take_that_ends_in_a_pause_knows_its_beat():
    take, _ = practised([*UNTIL, Pause(PAUSED_AT)])
    assert take.beat_sec == pytest.approx(COUNT_IN_SEC)


def test_a_second_lap_goes_on_after_a_pause_as_the_same_lap():
    looped = replace(BEAT, bars=(1, 1), loop=True)
    first = [event for event in on_the_beat() if event.time_sec < COUNT_IN_SEC + 1.9]
    second = [event for event in later(first, 2.0) if event.time_sec < COUNT_IN_SEC + 2.7]
    _, seen = practised([*first, *second, Pause(COUNT_IN_SEC + 2.7), Resume(40.0)], looped)
    transport, rows = seen.moves[-1]
    assert transport.lap_of(transport.entry_progress) == 1
    onsets = np.unique(SCORE.notes["onset_beat"])
    assert {float(SCORE.notes["onset_beat"][row]) for row in rows} == {float(onsets[onsets >= 1.4][0])}
    assert seen.passed_rows == []


class Sounds:
    """A synth that notes what is sounded."""

    def __init__(self):
        self.calls = []

    def note_on(self, pitch, velocity, channel=0):
        self.calls.append(("on", pitch))

    def note_off(self, pitch, channel=0):
        self.calls.append(("off", pitch))

    def click(self, accent):
        self.calls.append(("click", accent))

    def silence(self):
        pass

    def close(self):
        pass


BAR = [True, False, False, False]


@pytest.mark.parametrize(("bars", "clicks"), [(0, []), (1, [*BAR, True]), (2, [*BAR, *BAR, True])])
def test_going_on_counts_in_bars_and_what_the_bar_has_before_it_and_sounds_nothing_else(bars, clicks):
    settings = replace(BEAT, hands=Hands.RIGHT, accompany=True, count_in_bars=bars)
    course = Course(SCORE, settings)
    playing = course.opening(0.0, 1.0, None)
    beat = LeadingBeat(SCORE, (RIGHT,), course.span)
    at_sec = playing.clock_sec_of(playing.progress_of(16.7))
    pausing, synth = Pausing(course, beat, 0.0), Sounds()
    accompanist = Accompanist(synth)
    accompanist.timeline = course.timeline(settings)
    paused = pausing.begin(playing, at_sec, at_sec)
    going, counting = pausing.end(paused, 50.0)
    accompanist.stand_at(going.entry_progress, counting)
    entry = going.clock_sec_of(going.entry_progress)
    assert [click.accent for _, click in counting] == clicks and all(isinstance(one, Click) for _, one in counting)
    for now in np.arange(50.0, entry - 1e-6, 0.05):
        accompanist.keep_up(going, now)
    assert [call for call in synth.calls if call[0] != "off"] == [("click", accent) for accent in clicks]
    low = SCORE.notes[(SCORE.notes["hand"] == LEFT) & (SCORE.notes["onset_beat"] >= 16.7)]
    accompanist.keep_up(going, entry + 0.5 * (float(low["onset_beat"][0]) - 16.7) + 0.01)
    assert ("on", int(low["pitch"][0])) in synth.calls


def test_a_running_session_stands_still_and_goes_on_from_there():
    speed, seen, inbox = 20.0, Seen(), Inbox()
    clock = lambda: time.perf_counter() * speed  # noqa: E731
    session = Session(SCORE, Follower(SCORE), inbox, [seen], replace(BEAT, bars=(1, 2)), clock=clock)
    session.start()
    _until(lambda: seen.moves and session.transport.beat_at(clock()) > 1.0)
    session.pause()
    _until(lambda: not session.transport.running)
    stood = session.transport.beat_at(clock())
    time.sleep(20.0 / speed)
    assert session.transport.beat_at(clock()) == stood
    session.resume()
    _until(lambda: session.transport.running)
    assert session.transport.stands_at(session.transport.anchor_sec)
    assert session.join(30) is not None
    assert session.transport.beat_at(clock()) > 7.0


def _until(condition) -> None:
    for _ in range(4000):
        if condition():
            return
        time.sleep(0.005)
    pytest.fail("it never came")


@given(
    gaps=st.lists(st.tuples(st.floats(0.5, 5), st.floats(0.5, 5)), max_size=4),
    at=st.floats(0, 50),
    more=st.floats(0, 5),
)
def test_the_seconds_of_a_take_never_run_back_and_lack_what_the_pauses_took(gaps, at, more):
    taken, clock_sec = TakeTime(10.0), 10.0
    for play_sec, away_sec in gaps:
        taken = taken.paused(clock_sec + play_sec).going_on(clock_sec + play_sec + away_sec)
        clock_sec += play_sec + away_sec
    assert taken.at(10.0 + at) <= taken.at(10.0 + at + more) + 1e-9
    assert taken.at(1000.0) == pytest.approx(990.0 - sum(away for _, away in gaps))
    assert taken.at(1000.0) == pytest.approx(1000.0 - taken.origin_sec)
    assert not taken.paused(2000.0).has(3000.0) and taken.has(1000.0)
