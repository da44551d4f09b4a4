"""What older programs kept of a piece, by an identity with guessed fingers in it, is found under the one of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playing import composed, played
from sqlalchemy import text

from lessons.assignment import Assignment, assignment_bytes, parse_assignment, task_of
from lessons.exercise import Exercise
from lessons.fingering import with_fingers
from lessons.score import Score
from tutor.assigned.keeping import standing_of
from tutor.assigned.teacher import under_teacher
from tutor.journal import schema
from tutor.journal.entries import PassageEntry
from tutor.journal.journal import Journal
from tutor.journal.spill import Spill
from tutor.learner import Learner
from tutor.mastery import analogues
from tutor.practice import PracticeSettings
from tutor.review import attempts_of, keep, learner_from, review

NOON = datetime(2026, 3, 1, 12)
MADE_THEN = "0123456789abcdef"


class OldScore(Score):
    """A score as older programs knew it."""

    @property
    def digest(self) -> str:
        return self.former_digest


def as_of_old(score: Score) -> OldScore:
    return OldScore(**{name: getattr(score, name) for name in Score.__dataclass_fields__})


def reviewed_on(day: int) -> dict[str, str]:
    return {"last_review": f"2026-03-{day:02d}T12:00:00+00:00"}


@pytest.fixture(scope="module")
def score():
    return with_fingers(composed(5, bars=8, voices=2))


@pytest.fixture
def path(tmp_path, score):
    """A journal of the schema before, with a judged take of the piece, an exercise for it, and a passage."""
    path, before = tmp_path / "journal.db", as_of_old(score)
    engine = schema.engine_for(path)
    schema.migrate(engine, target="6")
    journal = Journal(engine, Spill.beside(path), print)
    take = played(score, 0.6)
    log = journal.begin_take(before.digest, before.title, PracticeSettings().as_json())
    log.finish(take)
    keep(journal, log.take_id, review(before, take, PracticeSettings(), Learner(), NOON), None)
    made = Exercise(replace(before, title="After it"), before, (1, 4), "why").provenance | {"weights": "melody-1"}
    made["donors"] = {"rhythm": {"title": before.title, "digest": before.digest}}
    journal.keep_exercise("After it", MADE_THEN, "why", made, "x.musicxml", b"the file")
    journal.keep_passage(PassageEntry(before.digest, 1, 4, "both", NOON, reviewed_on(1)))
    journal.close()
    return path


@pytest.fixture
def journal(path):
    opened = Journal.open(path)
    yield opened
    opened.close()


def rows_of(journal: Journal) -> set[str]:
    """The identities under which anything is kept."""
    kept = [*journal.takes(), *journal.made_exercises(), *journal.passages()]
    return {one.score_digest for one in kept}


def test_a_history_is_found_once_its_piece_is_read(journal, score):
    assert journal.takes(score.digest) == []
    assert rows_of(journal) == {score.former_digest, MADE_THEN}
    journal.identities.bring_forward(score.former_digest, score.digest)
    (take,), (passage,), (made,) = journal.takes(score.digest), journal.passages(), journal.exercises()
    assert len(journal.take(take.take_id).notes) == len(score.notes)
    assert learner_from(journal).attempts[0].score_digest == score.digest
    assert (passage.score_digest, passage.due_at, passage.card) == (score.digest, NOON, reviewed_on(1))
    assert (made.score_digest, made.file) == (MADE_THEN, b"the file")
    assert made.provenance["piece"]["digest"] == made.provenance["donors"]["rhythm"]["digest"] == score.digest
    assert analogues(journal.made_exercises())[MADE_THEN] == score.digest


def test_what_was_read_of_a_take_before_is_not_known_by_its_former_identity(journal, score):
    known = {}
    assert attempts_of(journal, journal.takes(), known)[0].score_digest == score.former_digest
    journal.identities.bring_forward(score.former_digest, score.digest)
    assert attempts_of(journal, journal.takes(), known)[0].score_digest == score.digest


def test_what_another_program_kept_later_is_brought_forward_as_well(journal, score):
    journal.identities.bring_forward(score.former_digest, score.digest)
    journal.begin_take(score.former_digest, score.title, {}).finish(played(score))
    assert len(journal.takes(score.digest)) == 1
    journal.identities.bring_forward(score.former_digest, score.digest)
    assert len(journal.takes(score.digest)) == 2


def test_a_piece_without_a_history_is_remembered_and_another_history_left_alone(journal, score):
    other = composed(6)
    journal.identities.bring_forward(other.former_digest, other.digest)
    journal.flush()
    assert rows_of(journal) == {score.former_digest, MADE_THEN}
    assert journal.identities.today([other.former_digest, "x"]) == (other.former_digest, "x", other.digest)


@pytest.mark.parametrize("today", [0, 2])
def test_of_two_cards_of_one_passage_the_one_reviewed_last_stays(journal, score, today):
    card = reviewed_on(today) if today else {}
    journal.keep_passage(PassageEntry(score.digest, 1, 4, "both", NOON + timedelta(days=today), card))
    journal.flush()
    journal.identities.bring_forward(score.former_digest, score.digest)
    (passage,) = journal.passages()
    assert (passage.score_digest, passage.card) == (score.digest, reviewed_on(max(1, today)))
    assert passage.due_at == NOON + timedelta(days=today)


def test_what_fails_half_way_leaves_all_as_it_was(path, journal, score):
    before = [*journal.takes(), *journal.exercises(), *journal.passages()]
    with schema.engine_for(path).begin() as connection:
        refuse = "before update on exercises begin select raise(abort, 'no'); end"
        connection.execute(text(f"create trigger refused {refuse}"))
    journal.identities.bring_forward(score.former_digest, score.digest)
    assert [*journal.takes(), *journal.exercises(), *journal.passages()] == before
    with schema.engine_for(path).begin() as connection:
        connection.execute(text("drop trigger refused"))
    journal.identities.bring_forward(score.former_digest, score.digest)
    assert rows_of(journal) == {score.digest, MADE_THEN}


def test_takes_that_older_programs_kept_are_read_without_writing(path, score):
    reader = Journal.open_to_read(path)
    assert reader.identities.today([score.former_digest]) == (score.former_digest,)
    assert len(reader.takes(score.former_digest)) == 1
    reader.close()


@pytest.mark.parametrize("is_read", [False, True])
def test_an_assignment_that_was_handed_out_before_still_counts_its_takes(journal, score, is_read):
    task = task_of(score, passes=1)
    handed_out = Assignment("Week 5", (replace(task, digests=(score.former_digest,)),))
    if is_read:
        journal.identities.bring_forward(score.former_digest, score.digest)
    assert standing_of(parse_assignment(assignment_bytes(handed_out)), journal).done


def test_an_assignment_whose_page_says_less_than_its_piece_counts_by_what_the_piece_became(journal, score):
    short = with_fingers(score.with_notes(score.notes[:-1]))
    handed_out = Assignment("Week 5", (replace(task_of(short, passes=1), digests=(score.former_digest,)),))
    journal.identities.bring_forward(score.former_digest, score.digest)
    (entry,) = journal.takes(score.digest)
    found = review(score, journal.take(entry.take_id), PracticeSettings(), Learner(), NOON)
    assert (
        under_teacher(journal, (handed_out,), entry.take_id, found)[1] == "Week 5 is done: one clean pass at ♩ = 100."
    )
