"""The window is as large as the desktop's type asks for, as far as the screen has room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from ui.enlarging import enlargement
from ui.placing import FRAME, LEAST_SIZE

ROOT = Path(__file__).resolve().parents[2]
DESK, LAPTOP = QSize(3840, 2160), QSize(1366, 768)
SCREEN = {
    "name": "desk",
    "x": 0,
    "y": 0,
    "width": 3840,
    "height": 2160,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
LOOK = """
import sys
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication
from ui.enlarging import enlarge
desktop = QFont("DejaVu Sans")
desktop.setPixelSize(int(sys.argv[1]))
QGuiApplication.setFont(desktop)
enlarge()
print(QApplication([]).primaryScreen().devicePixelRatio())
"""


@pytest.mark.parametrize("pixels", [9, 12, 13, 15])
def test_usual_type_enlarges_nothing(pixels):
    assert enlargement(pixels, DESK) == 1.0


@pytest.mark.parametrize(("points", "factor"), [(14, 1.5), (18, 1.75), (24, 2.5)])
def test_larger_type_enlarges_everything_to_its_size(points, factor):
    assert enlargement(points * 96 / 72, DESK) == factor


@pytest.mark.parametrize("room", [LAPTOP, QSize(1280, 720), QSize(1024, 600), QSize(640, 360)])
@pytest.mark.parametrize("pixels", [19, 24, 32, 60])
def test_the_least_window_has_room_on_any_screen_that_had_room_before(room, pixels):
    factor, least = enlargement(pixels, room), LEAST_SIZE + FRAME
    assert factor == 1.0 or least.width() * factor <= room.width()
    assert factor == 1.0 or least.height() * factor <= room.height()


@pytest.mark.parametrize(
    ("pixels", "before", "after"), [(13, "", 1.0), (24, "", 1.75), (24, "2", 3.5), (24, "two", 1.75), (13, "2", 2.0)]
)
def test_a_desktop_with_large_type_is_heard_before_the_window_opens(tmp_path, pixels, before, after):
    config = tmp_path / "screen.json"
    config.write_text(json.dumps({"screens": [SCREEN]}))
    screen = {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "QT_SCALE_FACTOR": before}
    look = [sys.executable, "-c", LOOK, str(pixels)]
    done = subprocess.run(look, check=False, capture_output=True, text=True, cwd=ROOT, env=os.environ | screen)
    assert float(done.stdout) == after, done.stderr
