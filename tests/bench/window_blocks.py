"""How long the window's thread is busy at a stretch while somebody goes about: longest block and processor time.

``python tests/bench/window_blocks.py`` (under Xvfb, or with QT_QPA_PLATFORM=offscreen) opens the window with the pieces
of the library, goes to each page for the first time, opens a piece, has it judged, composes, and changes theme. One
JSON object; milliseconds.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QTimer

from main import SWITCH_INTERVAL_SEC
from tests.screenshots import PIECE, Studio
from ui.window import PAGES

SETTLED_SEC = 1.0


def measured(studio: Studio, deed: Callable[[], object]) -> dict[str, int]:
    """The longest block of the window's thread after a deed, and the processor's time for the deed itself."""
    beats = [time.perf_counter()]
    used: list[float] = []

    def do() -> None:
        begun = time.thread_time()
        deed()
        used.append(time.thread_time() - begun)

    pulse = QTimer()
    pulse.timeout.connect(lambda: beats.append(time.perf_counter()))
    pulse.start(0)
    QTimer.singleShot(0, do)
    studio.wait(lambda: bool(used) and studio.window.tasks.idle, least_sec=SETTLED_SEC)
    pulse.stop()
    return {
        "longest_ms": round(1000 * max(after - before for before, after in pairwise(beats))),
        "processor_ms": round(1000 * used[0]),
    }


def measure(home: Path) -> dict[str, dict[str, int]]:
    """Go about the window once."""
    studio = Studio(home, dark=True, home=home)
    window, found = studio.window, {}
    window.resize(1280, 720)
    for page, words in PAGES:
        found[f"first {words}"] = measured(studio, lambda name=page: window.show_page(name))
    window.library.choose(PIECE)
    found["open a piece"] = measured(studio, window.house.stand.practise_current)
    score = studio.open_piece()
    studio.report(score)
    studio.compose()
    found["other theme, pages filled"] = measured(studio, window.toggle_theme)
    window.close()
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["DACAPO_HOME"] = home
        sys.setswitchinterval(SWITCH_INTERVAL_SEC)
        print(json.dumps(measure(Path(home)), indent=1))
