"""Whose take is this, and does that process still live? So that nobody finishes a take that another is still playing.

A writer's name is ``machine:pid:token``. On the same machine the process is looked up; elsewhere, and on Windows (where
asking would end it), the time of the last sign of life decides.
"""

from __future__ import annotations

import os
import platform
import secrets
import sys
from datetime import datetime, timedelta

from tutor.clock import utc_now

SILENT = timedelta(seconds=60)


def writer_name() -> str:
    """A name for one open journal of this process."""
    return f"{platform.node()[:150]}:{os.getpid()}:{secrets.token_hex(4)}"


def is_abandoned(writer: str, alive_at: datetime | None) -> bool:
    """Whether the writer of a growing take has let go of it, has died, or was silent for a minute."""
    if not writer or alive_at is None or utc_now() - alive_at > SILENT:
        return True
    machine, pid, _token = writer.rsplit(":", 2)
    return machine == platform.node()[:150] and sys.platform != "win32" and not _lives(int(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
