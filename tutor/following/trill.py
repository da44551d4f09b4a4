"""Trills that the page does not ask for: two neighbouring keys in turn, around a written note that sounds.

Who adds a trill has not left the place where they are, however many notes it has. Two keys in turn are no trill where
the page itself goes to and fro between them: there they may be a figure that is played again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from tutor.following.places import NEIGHBOUR, Places

STROKES = 4  # of the two keys in turn, from which on they are a trill ...
TRILL_SEC = 1.0  # ... within this time
CHORD_SEC = 0.045  # strokes closer together are one of a chord
FIGURE_REACH = 8  # places on either side within which the page may go to and fro
FIGURE_STROKES = 2  # of each key there


class Turns:
    """The latest notes, as far as they may be keys in turn."""

    def __init__(self) -> None:
        self._struck: deque[tuple[float, int]] = deque()

    def take(self, time_sec: float, pitch: int) -> list[int]:
        """Take a note in; returns the neighbouring keys that it was struck in turn with."""
        self._struck.append((time_sec, pitch))
        while time_sec - self._struck[0][0] > TRILL_SEC:
            self._struck.popleft()
        if sum(struck == pitch for _, struck in self._struck) < STROKES // 2:
            return []
        return [
            other
            for other in range(pitch - NEIGHBOUR, pitch + NEIGHBOUR + 1)
            if other != pitch and self._in_turn(pitch, other)
        ]

    def _in_turn(self, pitch: int, other: int) -> bool:
        both = [stroke for stroke in self._struck if stroke[1] in (pitch, other)][-STROKES:]
        apart = all(after - before > CHORD_SEC for (before, _), (after, _) in pairwise(both))
        return apart and [struck for _, struck in both] == [other, pitch] * (STROKES // 2)


def is_trill(places: Places, place: int, pitch: int, others: Sequence[int]) -> bool:
    """Whether a key struck in turn with ``others`` is a trill on a written note that sounds at a place."""
    sounding = places.sounding[place]
    return any(
        (pitch in sounding or other in sounding) and not _is_figure(places, place, pitch, other) for other in others
    )


def _is_figure(places: Places, place: int, pitch: int, other: int) -> bool:
    """Whether the page may go to and fro between two keys near a place."""
    first, last = place - FIGURE_REACH, place + FIGURE_REACH
    return all(places.times_written(key, first, last) >= FIGURE_STROKES for key in (pitch, other))
