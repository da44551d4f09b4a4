"""The simulated glove as a process on a pseudo-terminal, which pyserial opens like a real port.

The first line on standard output is the port; then JSON lines tell what happened: each motor when it has gone off
(``on_us`` and ``off_us`` in the glove's uptime, ``host_time`` and ``host_off`` in seconds of the host's monotonic
clock) and how many frames were good and bad. Standard input takes the hands of a person at the hardware, one word and a
value a line (`GESTURES`); where that was a pipe and its other end is gone, the glove ends too. Works wherever there are
pseudo-terminals (Linux, macOS).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from lessons.errors import InputError
from tutor.glove.board import Identity
from tutor.glove.motors import Ran
from tutor.glove.simulator import Device

LONGEST_WAIT_SEC = 0.02
GESTURES = "stop 0|1, worn 0|1, overcurrent 0|1, stuck MASK, battery PERCENT, unplug, plug, reboot, deaf 0|1, quit"


@dataclass
class Cable:
    """The two ends of a pseudo-terminal, and a link with a steady name where one is wanted."""

    master: int
    slave: int
    path: str

    @classmethod
    def plugged(cls, link: Path | None) -> Cable:
        """Open a new pseudo-terminal without echo or line editing. Raises InputError for a link that cannot be made."""
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        path = os.ttyname(slave)
        if link is not None:
            if link.exists() and not link.is_symlink():
                raise InputError(f"{link}: exists, and is no link to a port")
            try:
                link.unlink(missing_ok=True)
                link.symlink_to(path)
            except OSError as error:
                raise InputError(f"{link}: cannot be made: {error.strerror or error}") from error
        return cls(master, slave, str(link or path))

    def unplug(self, link: Path | None) -> None:
        """Close both ends: whoever holds the port loses it."""
        os.close(self.master)
        os.close(self.slave)
        if link is not None and link.is_symlink():
            link.unlink()

    def read(self) -> bytes:
        """Whatever has come, perhaps nothing."""
        try:
            return os.read(self.master, 4096)
        except BlockingIOError:
            return b""

    def write(self, sent: bytes) -> None:
        """Send; what a host does not read is lost, as on any serial line."""
        with contextlib.suppress(BlockingIOError):
            os.write(self.master, sent)


class Terminal:
    """Runs a `Device` in real time between a cable, a log and a person's hands."""

    def __init__(self, identity: Identity, log: TextIO, hands: TextIO | None = None, link: Path | None = None):
        self._identity = identity
        self._log = log
        self._hands = hands
        self._link = link
        self._born = time.perf_counter()
        self._device = Device(identity)
        self._cable: Cable | None = None
        self._deaf = self._over = False
        self._half_typed = ""
        self._counted = (0, 0)

    def run(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Serve until ``quit``, an interrupt, or ``stopped``."""
        self._cable = Cable.plugged(self._link)
        print(self._cable.path, file=self._log, flush=True)
        try:
            while not self._over and not stopped():
                self._turn()
        except KeyboardInterrupt:
            self._over = True
        finally:
            self._count_frames()
            if self._cable:
                self._cable.unplug(self._link)

    def _turn(self) -> None:
        sources: list[Any] = [self._cable.master] if self._cable and not self._deaf else []
        sources += [self._hands] if self._hands else []
        wait = min(LONGEST_WAIT_SEC, max(0.0, (self._device.next_us() - self._now_us()) / 1e6))
        ready, _, _ = select.select(sources, [], [], wait)
        if self._hands in ready:
            self._gestures()
        received = self._cable.read() if self._cable and self._cable.master in ready else b""
        self._device.receive(received, self._now_us())
        output = self._device.take_output()
        if self._cable and output:
            self._cable.write(output)
        for ran in self._device.take_ran():
            self._tell_motor(ran)
        self._count_frames()

    def _gestures(self) -> None:
        if self._hands is None:
            return
        typed = os.read(self._hands.fileno(), 4096)
        if not typed:
            self._over = stat.S_ISFIFO(os.fstat(self._hands.fileno()).st_mode)
            self._hands = None
        *lines, self._half_typed = (self._half_typed + typed.decode(errors="replace")).split("\n")
        for line in lines:
            self._gesture(line.strip())

    def _gesture(self, line: str) -> None:
        word, _, value = line.partition(" ")
        match word:
            case "stop":
                self._device.hardware.stop_pressed = value == "1"
            case "worn":
                self._device.hardware.worn = value != "0"
            case "overcurrent":
                self._device.hardware.overcurrent = value == "1"
            case "stuck" if value.isdigit():
                self._device.hardware.stuck = int(value)
            case "battery" if value.isdigit():
                self._device.hardware.battery = int(value)
            case "deaf":
                self._deaf = value == "1"
            case "unplug" | "plug":
                self._replug(plugged=word == "plug")
            case "reboot":
                self._reboot()
            case "quit":
                self._over = True
            case _:
                self._tell(event="unknown", line=line, known=GESTURES)

    def _replug(self, plugged: bool) -> None:
        if self._cable and not plugged:
            self._cable.unplug(self._link)
            self._cable = None
        elif not self._cable and plugged:
            self._cable = Cable.plugged(self._link)
            self._tell(event="plugged", port=self._cable.path)

    def _reboot(self) -> None:
        self._identity = replace(self._identity, boot_count=self._identity.boot_count + 1)
        self._born = time.perf_counter()
        self._device = Device(self._identity)
        self._tell(event="reboot", boot_count=self._identity.boot_count)

    def _count_frames(self) -> None:
        counted = (self._device.frames, self._device.crc_errors)
        if counted[1] != self._counted[1] or (self._over and counted != self._counted):
            self._tell(event="frames", good=counted[0], bad=counted[1])
        self._counted = counted

    def _tell_motor(self, ran: Ran) -> None:
        said = {"actuator": ran.actuator, "level": ran.level, "on_us": ran.on_us, "off_us": ran.off_us}
        born = self._born
        self._tell(event="motor", **said, host_time=born + ran.on_us / 1e6, host_off=born + ran.off_us / 1e6)

    def _tell(self, **event: object) -> None:
        print(json.dumps(event), file=self._log, flush=True)

    def _now_us(self) -> int:
        return int((time.perf_counter() - self._born) * 1e6)
