"""``vary`` from files to files, as a script would use it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from lxml import etree

from lessons.errors import InputError
from lessons.files import read_score, write_score
from lessons.parts import for_pianist
from lessons.score import RIGHT, Score
from models.commands import vary
from models.rules import RuleComposer
from tests.lessons.scores import song_score

PARTS = SimpleNamespace(composer=RuleComposer)


@pytest.fixture
def piece(tmp_path: Path, two_hands: Score) -> Path:
    write_score(two_hands, tmp_path / "piece.mid")
    return tmp_path / "piece.mid"


def called(*words: object) -> int:
    parser = argparse.ArgumentParser()
    vary.configure(parser)
    return vary.run(parser.parse_args([str(word) for word in words]), PARTS)


def test_one_json_document_says_how_to_make_it_again(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new.mid"
    assert called(piece, "--rhythm-from", piece, "--bars", "1-4", "--seed", 3, "-o", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["analogy"]["seed"] == 3
    assert told["analogy"]["bars"] == [1, 4]
    assert set(told["analogy"]["donors"]) == {"rhythm"}
    result = told["results"][0]
    assert result["file"] == str(out)
    assert result["rhythm_kept"] == 1.0
    assert {"contour_kept", "chord_tones", "difficulty", "distance", "notices"} < set(result)
    assert len(read_score(out).notes)


def test_the_same_words_write_the_same_bytes(piece: Path, tmp_path: Path) -> None:
    for name in ("a.mid", "b.mid"):
        called(piece, "--strength", 0.8, "--seed", 5, "-o", tmp_path / name)
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_with_a_count_a_folder_of_different_pieces_is_written(piece: Path, tmp_path: Path) -> None:
    called(piece, "--strength", 0.9, "--count", 3, "-o", tmp_path / "many")
    contents = {path.read_bytes() for path in (tmp_path / "many").iterdir()}
    assert sorted(path.name for path in (tmp_path / "many").iterdir()) == ["1.mid", "2.mid", "3.mid"]
    assert len(contents) == 3
    assert not list(tmp_path.glob(".vary-*"))


def test_a_smaller_count_leaves_no_answer_of_an_earlier_run_and_nothing_else_goes(piece: Path, tmp_path: Path) -> None:
    out = tmp_path / "many"
    called(piece, "--strength", 0.9, "--count", 5, "-o", out)
    own = ["notes.txt", "7.mid", "1812.mid", "03.mid"]
    for name in own:
        (out / name).write_bytes(b"mine")
    called(piece, "--strength", 0.9, "--count", 3, "--seed", 2, "-o", out, "--force")
    assert sorted(path.name for path in out.iterdir()) == sorted(["1.mid", "2.mid", "3.mid", *own])


def test_answers_of_two_digits_are_replaced_by_those_of_one_and_back(piece: Path, tmp_path: Path) -> None:
    out = tmp_path / "many"
    for count in (11, 2, 10):
        called(piece, "--strength", 0.9, "--count", count, "-o", out, "--force")
        names = [f"{number:0{len(str(count))}d}.mid" for number in range(1, count + 1)]
        assert sorted(path.name for path in out.iterdir()) == names


def test_musicxml_goes_out_where_it_is_asked_for(piece: Path, tmp_path: Path) -> None:
    called(piece, "--strength", 0.5, "-o", tmp_path / "new.musicxml")
    assert len(read_score(tmp_path / "new.musicxml").notes)


def test_a_page_says_what_made_it(two_hands: Score, tmp_path: Path) -> None:
    write_score(replace(two_hands, composer="Petzold"), tmp_path / "piece.musicxml")
    called(tmp_path / "piece.musicxml", "--seed", 3, "-o", tmp_path / "new.musicxml")
    page = etree.parse(tmp_path / "new.musicxml")
    assert page.findtext("identification/creator") == "after Petzold"
    assert page.findtext("identification/encoding/software") == "Dacapo"
    told = json.loads(page.findtext("identification/miscellaneous/miscellaneous-field[@name='analogy']"))
    assert (told["seed"], told["piece"]["title"]) == (3, "Two hands")
    assert told["weights"]


def test_a_page_names_the_pitches_that_are_played(two_hands: Score, tmp_path: Path) -> None:
    named = two_hands.notes.copy()
    named["step"] = ["CCDDEFFGGAAB"[pitch % 12] for pitch in named["pitch"]]
    write_score(two_hands.with_notes(named), tmp_path / "piece.musicxml")
    up = two_hands.notes.copy()
    up["pitch"][up["hand"] == RIGHT] += np.resize([0, 2, 5, -3], (up["hand"] == RIGHT).sum())
    write_score(two_hands.with_notes(up), tmp_path / "donor.musicxml")
    for ending in ("mid", "musicxml"):
        called(
            tmp_path / "piece.musicxml", "--pitch-from", tmp_path / "donor.musicxml", "-o", tmp_path / f"new.{ending}"
        )
    played, page = (read_score(tmp_path / f"new.{ending}").notes["pitch"].tolist() for ending in ("mid", "musicxml"))
    assert page == played


@pytest.mark.parametrize("name", ["Alberti", "alberti", "bass-and-chord"])
def test_the_left_hand_plays_in_a_style_by_its_name(piece: Path, tmp_path: Path, name: str) -> None:
    assert called(piece, "--style", name, "-o", tmp_path / "new.mid") == 0
    old, new = (read_score(path).hands(RIGHT).notes["pitch"].tolist() for path in (piece, tmp_path / "new.mid"))
    assert old == new


def test_an_unknown_style_is_answered_with_those_that_there_are(piece: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--style tango: must be one of single bass, block, bass and chord"):
        called(piece, "--style", "tango", "-o", tmp_path / "new.mid")


def test_of_a_song_the_piano_is_varied_and_the_singer_stays_beside(tmp_path: Path) -> None:
    write_score(song_score(), tmp_path / "song.musicxml")
    assert called(tmp_path / "song.musicxml", "--seed", 1, "-o", tmp_path / "new.musicxml") == 0
    old, new = (for_pianist(read_score(tmp_path / f"{name}.musicxml")) for name in ("song", "new"))
    assert new.part_names == ("Voice", "Piano")
    assert new.backing["pitch"].tolist() == old.backing["pitch"].tolist()


def test_what_exists_is_replaced_only_by_force(piece: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.mid"
    out.write_bytes(b"precious")
    with pytest.raises(InputError, match="--force"):
        called(piece, "-o", out)
    assert out.read_bytes() == b"precious"
    assert called(piece, "-o", out, "--force") == 0
    assert out.read_bytes() != b"precious"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--strength", "7"], "--strength 7"),
        (["--bars", "3-900"], "bars 3-900"),
        (["--bars", "x"], "--bars x"),
        (["--bars", "4-2"], "the first bar comes after the last"),
        (["--range", "80-60"], "--range 80-60"),
        (["--range", "low"], "--range low"),
        (["--keep", "tempo"], "--keep tempo"),
        (["--count", "0"], "--count 0"),
        (["--seed", "-1"], "--seed -1"),
        (["--keep", "pitch,rhythm,chords,texture"], "--keep"),
        (["--rhythm-from", "nowhere.mid"], "nowhere.mid"),
    ],
)
def test_a_wrong_flag_is_named_in_one_line_and_nothing_is_written(
    piece: Path, tmp_path: Path, words: list[str], reason: str
) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        called(piece, *words, "-o", tmp_path / "new.mid")
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mid"]


def test_a_range_may_be_said_in_note_names(piece: Path, tmp_path: Path) -> None:
    assert vary.pitch_range("C4-G5") == (60, 79)
    assert vary.pitch_range("bb3-F#4") == (58, 66)
    called(piece, "--range", "C4-G5", "--hand", "right", "-o", tmp_path / "new.mid")
    new = read_score(tmp_path / "new.mid")
    assert new.hands(1).notes["pitch"].min() >= 60


def test_the_name_of_a_file_stands_in_one_line(
    piece: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = tmp_path / "a-variation-with-a-long-name.mid"
    called(piece, "-o", out)
    row = next(line for line in capsys.readouterr().out.splitlines() if str(out) in line)
    assert row.count("%") == 4


def test_a_person_reads_a_table_with_the_notices(
    piece: Path, tmp_path: Path, two_hands: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    short = two_hands.with_notes(two_hands.notes[two_hands.notes["onset_beat"] < 4])
    short = Score(short.notes, short.bars[:1], short.metres, short.keys)
    write_score(short, tmp_path / "short.mid")
    called(piece, "--rhythm-from", tmp_path / "short.mid", "-o", tmp_path / "new.mid")
    told = capsys.readouterr().out
    assert "rhythm kept" in told
    assert "begins again" in told
