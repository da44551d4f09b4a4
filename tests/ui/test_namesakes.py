"""Pieces that share a title have each a record of their own; an edited piece keeps the one that it had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from desk_takes import taken

from lessons.analogy import Analogy, Measures, Variation
from lessons.files import write_score
from lessons.library import shelf
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.practice import PracticeSettings
from ui.furnishing import Desk

TITLE = "Song on Buns"


def moved(score: Score, semitones: int, first: int = 0) -> Score:
    """The piece with its notes from the first one on so much higher, under the title."""
    notes = score.notes.copy()
    notes["pitch"][first:] += semitones
    return replace(score.with_notes(notes), title=TITLE)


@pytest.fixture
def buns() -> Score:
    return shelf.load("hot-cross-buns")


def played(desk: Desk, piece: Piece) -> None:
    desk.report(taken(desk, PracticeSettings(), desk.read_piece(piece)))


def known(desk: Desk) -> dict[str, float | None]:
    shares = desk.known_shares()
    return {piece.slug: shares.of(piece) for piece in desk.own.pieces()}


def opened(desk: Desk, score: Score, path: Path) -> Piece:
    """A score as a file of the learner's own."""
    write_score(score, path, force=True)
    before = {piece.slug for piece in desk.own.pieces()}
    desk.own.open_file(path)
    return next(piece for piece in desk.own.pieces() if piece.slug not in before)


def test_of_two_kept_songs_of_one_title_only_the_one_that_was_played_is_known(desk: Desk, buns: Score) -> None:
    for seed in (2, 5):
        desk.keep_variation(Variation(moved(buns, seed), Analogy(buns), Measures(1, 1, 1, 1, 0), "rules-1"))
    second, first = desk.own.pieces()
    assert first.title == second.title == TITLE
    played(desk, first)
    assert known(desk) == {first.slug: 1.0, second.slug: None}


def test_of_two_files_of_one_title_each_has_what_was_played_of_it(desk: Desk, buns: Score, tmp_path: Path) -> None:
    first = opened(desk, moved(buns, 2), tmp_path / "one.musicxml")
    second = opened(desk, moved(buns, 5), tmp_path / "two.musicxml")
    played(desk, second)
    assert known(desk) == {first.slug: None, second.slug: 1.0}
    played(desk, first)
    assert known(desk) == {first.slug: 1.0, second.slug: 1.0}


@pytest.mark.parametrize("has_namesake", [False, True], ids=["alone", "beside another of its title"])
def test_an_edited_piece_keeps_its_record(desk: Desk, buns: Score, tmp_path: Path, has_namesake: bool) -> None:
    first = opened(desk, moved(buns, 2), tmp_path / "one.musicxml")
    expected = {first.slug: 1.0}
    if has_namesake:
        expected[opened(desk, moved(buns, 5), tmp_path / "two.musicxml").slug] = None
    played(desk, first)
    edited = moved(moved(buns, 2), 1, first=len(buns.notes) - 3)
    write_score(edited, first.path, force=True)
    assert desk.read_piece(first).digest != moved(buns, 2).digest
    assert known(desk) == expected


def test_a_file_of_the_title_of_a_library_piece_has_a_record_of_its_own(
    desk: Desk, buns: Score, tmp_path: Path
) -> None:
    library = next(piece for piece in shelf.pieces() if piece.slug == "hot-cross-buns")
    own = opened(desk, replace(moved(buns, 2), title=library.title), tmp_path / "one.musicxml")
    played(desk, own)
    assert (known(desk), desk.known_shares().of(library)) == ({own.slug: 1.0}, None)


def test_a_namesake_that_cannot_be_read_leaves_the_other_its_record(desk: Desk, buns: Score, tmp_path: Path) -> None:
    first = opened(desk, moved(buns, 2), tmp_path / "one.musicxml")
    second = opened(desk, moved(buns, 5), tmp_path / "two.musicxml")
    played(desk, first)
    second.path.write_bytes(b"not music")
    assert known(desk) == {first.slug: 1.0, second.slug: None}


def test_another_name_for_one_of_two_files_of_a_title_leaves_the_other_its_record(
    desk: Desk, buns: Score, tmp_path: Path
) -> None:
    first = opened(desk, moved(buns, 2), tmp_path / "one.musicxml")
    second = opened(desk, moved(buns, 5), tmp_path / "two.musicxml")
    played(desk, first)
    played(desk, second)
    desk.names.rename(first, "Buns in D")
    assert known(desk) == {first.slug: 1.0, second.slug: 1.0}
    assert {take.title for take in desk.journal.takes(desk.read_piece(second).digest)} == {TITLE}


def test_what_was_played_of_a_song_that_was_taken_away_is_not_of_its_namesake(desk: Desk, buns: Score) -> None:
    for seed in (2, 5):
        desk.keep_variation(Variation(moved(buns, seed), Analogy(buns), Measures(1, 1, 1, 1, 0), "rules-1"))
    second, first = desk.own.pieces()
    played(desk, first)
    lies_in = desk.own.remove(first)
    assert known(desk) == {second.slug: None}
    desk.own.restore(first, lies_in)
    assert known(desk) == {first.slug: 1.0, second.slug: None}


def test_a_song_that_was_saved_and_taken_away_is_known_in_its_file(desk: Desk, buns: Score, tmp_path: Path) -> None:
    desk.keep_variation(Variation(moved(buns, 2), Analogy(buns), Measures(1, 1, 1, 1, 0), "rules-1"))
    (song,) = desk.own.pieces()
    played(desk, song)
    file = opened(desk, desk.read_piece(song), tmp_path / "saved.musicxml")
    desk.own.remove(song)
    assert known(desk) == {file.slug: 1.0}
