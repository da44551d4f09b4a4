"""Whose take is this, and does that process still live? So that nobody finishes a take that another is still playing.

A writer's name is ``machine:pid:token``; the token begins with when the process began, where the system says it. On the
same machine the process is looked up, and however long it was silent (a machine that slept, a stopped process) it keeps
its takes. Elsewhere, and on Windows (where asking would end it), the time of the last sign of life decides.
"""

from __future__ import annotations

import os
import platform
import secrets
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tutor.clock import utc_now

SILENT = timedelta(seconds=60)
SURELY_ANOTHER = timedelta(days=1)  # of silence, where nobody knows whether a process that lives is the writer's
UNKNOWN = "0"  # when a process began, where the system does not say it


def writer_name() -> str:
    """A name for one open journal of this process."""
    return f"{platform.node()[:150]}:{os.getpid()}:{_began(os.getpid())}-{secrets.token_hex(4)}"


def has_ended(writer: str) -> bool:
    """Whether the writer of a growing take has let go of it, or is known to have died."""
    return not writer or _known_to_live(writer) is False


def is_abandoned(writer: str, alive_at: datetime | None) -> bool:
    """Whether the writer of a growing take has ended, or was silent for too long where nobody can look it up."""
    if has_ended(writer) or alive_at is None:
        return True
    if not _known_to_live(writer):
        return utc_now() - alive_at > SILENT
    return _began_of(writer) == UNKNOWN and utc_now() - alive_at > SURELY_ANOTHER


def _known_to_live(writer: str) -> bool | None:
    """Whether there is a process on this machine that may be the writer's; None where nobody can tell."""
    machine, pid, _ = writer.rsplit(":", 2)
    if machine != platform.node()[:150] or sys.platform == "win32":
        return None
    return _lives(int(pid)) and _began_of(writer) in (UNKNOWN, _began(int(pid)))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _began_of(writer: str) -> str:
    """When the writer's process began; names of older programs do not say it."""
    began, dash, _ = writer.rsplit(":", 1)[1].partition("-")
    return began if dash else UNKNOWN


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine did (proc(5), field 22): none that has its number later did."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return UNKNOWN
    return said.rpartition(")")[2].split()[19]
