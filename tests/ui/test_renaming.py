"""Renaming in the window, by key and by menu; and what the rows of one's own pieces come to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lessons.library.shelf import Piece
from ui.library import renaming
from ui.library.page import YOURS
from ui.library.renaming import NOT_YOURS
from ui.library.shelf_list import RESULT_ROLE


@pytest.fixture
def waltz(qtbot, window, tmp_path: Path):
    """A file of one's own that is looked at."""
    window.house.stand.open_file(tmp_path / "my waltz.mid")
    qtbot.waitUntil(lambda: window.house.catalogue.named("my waltz.mid") is not None and window.tasks.idle)
    window.show_page("library")
    window.library.bands.button(YOURS).click()
    window.activateWindow()
    return window.library


def rename_to(qtbot, window, monkeypatch, title: str | None) -> None:
    monkeypatch.setattr(renaming, "asked_name", lambda *_: title)
    window.library.list.setFocus()
    QTest.keyClick(window.library.list, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: window.tasks.idle)


def test_a_piece_of_ones_own_is_renamed_by_a_key_on_the_shelf_and_on_the_stand(qtbot, window, waltz, monkeypatch):
    rename_to(qtbot, window, monkeypatch, "Anna’s waltz")
    assert waltz.current().title == "Anna’s waltz"
    assert waltz.preview._title.text() == "Anna’s waltz"
    assert window.house.lesson.score.title == "Anna’s waltz"
    assert "Anna’s waltz" in window.notice.text
    window.notice._undo.click()
    qtbot.waitUntil(lambda: waltz.current().title == "my waltz")
    qtbot.waitUntil(lambda: window.house.lesson.score.title == "Scale")


def test_who_thinks_better_of_it_renames_nothing(qtbot, window, waltz, monkeypatch):
    for title in (None, "my waltz"):
        rename_to(qtbot, window, monkeypatch, title)
        assert (waltz.current().title, window.notice.text) == ("my waltz", "")


def test_the_librarys_own_pieces_keep_their_names(qtbot, window, monkeypatch):
    rename_to(qtbot, window, monkeypatch, "Anna’s scale")
    assert (window.library.current().title, window.notice.text) == ("Scale", NOT_YOURS)
    assert not window.library.preview.rename.isVisible()


def test_a_take_that_is_under_way_goes_on_and_the_stand_says_the_name_after_it(qtbot, window, waltz, monkeypatch):
    lesson = window.house.lesson
    lesson.start(listen=True)
    qtbot.waitUntil(lambda: lesson.phase == "running")
    rename_to(qtbot, window, monkeypatch, "Anna’s waltz")
    assert (lesson.phase, lesson.score.title) == ("running", "Scale")
    lesson.stop()
    qtbot.waitUntil(lambda: lesson.score.title == "Anna’s waltz")


def test_the_menu_offers_what_a_piece_allows(window, waltz):
    words = [action.text().split("\t")[0].strip() for action in waltz.menu().actions()]
    assert words == ["Practise", "Save as …", "Rename …", "Remove"]
    waltz.bands.button(0).click()
    waltz.choose("scale")
    assert [action.text().split("\t")[0].strip() for action in waltz.menu().actions()] == ["Practise", "Save as …"]


def test_a_row_of_ones_own_says_what_it_is_like_those_of_the_library(qtbot, window, world, tmp_path):
    world.own += [Piece(f"own-{number}", "Mine", tmp_path, removable=True, origin="Varied") for number in range(3)]
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(lambda: len(world.looked_into) == 3 and window.tasks.idle)
    model = window.library._model
    assert model.data(model.index(model.row_of("own-1"))) == "Mine, Varied, level 2, C major  ·  4/4  ·  4 bars"
    assert model.data(model.index(model.row_of("own-1")), RESULT_ROLE) is None


def test_nothing_is_looked_into_during_a_take(qtbot, window, world, open_piece, tmp_path):
    open_piece()
    window.house.lesson.start(listen=True)
    qtbot.waitUntil(lambda: window.house.lesson.phase == "running")
    world.own.append(Piece("own", "Mine", tmp_path, removable=True))
    window.house.catalogue.fetch_own()
    qtbot.waitUntil(lambda: window.house.catalogue.named("own") is not None and window.tasks.idle)
    assert world.looked_into == []
    window.house.lesson.stop()
    qtbot.waitUntil(lambda: world.looked_into == ["own"])
