"""Written repeats that a player leaves out: what the page has once need not be played twice.

A score is unfolded, so a repeated bar stands there again as its *twin*. Who plays it once has left nothing out, and who
goes from the end of the first time to what follows the second has not skipped anything. A repeat is left out as a
whole, with its ending: up to where the other time begins, or from where it has ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from lessons.score import Score
from tutor.assessing.passes import GOES_ON, Pass
from tutor.assessing.routes import seams_of
from tutor.following.places import Places

SLACK = 3  # places that may be missed where a repeat begins or ends


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
        self.seams = seams_of(score, places)

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self._spots)

    def of(self, place: int) -> list[int]:
        """The other places where the same is written."""
        same = self._places[self._spots[place]]
        return [one for one in same if one != place and self._keys[one] == self._keys[place]]

    def left_out(self, played: Collection[int]) -> set[int]:
        """The places of the repeats that were left out, where these were ``played``."""
        free: set[int] = set()
        reached, first = set(played), 0
        for place in [*sorted(reached), self.count]:
            run = range(first, place)
            if run and ((first - 1, place) in self.seams or self._is_repeat(run)):
                free.update(run)
            elif run and reached and place == self.count and all(reached & set(self.of(one)) for one in run):
                free.update(run)  # da capo: it ends with what was played before
            first = place + 1
        return free

    def _is_repeat(self, run: range) -> bool:
        """Whether places lead from a spot of the page to the same spot."""
        return run.stop in self.of(run[0]) or run.start - 1 in self.of(run[-1])

    def seam(self, end: int, start: int) -> tuple[int, int] | None:
        """How many places after ``end`` and before ``start`` were missed, where a repeat was left out between them.

        None where none was. Before the first place and after the last one everything has come.
        """
        for late in range(SLACK + 1 if end >= 0 else 1):
            for early in range(SLACK + 1 if start < self.count else 1):
                last, first = end + late, start - early
                if first <= last + 1 or not (0 <= first - 1 < self.count and -1 <= last < self.count):
                    continue
                if last in self.of(first - 1) or (last + 1 < self.count and first in self.of(last + 1)):
                    return late, early
        return None


def as_on_the_page(twins: Twins, passes: Sequence[Pass]) -> list[Pass]:
    """The passes, joined where one goes on in a twin; who leaves out a repeat or came to the end did not break off."""
    joined: list[Pass] = []
    for one in passes:
        pair = _going_on(twins, joined[-1], one) if joined else None
        if pair is None:
            joined.append(one)
        else:
            before, after = pair
            first, last = min(before.first, after.first), max(before.last, after.last)
            heard, begun = before.heard | after.heard, before.first_note
            joined[-1] = replace(after, first_note=begun, first=first, last=last, heard=heard)
    joined = _with_seams(twins, joined)
    free = twins.left_out([place for one in joined for place in range(one.first, one.last + 1)])
    return [
        replace(one, broken=one.broken and not (_is_through(twins, one, after) or _only_repeats(free, one, after)))
        for one, after in zip_longest(joined, joined[1:])
    ]


def _with_seams(twins: Twins, passes: list[Pass]) -> list[Pass]:
    """The passes, each with the notes that were missed where a repeat was left out before or after it."""
    grown = list(passes)
    for index in range(len(grown) + 1):
        end = grown[index - 1].last if index else -1
        start = grown[index].first if index < len(grown) else twins.count
        seam = twins.seam(end, start) if grown else None
        if seam is None:
            continue
        late, early = seam
        if index and late:
            before = grown[index - 1]
            grown[index - 1] = replace(before, last=end + late, search_last=max(before.search_last, end + late))
        if index < len(grown) and early:
            grown[index] = replace(grown[index], first=start - early)
    return grown


def _going_on(twins: Twins, before: Pass, after: Pass) -> tuple[Pass, Pass] | None:
    """Two passes in those of their twins in which the second goes on where the first ends; None where there are none.

    As they are they do not go on, or they would be one pass; nor do they where both are moved by the same, as when the
    player stumbles twice over one spot.
    """
    places = [
        (second.first - first.last, first, second)
        for first in (before, *_copies(twins, before))
        for second in (after, *_copies(twins, after))
        if first.last - SLACK <= second.first <= first.last + GOES_ON
        and second.first - after.first != first.first - before.first
    ]
    return min(places, key=lambda found: abs(found[0] - 1))[1:] if places else None


def _copies(twins: Twins, one: Pass) -> Iterator[Pass]:
    """A pass as it would be in each of its twins."""
    for twin in twins.of(one.first):
        away = twin - one.first
        if all(place + away in twins.of(place) for place, _ in one.heard.values()):
            heard = {note: (place + away, bit) for note, (place, bit) in one.heard.items()}
            yield replace(
                one,
                first=twin,
                last=one.last + away,
                search_last=min(one.search_last + away, twins.count - 1),
                heard=heard,
            )


def _only_repeats(free: Collection[int], one: Pass, after: Pass | None) -> bool:
    """Whether between two passes there is nothing but a repeat that was left out."""
    if after is None or after.first <= one.last + 1:
        return False
    return all(place in free for place in range(one.last + 1, after.first))


def _is_through(twins: Twins, one: Pass, after: Pass | None) -> bool:
    """Whether a pass came to the end of the piece; nearly, if the piece is begun again then."""
    missed = twins.count - 1 - one.last
    return missed <= 0 or (missed <= SLACK and after is not None and after.first <= SLACK)
