"""A composer that waits in the midst of its work, so that somebody can look on and cancel it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lessons.analogy import Analogy, Variation
from lessons.progress import CancelledError, Told
from ui.rooms import Rooms


@dataclass
class HeldComposer:
    """Composes as the ``real`` rooms do, once it may ``go_on``; ``ended`` says how each work ended."""

    real: Rooms
    go_on: threading.Event = field(default_factory=threading.Event)
    ended: list[str] = field(default_factory=list)

    @property
    def rooms(self) -> Rooms:
        """The rooms with this composer."""
        return replace(self.real, compose=self.compose)

    def compose(self, analogy: Analogy, count: int, told: Told) -> Sequence[Variation]:
        """Tell of a draft, wait, tell of another one, then compose."""
        try:
            told("Draft 2 of 6", 0.25)
            assert self.go_on.wait(5.0)
            told("Draft 3 of 6", 0.5)
        except CancelledError:
            self.ended.append("cancelled")
            raise
        self.ended.append("answered")
        return self.real.compose(analogy, count, told)
