"""Where the beat leads it goes on without the learner: what it leaves behind is missed, and they rejoin where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from lessons.score import LEFT, RIGHT
from tutor.events import Inbox, NoteOff, NoteOn
from tutor.follow import Follower
from tutor.leading import BEHIND_SEC, DUE_SEC, LeadingBeat
from tutor.learner import Learner
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Mode, PracticeSettings
from tutor.review import review
from tutor.session import Session
from tutor.sinks import Sink
from tutor.transport import Transport
from tutor.verdicts import Judgement

BEAT_SEC = 0.5


class Diary(Sink):
    """Writes down what the session tells."""

    def __init__(self) -> None:
        self.said: list[Judgement] = []
        self.passed_rows: list[int] = []
        self.due: list[tuple[int, ...]] = []

    def heard(self, event, judgements):
        self.said += judgements

    def passed(self, rows):
        self.passed_rows += rows

    def moved(self, transport, next_rows):
        self.due.append(next_rows)


def struck(row: int) -> Judgement:
    return Judgement(0, 0.0, 60, "hit", 0.0, 0.0, 1.0, score_index=row)


def rows_between(score, start: float, end: float, hand: int | None = None) -> list[int]:
    onset = score.notes["onset_beat"]
    inside = (onset >= start) & (onset < end) & ((score.notes["hand"] == hand) if hand is not None else True)
    return np.flatnonzero(inside).tolist()


@pytest.fixture
def score(long_steps):
    return long_steps


@pytest.fixture
def dropped_out(score):
    """Two bars of eight, two bars of silence, and the first notes of bar 5, in the time of the beat."""
    notes = [note for note in score.notes if note["onset_beat"] < 8 or note["onset_beat"] == 16]
    return [(float(note["onset_beat"]) * BEAT_SEC, int(note["pitch"])) for note in notes]


def practised(score, strokes, mode=Mode.KEEP_TEMPO):
    """What a session that lives by the stamps of these strokes tells, and its take."""
    inbox, diary = Inbox(), Diary()
    for time_sec, pitch in strokes:
        inbox.put(NoteOn(time_sec, pitch, 70))
        inbox.put(NoteOff(time_sec + 0.01, pitch))
    inbox.put(None)
    settings = PracticeSettings(mode=mode, count_in_bars=0)
    return diary, Session(score, Follower(score), inbox, [diary], settings, clock=None).run()


def test_the_next_notes_that_are_not_struck_are_due(score):
    beat, transport = LeadingBeat(score, (LEFT, RIGHT), (0.0, 32.0)), Transport.at(score.tempo, 0.0, 10.0)
    first = rows_between(score, 0, 1)
    assert beat.due_rows(transport, 10.0) == tuple(first)
    beat.strike([struck(first[0])])
    assert beat.due_rows(transport, 10.0 + DUE_SEC / 2) == tuple(first[1:])
    assert beat.due_rows(transport, 10.0 + 2 * DUE_SEC) == tuple(rows_between(score, 1, 2))


def test_what_was_not_struck_is_left_behind_once(score):
    beat, transport = LeadingBeat(score, (RIGHT,), (0.0, 32.0)), Transport.at(score.tempo, 0.0, 10.0)
    melody = rows_between(score, 0, 32, RIGHT)
    beat.strike([struck(melody[1])])
    assert beat.left_behind(transport, 10.0 + BEHIND_SEC) == ()
    assert beat.left_behind(transport, 10.1 + BEHIND_SEC + 2 * BEAT_SEC) == (melody[0], melody[2])
    assert beat.left_behind(transport, 10.1 + BEHIND_SEC + 2 * BEAT_SEC) == ()
    assert beat.covered == (0.0, pytest.approx(2.2))


def test_a_change_of_tempo_leaves_nothing_behind_that_can_still_be_struck(score):
    transport = Transport.at(score.tempo, 0.0, 10.0)
    beat, melody = LeadingBeat(score, (RIGHT,), (0.0, 32.0)), rows_between(score, 0, 32, RIGHT)
    now = 10.0 + 4 * BEAT_SEC + 0.03  # .03 s after beat 4
    assert beat.left_behind(transport, now) == tuple(melody[:4])  # to beat 3
    changed = transport.at_ratio(0.9, now)
    assert beat.left_behind(changed, now) == ()
    assert beat.due_rows(changed, now) == (melody[4],)


def test_a_change_of_tempo_at_the_start_of_a_round_takes_nothing_of_the_last_one(score):
    transport = Transport.at(score.tempo, 0.0, 10.0, loop=(0.0, 4.0))
    beat = LeadingBeat(score, (RIGHT,), (0.0, 4.0))
    beat.left_behind(transport, 11.9)
    assert beat.left_behind(transport.at_ratio(0.9, 12.1), 12.1) == ()


def test_a_new_round_of_a_loop_begins_clean(score):
    transport = Transport.at(score.tempo, 0.0, 10.0, loop=(0.0, 4.0))
    beat, melody = LeadingBeat(score, (RIGHT,), (0.0, 4.0)), rows_between(score, 0, 4, RIGHT)
    assert beat.left_behind(transport, 11.9) == tuple(melody[:3])
    assert beat.left_behind(transport, 12.1) == ()
    assert beat.left_behind(transport, 12.1 + BEHIND_SEC) == (melody[0],)
    assert beat.covered == (0.0, 4.0)


def test_a_round_that_is_begun_a_little_early_is_begun(score):
    transport = Transport.at(score.tempo, 0.0, 10.0, loop=(0.0, 4.0))
    beat, melody = LeadingBeat(score, (RIGHT,), (0.0, 4.0)), rows_between(score, 0, 4, RIGHT)
    for number, row in enumerate(melody):
        beat.strike([struck(row)])
        assert beat.left_behind(transport, 10.0 + number * BEAT_SEC) == ()
    beat.strike([struck(melody[0])])
    assert beat.left_behind(transport, 12.0 - 0.04) == ()
    assert beat.left_behind(transport, 12.0 + 1.2 * BEHIND_SEC) == ()
    assert beat.left_behind(transport, 12.1 + BEHIND_SEC + BEAT_SEC) == (melody[1],)


def test_what_comes_late_in_a_round_is_due_again_in_the_next(score):
    transport = Transport.at(score.tempo, 0.0, 10.0, loop=(0.0, 4.0))
    beat, melody = LeadingBeat(score, (RIGHT,), (0.0, 4.0)), rows_between(score, 0, 4, RIGHT)
    beat.left_behind(transport, 11.99)
    beat.strike([struck(melody[-1])])
    beat.left_behind(transport, 12.01)
    assert beat.due_rows(transport, 13.4) == (melody[-1],)


def test_at_the_end_of_a_round_the_beginning_of_the_next_is_due(score):
    transport = Transport.at(score.tempo, 0.0, 10.0, loop=(0.0, 4.0))
    beat, melody = LeadingBeat(score, (RIGHT,), (0.0, 4.0)), rows_between(score, 0, 4, RIGHT)
    for number, row in enumerate(melody):
        beat.strike([struck(row)])
        beat.left_behind(transport, 10.0 + number * BEAT_SEC)
    assert beat.due_rows(transport, 11.7) == (melody[0],)
    beat.strike([struck(melody[0])])
    beat.left_behind(transport, 11.95)
    assert beat.due_rows(transport, 11.95) == (melody[1],)
    assert beat.due_rows(replace(transport, loop=None), 11.95) == ()


def test_a_beat_that_stands_still_leaves_nothing_behind(score):
    transport = Transport.at(score.tempo, 0.0, 10.0).paused(10.0)
    assert LeadingBeat(score, (RIGHT,), (0.0, 32.0)).left_behind(transport, 60.0) == ()


def test_who_drops_out_misses_and_rejoins_where_the_beat_stands(score, dropped_out):
    diary, take = practised(score, dropped_out)
    assert diary.passed_rows == rows_between(score, 8, 16)
    assert {said.onset_beat for said in diary.said[-2:]} == {16.0}
    assert diary.due[-1] == tuple(rows_between(score, 17, 18))
    assert take.covered == (0.0, pytest.approx(15.02))


def test_who_leads_is_waited_for(score, dropped_out):
    diary, take = practised(score, dropped_out, Mode.FOLLOW)
    assert diary.passed_rows == []
    assert {said.onset_beat for said in diary.said[-2:]} == {8.0}
    assert take.covered is None


def test_the_report_counts_as_missed_what_the_beat_went_through(score):
    rows = [(float(note["onset_beat"]) * BEAT_SEC, 0.3, int(note["pitch"]), 70) for note in score.notes]
    early = Performance(np.array([row for row in rows if row[0] < 4], PLAYED_DTYPE))
    settings = PracticeSettings(mode=Mode.KEEP_TEMPO)
    alone = review(score, early, settings, Learner(), datetime(2026, 1, 1, 12))
    led = review(score, early, settings, Learner(), datetime(2026, 1, 1, 12), covered=(0.0, 16.0))
    assert [bar.bar for bar in alone.attempt.evidence.bars] == [1, 2]
    assert [(bar.bar, bar.missed) for bar in led.attempt.evidence.bars] == [(1, 0), (2, 0), (3, 5), (4, 5)]
    assert led.report.hit_share == pytest.approx(alone.report.hit_share / 2)
    assert replace(led.report.bars[4], bar=0) == replace(alone.report.bars[4], bar=0)
