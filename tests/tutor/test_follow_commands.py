"""The commands ``follow`` and ``assess`` on files that the tests write."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from playing import composed, played

from lessons.errors import InputError
from lessons.files import write_score
from lessons.score import LEFT, METRE_DTYPE, RIGHT, Score
from tutor.commands import assess as assess_command
from tutor.commands import follow as follow_command
from tutor.commands.parts import Parts
from tutor.commands.take_source import open_take
from tutor.journal.journal import Journal
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.takes import save_take

Files = tuple[Score, Performance, str, str]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A piece and a take of it with one wrong, one missing and one stray note, as files."""
    score = composed(4)
    notes = played(score, rng=np.random.default_rng(4)).notes.copy()
    notes["pitch"][15] += 1
    stray = notes[30:31].copy()
    stray["pitch"], stray["onset_sec"] = 100, stray["onset_sec"] + 0.2
    take = Performance(np.concatenate([np.delete(notes, 22), stray]))
    write_score(score, tmp_path / "piece.musicxml")
    save_take(take, tmp_path / "take.mid")
    return score, take, str(tmp_path / "piece.musicxml"), str(tmp_path / "take.mid")


def run(command: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return int(command.run(parser.parse_args(words), cast(Parts, None)))


def test_follow_streams_one_object_a_note_in_order(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    _, take, piece, mid = files
    assert run(follow_command, piece, mid, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first = [line for line in lines if not line.get("revised")]
    assert [line["index"] for line in first] == list(range(len(take.notes)))
    assert [line["pitch"] for line in first] == take.notes["pitch"].tolist()
    fields = {
        "index",
        "time_sec",
        "pitch",
        "verdict",
        "onset_beat",
        "position_beat",
        "confidence",
        "error_sec",
        "step_ms",
    }
    assert all(set(line) >= fields for line in lines)
    assert [line["verdict"] for line in first].count("hit") == len(take.notes) - 2


def test_follow_prints_a_line_a_note_for_a_person(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    _, take, piece, mid = files
    assert run(follow_command, piece, mid) == 0
    assert len(capsys.readouterr().out.splitlines()) >= len(take.notes)


def test_follow_says_within_fifteen_notes_that_it_is_another_piece(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, piece, mid = files
    save_take(Performance(played(composed(1)).notes[:15]), tmp_path / "other.mid")
    assert run(follow_command, piece, str(tmp_path / "other.mid"), "--json") == 0
    assert "does not sound like" in capsys.readouterr().err
    assert run(follow_command, piece, mid, "--json") == 0
    assert not capsys.readouterr().err


def test_assess_prints_the_contracts_fields(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    score, _, piece, mid = files
    assert run(assess_command, piece, mid, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    summary = said["summary"]
    assert (summary["wrong"], summary["missed"], summary["extra"]) == (1, 1, 1)
    assert summary["hit"] == len(score.notes) - 2
    note_fields = {"onset_beat", "pitch", "hand", "bar", "verdict", "played", "error_sec", "velocity"}
    assert set(said["notes"][0]) >= note_fields | {"duration_ratio", "pass"}
    assert set(said["extra"][0]) >= {"played", "time_sec", "pitch"}
    assert set(said["bars"][0]) >= {"bar", "score", "faults"}
    assert {mistake["kind"] for mistake in said["mistakes"]} >= {"missing", "extra"}


@pytest.mark.parametrize("columns", [80, 120])
def test_the_page_shows_every_verdict_within_the_terminal(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    _, _, piece, mid = files
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(assess_command, piece, mid) == 0
    page = capsys.readouterr().out
    assert max(len(line) for line in page.splitlines()) <= columns
    for sign in ("→", "(", "+E7"):
        assert sign in page


def test_a_take_that_is_nowhere_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-such-take"):
        open_take("no-such-take", tmp_path / "journal.db")
    with pytest.raises(InputError, match=r"gone\.mid"):
        open_take(str(tmp_path / "gone.mid"), tmp_path / "journal.db")


@pytest.mark.parametrize("hand", ["left", "right"])
def test_one_hand_of_a_piece_can_be_followed_and_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hand: str
) -> None:
    score = composed(4)
    alone = score.hands({"left": LEFT, "right": RIGHT}[hand])
    write_score(score, tmp_path / "piece.musicxml")
    save_take(played(alone), tmp_path / "take.mid")
    words = str(tmp_path / "piece.musicxml"), str(tmp_path / "take.mid"), "--json", "--hands", hand
    assert run(assess_command, *words) == 0
    said = json.loads(capsys.readouterr().out)["summary"]
    assert (said["score_notes"], said["hit"], said["missed"]) == (len(alone.notes), len(alone.notes), 0)
    assert run(follow_command, *words) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["verdict"] for line in lines} == {"hit"}


def test_a_take_of_the_journal_is_judged_by_the_hands_with_which_it_was_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score = composed(4)
    alone = score.hands(RIGHT)
    write_score(score, tmp_path / "piece.musicxml")
    journal = Journal.open(tmp_path / "journal.db")
    log = journal.begin_take(score.digest, score.title, PracticeSettings(hands=Hands.RIGHT).as_json())
    log.finish(played(alone))
    journal.close()
    words = str(tmp_path / "piece.musicxml"), log.take_id, "--json", "--journal", str(tmp_path / "journal.db")
    assert run(assess_command, *words) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["score_notes"] == len(alone.notes)
    assert run(assess_command, *words, "--hands", "both") == 0
    assert json.loads(capsys.readouterr().out)["summary"]["score_notes"] == len(score.notes)


def test_assess_says_that_a_take_does_not_sound_like_the_piece(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, piece, mid = files
    save_take(played(composed(1)), tmp_path / "other.mid")
    assert run(assess_command, piece, str(tmp_path / "other.mid"), "--json") == 0
    assert "does not sound like" in capsys.readouterr().err
    assert run(assess_command, piece, mid, "--json") == 0
    assert not capsys.readouterr().err


def test_the_page_counts_the_beats_that_the_metre_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score = composed(4, bars=4)
    score = replace(score, metres=np.array([(0.0, 6, 8)], METRE_DTYPE))
    write_score(score, tmp_path / "piece.musicxml")
    save_take(played(score, 0.5), tmp_path / "take.mid")
    assert run(assess_command, str(tmp_path / "piece.musicxml"), str(tmp_path / "take.mid")) == 0
    assert "80 dotted quarters a minute" in " ".join(capsys.readouterr().out.split())
