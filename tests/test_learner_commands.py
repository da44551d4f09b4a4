"""The learners by the front door: enrolled, named, laid aside, and each with takes that no other one sees."""

from __future__ import annotations

import json

import pytest
from human import Mistakes, human_take
from scores import two_hand_score
from test_commands import assert_one_line, said

from lessons.files import read_score, write_score
from tutor.takes import save_take


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    """A score and a take of it."""
    write_score(two_hand_score(), tmp_path / "score.musicxml")
    save_take(human_take(read_score(tmp_path / "score.musicxml"), 3, Mistakes()), tmp_path / "take.mid")
    return tmp_path


def listed(capsys):
    status, out, _ = said(capsys, "learners", "--json")
    assert status == 0
    return json.loads(out)


def test_at_first_there_is_one_learner_and_to_say_so_makes_no_file(home, capsys):
    (me,) = listed(capsys)["learners"]
    assert me == {
        "name": "Me",
        "folder": str(home),
        "journal": str(home / "journal.db"),
        "there": True,
        "played_last": True,
    }
    assert not home.exists()


def test_a_learner_is_enrolled_renamed_and_laid_aside(home, capsys):
    anna = home / "learners" / "anna"
    assert said(capsys, "learners", "add", "Anna") == (0, f"Anna can play now; the folder is {anna}\n", "")
    status, out, _ = said(capsys, "learners", "rename", "anna", "Änne", "--json")
    assert (status, json.loads(out)) == (0, {"name": "Änne", "folder": str(anna)})
    assert said(capsys, "learners")[1] == f"Me    {home}  played last\nÄnne  {anna}\n"
    aside = home / "learners" / "removed" / "anna"
    assert said(capsys, "learners", "remove", "änne") == (0, f"Änne is laid aside; the folder is now {aside}\n", "")
    assert aside.is_dir()
    assert [one["name"] for one in listed(capsys)["learners"]] == ["Me"]
    assert said(capsys, "learners", "add", "Änne", "--from", aside)[0] == 0
    assert [one["there"] for one in listed(capsys)["learners"]] == [True, True]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "me"], "there is a learner of this name already"),
        (["add", ""], "a name has 1 to 40 letters"),
        (["add", "x" * 41], "a name has 1 to 40 letters"),
        (["add", "Ben", "--from", "nowhere"], "nowhere: there is no such folder"),
        (["rename", "Ben", "Bob"], "Ben: no learner has this name; there is Me, Anna"),
        (["rename", "Anna", "me"], "there is a learner of this name already"),
        (["remove", "Ben"], "Ben: no learner has this name; there is Me, Anna"),
        (["remove", "me"], "Me is the first learner, and cannot be laid aside"),
        (["greet"], "invalid choice"),
    ],
)
def test_what_cannot_be_gets_status_2_one_line_and_changes_nothing(words, reason, home, capsys):
    said(capsys, "learners", "add", "Anna")
    before = listed(capsys)
    assert_one_line(*said(capsys, "learners", *words), reason)
    assert listed(capsys) == before


@pytest.mark.parametrize("command", ["assess", "follow", "practise"])
def test_an_unknown_learner_gets_status_2_and_one_line_that_lists_the_names(command, home, folder, capsys):
    said(capsys, "learners", "add", "Anna")
    take = ["--take", folder / "take.mid", "--headless"] if command == "practise" else [folder / "take.mid"]
    told = said(capsys, command, folder / "score.musicxml", *take, "--learner", "Ben")
    assert_one_line(*told, "Ben: no learner has this name; there is Me, Anna")


def test_the_window_is_refused_to_an_unknown_learner(home, monkeypatch, capsys):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert_one_line(*said(capsys, "--learner", "Ben"), "Ben: no learner has this name; there is Me")


def practised(capsys, folder, *words):
    status, out, _ = said(
        capsys, "practise", folder / "score.musicxml", "--take", folder / "take.mid", "--headless", "--json", *words
    )
    assert status == 0
    return json.loads(out.splitlines()[-1])["take_id"]


def test_a_take_of_one_learner_is_not_seen_by_another(home, folder, capsys):
    said(capsys, "learners", "add", "Anna")
    takes = {"Anna": practised(capsys, folder, "--learner", "anna"), "Me": practised(capsys, folder)}
    assert (home / "learners" / "anna" / "journal.db").is_file()
    for name, other in (("Anna", "Me"), ("Me", "Anna")):
        judge = ["assess", folder / "score.musicxml", "--learner", name]
        assert said(capsys, *judge, takes[name], "--json")[0] == 0
        assert_one_line(*said(capsys, *judge, takes[other]), "the journal has no take with this id")


def test_a_journal_that_is_named_goes_before_the_learners(home, folder, capsys):
    said(capsys, "learners", "add", "Anna")
    practised(capsys, folder, "--learner", "Anna", "--journal", folder / "other.db")
    assert (folder / "other.db").is_file()
    assert list((home / "learners" / "anna").iterdir()) == []


def test_a_folder_that_vanished_is_told_and_no_take_goes_elsewhere(home, folder, capsys):
    said(capsys, "learners", "add", "Anna")
    (home / "learners" / "anna").rmdir()
    words = ["practise", folder / "score.musicxml", "--take", folder / "take.mid", "--headless", "--learner", "Anna"]
    assert_one_line(*said(capsys, *words), "the folder of Anna is gone")
    assert not (home / "journal.db").exists()
    assert "Anna" in said(capsys, "learners")[1] and "the folder is gone" in said(capsys, "learners")[1]


def test_a_broken_list_is_one_line_and_the_first_learner(home, capsys):
    said(capsys, "learners", "add", "Anna")
    (home / "learners.json").write_text("{")
    told = listed(capsys)
    assert [one["name"] for one in told["learners"]] == ["Me"]
    assert "learners.json: cannot be read" in told["trouble"]
    assert "cannot be read" in said(capsys, "learners")[2]
    assert_one_line(*said(capsys, "learners", "remove", "Anna"), "learners.json: cannot be read")


def test_the_doctor_names_the_learners_and_whose_folder_is_gone(home, capsys):
    said(capsys, "learners", "add", "Anna")
    assert json.loads(said(capsys, "doctor", "--json")[1])["learners"]["found"] == ["Me", "Anna"]
    (home / "learners" / "anna").rmdir()
    check = json.loads(said(capsys, "doctor", "--json")[1])["learners"]
    assert (check["works"], check["says"]) == (False, "the folder is gone of Anna")
