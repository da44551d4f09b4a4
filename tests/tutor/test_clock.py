"""The learner's day is that of the clock on the wall, whatever day it is in UTC."""

import time
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from tutor.clock import end_of_day, local_day


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_an_evening_west_of_greenwich_is_one_day() -> None:
    before, after = datetime(2026, 3, 2, 23, 30), datetime(2026, 3, 3, 0, 30)
    assert local_day(before) == local_day(after) == date(2026, 3, 2)
    assert end_of_day(before) == end_of_day(after) == datetime(2026, 3, 3, 5)


@pytest.mark.usefixtures("new_york")
def test_the_day_of_a_change_of_clocks_ends_at_its_own_midnight() -> None:
    assert end_of_day(datetime(2026, 3, 8, 5, 30)) == datetime(2026, 3, 9, 4)
