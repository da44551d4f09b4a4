"""A bar on standard error that shows how far a long job is, where that is a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lessons.progress import Told, unheard


@contextmanager
def bar(stage: str) -> Iterator[Told]:
    """Whom to tell how far a job is that begins with ``stage``; the bar goes when the job ends."""
    if not sys.stderr.isatty():
        yield unheard
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(stage, total=1.0)
        yield lambda now, share: shown.update(task, description=now, completed=share)
