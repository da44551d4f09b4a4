"""Another name for a piece of one's own: what was played of it stays with it, under any name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from desk_takes import taken

from lessons.analogy import Analogy, Measures, Variation
from lessons.errors import InputError
from lessons.files import write_score
from lessons.library import shelf
from lessons.library.shelf import Piece
from tutor.practice import Hands, PracticeSettings
from ui import furnishing
from ui.furnishing import Desk


@pytest.fixture
def joy(desk: Desk, tmp_path: Path) -> Piece:
    """A file that was opened and played, whole and with one hand of another reading."""
    source = tmp_path / "download.musicxml"
    write_score(replace(shelf.load("ode-to-joy"), title="Joy: in D / 1"), source)
    score = desk.own.open_file(source)
    desk.report(taken(desk, PracticeSettings(), score))
    other = replace(score, notes=score.notes[1:])  # the same piece, as an older program read it
    desk.report(taken(desk, PracticeSettings(hands=Hands.RIGHT), other))
    (piece,) = desk.own.pieces()
    return piece


def test_what_was_played_stays_with_a_piece_that_has_another_name(desk: Desk, joy: Piece, monkeypatch) -> None:
    known, attempts = desk.known_shares(), desk.headway()
    given = desk.names.rename(joy, "  Joyful,\n joyful ")
    (piece,) = desk.own.pieces()
    assert (piece, piece.title) == (given.piece, "Joyful, joyful")
    assert desk.known_shares().by_title == {"Joyful, joyful": known.by_title["Joy: in D / 1"]}
    assert {entry.title for entry in desk.journal.takes()} == {"Joyful, joyful"}
    assert desk.headway().minutes == attempts.minutes
    score = desk.read_piece(piece)
    assert (score.title, len(desk.journal.takes(score.digest))) == ("Joyful, joyful", 1)
    monkeypatch.setattr(furnishing, "end_of_day", lambda now: now + timedelta(days=400))
    assert {due.piece for due in desk.due(desk.own.pieces())} == {piece}


def test_a_name_is_taken_back_with_all_that_goes_by_it(desk: Desk, joy: Piece) -> None:
    known = desk.known_shares()
    desk.names.take_back(desk.names.rename(joy, "Joyful"))
    assert desk.own.pieces() == (joy,)
    assert desk.known_shares() == known
    assert desk.read_piece(joy).title == "Joy: in D / 1"


def test_a_file_that_is_opened_again_has_the_name_that_it_was_given(desk: Desk, joy: Piece, tmp_path: Path) -> None:
    desk.names.rename(joy, "Joyful")
    assert desk.own.open_file(tmp_path / "download.musicxml").title == "Joyful"
    assert desk.own.open_file(joy.path).title == "Joyful"
    assert [piece.title for piece in desk.own.pieces()] == ["Joyful"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (" \n", "needs a name"),
        ("x" * 101, "up to 100 letters"),
        ("hot cross BUNS", "another hot cross BUNS on the shelf"),
    ],
)
def test_a_name_that_cannot_be_is_one_line_and_nothing_changes(
    desk: Desk, joy: Piece, wanted: str, reason: str
) -> None:
    before = desk.known_shares()
    with pytest.raises(InputError, match=reason):
        desk.names.rename(joy, wanted)
    assert (desk.own.pieces(), desk.known_shares()) == ((joy,), before)


def test_of_two_exercises_of_one_name_only_one_gets_another(desk: Desk) -> None:
    piece = shelf.load("hot-cross-buns")
    for seed, pitch in enumerate((0, 2)):
        notes = piece.notes.copy()
        notes["pitch"] += pitch
        score = replace(piece, notes=notes, title="Other Buns")
        desk.keep_variation(Variation(score, Analogy(piece, seed=seed), Measures(1, 1, 1, 1, 0), "rules-1"))
    second, first = desk.own.pieces()
    for one in (first, second):
        desk.report(taken(desk, PracticeSettings(), desk.read_piece(one)))
    desk.names.rename(first, "Buns in C")
    assert [one.title for one in desk.own.pieces()] == ["Other Buns", "Buns in C"]
    titles = {entry.score_digest: entry.title for entry in desk.journal.takes()}
    assert titles[desk.read_piece(first).digest] == "Buns in C"
    assert titles[desk.read_piece(second).digest] == "Other Buns"
    assert desk.read_piece(desk.own.pieces()[1]).title == "Buns in C"


def test_a_piece_that_cannot_be_read_has_a_name_all_the_same(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    (tmp_path / "pieces" / "broken.mid").write_bytes(b"not music")
    (broken,) = desk.own.pieces()
    desk.names.rename(broken, "To be looked at")
    assert [piece.title for piece in desk.own.pieces()] == ["To be looked at"]
