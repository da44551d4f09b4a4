"""A piece whose former identity nobody can compute any more is recognised by what was played of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from playing import composed, played

from lessons.score import Score
from tutor import histories
from tutor.journal.entries import PassageEntry
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.practice import Hands, PracticeSettings
from tutor.review import keep, review

THEN = "0123456789abcdef"  # with fingers that nobody would guess today
NOON = datetime(2026, 3, 1, 12)


@pytest.fixture
def journal(tmp_path):
    opened = Journal.open(tmp_path / "journal.db")
    yield opened
    opened.close()


@pytest.fixture
def score():
    return composed(5, bars=8, voices=2)


def played_then(journal: Journal, score: Score, hands: Hands = Hands.BOTH) -> None:
    """A judged take and a passage, as they were kept under a former identity."""
    take, settings = played(score, 0.6), PracticeSettings(hands=hands)
    log = journal.begin_take(THEN, score.title, settings.as_json())
    log.finish(take)
    keep(journal, log.take_id, review(score, take, settings, Learner(), NOON), None)
    journal.keep_passage(PassageEntry(THEN, 1, 4, "both", NOON, {}))
    journal.flush()


@pytest.mark.parametrize("hands", [Hands.BOTH, Hands.RIGHT])
def test_its_takes_and_passages_are_found_again(journal, score, hands):
    played_then(journal, score, hands)
    histories.bring_forward(journal, score, score.title.__eq__)
    assert [take.title for take in journal.takes(score.digest)] == [score.title]
    assert [passage.score_digest for passage in journal.passages()] == [score.digest]
    assert journal.identities.today([THEN]) == (THEN, score.digest)


def test_another_piece_of_the_same_name_keeps_its_own(journal, score):
    played_then(journal, score)
    others = [replace(composed(6, bars=8, voices=2), title=score.title)]
    others.append(score.with_notes(score.notes[: len(score.notes) // 2]))  # a shorter version of the same
    others.append(replace(score, title="Another name"))
    for other in others:
        histories.bring_forward(journal, other, other.title.__eq__)
    assert [take.score_digest for take in journal.takes()] == [THEN]


def test_what_was_read_a_little_otherwise_is_the_same_piece(journal, score):
    played_then(journal, score)
    tied = without_some(score, len(score.notes) // 20)
    histories.bring_forward(journal, tied, tied.title.__eq__)
    assert len(journal.takes(tied.digest)) == 1


def without_some(score: Score, count: int) -> Score:
    """The score without some notes of its middle."""
    middle = len(score.notes) // 2
    return score.with_notes(score.notes[[*range(middle), *range(middle + count, len(score.notes))]])


def test_only_what_is_kept_under_a_former_identity_is_looked_through(journal, score):
    played_then(journal, score)
    journal.begin_take(score.digest, "Of today", {}).finish(played(score, 0.6))
    journal.flush()
    assert journal.identities.former_titles() == {THEN: score.title}
    histories.bring_forward(journal, score, score.title.__eq__)
    assert journal.identities.former_titles() == {}
