"""A tone of the room and of nobody in it: the hum of a wire, a fan, a fridge.

It stands quite still, in pitch and in level, for longer than anybody holds a tone so; one that was there before anybody
listened began like no note, and is known sooner. It never pauses: where it is gone, it is forgotten.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from tutor.listen.pitch import Pitch, place_of

STILL_SEC, FROM_START_SEC = 15.0, 3.0  # so long it stands still before it is known; where it was there from the start
START_SEC = 0.06  # the ear needs so long to hear what is there already
FIRST_HOPS = 2  # no note is at its level so soon
SMOOTH_SEC, RIPE_SEC = 0.08, 0.15  # its level swings within a period; when its level is known
SAME_SEMITONES, SAME_DB = 0.15, 1.5  # from what it was at first
STRAYS_SEC = 0.1  # it may be misheard for so long
NEAR_SEMITONES, APART_DB = 0.3, 6.0  # what is elsewhere, or louder by so much, is somebody's; softer, and it is gone
GONE_SEC = 0.3
NOW_HOPS = 5  # a period of the lowest hum


@dataclass
class _Still:
    """A tone that has not moved since a hop; ``level_db`` is known when it is ripe."""

    place: float
    since_hop: int
    from_start: bool
    level_db: float = math.inf


class RoomTone:
    """Follows the pitches of a stream, and knows which are the room's."""

    def __init__(self, hop_sec: float):
        self._hop_sec, self._hops, self._power = hop_sec, 0, 0.0
        self._still: _Still | None = None
        self._known: _Still | None = None
        self._stray_hops = self._gone_hops = 0
        self._first_db, self._lately = -math.inf, deque[float](maxlen=NOW_HOPS)
        self.revealed_hops = 0  # of a tone that is known from this hop on, else 0
        self.is_suspected = False  # whether the newest pitch may be the room's, since it was there from the start

    def hear(self, pitch: Pitch) -> bool:
        """Whether this pitch is the room's, as far as that is known."""
        self._hops += 1
        share = max(min(1.0, self._hop_sec / SMOOTH_SEC), 1 / self._hops)
        self._power += share * (10 ** (pitch.level_db / 10) - self._power)
        level_db = 10 * math.log10(self._power + 1e-12)
        if self._hops <= FIRST_HOPS:
            self._first_db = max(self._first_db, pitch.level_db)
        self._lately.append(pitch.level_db)
        now_db = max(self._lately)
        place = float(place_of(np.array(pitch.hertz))) if pitch.hertz > 0 else math.nan
        self._follow(place, level_db)
        self._forget(level_db)
        still, at_first = self._still, self._hops * self._hop_sec <= START_SEC + RIPE_SEC
        self.is_suspected = still is not None and still.from_start and (at_first or _is_of(still, place, now_db))
        return self._known is not None and _is_of(self._known, place, now_db)

    def _follow(self, place: float, level_db: float) -> None:
        """Take one more hop of what stands still, or begin anew."""
        self.revealed_hops = 0
        still = self._still
        if still is None or not _has_stayed(still, place, level_db):
            self._stray_hops += 1
            if still is None or self._stray_hops * self._hop_sec > STRAYS_SEC:
                since_hop = self._hops - self._stray_hops
                from_start = since_hop * self._hop_sec <= START_SEC
                self._still = None if math.isnan(place) else _Still(place, since_hop, from_start)
            return
        self._stray_hops = 0
        hops = self._hops - still.since_hop
        if still.level_db == math.inf and hops * self._hop_sec >= RIPE_SEC:
            still.level_db = level_db
            still.from_start &= self._first_db >= level_db - APART_DB
        if still is not self._known and hops * self._hop_sec >= (FROM_START_SEC if still.from_start else STILL_SEC):
            self._known, self.revealed_hops = still, hops

    def _forget(self, level_db: float) -> None:
        """A tone of the room that pauses was none."""
        gone = self._known is not None and level_db < self._known.level_db - APART_DB
        self._gone_hops = self._gone_hops + 1 if gone else 0
        if self._gone_hops * self._hop_sec >= GONE_SEC:
            self._known = None


def _has_stayed(still: _Still, place: float, level_db: float) -> bool:
    near = abs(place - still.place) <= SAME_SEMITONES  # never, where there is no pitch
    return near and (still.level_db == math.inf or abs(level_db - still.level_db) <= SAME_DB)


def _is_of(still: _Still, place: float, level_db: float) -> bool:
    """Whether a pitch may be of a tone, alone."""
    return abs(place - still.place) <= NEAR_SEMITONES and level_db <= still.level_db + APART_DB
