"""What one line sounds now: the note that is heard, or a tone of the program's own that is not."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from tutor.listen.pitch import Pitch

LOUD_DB, QUIET_DB = -12.0, -48.0  # the levels of velocity 110 and 20


@dataclass(frozen=True)
class Ignored:
    """A tone of the program's own that sounds on; a click until it would be over."""

    place: float
    onset_sec: float
    until_sec: float = math.inf


class Sounding:
    """The note that sounds now."""

    def __init__(
        self, onset_sec: float, pitch: int, place: float, last_sec: float, level_db: float, lately: deque[float]
    ):
        self.onset_sec, self.pitch, self.place, self.last_sec = onset_sec, pitch, place, last_sec
        self.lately = lately  # all the places since it began, wherever they are
        self.places = [place]
        self.confidence = 0.0
        self.velocity = velocity_of(level_db)

    def add(self, place: float, pitch: Pitch) -> None:
        """Take one more hop in."""
        self.places.append(place)
        self.last_sec = pitch.time_sec


def velocity_of(level_db: float) -> int:
    """How hard a note of a level was struck, 20..127."""
    share = (level_db - QUIET_DB) / (LOUD_DB - QUIET_DB)
    return round(20 + 90 * min(max(share, 0.0), 1.18))
