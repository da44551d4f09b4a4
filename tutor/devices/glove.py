"""The serial line to a glove: pyserial behind `tutor.commands.parts.SerialLine`.

Names are what a person would type: ``/dev/ttyUSB0``, ``COM3``, or any path, since pseudo-terminals are in no list. A
line that is pulled makes pyserial raise SerialException or a plain OSError; both become one DeviceError.
"""

from __future__ import annotations

import os
import re
import select
import threading

import serial
from serial.tools import list_ports

from lessons.errors import DeviceError

BAUD = 115200
READ_SEC = 0.05
READ_BYTES = 4096
WRITE_SEC = 1.0
BUILT_IN = re.compile(r"/dev/ttyS\d+")


def names() -> list[str]:
    """The serial ports that the machine lists, those of plugged-in devices first; never a pseudo-terminal.

    The built-in ones of a Linux machine, of which there are many that lead nowhere, are left out.
    """
    found = [port for port in list_ports.comports() if port.vid is not None or not BUILT_IN.fullmatch(port.device)]
    return [port.device for port in sorted(found, key=lambda port: (port.vid is None, port.device))]


class GloveLine:
    """An open serial line that no other program may open at the same time."""

    def __init__(self, name: str):
        self.name = name
        self._closing = threading.Lock()
        try:
            self._port = serial.Serial(name, BAUD, timeout=READ_SEC, write_timeout=WRITE_SEC, exclusive=True)
        except (OSError, ValueError) as error:
            raise DeviceError(f"{name}: {_reason(error)}") from error

    def read(self) -> bytes:
        """Whatever has arrived, perhaps nothing after 50 ms. Raises DeviceError once the line is gone."""
        try:
            return self._read()
        except (OSError, ValueError, TypeError, AttributeError) as error:  # all but the first: closed by another thread
            raise DeviceError(f"{self.name}: the line is gone") from error

    def _read(self) -> bytes:
        """On POSIX in two system calls; pyserial alone takes eight, for each few bytes of a busy glove."""
        if os.name != "posix":
            return self._port.read(1) + self._port.read(self._port.in_waiting)
        ready, _, _ = select.select([self._port.fileno()], [], [], READ_SEC)
        received = os.read(self._port.fileno(), READ_BYTES) if ready else b""
        if ready and not received:
            raise OSError("the other end is gone")
        return received

    def write(self, frame: bytes) -> None:
        """Send a whole frame. Raises DeviceError where the line is gone or takes nothing for a second."""
        try:
            self._port.write(frame)
        except serial.SerialTimeoutException as error:
            raise DeviceError(f"{self.name}: the glove does not take what is sent") from error
        except (OSError, TypeError) as error:
            raise DeviceError(f"{self.name}: the line is gone") from error

    def close(self) -> None:
        """Close the line; again, and from another thread at once, is harmless."""
        with self._closing:
            self._port.close()


def open_line(name: str) -> GloveLine:
    """Open a serial line. Raises DeviceError with the reason."""
    return GloveLine(name)


def _reason(error: Exception) -> str:
    said = str(error).lower()
    if "lock" in said or "busy" in said or "temporarily unavailable" in said:
        return "another program holds this port"
    if "permission" in said:
        return "no permission (on Linux: add yourself to the group 'dialout', then log in again)"
    if "no such file" in said or "filenotfound" in said or "cannot find" in said:
        return "there is no such port"
    return "this is no serial port"
