"""Which hands are playing: a learner who practises one hand alone has not missed the other one's notes.

For each hand the struck and the missed notes of the latest while are counted. A hand that falls silent while the other
one plays well soon costs next to nothing to leave out.
"""

from __future__ import annotations

from lessons.score import LEFT, RIGHT
from tutor.following.hypotheses import Step
from tutor.following.places import Places

MEMORY = 0.93  # how much of a count is left after one more note
AT_FIRST = 4.0  # notes' worth of trust that both hands play
PLAYS, SILENT = 0.6, 0.3  # share of its notes that a hand strikes
LEAST = 0.04  # of the cost of a missed note of a silent hand


class Activity:
    """How much of what is due each hand strikes."""

    def __init__(self, places: Places):
        self._places = places
        self._struck = {LEFT: AT_FIRST, RIGHT: AT_FIRST}
        self._missed = {LEFT: 0.0, RIGHT: 0.0}

    def learn(self, step: Step) -> None:
        """Count what one note struck and what was given up with it."""
        for hand in (LEFT, RIGHT):
            self._struck[hand] *= MEMORY
            self._missed[hand] *= MEMORY
        if step.verdict == "hit":
            self._struck[self._hand(step.place, step.bit)] += 1.0
        for place, mask in step.gone:
            lower = mask & self._places.left_bits[place]
            self._missed[LEFT] += lower.bit_count()
            self._missed[RIGHT] += (mask & ~lower).bit_count()

    def weight(self, hand: int) -> float:
        """What missing a note of a hand counts now, ``LEAST`` to 1."""
        other = RIGHT if hand == LEFT else LEFT
        if self._share(other) < PLAYS:
            return 1.0
        return min(1.0, max(LEAST, self._share(hand) / SILENT - LEAST)) if self._share(hand) < SILENT else 1.0

    @property
    def alone(self) -> int | None:
        """The hand that plays alone, None while both do."""
        for hand, other in ((LEFT, RIGHT), (RIGHT, LEFT)):
            if self._share(other) < SILENT / 2 and self._share(hand) > PLAYS:
                return hand
        return None

    def _share(self, hand: int) -> float:
        struck, missed = self._struck[hand], self._missed[hand]
        return (struck + 0.01) / (struck + missed + 0.01)

    def _hand(self, place: int, bit: int) -> int:
        return LEFT if bit & self._places.left_bits[place] else RIGHT
