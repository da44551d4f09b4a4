"""Where the built firmware and its simulated chip stand, and how to flash a board.

Both come from ``firmware/Makefile`` (``make firmware``, ``make glove-sim``), which puts what it builds into ``build/``.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lessons.errors import DeviceError, InputError

BUILT = Path(__file__).resolve().parents[2] / "build" / "firmware"
SIMULATOR, FIRMWARE, HEX = BUILT / "glove_sim", BUILT / "glove.elf", BUILT / "glove.hex"
PACKAGES = "gcc-avr avr-libc libsimavr-dev libelf-dev"


def chip_command(link: Path | None = None, uid: int | None = None) -> list[str]:
    """The words that start the simulated chip. Raises DeviceError where it is not built."""
    if not (SIMULATOR.exists() and FIRMWARE.exists()):
        raise DeviceError(f"the simulated chip is not built: run 'make glove-sim' (on Debian it needs {PACKAGES})")
    words = [str(SIMULATOR), str(FIRMWARE)]
    words += ["--link", str(link)] if link else []
    return words + (["--uid", str(uid)] if uid is not None else [])


def flash_command(port: str, baud: int) -> list[str]:
    """The words that write the firmware to a board with avrdude. Raises where there is no firmware or no avrdude."""
    if not HEX.exists():
        raise InputError(f"{HEX.name}: the firmware is not built: run 'make firmware' (on Debian it needs {PACKAGES})")
    if shutil.which("avrdude") is None:
        raise DeviceError("avrdude is not installed (on Debian: apt install avrdude)")
    return ["avrdude", "-q", "-c", "arduino", "-p", "m328p", "-P", port, "-b", str(baud), "-U", f"flash:w:{HEX}:i"]
