"""Names of written notes, from which the engraver's page tells which note of the score each head is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from lessons.timing import GRID_PER_BEAT

_NAME = re.compile(r"(note|grace)(-?\d+)p(\d+)-")


@dataclass(frozen=True)
class NoteNames:
    """Gives the notes of one part their names; those that others play ``beside`` the learner are named apart."""

    part: int
    beside: bool = False
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def name(self, tick: int, pitch: int, grace: bool) -> str:
        """A name for a note, or for a part of one that is tied, that begins at a tick."""
        kind = "beside" if self.beside else "grace" if grace else "note"
        return f"{kind}{tick}p{pitch}-{self.part}-{next(self._numbers)}"


class Named(NamedTuple):
    """What a name says of a note."""

    onset_beat: float
    pitch: int
    grace: bool


def note_named(name: str) -> Named | None:
    """The note of the learner's that has a name; None for others."""
    found = _NAME.match(name)
    return Named(int(found[2]) / GRID_PER_BEAT, int(found[3]), found[1] == "grace") if found else None
