"""Broken files are refused in one line, whatever is wrong with them."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from malformed import END, NOTE, bar, malformed, midi_file, musicxml, note
from scores import two_hand_score

from lessons.errors import FormatError
from lessons.files import read_score
from lessons.files.limits import SIZE_LIMIT
from lessons.files.midi_writer import midi_bytes
from lessons.files.musicxml_writer import musicxml_bytes

CASES = list(malformed())


def refusal(path: Path, capfd: pytest.CaptureFixture[str] | None = None) -> str:
    """The line with which a file is refused."""
    with pytest.raises(FormatError) as caught:
        read_score(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert len(line) - len(str(path)) < 220
    if capfd is not None:
        assert capfd.readouterr() == ("", "")
    return line


def test_there_are_enough_broken_files() -> None:
    assert len({name for name, _, _ in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize(("name", "content", "ending"), CASES, ids=[name for name, _, _ in CASES])
def test_a_broken_file_is_refused_with_one_line_and_nothing_else_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes, ending: str
) -> None:
    path = tmp_path / (name + ending)
    path.write_bytes(content)
    refusal(path, capfd)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("song.mscz", "MuseScore's own; export it there as MusicXML"),
        ("song.GP5", "Guitar Pro's own; export it there as MusicXML"),
        ("song.pdf", "a picture of a score"),
        ("song.doc", "a score ends in .musicxml"),
    ],
)
def test_who_opens_what_is_no_score_is_told_how_to_come_by_one(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_bytes(b"of another program")
    assert advice in refusal(tmp_path / name)
    assert "no such file" in refusal(tmp_path / "elsewhere" / name)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (midi_file(NOTE + END, NOTE + END)[:-6], "track 2 ends early at byte 50"),
        (midi_file(b"\x00\x90\x3c"), "track 1 ends early at byte 25"),
        (midi_file(END), "has no notes"),
    ],
)
def test_the_line_says_where_a_midi_file_breaks(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "gone.mid")
    folder = tmp_path / "folder.mid"
    folder.mkdir()
    assert "folder" in refusal(folder)
    pipe = tmp_path / "pipe.mid"
    os.mkfifo(pipe)
    assert "regular file" in refusal(pipe)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.mid"
    path.write_bytes(midi_file(NOTE + END))
    path.chmod(0)
    assert "cannot be read" in refusal(path)


def test_an_enormous_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.musicxml"
    with path.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    assert "too large" in refusal(path)


def test_a_name_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(FormatError):
        read_score("a\0b.mid")


WHOLE = {".mid": midi_bytes(two_hand_score()), ".musicxml": musicxml_bytes(two_hand_score())}
WHOLE[".abc"] = b"X:1\nT:Small\nM:3/4\nL:1/4\nK:G\nV:RH\nV:LH\n[V:RH] D|:G2 !1!A|B3:|\n[V:LH] z|:G,3|D,3:|\n"


@pytest.mark.parametrize("ending", list(WHOLE))
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[ending])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path = tmp_path_factory.mktemp("changed") / f"score{ending}"
    path.write_bytes(bytes(content))
    try:
        assert len(read_score(path).notes)
    except FormatError as fault:
        assert "\n" not in str(fault)


@pytest.mark.parametrize("ending", [".mid", ".musicxml", ".abc"])
def test_a_file_cut_anywhere_is_read_or_refused(tmp_path: Path, ending: str) -> None:
    content = WHOLE[ending]
    for size in sorted(random.Random(7).sample(range(1, len(content)), min(40, len(content) - 1))):
        path = tmp_path / f"cut{ending}"
        path.write_bytes(content[:size])
        try:
            read_score(path)
        except FormatError as fault:
            assert "\n" not in str(fault)


def test_odd_but_sound_midi_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.mid"
    odd_key = b"\x00\xff\x59\x02\x63\x07"
    chunk = b"XFIH" + struct.pack(">I", 3) + b"abc"
    content = midi_file(odd_key + NOTE + END)
    path.write_bytes(content[:14] + chunk + content[14:] + b"trailing")
    assert len(read_score(path).notes) == 1


def test_an_additive_metre_is_read_as_its_sum(tmp_path: Path) -> None:
    path = tmp_path / "five.musicxml"
    path.write_bytes(musicxml(bar(note() * 5, metre=("3+2", "4"))))
    assert read_score(path).metres["numerator"].tolist() == [5]
