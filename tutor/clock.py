"""The clock that stamps events: seconds of ``time.perf_counter``, the same in every thread of the process.

Whoever needs the time takes a `Clock` as an argument, so that tests can hand in a clock of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
stamp: Clock = time.perf_counter


def utc_now() -> datetime:
    """The date and time in UTC without a zone, as the journal keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
