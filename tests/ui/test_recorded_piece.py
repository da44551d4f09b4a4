"""Of a piece that is a recording without a beat, the learner is told that its bars say nothing."""

from __future__ import annotations

import numpy as np

from tests.ui.conftest import scale
from ui.opening import RECORDED


def opened(window, qtbot, score):
    window.house.stand.open_score(score)
    qtbot.waitUntil(lambda: window.house._tasks.idle, timeout=20_000)
    return window.notice.text


def test_a_recording_without_a_beat_is_told_when_it_is_opened(window, qtbot):
    score = scale(bars=12)
    notes = score.notes.copy()
    notes["onset_beat"] = np.cumsum(np.random.default_rng(2).uniform(0.2, 0.7, len(notes)))
    assert opened(window, qtbot, score.with_notes(notes)) == RECORDED


def test_a_piece_with_a_beat_is_opened_without_a_word(window, qtbot):
    assert opened(window, qtbot, scale(bars=12)) == ""
