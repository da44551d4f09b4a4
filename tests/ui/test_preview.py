"""The piece that is looked at in the library: how hard it is, and why."""

from __future__ import annotations

from dataclasses import replace

from lessons.difficulty import Difficulty
from lessons.library.own import YOURS
from lessons.library.shelf import Piece, pieces
from ui.library.preview import Preview
from ui.library.shelf_list import facts

GRADE = Difficulty(2.6, {}, ("the hands leap", "varied rhythm"))


def test_it_says_what_makes_the_piece_hard(qtbot):
    preview, piece = Preview(), pieces()[0]
    qtbot.addWidget(preview)
    preview.show_piece(piece)
    assert preview._dots.toolTip() == "Level 1 of 9"
    preview.show_grade(pieces()[1], GRADE)  # another one is looked at by now
    assert preview._dots.toolTip() == "Level 1 of 9"
    preview.show_grade(piece, GRADE)
    assert preview._dots.toolTip() == "Level 1 of 9\nHardest about it: the hands leap, varied rhythm"


def test_ones_own_piece_gets_a_level(qtbot):
    preview, piece = Preview(), replace(pieces()[0], level=0)
    qtbot.addWidget(preview)
    preview.show_piece(piece)
    assert preview._dots.isHidden()
    preview.show_grade(piece, GRADE)
    assert not preview._dots.isHidden()
    assert preview._dots.toolTip().startswith("Level 3 of 9")


def test_a_piece_of_which_the_shelf_knows_the_name_alone_says_what_its_score_does(qtbot, tmp_path):
    preview, known = Preview(), next(piece for piece in pieces() if piece.slug == "petzold-minuet-g")
    qtbot.addWidget(preview)
    own = Piece("minuet.musicxml", "minuet", tmp_path / "minuet.musicxml", removable=True, origin=YOURS)
    preview.show_piece(own)
    assert (preview._composer.text(), preview._facts.text()) == (YOURS, "minuet.musicxml")
    preview.show_score(own, known.score())
    assert preview._facts.text() == "G major  ·  3/4  ·  32 bars"
    assert preview._composer.text() == known.composer
    made = replace(own, origin="Rhythm from Musette · 5 December")
    preview.show_piece(made)
    preview.show_score(made, known.score())
    assert preview._composer.text() == made.origin


def test_the_window_grades_what_is_looked_at(qtbot, show_window, world):
    window = show_window(world.rooms())
    qtbot.waitUntil(lambda: "Hardest about it" in window.library.preview._dots.toolTip())


def test_a_piece_of_a_single_bar_is_not_said_to_have_bars():
    piece = replace(pieces()[0], bars=1)
    assert facts(piece).endswith("1 bar")
    assert facts(replace(piece, bars=2)).endswith("2 bars")
