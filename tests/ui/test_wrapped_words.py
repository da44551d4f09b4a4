"""Words that go on in the next line."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from ui.widgets.text import label


@pytest.mark.parametrize("unit", ["%", "ms", "Hz"])
def test_no_figure_is_parted_from_its_unit(qtbot, unit):
    made = label(f"from 70 {unit} to 83 {unit} right", wrap=True)
    qtbot.addWidget(made)
    assert QLabel.text(made).count("\N{NO-BREAK SPACE}") == 2
    assert made.text() == f"from 70 {unit} to 83 {unit} right"


def test_words_are_told_as_they_were_said(qtbot):
    made = label("", wrap=True)
    qtbot.addWidget(made)
    made.setText("Bars 5 to 8, at 80 % of the tempo")
    assert made.text() == "Bars 5 to 8, at 80 % of the tempo"
    assert QLabel.text(made) == "Bars 5 to 8, at 80\N{NO-BREAK SPACE}% of the tempo"
