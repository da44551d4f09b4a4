"""Ornaments and articulations: read, kept, cut, written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.exercise import excerpt
from lessons.files import read_score, write_score
from lessons.library import shelf
from lessons.score import MARK_DTYPE, ORNAMENTS, SHORT_MARKS
from tests.lessons.scores import two_hand_score

ABC = """X:1
T:Marks
M:4/4
L:1/4
K:C
!mordent!c .d !trill!e f | g .a b !turn!c' |]
"""


@pytest.fixture
def marked(tmp_path):
    (tmp_path / "marks.abc").write_text(ABC)
    return read_score(tmp_path / "marks.abc")


def named(score):
    return sorted(score.marks.tolist())


def test_ornaments_and_articulations_are_read(marked):
    assert named(marked) == [
        (0.0, 72, "mordent"),
        (1.0, 74, "staccato"),
        (2.0, 76, "trill-mark"),
        (5.0, 81, "staccato"),
        (7.0, 84, "turn"),
    ]
    assert marked.notes["pitch"][marked.marked_rows(ORNAMENTS)].tolist() == [72, 76, 84]
    assert marked.notes["pitch"][marked.marked_rows(SHORT_MARKS)].tolist() == [74, 81]


def test_they_are_no_part_of_the_identity_of_the_music(marked):
    assert replace(marked, marks=np.empty(0, MARK_DTYPE)).digest == marked.digest


def test_they_are_written_and_read_again(marked, tmp_path):
    write_score(marked, tmp_path / "again.musicxml")
    assert named(read_score(tmp_path / "again.musicxml")) == named(marked)


def test_a_mark_at_a_tied_note_is_written_once(tmp_path):
    score = two_hand_score()
    note = next(note for note in score.notes if note["onset_beat"] == 5.0 and note["pitch"] == 74)  # over a bar line
    score = replace(score, marks=np.array([(5.0, 74, "trill-mark")], MARK_DTYPE))
    assert note["duration_beat"] == 3.0
    write_score(score, tmp_path / "tied.musicxml")
    assert (tmp_path / "tied.musicxml").read_text().count("<trill-mark/>") == 1


def test_an_excerpt_has_those_of_its_bars(marked):
    assert named(excerpt(marked, 2, 2)) == [(1.0, 81, "staccato"), (3.0, 84, "turn")]


def test_the_minuet_has_its_mordents():
    assert "mordent" in shelf.load("petzold-minuet-g").marks["name"]
