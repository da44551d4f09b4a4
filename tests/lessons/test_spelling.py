"""Notes of which only the pitch is known get the names that a page would give them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from scores import score_of, scores

from lessons.files.spelling import named_rightly, spelled
from lessons.score import KEY_DTYPE, RIGHT, Score

SIGNS = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "x"}
A_MAJOR, A_MINOR, C_MAJOR, D_FLAT = (3, False), (0, True), (0, False), (-5, False)


def tune(pitches: list[int], key: tuple[int, bool]) -> Score:
    score = score_of([(float(i), 1.0, pitch, RIGHT) for i, pitch in enumerate(pitches)])
    notes = score.notes.copy()
    notes["step"], notes["alter"] = "", 0
    return replace(score.with_notes(notes), keys=np.array([(0.0, *key)], KEY_DTYPE))


def names(pitches: list[int], key: tuple[int, bool]) -> str:
    notes = spelled(tune(pitches, key)).notes
    return " ".join(f"{step}{SIGNS[alter]}" for step, alter in notes[["step", "alter"]].tolist())


@pytest.mark.parametrize(
    ("pitches", "key", "expected"),
    [
        ([73, 72, 73, 76, 75, 76, 69], A_MAJOR, "C# B# C# E D# E A"),  # neighbours from below: Mozart, K. 331
        ([69, 76, 75, 76, 71, 68, 69], A_MINOR, "A E D# E B G# A"),
        ([67, 68, 67, 64, 60], C_MAJOR, "G Ab G E C"),  # and from above
        ([60, 61, 62, 63, 64, 65, 66, 67], C_MAJOR, "C C# D D# E F F# G"),
        ([60, 64, 67, 70, 69, 65, 60], C_MAJOR, "C E G Bb A F C"),
        ([61, 65, 68, 72, 73, 66], D_FLAT, "Db F Ab C Db Gb"),
    ],
)
def test_notes_are_named_by_what_sounds_around_them(pitches: list[int], key: tuple[int, bool], expected: str) -> None:
    assert names(pitches, key) == expected.strip()


def test_names_that_the_page_gives_stay() -> None:
    score = tune([60, 63, 64], C_MAJOR)
    notes = score.notes.copy()
    notes["step"][1], notes["alter"][1] = "E", -1
    assert spelled(score.with_notes(notes)).notes[["step", "alter"]].tolist() == [("C", 0), ("E", -1), ("E", 0)]


@settings(max_examples=60, deadline=None)
@given(scores(grid=2, graces=True))
def test_every_note_gets_a_name_of_its_own_pitch(score: Score) -> None:
    notes = score.notes.copy()
    notes["step"], notes["alter"] = "", 0
    after = spelled(score.with_notes(notes)).notes
    assert named_rightly(after).all()
    assert np.all(np.abs(after["alter"]) <= 2)
