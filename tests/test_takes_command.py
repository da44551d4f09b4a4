"""The takes of the journal by the front door: told newest first, with the ids that other commands take."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from human import Mistakes, human_take
from scores import two_hand_score
from test_commands import assert_one_line, said

from lessons.files import read_score, write_score
from lessons.library import shelf
from tutor.commands.takes import line
from tutor.journal.entries import TakeEntry
from tutor.journal.journal import Journal
from tutor.practice import PracticeSettings
from tutor.takes import save_take

ROOT = Path(__file__).resolve().parents[1]
FULL_BYTES = 24_000  # a take fits into a file, and not beside what the journal writes


@pytest.fixture
def score(tmp_path, monkeypatch):
    """A score, with its take beside it."""
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    write_score(two_hand_score(), tmp_path / "score.musicxml")
    save_take(human_take(read_score(tmp_path / "score.musicxml"), 3, Mistakes()), tmp_path / "take.mid")
    return tmp_path / "score.musicxml"


def practised(capsys, score, *words):
    assert said(capsys, "practise", score, "--take", score.parent / "take.mid", "--headless", *words)[0] == 0


def test_without_a_journal_there_are_no_takes(score, capsys):
    assert said(capsys, "takes") == (0, "no takes\n", "")
    assert not (score.parent / "home").exists()


def test_a_take_is_told_by_the_id_that_assess_takes(score, capsys):
    practised(capsys, score)
    practised(capsys, score)
    (newest, oldest) = json.loads(said(capsys, "takes", "--json")[1])["takes"]
    assert newest["started_at"] > oldest["started_at"]
    assert (newest["title"], newest["hands"], newest["bars"]) == (read_score(score).title, "both", None)
    assert newest["hit_share"] > 0.9
    assert said(capsys, "assess", score, newest["id"])[0] == 0
    assert [line.split()[0] for line in said(capsys, "takes")[1].splitlines()] == [newest["id"], oldest["id"]]
    assert len(json.loads(said(capsys, "takes", "--count", "1", "--json")[1])["takes"]) == 1
    assert said(capsys, "takes", "no such title")[1] == "no takes\n"


def test_a_take_is_told_by_the_time_on_the_learners_clock(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert line(TakeEntry("t1", datetime(2026, 3, 3, 0, 30), "abc", "Steps", {}, 2.0, 4)).startswith(
            "t1  2026-03-02 19:30  Steps"
        )
    finally:
        monkeypatch.undo()
        time.tzset()


def test_takes_of_another_learner_are_not_told(score, capsys):
    practised(capsys, score)
    assert said(capsys, "learners", "add", "Anna")[0] == 0
    assert said(capsys, "takes", "--learner", "Anna")[1] == "no takes\n"
    assert_one_line(*said(capsys, "takes", "--learner", "Ben"), "Ben")
    assert_one_line(*said(capsys, "takes", "--count", "0"), "--count 0")


def test_the_bars_of_a_take_are_counted_along_the_piece_and_named_by_the_page(score, capsys):
    song, take = shelf.PIECES / "mozart-theme-a.abc", score.parent / "theme.mid"
    save_take(human_take(read_score(song), 3, Mistakes()), take)
    assert said(capsys, "practise", song, "--take", take, "--headless", "--bars", "9-12")[0] == 0
    (kept,) = json.loads(said(capsys, "takes", "--json")[1])["takes"]
    assert (kept["bars"], kept["written"], kept["times"]) == ([9, 12], ["1", "4"], [2, 2])
    assert " · bars 1–4, second time · both hands · " in said(capsys, "takes")[1]


def test_the_bars_of_a_take_that_an_older_version_kept_are_told_as_they_were_counted(score, capsys):
    journal = Journal.open(score.parent / "home" / "journal.db")
    take_log = journal.begin_take("digest", "Old", PracticeSettings(bars=(9, 12)).as_json())
    take_log.finish(human_take(read_score(score), 3, Mistakes()))
    journal.close()
    assert "Old · bars 9–12 · both hands" in said(capsys, "takes")[1]


def test_a_journal_that_is_named_and_not_there_is_bad_input(score, capsys):
    assert_one_line(*said(capsys, "takes", "--journal", "/nonexistent/x.db"), "there is no journal")


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")
def test_on_a_full_disk_a_take_is_not_said_to_be_in_the_journal(score, capsys):
    import resource

    practised(capsys, score)
    before, heeded = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, before[1]))
    try:
        status, out, err = said(capsys, "practise", score, "--take", score.parent / "take.mid", "--headless")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heeded)
    assert status == 0
    assert "Kept as take" not in out
    assert "is kept as a file until the journal can be written." in out
    assert "kept as a file for now" in err


def test_no_module_is_named_to_who_only_plays(score, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.json").write_text("broken")
    words = [sys.executable, "main.py", "practise", str(score), "--audio", "none", "--headless"]
    home = {**os.environ, "DACAPO_HOME": str(tmp_path / "home")}
    told = subprocess.run(words, check=False, cwd=ROOT, capture_output=True, text=True, env=home)
    assert "settings.json: cannot be read as settings" in told.stderr
    assert "tutor." not in told.stderr


def test_an_empty_file_is_no_journal_to_read(score, capsys):
    empty = score.with_name("empty.db")
    empty.touch()
    for words in (["takes"], ["assess", score, "0123456789"]):
        assert_one_line(*said(capsys, *words, "--journal", empty), "empty.db: the file is empty")


@pytest.mark.parametrize("window", [True, False], ids=["window", "practise"])
def test_no_journal_is_begun_in_a_folder_that_is_missing(score, capsys, monkeypatch, window):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    words = [] if window else ["practise", score, "--take", score.with_name("take.mid"), "--headless"]
    missing = score.parent / "not mounted"
    assert_one_line(*said(capsys, *words, "--journal", missing / "x.db"), "not mounted does not exist")
    assert not missing.exists()


def test_no_journal_is_begun_for_a_take_that_cannot_be_read(score, capsys):
    words = ["practise", score, "--take", "nothing.mid", "--headless", "--journal", score.with_name("x.db")]
    assert_one_line(*said(capsys, *words), "nothing.mid: no such file")
    assert not score.with_name("x.db").exists()


def test_a_folder_that_is_given_for_a_file_is_said_once(score, capsys):
    _, _, told = said(capsys, "assignment", score.parent)
    assert told == f"dacapo: {score.parent}: is a folder, not a file\n"
