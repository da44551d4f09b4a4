"""Written repeats that a player leaves out: what the page has once need not be played twice.

A score is unfolded, so a repeated bar stands there again as its *twin*. Who plays it once has left nothing out, and who
goes from the end of the first time to what follows the second has not skipped anything. A repeat is left out as a
whole, with its ending: up to where the other time begins, or from where it has ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import zip_longest

from lessons.score import Score
from tutor.assessing.passes import GOES_ON, Pass
from tutor.following.places import Places


class Twins:
    """The places of a score that stand on the page at the same spot, with the same keys."""

    def __init__(self, score: Score, places: Places):
        self._spots: list[tuple[int, float]] = []
        self._places: dict[tuple[int, float], list[int]] = defaultdict(list)
        self._keys = places.bits
        for place, (beat, bar) in enumerate(zip(places.beats, places.bar_of, strict=True)):
            row = score.bars[max(bar, 0)] if len(score.bars) else None
            written = (int(row["written"]), round(beat - float(row["start_beat"]), 4)) if row is not None else (0, beat)
            self._spots.append(written)
            self._places[written].append(place)

    def of(self, place: int) -> list[int]:
        """The other places where the same is written."""
        same = self._places[self._spots[place]]
        return [one for one in same if one != place and self._keys[one] == self._keys[place]]

    def left_out(self, played: Collection[int]) -> set[int]:
        """The places of the repeats that were left out, where these were ``played``."""
        free: set[int] = set()
        first = 0
        for place in [*sorted(set(played)), len(self._spots)]:
            run = range(first, place)
            if run and (run.stop in self.of(run[0]) or run.start - 1 in self.of(run[-1])):
                free.update(run)
            first = place + 1
        return free


def as_on_the_page(twins: Twins, passes: Sequence[Pass]) -> list[Pass]:
    """The passes, joined where one goes on in a twin; who only leaves out a repeat has not broken off."""
    joined: list[Pass] = []
    for one in passes:
        moved = _moved(twins, joined[-1], one) if joined else None
        if moved is None:
            joined.append(one)
        else:
            heard = moved.heard | one.heard
            first, last = min(moved.first, one.first), max(moved.last, one.last)
            joined[-1] = replace(one, first_note=moved.first_note, first=first, last=last, heard=heard)
    free = twins.left_out([place for one in joined for place in range(one.first, one.last + 1)])
    return [
        replace(one, broken=one.broken and not _only_repeats(free, one, after))
        for one, after in zip_longest(joined, joined[1:])
    ]


def _moved(twins: Twins, before: Pass, after: Pass) -> Pass | None:
    """A pass in the twins from which the next one goes on; None where there are none."""
    for twin in twins.of(before.first):
        away = twin - before.first
        on = twin <= after.first <= before.last + away + GOES_ON
        if on and all(place + away in twins.of(place) for place, _ in before.heard.values()):
            heard = {note: (place + away, bit) for note, (place, bit) in before.heard.items()}
            return replace(before, first=twin, last=before.last + away, heard=heard)
    return None


def _only_repeats(free: Collection[int], one: Pass, after: Pass | None) -> bool:
    """Whether between two passes there is nothing but a repeat that was left out."""
    if after is None or after.first <= one.last + 1:
        return False
    return all(place in free for place in range(one.last + 1, after.first))
