"""A key that both hands share is a note of each, and one stroke plays both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playing import played

from lessons.files import read_score
from lessons.score import LEFT, RIGHT, Score
from tutor.assess import assess
from tutor.events import NoteOn
from tutor.follow import Follower
from tutor.gate import Gate
from tutor.passes import PassWatch
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings

NOTE = "<note><pitch><step>{0}</step><octave>{1}</octave></pitch><duration>{2}</duration><voice>{3}</voice>"
BOTH = (LEFT, RIGHT)
SHARED = (2.0, 72)


def _note(step: str, octave: int, length: int, staff: int) -> str:
    return NOTE.format(step, octave, length, 4 * staff - 3) + f"<staff>{staff}</staff></note>"


@pytest.fixture
def score(tmp_path: Path) -> Score:
    """A bar in which the left hand comes up to the C that the right hand repeats, and holds it."""
    right = "".join(_note(step, 5, 1, 1) for step in "EDCD")
    left = _note("A", 3, 1, 2) + _note("B", 3, 1, 2) + _note("C", 5, 2, 2)
    head = "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
    bar = f'<measure number="1">{head}{right}<backup><duration>4</duration></backup>{left}</measure>'
    parts = '<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>'
    path = tmp_path / "shared.musicxml"
    path.write_text(f'<score-partwise>{parts}<part id="P1">{bar}</part></score-partwise>')
    return read_score(path)


def once(score: Score) -> Performance:
    """Every key of the score struck once."""
    take = played(score).notes
    _, first = np.unique(take[["onset_sec", "pitch"]], return_index=True)
    return Performance(take[np.sort(first)])


def test_each_hand_has_the_note_and_the_longer_one_comes_first(score: Score) -> None:
    here = score.notes[(score.notes["onset_beat"] == SHARED[0]) & (score.notes["pitch"] == SHARED[1])]
    assert here[["hand", "duration_beat"]].tolist() == [(LEFT, 2.0), (RIGHT, 1.0)]


def test_one_stroke_leaves_nothing_out(score: Score) -> None:
    said = assess(score, once(score)).summary()
    assert (said["hit"], said["missed"], said["extra"]) == (len(score.notes), 0, 0)


@pytest.mark.parametrize("hand", BOTH)
def test_one_hand_alone_has_its_own_note(score: Score, hand: int) -> None:
    alone = score.hands(hand)
    assert SHARED in alone.notes[["onset_beat", "pitch"]].tolist()
    assert assess(alone, played(alone)).summary()["missed"] == 0


def test_the_score_waits_for_one_stroke(score: Score) -> None:
    gate = Gate(score, BOTH, (0.0, 4.0))
    for pitch in (57, 76, 59, 74, 72):
        gate.strike(pitch)
    assert (gate.onset_beat, gate.written) == (3.0, len(score.notes) - 1)


def test_all_that_is_waited_for_is_struck_and_the_pass_is_clean(score: Score) -> None:
    follower, watch = Follower(score), PassWatch(score, PracticeSettings(hands=Hands.BOTH))
    said = [
        judgement
        for note in once(score).notes
        for judgement in follower.step(NoteOn(float(note["onset_sec"]), int(note["pitch"])))
    ]
    assert sorted({judgement.score_index for judgement in said}) == score.rows_of(BOTH, (0.0, 4.0)).tolist()
    over = watch.heard(said)
    assert over is not None and over.hit_share == 1.0
