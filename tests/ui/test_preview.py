"""The piece that is looked at in the library: how hard it is, and why."""

from __future__ import annotations

from dataclasses import replace

from lessons.difficulty import Difficulty
from lessons.library.shelf import pieces
from ui.library.preview import Preview

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


def test_the_window_grades_what_is_looked_at(qtbot, show_window, world):
    window = show_window(world.rooms())
    qtbot.waitUntil(lambda: "Hardest about it" in window.library.preview._dots.toolTip())
