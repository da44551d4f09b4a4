"""A change between dark and light: everything is dressed, and nothing more often than it must be."""

from __future__ import annotations

from collections import Counter

from PySide6.QtWidgets import QApplication

from ui import theme
from ui.stylesheet import stylesheet
from ui.widgets import button
from ui.widgets.button import Button


def test_a_change_of_theme_draws_each_sign_once(window, open_piece, monkeypatch):
    open_piece()
    drawn: Counter[tuple[str, str]] = Counter()
    real = button.icon
    monkeypatch.setattr(button, "icon", lambda *said: (drawn.update([said[:2]]), real(*said))[1])
    window.toggle_theme()
    with_sign = [one for one in window.findChildren(Button) if one._glyph]
    assert 0 < drawn.total() <= len(with_sign)
    assert not {colour for _, colour in drawn} & {theme.DARK.ink, theme.DARK.ink_soft, theme.DARK.accent}


def test_the_whole_application_wears_the_theme_that_was_chosen(window):
    for colours in (theme.LIGHT, theme.DARK, theme.LIGHT):
        window.toggle_theme()
        assert theme.worn() is colours
        assert QApplication.instance().styleSheet() == stylesheet(colours)
        assert window.library.search.palette().base().color().name() == colours.surface
