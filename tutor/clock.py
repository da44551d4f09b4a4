"""The clock that stamps events: seconds of ``time.perf_counter``, the same in every thread of the process.

Whoever needs the time takes a `Clock` as an argument, so that tests can hand in a clock of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

Clock = Callable[[], float]
stamp: Clock = time.perf_counter


def utc_now() -> datetime:
    """The date and time in UTC without a zone, as the journal keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def local_time(moment: datetime) -> datetime:
    """What the learner's clock on the wall says at a moment in UTC without a zone; with its zone."""
    return moment.replace(tzinfo=UTC).astimezone()


def local_day(moment: datetime) -> date:
    """The learner's own day at a moment in UTC without a zone."""
    return local_time(moment).date()


def end_of_day(moment: datetime) -> datetime:
    """When the learner's day that has this moment is over; both in UTC without a zone."""
    midnight = datetime.combine(local_day(moment) + timedelta(days=1), time_of_day.min)
    return midnight.astimezone(UTC).replace(tzinfo=None)
