"""What the learner calls own scores, and what these were found to say: both lie beside the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lessons.errors import FormatError
from lessons.files import write_score
from lessons.library.facts import FACTS_FILE, facts_in, looked_into, with_facts
from lessons.library.names import NAMES_FILE, call, names_in
from lessons.library.own import file_name, folder, may_be, remove, restore
from lessons.library.shelf import load


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one score, whose file says another title than its name."""
    write_score(load("petzold-minuet-g"), tmp_path / "download_3.musicxml")
    return tmp_path


def test_a_score_is_called_what_the_learner_calls_it_and_its_file_stays_as_it_is(own: Path) -> None:
    (before,) = folder(own)
    content = before.path.read_bytes()
    call(before.path, "Anna’s minuet: no. 1 / slowly?")
    (piece,) = folder(own)
    assert (piece.title, piece.score().title) == ("Anna’s minuet: no. 1 / slowly?",) * 2
    assert (piece.slug, piece.path.read_bytes()) == (before.slug, content)
    assert may_be(piece, piece.title)
    assert may_be(piece, "download 3")
    call(before.path, "")
    assert folder(own) == (before,)
    assert before.score().title == "Minuet in G"


def test_a_name_goes_with_its_piece_and_not_to_another_file_of_the_same_place(own: Path) -> None:
    call(own / "download_3.musicxml", "Minuet of Anna")
    (piece,) = folder(own)
    lies_in = remove(piece)
    write_score(load("hot-cross-buns"), own / "download_3.musicxml")
    assert [other.title for other in folder(own)] == ["download 3"]
    (own / "download_3.musicxml").unlink()
    restore(piece, lies_in)
    assert folder(own) == (piece,)


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b'{"download_3.musicxml": 3}', b"\xff\x00"])
def test_names_that_cannot_be_read_leave_the_files_their_own(own: Path, content: bytes) -> None:
    (own / NAMES_FILE).write_bytes(content)
    assert names_in(own) == {}
    assert [piece.title for piece in folder(own)] == ["download 3"]


def test_what_a_score_was_found_to_say_is_known_from_then_on(own: Path) -> None:
    (piece,) = folder(own)
    assert with_facts(piece, facts_in(own)) == piece
    found = looked_into(piece)
    assert (found.key, found.metre, found.bars, found.composer) == (
        "G major",
        "3/4",
        32,
        load("petzold-minuet-g").composer,
    )
    assert found.graded in (2, 3, 4)
    assert with_facts(piece, facts_in(own)) == found
    renamed = replace(piece, title="Minuet", renamed=True)
    assert with_facts(renamed, facts_in(own)) == replace(found, title="Minuet", renamed=True)


def test_what_was_found_of_a_file_is_forgotten_with_the_file(own: Path) -> None:
    (piece,) = folder(own)
    looked_into(piece)
    write_score(load("hot-cross-buns"), piece.path, True)
    assert with_facts(piece, facts_in(own)) == piece
    piece.path.rename(own / "other.musicxml")
    (other,) = folder(own)
    looked_into(other)
    assert set(facts_in(own)) == {"other.musicxml"}


def test_what_cannot_be_read_is_told_and_nothing_is_kept_of_it(own: Path) -> None:
    (own / "broken.mid").write_bytes(b"not music")
    with pytest.raises(FormatError, match=r"broken\.mid"):
        looked_into(folder(own)[0])
    assert facts_in(own) == {}
    (own / FACTS_FILE).write_bytes(b'{"download_3.musicxml": {"bars": "many"}}')
    assert [with_facts(piece, facts_in(own)) for piece in folder(own)] == list(folder(own))


def test_a_score_in_a_church_mode_says_so_and_not_the_signatures_major(tmp_path: Path) -> None:
    write_score(load("scarborough-fair"), tmp_path / "fair.musicxml")
    (piece,) = folder(tmp_path)
    assert looked_into(piece).key == "D Dorian"


def test_a_title_that_no_file_can_have_is_told_as_the_takes_of_the_piece_go_by_it(tmp_path: Path) -> None:
    score = replace(load("hot-cross-buns"), title="Buns: No. 1 / hot")
    for name in (file_name(score.title), "download"):
        write_score(score, tmp_path / f"{name}.musicxml")
    before = folder(tmp_path)
    found = [looked_into(piece).title for piece in before]
    assert found == ["Buns: No. 1 / hot", "download"]
    assert [with_facts(piece, facts_in(tmp_path)).title for piece in before] == found
    call(before[0].path, "Anna’s buns")
    assert with_facts(folder(tmp_path)[0], facts_in(tmp_path)).title == "Anna’s buns"
    assert may_be(with_facts(before[0], facts_in(tmp_path)), score.title)
