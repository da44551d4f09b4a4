"""What is known of a take while it is played."""

from __future__ import annotations

import numpy as np

from lessons.score import BAR_DTYPE, LEFT, NOTE_DTYPE, RIGHT, Score
from tutor.verdicts import Judgement
from ui.practice.verdict_state import HIT, NONE, VerdictState

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
