"""The simulated chip with the real firmware, built once for all tests that need it."""

from __future__ import annotations

import functools
import shutil
import subprocess

from glove_port import ROOT
from wiring import wire_missing

FIRMWARE = ROOT / "tutor/glove/firmware"


def needs_chip() -> None:
    """Build it; skip on a person's machine, and fail in CI, where that cannot be."""
    trouble = _build()
    if trouble:
        wire_missing(trouble)


@functools.cache
def _build() -> str:
    if shutil.which("avr-gcc") is None:
        return "avr-gcc is not installed"
    made = subprocess.run(["make", "-C", str(FIRMWARE), "firmware", "sim"], capture_output=True, text=True, check=False)
    return f"the simulated chip could not be built: {made.stderr[-300:]}" if made.returncode else ""
