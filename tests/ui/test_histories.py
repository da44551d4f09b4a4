"""What older programs kept of the pieces on the shelf is brought to the identities of today, in the background."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_takes import SLUG, in_time

from lessons.files.musicxml_writer import musicxml_bytes
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.score import Score
from main import build_parts
from tutor.clock import utc_now
from tutor.events import Inbox
from tutor.practice import PracticeSettings
from tutor.review import EXERCISE_FILE
from tutor.schedule import new_passage
from ui import furnishing
from ui.furnishing import Desk
from ui.library.histories import is_behind
from ui.rooms import SessionWish

MADE_THEN = "0123456789abcdef"


@pytest.fixture
def score():
    return with_fingers(shelf.load(SLUG))


def exercise_for(score: Score) -> Score:
    """The piece a tone higher."""
    notes = score.notes.copy()
    notes["pitch"] += 2
    return replace(score.with_notes(notes), title="After it")


@pytest.fixture
def desk(tmp_path, monkeypatch, score):
    """A desk whose journal knows the piece, and an exercise for it, as older programs did."""
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    desk = Desk(build_parts(), tmp_path / "journal.db")
    made = {"piece": {"title": score.title, "digest": score.former_digest}, "weights": "melody-1"}
    exercise = exercise_for(score)
    for digest, title in ((score.former_digest, score.title), (MADE_THEN, exercise.title)):
        desk.journal.begin_take(digest, title, PracticeSettings().as_json()).finish(in_time(score, PracticeSettings()))
    desk.journal.keep_exercise(exercise.title, MADE_THEN, "why", made, EXERCISE_FILE, musicxml_bytes(exercise))
    desk.journal.keep_passage(new_passage(score.former_digest, (1, 4), "both", utc_now()))
    desk.journal.flush()
    yield desk
    desk.close()


def test_all_that_is_on_the_shelf_is_brought_forward_with_the_shares(desk, score):
    assert is_behind(desk.journal)
    desk.known_shares()
    assert not is_behind(desk.journal)
    assert len(desk.journal.takes(score.digest)) == 1
    assert desk.journal.made_exercises()[0].score_digest == exercise_for(score).digest
    assert desk.journal.passages()[0].score_digest == score.digest


def test_what_no_piece_is_known_of_stays_as_it_is(desk, score):
    desk.journal.begin_take("fedcba9876543210", "Gone", {}).finish(in_time(score, PracticeSettings()))
    desk.known_shares()
    assert [take.title for take in desk.journal.takes("fedcba9876543210")] == ["Gone"]


def test_what_was_due_is_due(desk, monkeypatch):
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=1))
    assert [one.piece.slug for one in desk.due(shelf.pieces())] == [SLUG]


def test_a_piece_that_is_practised_has_its_history_at_once(desk, score):
    desk.make_session(SessionWish(score, PracticeSettings(), Inbox(), (), None, None))
    assert len(desk.journal.takes(score.digest)) == 1
