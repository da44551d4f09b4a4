"""A disk that takes nothing: what was there stays, and no empty file is left beside it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.errors import InputError
from lessons.library import own
from tutor.config import Config
from tutor.enrolment import Enrolment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the limit on file sizes is POSIX")


def on_a_full_disk(deed: Callable[[], object]) -> None:
    """Do it where no file can grow."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heeded = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        deed()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heeded)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def test_the_list_of_learners_stays_and_nothing_is_left_beside_it(tmp_path):
    enrolment = Enrolment(tmp_path)
    anna = enrolment.add("Anna")
    with pytest.raises(InputError, match="cannot be written"):
        on_a_full_disk(lambda: enrolment.rename(anna, "Ann"))
    assert enrolment.listed("Anna") == anna
    assert files_in(tmp_path) == ["learners.json"]


def test_the_settings_stay_and_nothing_is_left_beside_them(tmp_path):
    path = tmp_path / "settings.json"
    Config(pupil="Ann").save(path)
    with pytest.raises(OSError, match="too large"):
        on_a_full_disk(lambda: Config(pupil="Ben").save(path))
    assert Config.load(path).pupil == "Ann"
    assert files_in(tmp_path) == ["settings.json"]


def test_a_piece_that_cannot_be_kept_leaves_nothing_on_the_shelf(tmp_path):
    with pytest.raises(OSError, match="too large"):
        on_a_full_disk(lambda: own.keep_content(tmp_path, b"X:1\n", "Mine", ".abc"))
    assert files_in(tmp_path) == []
