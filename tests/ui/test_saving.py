"""Saving as a file: from the shelf and from the stand, by the ending of the name, with one line where it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.files import read_score
from ui import saving
from ui.library.vary_panel import VaryWish


@pytest.fixture
def wanted(monkeypatch, tmp_path):
    """Says under which name a file is wanted; names what was suggested."""
    suggested = []

    def want(name: str) -> list[Path]:
        monkeypatch.setattr(
            saving, "wanted_path", lambda _window, path: suggested.append(path) or (tmp_path / name if name else None)
        )
        return suggested

    return want


@pytest.mark.parametrize("name", ["mine.musicxml", "mine.mid"])
def test_a_piece_of_the_shelf_is_saved_as_what_its_name_ends_in(qtbot, window, world, wanted, tmp_path, name):
    suggested = wanted(name)
    window.library.preview.save.click()
    qtbot.waitUntil(lambda: window.notice.text == f"Saved as {tmp_path / name}.")
    assert suggested[0].name == "Scale.musicxml"
    saved = read_score(tmp_path / name).notes[["onset_beat", "pitch"]]
    assert saved.tolist() == world.score.notes[["onset_beat", "pitch"]].tolist()


def test_the_piece_on_the_stand_is_saved(qtbot, window, page, wanted, tmp_path):
    wanted("stand.mid")
    page.deeds.save.click()
    qtbot.waitUntil((tmp_path / "stand.mid").exists)


def test_the_folder_that_was_chosen_last_is_suggested_next(qtbot, window, page, wanted, tmp_path):
    suggested = wanted("one.mid")
    page.deeds.save.click()
    page.deeds.save.click()
    assert suggested[1].parent == tmp_path


def test_who_wants_no_file_gets_none(qtbot, window, page, wanted, tmp_path):
    wanted("")
    page.deeds.save.click()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert (list(tmp_path.iterdir()), window.notice.text) == ([], "")


@pytest.mark.parametrize("name", ["nowhere/mine.mid", "mine.doc"])
def test_what_cannot_be_saved_is_told_in_one_line_with_its_place(qtbot, window, page, wanted, tmp_path, name):
    wanted(name)
    page.deeds.save.click()
    qtbot.waitUntil(lambda: window.notice.text.startswith(str(tmp_path / name)))
    assert "--" not in window.notice.text


def test_a_variation_of_the_library_is_kept_from_the_stand(qtbot, window, world):
    window.library.vary_asked.emit(VaryWish(None, "", 0.5, "same", 1))
    keep = window.house.practice.deeds.keep
    qtbot.waitUntil(keep.isVisible)
    keep.click()
    qtbot.waitUntil(lambda: len(world.kept) == 1 and "under Yours" in window.notice.text)
    assert not keep.isVisible()


def test_nothing_is_offered_for_keeping_but_what_was_composed(qtbot, window, world):
    window.library.vary_asked.emit(VaryWish(None, "", 0.5, "same", 1))
    qtbot.waitUntil(window.house.practice.deeds.keep.isVisible)
    window.house.stand.practise_current()
    qtbot.waitUntil(lambda: not window.house.practice.deeds.keep.isVisible())
