"""Assigning, standing, handing in and reading results, through the front door."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lessons.assignment import task_of
from lessons.errors import EXIT_INPUT
from lessons.files import write_score
from lessons.fingering import with_fingers
from lessons.library import shelf
from lessons.score import RIGHT, Score
from main import main
from tutor.assigned.keeping import keep_opened
from tutor.assigned.progress import TaskProgress
from tutor.assigned.results import read_result
from tutor.assigned.words import result_lines
from tutor.clock import utc_now
from tutor.commands.assignment import progress_as_json
from tutor.journal.journal import Journal
from tutor.learner import Learner
from tutor.performance import PLAYED_DTYPE, Performance
from tutor.practice import Hands, PracticeSettings
from tutor.review import keep, review
from tutor.takes import save_take

SLUG = "ode-to-joy"
PIECE = shelf.PIECES / f"{SLUG}.abc"
SETTINGS = PracticeSettings(bars=(5, 8), hands=Hands.RIGHT, tempo_ratio=0.8, loop=True)


def said(capsys, *words):
    """Status, standard output and standard error of a command."""
    capsys.readouterr()
    status = main([str(word) for word in words])
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.fixture(scope="module")
def score() -> Score:
    return with_fingers(shelf.load(SLUG))


@pytest.fixture
def assigned(tmp_path, capsys, monkeypatch) -> Path:
    """The file of an assignment: bars 5 to 8 with the right hand, four fifths of the tempo."""
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    file = tmp_path / "joy.dacapo"
    words = ["--title", "Week 5", "--words", "Gently.", "--due", "2026-12-05"]
    asked = ["--bars", "5-8", "--hands", "right", "--tempo", "80"]
    status, out, err = said(capsys, "assign", PIECE, "-o", file, *words, *asked)
    assert (status, err) == (0, "")
    assert "bars 5–8 · right hand · ♩ = 86 (80 %) · 2 clean" in out
    return file


def performed(score: Score) -> Performance:
    """The passage at its goal."""
    start, end = score.bar_range(5, 8)
    inside = (score.notes["onset_beat"] >= start) & (score.notes["onset_beat"] < end)
    rows = [
        (1 + float(score.tempo.seconds_at(note["onset_beat"] - start)) / 0.8, 0.3, int(note["pitch"]), 70)
        for note in score.notes[inside & (score.notes["hand"] == RIGHT)]
    ]
    return Performance(np.array(rows, PLAYED_DTYPE))


def practised(score: Score, path: Path, times: int) -> None:
    """Keep some takes of the passage, as somebody played them."""
    journal = Journal.open(path)
    for _ in range(times):
        take_log = journal.begin_take(score.digest, score.title, SETTINGS.as_json())
        take_log.finish(performed(score))
        found = review(score, performed(score), SETTINGS, Learner(), utc_now())
        keep(journal, take_log.take_id, found, None)
    journal.close()


def test_from_the_teacher_to_the_pupil_and_back(assigned, score, tmp_path, capsys):
    status, out, _ = said(capsys, "assignment", assigned)
    assert status == 0
    assert out.splitlines()[:3] == ["Week 5", "Due by 5 December 2026.", "Gently."]
    assert out.splitlines()[3].endswith("; what was played before does not count.")
    assert "Not tried yet · two clean passes wanted" in out
    practised(score, tmp_path / "ann.db", 2)
    practised(score, tmp_path / "ben.db", 1)
    told = json.loads(said(capsys, "assignment", assigned, "--journal", tmp_path / "ann.db", "--json")[1])
    assert (told["done"], told["tasks"][0]["progress"]["clean"]) == (True, 2)
    files = []
    for name in ("Ann", "Ben"):
        files.append(tmp_path / f"{name}.dacapo-result")
        journal = tmp_path / f"{name.lower()}.db"
        assert said(capsys, "hand-in", assigned, "-o", files[-1], "--name", name, "--journal", journal)[0] == 0
    status, out, _ = said(capsys, "results", *reversed(files))
    assert status == 0
    assert out.index("Week 5") < out.index("Ann") < out.index("Ben")
    assert "Done: 2 of 2 clean" in out
    (group,) = json.loads(said(capsys, "results", *files, "--json")[1])["assignments"]
    assert [(one["pupil"], one["file"]) for one in group["results"]] == [("Ann", str(files[0])), ("Ben", str(files[1]))]
    assert [one["tasks"][0]["done"] for one in group["results"]] == [True, False]
    assert len(read_result(files[0]).tasks[0].takes) == 2


def test_an_assignment_is_handed_in_with_a_name_or_none_was_given(assigned, tmp_path, capsys):
    result = tmp_path / "mine.dacapo-result"
    status, out, err = said(capsys, "hand-in", assigned, "-o", result, "--name", " ")
    assert (status, out, result.exists()) == (2, "", False)
    assert err.startswith("dacapo: --name") and err.count("\n") == 1


def test_practise_tells_the_teachers_word_and_a_take_from_a_file_does_not_count(assigned, score, tmp_path, capsys):
    from lessons.assignment import read_assignment

    journal = Journal.open(tmp_path / "ann.db")
    keep_opened(journal, read_assignment(assigned), assigned.name)
    journal.close()
    save_take(performed(score), tmp_path / "take.mid")
    words = ["--bars", "5-8", "--hands", "right", "--tempo", "0.8", "--headless", "--journal", tmp_path / "ann.db"]
    status, out, _ = said(capsys, "practise", PIECE, "--take", tmp_path / "take.mid", *words)
    assert status == 0
    assert "Next: Your teacher asks for bars 5–8 with the right hand at ♩ = 86; two clean passes." in out
    _, out, _ = said(capsys, "practise", PIECE, "--take", tmp_path / "take.mid", *words, "--json")
    last = json.loads(out.splitlines()[-1])
    assert last["report"]["task"] == "Week 5: Not tried yet · two clean passes wanted."
    assert last["next"]["settings"]["bars"] == [5, 8]
    out = said(capsys, "assignment", assigned, "--journal", tmp_path / "ann.db")[1]
    assert "takes from files do not count (2)" in out


def test_several_pieces_are_as_many_tasks_and_the_same_words_give_the_same_bytes(tmp_path, capsys):
    write_score(shelf.load(SLUG), tmp_path / "joy.musicxml")
    words = ["assign", PIECE, tmp_path / "joy.musicxml", "--passes", "3", "--accuracy", "90", "--json", "-o"]
    first = json.loads(said(capsys, *words, tmp_path / "one.dacapo")[1])
    second = json.loads(said(capsys, *words, tmp_path / "two.dacapo")[1])
    assert first["id"] == second["id"]
    assert [(task["passes"], task["accuracy"]) for task in first["tasks"]] == [(3, 0.9), (3, 0.9)]
    assert (tmp_path / "one.dacapo").read_bytes() == (tmp_path / "two.dacapo").read_bytes()


@pytest.mark.parametrize("name", ["new.mxl", "new.mid"])
def test_an_exercise_of_this_program_keeps_what_made_it(tmp_path, capsys, name):
    from lessons.assignment import read_assignment

    write_score(shelf.load(SLUG), tmp_path / name, provenance={"analogy": '{"seed": 7}'})
    assert said(capsys, "assign", tmp_path / name, "-o", tmp_path / "new.dacapo")[0] == 0
    assert b"seed" in read_assignment(tmp_path / "new.dacapo").tasks[0].page


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["assign", PIECE, "-o", "{folder}/joy.zip"], "must end in .dacapo"),
        (["assign", PIECE, "-o", "{folder}/joy.dacapo"], "exists already"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--bars", "90-95"], "bars 90-95"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--bars", "x"], "--bars x: must be two"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--due", "soon"], "--due soon: must be a day"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--tempo", "5"], "must be 30 to 150"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--tempo", "1e8"], "a goal of 100000000 % of the tempo"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--due", "2020-01-01"], "--due 2020-01-01: that day is over"),
        (["assign", PIECE, "-o", "{folder}/new.dacapo", "--passes", "0"], "0 clean passes"),
        (["assign", "{folder}/nothing.abc", "-o", "{folder}/new.dacapo"], "no such file"),
        (["assignment", PIECE], "is no assignment"),
        (["hand-in", "{folder}/joy.dacapo", "-o", "{folder}/ann.zip"], "must end in .dacapo-result"),
        (["results", "{folder}/joy.dacapo"], "is no result"),
    ],
)
def test_what_cannot_be_is_one_line_and_writes_nothing(assigned, words, reason, tmp_path, capsys):
    before = assigned.read_bytes()
    status, out, err = said(capsys, *(str(word).format(folder=tmp_path) for word in words))
    assert (status, out, err.count("\n")) == (EXIT_INPUT, "", 1)
    assert reason in err
    assert [path.name for path in tmp_path.iterdir()] == ["joy.dacapo"]
    assert assigned.read_bytes() == before


def test_before_the_first_take_there_is_nothing_to_hand_in(assigned, tmp_path, capsys):
    status, out, err = said(capsys, "hand-in", assigned, "-o", tmp_path / "ann.dacapo-result")
    assert (status, out, err.count("\n")) == (EXIT_INPUT, "", 1)
    assert "nothing of it has been played here yet" in err and "journal.db" not in err


def test_bars_of_a_repeat_are_asked_for_as_they_are_counted_and_told_by_the_page(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    file, piece = tmp_path / "theme.dacapo", shelf.PIECES / "mozart-theme-a.abc"
    status, out, _ = said(capsys, "assign", piece, "-o", file, "--bars", "9-12", "--json")
    (task,) = json.loads(out)["tasks"]
    assert (status, task["bars"], task["written"], task["times"]) == (0, [9, 12], ["1", "4"], [2, 2])
    (task,) = json.loads(said(capsys, "assignment", file, "--json")[1])["tasks"]
    assert (task["bars"], task["written"], task["times"]) == ([9, 12], ["1", "4"], [2, 2])
    assert " · bars 1–4, second time · both hands" in said(capsys, "assignment", file)[1]


def test_the_worst_bars_are_told_by_the_page():
    task = task_of(shelf.load("mozart-theme-a"), {})
    progress = TaskProgress(2, tries=3, worst_bars=(10, 3))
    assert result_lines(task, progress)[-1] == "Worst: bars 2 (second time) and 3"
    told = progress_as_json(task, progress)
    assert (told["worst_bars"], told["worst_written"], told["worst_times"]) == ([10, 3], ["2", "3"], [2, 1])


def test_a_damaged_file_is_said_to_be_damaged_once(assigned, tmp_path, capsys):
    broken = tmp_path / "broken.dacapo"
    broken.write_bytes(assigned.read_bytes()[: len(assigned.read_bytes()) // 2])
    status, out, err = said(capsys, "assignment", broken)
    assert (status, out) == (EXIT_INPUT, "")
    assert err == f"dacapo: {broken}: the compressed file is damaged\n"
