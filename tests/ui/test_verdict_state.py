"""What is known of a take while it is played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score, even_bars
from tutor.events import NoteOn
from tutor.verdicts import Judgement
from tutor.windows import Windows
from ui.practice.verdict_state import EARLY, EXTRA, HIT, LATE, MISSED, NONE, VerdictState, code_of

C5 = 72


def test_one_stroke_marks_the_note_of_each_hand_that_shares_its_key() -> None:
    notes = np.zeros(4, NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"], notes["pitch"] = [0, 0, 0, 1], 1.0, [C5, C5, 48, C5]
    notes["hand"] = [LEFT, RIGHT, LEFT, RIGHT]
    state = VerdictState(Score(notes, np.array([(1, 1, 0.0, 4.0)], BAR_DTYPE)))
    row = int(np.flatnonzero(state.score.notes["pitch"] == C5)[0])
    stroke = Judgement(0, 1.0, C5, "hit", 0.0, 0.0, 1.0, score_index=row)
    state.settled((stroke,), 2.0)
    assert dict(zip(state.score.notes[["onset_beat", "pitch"]].tolist(), state.codes.tolist(), strict=True)) == {
        (0.0, C5): HIT,
        (0.0, 48): NONE,
        (1.0, C5): NONE,
    }
    assert state.codes.tolist().count(HIT) == 2


@pytest.mark.parametrize("level", [1, 5, 9])
@pytest.mark.parametrize("bpm", [50, 100, 200])
def test_who_is_late_for_the_report_is_late_on_the_roll(level: int, bpm: int) -> None:
    notes = np.zeros(1, NOTE_DTYPE)
    notes["duration_beat"], notes["pitch"] = 1.0, C5
    state = VerdictState(Score(notes, even_bars(1, 4.0), level=level))
    window_sec = Windows.for_level(level).on_time_sec(60.0 / bpm)
    for share, code in ((-1.01, EARLY), (-0.99, HIT), (0.99, HIT), (1.01, LATE)):
        stroke = Judgement(0, 1.0, C5, "hit", 0.0, 0.0, 1.0, score_index=0, error_sec=share * window_sec)
        state.heard(NoteOn(1.0, C5, 70), (stroke,), bpm / 60.0)
        assert state.codes[0] == code


def test_what_the_page_has_for_the_other_hand_is_no_extra_note() -> None:
    stray = Judgement(0, 1.0, C5, "extra", 0.0, 0.0, 1.0)
    assert code_of(stray, 0.1) == EXTRA
    assert code_of(replace(stray, unasked=True), 0.1) == HIT


def marked_state() -> VerdictState:
    """Two notes, of beats 0 and 1, that the beat has left behind."""
    notes = np.zeros(2, NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"], notes["pitch"] = [0.0, 1.0], 1.0, C5
    state = VerdictState(Score(notes, even_bars(1, 4.0)))
    state.passed((0, 1))
    return state


def test_a_practice_that_begins_anew_forgets_once_what_was_played_before() -> None:
    state = marked_state()
    state.moved(restarts=1, next_rows=(0,))
    assert (state.codes.tolist(), state.next_rows) == ([NONE, NONE], (0,))
    state.passed((0,))
    state.moved(restarts=1, next_rows=(1,))
    assert (state.codes.tolist(), state.next_rows) == ([MISSED, NONE], (1,))


def test_each_new_lap_of_a_loop_begins_without_verdicts() -> None:
    state, loop = marked_state(), (1.0, 2.0)
    state.gone_on(0, loop)
    assert state.codes.tolist() == [MISSED, MISSED]
    state.gone_on(1, loop)
    assert state.codes.tolist() == [MISSED, NONE]


def test_a_count_in_that_leads_back_into_the_lap_before_makes_no_new_lap() -> None:
    state, loop = marked_state(), (1.0, 2.0)
    state.gone_on(1, loop)
    state.passed((1,))
    state.gone_on(0, loop)
    state.gone_on(1, loop)
    assert state.codes.tolist() == [MISSED, MISSED]
