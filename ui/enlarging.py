"""How large the window is painted: its type as large as that of a desktop whose type was made larger.

The sizes of the program are made for its own type. Where a person has chosen larger type for the whole desktop,
everything is enlarged with it: signs, notes and keys too, which are as hard to see.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontInfo, QGuiApplication

from ui.placing import FRAME, LEAST_SIZE
from ui.theme import Type

USUAL_PIXELS = 15  # no desktop has larger type unless somebody asked for it
STEPS = 4  # a step is a quarter: lines stay sharp on most screens
FACTOR = "QT_SCALE_FACTOR"


def enlargement(type_pixels: float, room: QSize) -> float:
    """How much larger everything is painted for a desktop's type, so that the least window still has room."""
    if type_pixels <= USUAL_PIXELS:
        return 1.0
    least = LEAST_SIZE + FRAME
    fitting = min(room.width() / least.width(), room.height() / least.height())
    wished = round(STEPS * type_pixels / Type.BODY) / STEPS
    return max(1.0, min(wished, int(STEPS * fitting) / STEPS))


def enlarge() -> None:
    """Look at the desktop and have everything enlarged; Qt hears of it only before there is an application."""
    looking = QGuiApplication(sys.argv[:1])
    screen, pixels = QGuiApplication.primaryScreen(), QFontInfo(QGuiApplication.font()).pixelSize()
    factor = enlargement(pixels, screen.availableSize()) if screen is not None else 1.0
    looking.shutdown()
    if factor > 1:
        os.environ[FACTOR] = str(factor * _factor_before())


def _factor_before() -> float:
    """What somebody enlarges by already; Qt passes over what is no number."""
    try:
        return float(os.environ.get(FACTOR) or 1)
    except ValueError:
        return 1.0
