"""Names of learners, pieces and files are shown letter by letter, also those that look like a page of the web."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as PaintedQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QInputDialog, QLabel

from lessons.library.shelf import Piece
from tutor.practice import PracticeSettings
from tutor.register import FIRST, Register
from tutor.step import Knob, Step
from ui.report.next_card import NextCard
from ui.who_plays import TIP, WhoPlays
from ui.widgets.asked_name import asked_name
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.text import Elided, plain_tip

NAME = "<b>Ann</b> & <img src=x>"


def shown(tip: str) -> str:
    """What a tooltip shows, as Qt reads it."""
    if not PaintedQt.mightBeRichText(tip):
        return tip
    page = QTextDocument()
    page.setHtml(tip)
    return page.toPlainText()


def test_a_tip_that_looks_like_a_page_is_shown_letter_by_letter(qtbot):
    assert shown(NAME) != NAME
    for words in (NAME, f"{NAME}\nand a line", "Ann < Ben", "Ann"):
        assert shown(plain_tip(words)) == words
    assert plain_tip("Ann < Ben") == "Ann < Ben"


def test_the_name_of_a_learner_is_no_page(qtbot):
    person = replace(FIRST, name=NAME)
    who = WhoPlays(person, Register((person,)))
    qtbot.addWidget(who)
    assert shown(who.toolTip()) == f"{NAME}\n{TIP}"


def test_the_name_of_a_piece_a_file_or_a_device_is_no_page(qtbot, window, make_scale):
    chip, button, card, elided = Chip("Keyboard", ""), Button("Open", tip=NAME), NextCard(), Elided(NAME)
    for widget in (chip, button, card, elided):
        qtbot.addWidget(widget)
    chip.say(NAME, "good")
    step = Step(make_scale(4), "Why.", Knob.NOTHING, f"Now {NAME}.", PracticeSettings())
    card.show_step(replace(step, instead=step), make_scale(4))
    card.show_exercise(None)
    elided.resize(20, 20)
    elided.grab()
    preview = window.library.preview
    preview.show_piece(Piece("own", NAME, Path(NAME), removable=True, origin="Yours"))
    tips = [chip, button, card.stay, card.passage, elided]
    assert all(NAME in shown(widget.toolTip()) for widget in tips)
    assert all(words.textFormat() is Qt.TextFormat.PlainText for words in preview.findChildren(QLabel))


@pytest.mark.parametrize("title", [f"Rename {NAME}", "Add a learner"])
def test_who_is_asked_for_a_name_reads_the_one_that_was(qtbot, window, monkeypatch, title):
    formats = []

    def look(dialog: QInputDialog) -> bool:
        formats.extend(label.textFormat() for label in dialog.findChildren(QLabel))
        return False

    monkeypatch.setattr(QInputDialog, "exec", look)
    asked_name(window, title, "Rename", 40, NAME)
    assert formats and set(formats) == {Qt.TextFormat.PlainText}
