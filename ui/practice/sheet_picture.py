"""A system of the notation as a picture, with the staves of those who do not play drawn paler."""

from __future__ import annotations

import re

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from lessons.drawing import INK
from lessons.drawing import STAFF as SIGN_STAFF
from lessons.engrave import System
from lessons.parts import staves
from lessons.score import Score

BY_STAFF = re.compile(rf'class="(\w+)[^"]*"([^>]*) {SIGN_STAFF}="(\d+)"')
TO_BOTH_HANDS = {"dir", "dynam", "hairpin", "pedal"}  # whichever of their staves it stands by
TO_ALL = {"tempo"}
STAFF, MEASURE = 'class="staff"', 'class="measure"'
RESTING, BESIDE = 0.3, 0.6  # of the ink, in the staff of a hand that does not play, and in those of others


def inks_of(score: Score, resting: int | None) -> tuple[float, ...]:
    """How strongly each staff of a system is drawn, from the top: the learner's fully, but for a ``resting`` one."""
    above, own, below = staves(score)
    mine = [RESTING if own > 1 and staff == resting else 1.0 for staff in range(own)]
    return (*[BESIDE] * above, *mine, *[BESIDE] * below)


def picture_of(system: System, ink: str, density: float, inks: tuple[float, ...] = ()) -> QImage:
    """A system as a picture on nothing, its staves drawn as strongly as told; may be made in any thread."""
    size = QSize(round(system.width), round(system.height))
    picture = QImage(size * density, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(density)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    svg = dimmed(system.svg, inks).replace(INK, ink)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, *size.toTuple()))
    painter.end()
    return picture


def dimmed(svg: str, inks: tuple[float, ...]) -> str:
    """The drawing with the staves of each bar, and what belongs to them, as strongly as told, if each has as many."""
    pieces = svg.split(STAFF)
    if min(inks, default=1.0) == 1.0 or len(pieces) - 1 != len(inks) * svg.count(MEASURE):
        return svg
    marks = (STAFF + _strength(inks[place % len(inks)]) for place in range(len(pieces) - 1))
    staves_dimmed = pieces[0] + "".join(mark + piece for mark, piece in zip(marks, pieces[1:], strict=True))
    return BY_STAFF.sub(lambda sign: sign[0] + _strength(_sign_ink(sign[1], inks[int(sign[3]) - 1])), staves_dimmed)


def _sign_ink(kind: str, ink: float) -> float:
    """How strongly a kind of sign is drawn by a staff of an ink."""
    return 1.0 if kind in TO_ALL or (kind in TO_BOTH_HANDS and ink == RESTING) else ink


def _strength(ink: float) -> str:
    return "" if ink == 1.0 else f' opacity="{ink}"'
