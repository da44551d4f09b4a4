"""The take as it grows, and what it ends as."""

from __future__ import annotations

from dataclasses import replace

from tutor.events import Lost, NoteOff, NoteOn
from tutor.growing_take import GrowingTake
from tutor.practice import PracticeSettings
from tutor.take_time import TakeTime

COVERED, BEAT_SEC, START_SEC = (0.0, 4.0), 0.25, 100.0


class Log:
    """A journal's log of one take, in a list."""

    take_id = "t1"

    def __init__(self):
        self.events, self.finished = [], None

    def append(self, event):
        self.events.append(event)

    def finish(self, performance, settings):
        self.finished = performance
        return True


def struck(take, *pitches):
    for at, pitch in enumerate(pitches):
        take.add(NoteOn(at, pitch, 70))
        take.add(NoteOff(at + 0.5, pitch))
    return take


def finished(take, covered=COVERED):
    return take.finish(PracticeSettings(), TakeTime(START_SEC), covered, BEAT_SEC)


def test_what_was_played_is_logged_as_it_comes_and_kept_at_the_end(steps):
    log = Log()
    take = struck(GrowingTake(steps, log), 60, 62)
    assert len(log.events) == 4 and log.finished is None
    ended = finished(take)
    assert ended.performance.notes["pitch"].tolist() == [60, 62]
    assert log.finished is ended.performance
    assert (ended.kept, ended.take_id, ended.beat_sec) == (True, "t1", BEAT_SEC)


def test_a_take_without_a_note_has_no_name_in_the_journal(steps):
    assert finished(GrowingTake(steps, Log())).take_id is None


def test_a_tempo_that_is_set_anew_breaks_the_beat_once_a_note_was_played(steps):
    take = GrowingTake(steps)
    take.retime()
    assert take.one_beat
    struck(take, 60).retime()
    assert not take.one_beat
    assert finished(take).beat_sec is None


def test_nobody_knows_the_beat_where_none_led(steps):
    assert finished(struck(GrowingTake(steps), 60), covered=None).beat_sec is None


def test_who_begins_again_has_played_nothing_since_and_the_take_tells_when(steps):
    take = struck(GrowingTake(steps), 60, 62)
    assert take.notes_since_restart == 2
    take.begin_anew(START_SEC + 7)
    assert (len(take), take.notes_since_restart, take.restarts) == (2, 0, 1)
    ended = finished(take)
    assert (ended.restarts_sec, ended.beat_sec) == ((7.0,), None)


def test_an_input_that_did_not_come_back_is_told(steps):
    take = struck(GrowingTake(steps), 60)
    take.lost = Lost(1.0, "Piano")
    assert finished(take).lost is take.lost


def test_a_take_is_kept_as_it_is_heard_afterwards(steps):
    def an_octave_up(performance, time):
        assert time.start_sec == START_SEC
        notes = performance.notes.copy()
        notes["pitch"] += 12
        return replace(performance, notes=notes)

    ended = finished(struck(GrowingTake(steps, hindsight=an_octave_up), 60))
    assert ended.performance.notes["pitch"].tolist() == [72]


def test_a_second_look_that_fails_leaves_the_take_as_it_was_heard_live(steps, caplog):
    def fails(_performance, _time):
        raise ValueError("no sound")

    ended = finished(struck(GrowingTake(steps, hindsight=fails), 60))
    assert ended.performance.notes["pitch"].tolist() == [60]
    assert "the second look failed" in caplog.text
