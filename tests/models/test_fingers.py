"""The page's fingers in an answer."""

from __future__ import annotations

import numpy as np

from lessons.analogy import Analogy, Feature
from lessons.library import shelf
from lessons.score import LEFT, RIGHT
from models.fingers import fingers_in_place
from models.rules import RuleComposer
from tests.lessons.scores import notes_of


def test_a_finger_stays_only_between_the_strokes_that_it_was_written_for() -> None:
    rows = [(float(beat), 1.0, key, RIGHT) for beat, key in enumerate((60, 62, 64, 65, 67, 69))]
    left = [(0.0, 6.0, 48, LEFT)]
    page = notes_of([*rows, *left], dict(enumerate((1, 2, 3, 1, 2, 3, 5))))
    answer = page.copy()
    answer["pitch"][2] = 60
    assert fingers_in_place(answer, page)["finger"].tolist() == [1, 0, 0, 0, 2, 3, 5]
    assert fingers_in_place(page, page)["finger"].tolist() == page["finger"].tolist()


def test_in_a_varied_passage_the_hand_that_stays_keeps_its_fingers_and_the_other_one_those_of_its_own_bars() -> None:
    piece, donor = shelf.load("petzold-minuet-g"), shelf.load("minuet-a-minor")
    answer = RuleComposer().vary(Analogy(piece, {Feature.PITCH: donor}, bars=(5, 6), hand=RIGHT))[0].score
    start, end = piece.bar_range(5, 6)
    written = {(note["onset_beat"], note["pitch"], note["hand"]) for note in piece.notes if note["finger"]}
    kept = {(note["onset_beat"], note["pitch"], note["hand"]) for note in answer.notes if note["finger"]}
    assert kept < written
    assert {row for row in written - kept if row[2] == LEFT} == set()
    assert all(start - 1 <= row[0] <= end + 1 for row in written - kept)
    right, before = (one.notes[one.notes["hand"] == RIGHT] for one in (answer, piece))
    assert len(right) == len(before)
    other = np.flatnonzero(right["pitch"] != before["pitch"])
    assert not right["finger"][np.unique([other - 1, other, other + 1])].any()
