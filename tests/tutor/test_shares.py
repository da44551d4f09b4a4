"""What is known of the pieces of a journal is read again only where there are other takes of a piece."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from lessons.fingering import with_fingers
from lessons.library.shelf import load
from lessons.score import Score
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import PracticeSettings
from tutor.review import keep, review
from tutor.shares import Shares


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "journal.db")) as journal:
        yield journal


@pytest.fixture(scope="module")
def pieces() -> tuple[Score, Score]:
    return with_fingers(load("lightly-row")), with_fingers(load("hot-cross-buns"))


def play(journal: Journal, score: Score, share: float = 1.0, source: str = "midi") -> str:
    """A judged take of the first share of a score, in time; its id."""
    notes = score.notes[: round(share * len(score.notes))]
    rows = [(float(score.tempo.seconds_at(n["onset_beat"])) + 1, 0.3, int(n["pitch"]), 70) for n in notes]
    settings, performance = PracticeSettings(), Performance(np.array(rows, PLAYED_DTYPE))
    log = journal.begin_take(score.digest, score.title, settings.as_json() | {"source": source})
    log.finish(performance)
    keep(journal, log.take_id, review(score, performance, settings, Learner(), datetime(2026, 3, 1, 12)), None)
    journal.flush()
    return log.take_id


def test_the_takes_of_one_piece_are_read_again_where_it_was_played_again(journal, pieces, monkeypatch):
    row, buns = pieces
    first, other = play(journal, row, 0.5), play(journal, buns)
    read, entry, shares = [], journal.entry, Shares()
    monkeypatch.setattr(journal, "entry", lambda take_id: read.append(take_id) or entry(take_id))
    half = shares.known(journal).by_title
    assert half[row.title] < 0.7
    assert half[buns.title] == 1.0
    assert sorted(read) == sorted([first, other])
    assert shares.known(journal).by_title == half
    again = play(journal, row)
    assert shares.known(journal).by_title == {row.title: 1.0, buns.title: 1.0}
    assert sorted(read) == sorted([first, other, first, again])


def test_a_take_counts_once_it_is_judged_and_a_replayed_one_never(journal, pieces):
    row, _ = pieces
    shares = Shares()
    log = journal.begin_take(row.digest, row.title, PracticeSettings().as_json())
    log.finish(Performance(np.array([(0.0, 1.0, 60, 64)], PLAYED_DTYPE)))
    play(journal, row, source="take")
    assert shares.known(journal).by_title == {}
    play(journal, row)
    assert shares.known(journal).by_title == {row.title: 1.0}
