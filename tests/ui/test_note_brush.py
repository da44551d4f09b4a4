"""How written notes are painted where they lie beside and over each other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from ui.practice.ink import Ink
from ui.practice.note_brush import NoteBrush
from ui.practice.verdict_state import HIT, NONE
from ui.theme import DARK

WHITE, BLACK = (20.0, 30.0), (10.0, 18.0)  # beginning and width across the lanes: the black key's lane reaches over


def painted(falling: bool, code: int, small: bool = False) -> QImage:
    """A black key's note, and the white one's beside it that comes after it in the score."""
    picture = QImage(80, 80, QImage.Format.Format_RGB32)
    picture.fill(QColor(DARK.roll))
    painter = QPainter(picture)
    along = (10.0, 2.0 if small else 60.0)
    boxes = [
        QRectF(lane[0], along[0], lane[1], along[1]) if falling else QRectF(along[0], lane[0], along[1], lane[1])
        for lane in (BLACK, WHITE)
    ]
    brush, styles = NoteBrush(painter, Ink(DARK), falling), [(code, True, True)] * 2
    if small:
        brush.paint_plainly(boxes, styles)
    else:
        brush.paint_finely(boxes, styles, [0, 0], ["", ""])
    painter.end()
    return picture


@pytest.mark.parametrize("code", [NONE, HIT])
@pytest.mark.parametrize("falling", [True, False])
def test_a_black_keys_note_is_whole_where_it_lies_over_a_white_ones(qapp, falling, code):
    picture = painted(falling, code)
    across = [picture.pixelColor(*((x, 40) if falling else (40, x))) for x in range(80)]
    edge = int(sum(BLACK))
    assert across[edge - 5] == across[edge + 5] == across[12]  # of one colour: both are the left hand's
    assert min(across[x].lightness() for x in (edge - 1, edge)) < across[12].lightness() - 40


def test_an_edge_takes_nothing_from_a_small_note(qapp):
    picture = painted(True, NONE, small=True)
    assert [picture.pixelColor(15, y) == QColor(DARK.left) for y in (9, 10, 11, 12)] == [False, True, True, False]
