"""The short question of the library: how far the composer is stands there, and it can be stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from held_composer import HeldComposer

from lessons.analogy import Analogy, Measures, Variation
from lessons.library.shelf import Piece
from lessons.progress import CancelledError
from ui.library.vary_panel import FEATURES, VaryPanel
from ui.widgets.choice import Choice


def test_a_variation_of_the_library_is_cancelled_where_it_was_asked_for(qtbot, window):
    panel, composing = window.library.preview.vary, window.house.composing
    composer = HeldComposer(composing._rooms)
    composing._rooms = composer.rooms
    panel._make.click()
    qtbot.waitUntil(lambda: panel.working.stage.text() == "Draft 2 of 6")
    assert (panel.working.isVisible(), panel.working.bar.value(), panel._make.isVisible()) == (True, 250, False)
    panel.working.cancel.click()
    assert (panel.working.isVisible(), panel._make.isVisible(), panel._make.isEnabled()) == (False, True, True)
    composer.go_on.set()
    qtbot.waitUntil(lambda: window.tasks.idle)
    assert (composer.ended, window.house.lesson.score, window.notice.text) == (["cancelled"], None, "")
    panel._make.click()
    qtbot.waitUntil(lambda: window.house.lesson.score is not None)
    assert composer.ended == ["cancelled", "answered"]
    assert not panel.working.isVisible()


def test_a_variation_that_fails_leaves_the_panel_as_it_was(qtbot, window):
    panel, composing = window.library.preview.vary, window.house.composing

    def compose(_analogy, _count, _told):
        raise CancelledError("nothing is left to vary")

    composing._rooms = replace(composing._rooms, compose=compose)
    panel._make.click()
    qtbot.waitUntil(lambda: window.notice.text != "")
    assert (panel.working.isVisible(), panel._make.isVisible()) == (False, True)


def test_only_what_fits_is_offered_to_take_from_and_never_the_piece_itself(qtbot):
    panel = VaryPanel()
    qtbot.addWidget(panel)
    buns, fair, minuet = (
        Piece(title, title, Path(title), metre=metre) for title, metre in (("b", "4/4"), ("f", "3/4"), ("m", "3/4"))
    )
    panel.show_donors((buns, fair, minuet))
    panel.show_piece(fair)
    asked = {}
    for row, feature in enumerate(FEATURES):
        panel._feature.setCurrentIndex(row)
        offered = [panel._donor.model().item(at).isEnabled() for at in range(3)]
        asked[feature] = (panel.wish().donor, offered if feature else None)
    by_bars, by_key = ("m", [False, False, True]), ("m", [True, False, True])
    assert list(asked.values()) == [("", None), by_bars, by_key, by_key, by_bars]
    panel._feature.setCurrentIndex(1)
    panel.show_donors((buns, fair))
    assert (panel.wish().feature, panel._donor.isEnabled()) == (None, False)


def test_the_words_of_a_choice_are_cut_with_an_ellipsis(qtbot):
    choice = Choice("Earlier")
    qtbot.addWidget(choice)
    choice.addItem("seed 0  ·  a song of 8 bars  ·  bars 1–2  ·  Hot Cross Buns")
    choice.resize(200, 34)
    assert choice.shown.startswith("seed 0  ·")
    assert choice.shown.endswith("…")
    choice.resize(900, 34)
    assert choice.shown == choice.currentText()


def test_a_choice_without_any_choice_shows_what_it_is_for(qtbot):
    choice = Choice("Shelf")
    qtbot.addWidget(choice)
    choice.setPlaceholderText("Add one …")
    choice.resize(400, 34)
    choice.addItem("Hot Cross Buns")
    assert choice.shown == "Add one …"
    choice.setCurrentIndex(0)
    assert choice.shown == "Hot Cross Buns"


def test_all_that_the_composer_has_to_say_of_a_piece_is_told_when_it_comes_on_the_stand(window, world):
    notices = ("8 bars in the form of a period", "the tune stays, and a left hand plays a waltz bass")
    made = Variation(world.score, Analogy(world.score), Measures(1, 0.5, 0.9, 2, 0.3), "fake", notices)
    window.house._open_variation(made)
    said = "8 bars in the form of a period. The tune stays, and a left hand plays a waltz bass."
    assert window.notice.text == said
