"""A file says how its piece was made, whatever its kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from malformed import END, midi_file

from lessons.files import read_score, write_score
from lessons.files.midi_writer import midi_bytes
from lessons.files.provenance import made_by
from lessons.files.ticks import read_ticks
from lessons.library import shelf

ANALOGY = {"analogy": '{"piece": {"title": "Für  Elise: “A”", "digest": "0f"}, "seed": 7}'}


@pytest.mark.parametrize("ending", [".musicxml", ".mxl", ".mid"])
def test_what_made_a_piece_comes_back_from_its_file(tmp_path: Path, ending: str) -> None:
    piece = shelf.load("lightly-row")
    write_score(piece, tmp_path / f"new{ending}", provenance=ANALOGY)
    assert made_by(tmp_path / f"new{ending}") == ANALOGY
    again = read_score(tmp_path / f"new{ending}")
    assert again.title == piece.title
    assert again.notes[["onset_beat", "pitch"]].tolist() == piece.notes[["onset_beat", "pitch"]].tolist()


@pytest.mark.parametrize("name", ["new.mid", "new.musicxml"])
def test_a_file_that_says_nothing_has_nothing_to_tell(tmp_path: Path, name: str) -> None:
    write_score(shelf.load("lightly-row"), tmp_path / name)
    assert made_by(tmp_path / name) == {}


def test_a_tune_in_abc_has_nothing_to_tell(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").write_text("X:1\nK:C\nC")
    assert made_by(tmp_path / "tune.abc") == {}


def test_texts_of_other_programs_are_no_provenance() -> None:
    def text(words: str) -> bytes:
        return b"\x00\xff\x01" + bytes([len(words)]) + words.encode()

    track = text("made with love") + text("Dacapo seed: 7") + text("Dacapo seed: 8") + text("Dacapo ") + END
    assert read_ticks(midi_file(track)).provenance == {"seed": "7"}


def test_it_changes_nothing_that_is_heard() -> None:
    piece = shelf.load("lightly-row")
    bare, told = (read_ticks(midi_bytes(piece, made)) for made in (None, ANALOGY))
    assert np.array_equal(bare.notes, told.notes)
    assert (bare.names, bare.tempos, bare.metres, bare.keys) == (told.names, told.tempos, told.metres, told.keys)
