"""The commands as other programs call them: a status, one line for a fault, nothing but JSON where it is asked."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from human import Mistakes, human_take
from malformed import malformed, malformed_takes
from scores import song_score, two_hand_score

from lessons.errors import EXIT_DEVICE, EXIT_INPUT, EXIT_OTHER
from lessons.files import read_score, write_score
from lessons.parts import for_pianist
from main import COMMANDS, main
from tutor.takes import save_take

SCORES = [pytest.param(content, ending, id=name) for name, content, ending in malformed()]
TAKES = [pytest.param(content, ending, id=name) for name, content, ending in malformed_takes()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A score as MusicXML and as MIDI, and a take of it in which one note is wrong and one is missing."""
    folder = tmp_path_factory.mktemp("music")
    score = two_hand_score()
    for name in ("score.musicxml", "score.mid"):
        write_score(score, folder / name)
    save_take(
        human_take(read_score(folder / "score.musicxml"), 3, Mistakes(wrong=(4,), missed=(9,))), folder / "take.mid"
    )
    return folder


def said(capsys, *words):
    """Status, standard output and standard error of a command."""
    capsys.readouterr()
    status = main([str(word) for word in words])
    told = capsys.readouterr()
    return status, told.out, told.err


def assert_one_line(status, out, err, name):
    assert status == EXIT_INPUT
    assert out == ""
    assert err.count("\n") == 1, err
    assert name in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("content", "ending"), SCORES)
@pytest.mark.parametrize("command", ["follow", "assess", "vary", "practise"])
def test_a_malformed_score_gets_status_2_and_one_line(command, content, ending, folder, tmp_path, capsys):
    broken, out = tmp_path / f"broken{ending}", tmp_path / "out.mid"
    broken.write_bytes(content)
    words = {
        "follow": [broken, folder / "take.mid", "--json"],
        "assess": [broken, folder / "take.mid", "--json"],
        "vary": [broken, "-o", out, "--json"],
        "practise": [broken, "--take", folder / "take.mid", "--headless", "--json", "--journal", tmp_path / "takes.db"],
    }[command]
    assert_one_line(*said(capsys, command, *words), broken.name)
    assert not out.exists()


@pytest.mark.parametrize(("content", "ending"), TAKES)
@pytest.mark.parametrize("command", ["follow", "assess"])
def test_a_malformed_take_gets_status_2_and_one_line(command, content, ending, folder, tmp_path, capsys):
    broken = tmp_path / f"broken{ending}"
    broken.write_bytes(content)
    assert_one_line(*said(capsys, command, folder / "score.musicxml", broken, "--json"), broken.name)


@pytest.mark.parametrize("score", ["score.musicxml", "score.mid"])
def test_assess_prints_what_the_contract_says(score, folder, capsys):
    status, out, _ = said(capsys, "assess", folder / score, folder / "take.mid", "--json")
    told = json.loads(out)
    assert status == 0
    assert {"score_notes", "hit", "wrong", "missed", "extra", "precision", "recall", "f1", "tempo_bpm"} <= set(
        told["summary"]
    )
    assert told["summary"]["hit"] + told["summary"]["wrong"] + told["summary"]["missed"] == len(told["notes"])
    assert (told["summary"]["wrong"], told["summary"]["missed"]) == (1, 1)
    note = {
        "onset_beat",
        "pitch",
        "hand",
        "bar",
        "verdict",
        "played",
        "error_sec",
        "velocity",
        "duration_ratio",
        "pass",
    }
    assert all(note <= set(row) for row in told["notes"])
    assert all({"bar", "score", "faults"} <= set(row) for row in told["bars"])


@pytest.mark.parametrize("score", ["score.musicxml", "score.mid"])
def test_follow_says_something_of_each_note_in_order(score, folder, capsys):
    status, out, _ = said(capsys, "follow", folder / score, folder / "take.mid", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    fresh = [row for row in told if not row.get("revised")]
    assert status == 0
    assert [row["index"] for row in fresh] == list(range(len(fresh)))
    fields = (
        "index",
        "time_sec",
        "pitch",
        "verdict",
        "onset_beat",
        "position_beat",
        "confidence",
        "error_sec",
        "step_ms",
    )
    assert all(tuple(row)[: len(fields)] == fields for row in told)
    assert {row["verdict"] for row in told} <= {"hit", "wrong", "extra"}


@pytest.mark.parametrize("out", ["new.mid", "new.musicxml", "new.mxl"])
def test_vary_writes_what_the_ending_says_and_replaces_nothing_unasked(out, folder, tmp_path, capsys):
    words = ["vary", folder / "score.musicxml", "--seed", "5", "-o", tmp_path / out, "--json"]
    status, told, _ = said(capsys, *words)
    assert status == 0
    assert json.loads(told)["results"][0]["file"] == str(tmp_path / out)
    first = (tmp_path / out).read_bytes()
    assert_one_line(*said(capsys, *words), out)
    assert said(capsys, *words, "--force")[0] == 0
    assert (tmp_path / out).read_bytes() == first, "the same seed gives the same bytes"


def test_practise_ends_with_the_assessment_and_the_next_step(folder, tmp_path, capsys):
    words = ["--take", folder / "take.mid", "--headless", "--json", "--journal", tmp_path / "takes.db"]
    status, out, _ = said(capsys, "practise", folder / "score.musicxml", *words)
    last = json.loads(out.splitlines()[-1])
    assert status == 0
    assert last["assessment"]["summary"]["wrong"] == 1
    assert last["next"]["reason"]
    again = said(
        capsys, "assess", folder / "score.musicxml", last["take_id"], "--journal", tmp_path / "takes.db", "--json"
    )
    assert json.loads(again[1])["summary"]["wrong"] == 1


def test_doctor_prints_one_document_and_succeeds(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    status, out, _ = said(capsys, "doctor", "--json")
    assert status == 0
    assert json.loads(out)["python"]["works"]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_flag_gets_status_2_and_one_line(command, capsys):
    assert_one_line(*said(capsys, command, "--frobnicate"), "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert COMMANDS[command][1][:10].lower() in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["listen", "a.wav", "-o", "out.txt"], "must end in .mid or .midi"),
        (["listen", "a.wav", "-o", "nowhere/out.mid"], "the folder .*nowhere does not exist"),
        (["practise", "{score}", "--take", "{take}", "--headless", "--exercise", "out.txt"], "must end in .musicxml"),
        (["vary", "{score}", "-o", "out.abc"], "a score is written as"),
        (["nosuch"], "no such file, and no command"),
    ],
)
def test_what_could_not_be_written_is_refused_before_any_work(words, reason, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {"score": folder / "score.musicxml", "take": folder / "take.mid"}
    status, out, err = said(capsys, *(word.format(**names) for word in words))
    assert_one_line(status, out, err, "")
    assert re.search(reason, err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["assess", "{score}", "{take}", "--level", "0"], "--level 0: must be 1 to 9"),
        (["glove", "simulate", "--speaks", "-1"], "--speaks -1: must be 0 to 255"),
        (["practise", "{score}", "--take", "{take}", "--headless", "--bars", "3-"], "--bars 3-: must be two"),
        (["vary", "{score}", "-o", "out.mid", "--bars", ""], "--bars : must be two"),
    ],
)
def test_a_value_that_cannot_be_is_refused(words, reason, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {"score": folder / "score.musicxml", "take": folder / "take.mid"}
    assert_one_line(*said(capsys, *(word.format(**names) for word in words)), reason)


def test_what_is_no_score_and_a_folder_are_called_so(folder, tmp_path, capsys):
    text = tmp_path / "song.musicxml"
    text.write_text("la la la")
    assert_one_line(*said(capsys, "assess", text, folder / "take.mid"), "song.musicxml: is not MusicXML\n")
    assert_one_line(*said(capsys, "listen", tmp_path), "is a folder, not a file")


@pytest.mark.parametrize("words", [["takes"], ["takes", "--json"]], ids=str)
def test_a_home_that_is_no_folder_is_refused(words, tmp_path, monkeypatch, capsys):
    home = tmp_path / "home"
    home.write_text("a file")
    monkeypatch.setenv("DACAPO_HOME", str(home))
    assert_one_line(*said(capsys, *words), "DACAPO_HOME must name one")


@pytest.mark.parametrize("command", ["assess", "practise"])
def test_a_journal_that_is_something_else_is_left_alone(command, folder, tmp_path, capsys):
    other = tmp_path / "thesis.musicxml"
    other.write_text("all my work")
    words = {
        "assess": [folder / "score.musicxml", "0123abcd", "--journal", other],
        "practise": [folder / "score.musicxml", "--take", folder / "take.mid", "--headless", "--journal", other],
    }[command]
    assert_one_line(*said(capsys, command, *words), "thesis.musicxml: is no journal")
    assert other.read_text() == "all my work"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.musicxml"]


def test_without_a_screen_the_window_is_refused_in_one_line(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    status, out, err = said(capsys)
    assert (status, out) == (EXIT_DEVICE, "")
    assert err.startswith("dacapo: there is no screen")


def test_words_that_the_terminal_cannot_say_stop_nothing(folder):
    told = subprocess.run(
        [sys.executable, "main.py", "assess", folder / "score.musicxml", folder / "take.mid"],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "?" in told.stdout or told.stdout.isascii()


def test_the_database_of_another_program_and_a_text_are_left_alone(folder, tmp_path, capsys):
    photos, notes = tmp_path / "photos.db", tmp_path / "notes.db"
    with closing(sqlite3.connect(photos)) as database:
        database.execute("create table photos (name)")
        database.commit()
    notes.write_text("Remember the milk.\n")
    for path in (photos, notes):
        before = path.read_bytes()
        words = ["practise", folder / "score.mid", "--take", folder / "take.mid", "--headless", "--journal", path]
        assert_one_line(*said(capsys, *words), path.name)
        assert path.read_bytes() == before


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """A song for voice and piano, and a take of the piano alone."""
    folder = tmp_path_factory.mktemp("song")
    write_score(for_pianist(song_score()), folder / "song.musicxml")
    piano = for_pianist(read_score(folder / "song.musicxml"))
    save_take(human_take(piano, 3, Mistakes()), folder / "piano.mid")
    return folder


@pytest.mark.parametrize(("words", "told"), [((), 1), (("--part", "piano"), 0)])
def test_who_plays_the_piano_is_not_asked_for_the_voice_and_told_so_where_no_part_was_named(words, told, song, capsys):
    status, out, err = said(capsys, "assess", song / "song.musicxml", song / "piano.mid", "--json", *words)
    assert (status, json.loads(out)["summary"]["missed"]) == (0, 0)
    assert err.count("Of its parts the piano's is played (Piano). Say --part for another.\n") == told == err.count("\n")
    take = ["--take", song / "piano.mid", "--headless", "--json", "--journal", song / "journal.db"]
    status, out, err = said(capsys, "practise", song / "song.musicxml", *take, *words)
    assert json.loads(out.splitlines()[-1])["assessment"]["summary"]["missed"] == 0
    assert err.count("Say --part for another.") == told


def test_another_part_may_be_named_and_the_voice_is_judged(song, capsys):
    _, out, err = said(capsys, "assess", song / "song.musicxml", song / "piano.mid", "--json", "--part", "voice")
    assert json.loads(out)["summary"]["missed"] > 0 and "Say --part" not in err


@pytest.mark.parametrize("command", ["assess", "follow", "practise"])
def test_a_part_that_is_not_there_gets_one_line(command, song, capsys):
    take = ["--take", song / "piano.mid", "--headless"] if command == "practise" else [song / "piano.mid"]
    told = said(capsys, command, song / "song.musicxml", *take, "--part", "tuba")
    assert_one_line(*told, "its parts are Voice, Piano")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["practise", "x.abc", "--seed", "z"], "argument --seed: 'z' is no whole number"),
        (["practise", "x.abc", "--a4", "low"], "argument --a4: 'low' is no number"),
        (["practise", "x.abc", "--tempo", "fast"], "argument --tempo: 'fast' is no number"),
        (["assess", "nothing", "x.mid"], "nothing: no such file"),
    ],
)
def test_a_mistake_is_told_in_words_of_who_made_it(words, told, capsys):
    assert_one_line(*said(capsys, *words), told)


@pytest.mark.parametrize("words", [["learners"], ["learners", "add", "Bo"], ["takes"]])
def test_a_home_that_is_a_file_is_told_as_such(words, tmp_path, monkeypatch, capsys):
    (tmp_path / "home").write_text("not a folder")
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path / "home"))
    assert_one_line(*said(capsys, *words), "is no folder, and DACAPO_HOME must name one")


def test_a_take_is_asked_for_where_none_was_kept(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    told = said(capsys, "assess", folder / "score.musicxml", "abc123")
    assert_one_line(*told, "no take has been kept here yet")


def test_a_damaged_journal_is_told_with_what_becomes_of_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DACAPO_HOME", str(tmp_path))
    (tmp_path / "journal.db").write_bytes(b"\0\1damaged" * 900)
    status, out, err = said(capsys, "takes")
    assert (status, out) == (EXIT_OTHER, "")
    assert "its file is damaged. With your next take" in err
