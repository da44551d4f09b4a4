"""A person before the screen: looks at the window's title, presses keys, takes pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from wiring import wait_until

GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
sys.exit(not application.primaryScreen().grabWindow(0).save(sys.argv[1]))
"""


class Person:
    """Sits before an X display; ``environment`` leads to it."""

    def __init__(self, environment: Mapping[str, str]):
        self._environment = {**os.environ, **environment}

    def titles(self) -> list[str]:
        """The titles of the program's windows."""
        found = self._xdotool("search", "--onlyvisible", "--name", "Dacapo").split()
        return [self._xdotool("getwindowname", window).strip() for window in found]

    def await_title(self, part: str, timeout_sec: float = 60.0) -> str:
        """Wait until a window's title holds ``part``; the whole title."""
        wait_until(lambda: any(part in title for title in self.titles()), f"a window “{part}”", timeout_sec)
        return next(title for title in self.titles() if part in title)

    def press(self, *keys: str) -> None:
        """Press keys in the window, named as X names them."""
        window = self._xdotool("search", "--onlyvisible", "--name", "Dacapo").split()[-1]
        self._xdotool("windowfocus", "--sync", window)
        self._xdotool("key", "--clearmodifiers", "--delay", "80", *keys)

    def photograph(self, path: Path) -> Counter[str]:
        """Take a picture of the screen; how many pixels it has of each colour (#rrggbb)."""
        subprocess.run([sys.executable, "-c", GRAB, str(path)], env=self._environment, check=True, timeout=60)
        return colours_of(path)

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self._environment, capture_output=True, text=True, check=False)
        return done.stdout


def colours_of(path: Path) -> Counter[str]:
    """How many pixels a picture has of each colour."""
    from PySide6.QtGui import QImage

    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(image.constBits()).cast("I")
    return Counter({f"#{pixel & 0xFFFFFF:06x}": count for pixel, count in Counter(pixels).items()})
