"""What is known of a take while it is played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score, even_bars
from tutor.events import NoteOn
from tutor.verdicts import Judgement
from tutor.windows import Windows
from ui.practice.verdict_state import EARLY, EXTRA, HIT, LATE, NONE, VerdictState, code_of

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
