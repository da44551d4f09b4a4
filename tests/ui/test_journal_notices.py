"""What goes wrong with the journal is one calm notice in the window, and the lesson goes on."""

from __future__ import annotations

import sqlite3

import pytest

from lessons.fingering import with_fingers
from lessons.library import shelf
from main import build_parts
from tutor.events import NoteOn
from tutor.journal.journal import Journal
from tutor.practice import PracticeSettings
from ui.furnishing import furnish
from ui.window import MainWindow


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    return tmp_path


def notices_of(qtbot, home):
    """The notices of a window that has asked its journal for the last results."""
    window = MainWindow(furnish(build_parts(), home / "journal.db"))
    qtbot.addWidget(window)
    told: list[str] = []
    window.rooms.tell_notices_to(told.append)
    window.tasks.run(window.rooms.known_shares, lambda _results: None)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    window.close()
    return told


def test_a_journal_of_a_newer_program_is_told_and_left_alone(qtbot, home):
    Journal.open(home / "journal.db").close()
    with sqlite3.connect(home / "journal.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    (words,) = notices_of(qtbot, home)
    assert "newer" in words
    assert "\n" not in words
    with sqlite3.connect(home / "journal.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_recovered_take_is_told(qtbot, home):
    journal = Journal.open(home / "journal.db")
    take = journal.begin_take("0123", "Lightly Row", {})
    take.append(NoteOn(0.5, 60, 70))
    journal.flush()
    journal.close()
    assert notices_of(qtbot, home) == ["Your unfinished take of Lightly Row was recovered."]


@pytest.mark.parametrize("settings", [PracticeSettings().as_json(), {"mode": "sing"}])
def test_a_recovered_take_of_a_known_piece_is_judged(home, settings):
    piece = next(piece for piece in shelf.pieces() if piece.slug == "lightly-row")
    score = with_fingers(piece.score())
    journal = Journal.open(home / "journal.db")
    take = journal.begin_take(score.digest, score.title, settings)
    for note in score.notes:
        take.append(NoteOn(float(note["onset_beat"]) / 2, int(note["pitch"]), 70))
    journal.flush()
    journal.close()
    rooms = furnish(build_parts(), home / "journal.db")
    assert rooms.known_shares().by_title == ({} if settings == {"mode": "sing"} else {score.title: 1.0})
    rooms.close()
