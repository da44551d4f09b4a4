"""The bar ruler paints its bars when they change, and with each frame the cursor alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lessons.score import NOTE_DTYPE, Score, even_bars
from ui.practice.ruler import BarRuler
from ui.practice.verdict_state import NONE, WRONG


@pytest.fixture
def ruler(qtbot) -> BarRuler:
    notes = np.zeros(40, NOTE_DTYPE)
    notes["onset_beat"], notes["duration_beat"], notes["pitch"] = np.arange(40.0), 1.0, 60
    ruler = BarRuler()
    qtbot.addWidget(ruler)
    ruler.resize(800, 40)
    ruler.show_score(Score(notes, even_bars(10, 4.0)))
    return ruler


def seen(ruler: BarRuler) -> QImage:
    picture = QImage(ruler.size(), QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    ruler.render(picture)
    return picture


def test_a_moving_cursor_paints_no_bar_again(ruler, monkeypatch):
    bars: list[int] = []
    paint = BarRuler._paint_bars

    def counted(self, painter, score, rows, lit=False):
        bars.extend(rows)
        paint(self, painter, score, rows, lit)

    monkeypatch.setattr(BarRuler, "_paint_bars", counted)
    pictures = []
    for beat in (1.0, 20.0, 33.0):
        ruler.show_place(beat, (beat, beat + 4.0))
        pictures.append(seen(ruler))
    assert len(bars) == 10
    assert all(one != other for one, other in pairwise(pictures))


@pytest.mark.parametrize("changed", ["a fault", "the size", "the theme", "the piece"])
def test_what_changes_the_bars_paints_them_anew(ruler, changed):
    seen(ruler)
    before = ruler._picture
    match changed:
        case "a fault":
            codes = np.full(40, NONE, np.uint8)
            codes[5] = WRONG
            ruler.show_verdicts(codes)
        case "the size":
            ruler.resize(600, 40)
        case "the theme":
            QApplication.sendEvent(ruler, QEvent(QEvent.Type.PaletteChange))
        case "the piece":
            ruler.show_score(ruler._score)
    seen(ruler)
    assert ruler._picture is not before


def test_a_fault_is_seen_in_its_bar_and_in_no_other(ruler):
    before, codes = seen(ruler), np.full(40, NONE, np.uint8)
    codes[5] = WRONG
    ruler.show_verdicts(codes)
    after = seen(ruler)
    changed = {x for x in range(800) for y in range(40) if before.pixel(x, y) != after.pixel(x, y)}
    assert changed
    assert 80 <= min(changed) <= max(changed) < 160
