"""What the schedule brings back: told on the library page, and a click away from the stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from desk_takes import SLUG, taken

from lessons.errors import InputError
from lessons.files import write_score
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.library.shelf import Piece
from main import build_parts
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, PracticeSettings
from ui import furnishing
from ui.furnishing import Desk
from ui.library.due_card import words_of
from ui.rooms import DuePassage


def test_nothing_is_told_where_nothing_is_due(window):
    assert not window.library.due.isVisible()


def test_what_is_due_is_a_click_away_from_the_stand(qtbot, window, world):
    world.due = [DuePassage(window.library.shelf[0], (2, 3), Hands.RIGHT, "bars 2–3")]
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(window.library.due.isVisible)
    assert [row.text().strip() for row in window.library.due.rows] == ["Scale · bars 2–3 · right hand"]
    window.library.due.rows[0].click()
    qtbot.waitUntil(lambda: window.house.lesson.score is not None)
    settings = window.house.lesson.settings
    assert (settings.bars, settings.hands, settings.loop) == ((2, 3), Hands.RIGHT, False)
    world.due = []
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(lambda: not window.library.due.isVisible() and not window.library.due.rows)


@pytest.mark.parametrize(
    ("passage", "hands", "words"),
    [
        ("", Hands.BOTH, "Scale"),
        ("bar 4, second time", Hands.LEFT, "Scale · bar 4, second time · left hand"),
    ],
)
def test_a_passage_is_named_by_bars_and_hand(tmp_path: Path, passage, hands, words):
    assert words_of(DuePassage(Piece("scale", "Scale", tmp_path), (20, 20), hands, passage)) == words


@pytest.mark.parametrize("settings", [PracticeSettings(), PracticeSettings(bars=(5, 8), hands=Hands.RIGHT)])
def test_what_was_played_in_the_window_comes_back_another_day(tmp_path: Path, monkeypatch, settings):
    desk = Desk(build_parts(), tmp_path / "journal.db")
    desk.report(taken(desk, settings))
    desk.journal.flush()
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now)
    assert desk.due(shelf.pieces()) == []
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=400))
    (due,) = desk.due(shelf.pieces())
    assert (due.piece.slug, due.bars, due.hands) == (SLUG, settings.bars, settings.hands)
    assert desk.due(shelf.pieces()[:1]) == []
    desk.close()


def test_what_is_due_of_a_repeat_is_told_by_the_page(tmp_path: Path, monkeypatch):
    desk = Desk(build_parts(), tmp_path / "journal.db")
    desk.report(taken(desk, PracticeSettings(bars=(9, 12)), with_fingers(shelf.load("mozart-theme-a"))))
    desk.journal.flush()
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=400))
    (due,) = desk.due(shelf.pieces())
    assert (due.bars, words_of(due)) == ((9, 12), f"{due.piece.title} · bars 1–4, second time")
    desk.close()


def test_a_passage_of_a_file_that_was_opened_comes_back_from_its_copy(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    source = tmp_path / "download.musicxml"
    write_score(replace(shelf.load(SLUG), title="Joy: in D / 1"), source)
    desk = Desk(build_parts(), tmp_path / "journal.db")
    score = desk.own.open_file(source)
    source.unlink()
    desk.report(taken(desk, PracticeSettings(), score))
    desk.journal.flush()
    (kept,) = desk.own.pieces()
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=400))
    assert [due.piece for due in desk.due((*shelf.pieces(), kept))] == [kept]
    assert desk.own.open_file(kept.path).digest == score.digest
    assert len(desk.own.pieces()) == 1
    desk.close()


def test_a_file_that_is_gone_already_cannot_be_removed_which_is_one_line(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    write_score(shelf.load(SLUG), tmp_path / "joy.musicxml")
    desk = Desk(build_parts(), tmp_path / "journal.db")
    desk.own.open_file(tmp_path / "joy.musicxml")
    (kept,) = desk.own.pieces()
    assert desk.own.remove(kept).is_file()
    with pytest.raises(InputError, match=f"{kept.title} cannot be removed: No such file"):
        desk.own.remove(kept)
    desk.close()


def test_a_file_that_cannot_be_kept_is_opened_all_the_same(tmp_path: Path, monkeypatch):
    (tmp_path / "home").write_text("in the way")
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    source = tmp_path / "joy.musicxml"
    write_score(shelf.load(SLUG), source)
    desk, said = Desk(build_parts(), tmp_path / "journal.db"), list[str]()
    desk.tell_notices_to(said.append)
    assert len(desk.own.open_file(source).notes) == len(shelf.load(SLUG).notes)
    assert len(said) == 1
    assert said[0].startswith("joy.musicxml cannot be kept for next time")


def test_what_is_due_is_found_after_hundreds_of_other_takes(tmp_path: Path, monkeypatch):
    desk = Desk(build_parts(), tmp_path / "journal.db")
    desk.report(taken(desk, PracticeSettings()))
    for _ in range(201):
        desk.journal.begin_take("0123456789abcdef", "Something else", {}).finish(Performance(np.empty(0, PLAYED_DTYPE)))
    desk.journal.flush()
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=400))
    assert [due.piece.slug for due in desk.due(shelf.pieces())] == [SLUG]
    desk.close()


def test_of_a_book_of_tunes_all_are_on_the_shelf_and_the_first_is_opened(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    desk, told = Desk(build_parts(), tmp_path / "journal.db"), list[str]()
    desk.tell_notices_to(told.append)
    book = tmp_path / "book.abc"
    book.write_text("X:1\nT:First\nL:1/4\nK:C\nCDEF|\n\nX:2\nT:Second\nL:1/4\nK:C\nGABc|\n")
    assert desk.own.open_file(book).title == "First"
    assert [piece.title for piece in desk.own.pieces()] == ["First", "Second"]
    assert told == ["book.abc holds 2 tunes: this is the first, all are on the shelf, under Yours."]
    desk.close()
