"""The scout: how well the latest notes fit a jump to anywhere in the score, coarsely, for all places at once.

Its state is one number a place: the cost of the best story in which the player jumped at some earlier note, to a bar
line as a rule, and is at this place now. A note changes it by a few vector operations (microseconds for 10,000
places), with no per-place Python. Where a story comes near the beam's best, the beam takes it in as a guest and
looks at it closely. The beam's hypotheses are counted in the same coarse costs (`coarse_cost`), and stories are
relative to its best one: a passage that only resembles the one being played gains nothing from its wear.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from lessons.score import LEFT, RIGHT
from tutor.following.costs import Costs
from tutor.following.places import Places
from tutor.following.pulse import spread_cost

NEVER = -60.0
GUESTS = 4
WITHIN = -14.0  # stories worse than this are no guests
EARLY_WEIGHT, LATE_WEIGHT, RHYTHM_WORST = 2.5, 1.2, -5.0

SHORTEST_GAP = 0.02
STAY_WORST = -2.0

Floats = NDArray[np.float32]


def stay_cost(gap_sec: float, again: bool, costs: Costs) -> float:
    """The coarse cost of another note at the same place; ``again``: of a key that this chord has struck already."""
    return costs.ornament if again else max(STAY_WORST, spread_cost(gap_sec, False, costs))


def coarse_cost(fits: bool, gap_sec: float, due_sec: float, skipped: int, again: bool, costs: Costs) -> float:
    """What the scout would count for one note of a hypothesis, which moved by ``due_sec`` (0: it stayed)."""
    cost = 0.0 if fits else costs.scout_mismatch
    if due_sec <= 0.0:
        return cost + stay_cost(gap_sec, again and fits, costs)
    late = log(max(gap_sec, SHORTEST_GAP) / due_sec)
    cost += max(RHYTHM_WORST, min(EARLY_WEIGHT * late, -LATE_WEIGHT * late))
    return cost + min(2, skipped) * costs.scout_skip if skipped else cost


class Ways:
    """From which place a story comes to each place: the one before it that a hand plays, and the one before that."""

    def __init__(self, places: Places, hand: int | None):
        beats = np.asarray(places.beats)
        played = [mask != 0 for mask in places.masks_of(hand)]
        before = np.maximum.accumulate(np.where(played, np.arange(len(played)), 0))
        self.one = np.concatenate([[0], before[:-1]]).astype(np.intp) if played else before
        self.two = self.one[self.one]
        self.log_one, self.log_two = (_log_gap(beats - beats[way]) for way in (self.one, self.two))


def _log_gap(beats: NDArray[np.float64]) -> Floats:
    return np.log(np.maximum(beats, 1e-3)).astype(np.float32)


class Scout:
    """All jumps at once."""

    def __init__(self, places: Places, costs: Costs):
        self.places, self.costs = places, costs
        self.stories: Floats = np.full(places.count, NEVER, np.float32)
        self._ways = {hand: Ways(places, hand) for hand in (None, LEFT, RIGHT)}
        self.alone: int | None = None  # the hand that plays alone
        self._off_bar = np.where(places.is_bar_line, 0.0, costs.jump_off_bar).astype(np.float32)
        self._bars = np.asarray(places.bar_of, np.float32)
        self._entered: Floats = self.stories
        self._fits: dict[int, Floats] = {}
        self._targets: Floats = self._off_bar
        self._targets_bar = -1
        self._chord: set[int] = set()
        self.again = False  # whether the latest note is of a key that its chord had struck already
        self._beginnings: tuple[int, ...] = ()
        self._mistake: int | None = None
        self.loops = False  # whether the last place leads to the first
        self.led: tuple[int, ...] = ()  # where a beat stands that the player may rejoin with this note

    def favour(self, beginnings: tuple[int, ...], mistake: int | None) -> None:
        """Make jumps to these places cheaper than to others."""
        if (beginnings, mistake) != (self._beginnings, self._mistake):
            self._beginnings, self._mistake = beginnings, mistake
            self._targets_bar = -1

    def targets(self, bar: int) -> Floats:
        """The cost of each place as the end of a jump that starts in a bar (counted from 0)."""
        if bar != self._targets_bar:
            bars, costs = self._bars - bar, self.costs
            far = np.maximum(costs.jump_far * np.abs(bars), costs.jump_far_worst)
            far += np.where(bars > 0, costs.jump_ahead, 0.0)
            far += (np.where(bars % 4, costs.jump_odd, 0.0) + np.where(bars % 2, costs.jump_odd, 0.0)) / 2
            self._targets = (far + self._off_bar).astype(np.float32)
            if self._mistake is not None:
                self._targets[self._mistake] = costs.jump_mistake
            self._targets[list(self._beginnings)] = costs.jump_beginning
            self._targets_bar = bar
        return self._targets

    def step(self, pitch: int, gap_sec: float, due_sec: float, period: float, here: int, bar: int) -> None:
        """Take one note in, ``gap_sec`` after the one before it where ``due_sec`` was expected.

        The player was at place ``here`` and is going on in ``bar``.
        """
        fits = self._fit(pitch)
        stories = self.stories
        if gap_sec > self.costs.spread_sec:
            self._chord.clear()
        self.again = pitch in self._chord
        self._chord.add(pitch)
        self._entered = self._jump(gap_sec, due_sec, here, bar)
        moved = np.maximum(stories + np.float32(stay_cost(gap_sec, self.again, self.costs)), self._entered)
        log_beats = np.float32(log(max(gap_sec, SHORTEST_GAP) / period))
        ways = self._ways[self.alone]
        np.maximum(moved, stories[ways.one] + self._rhythm(log_beats - ways.log_one), out=moved)
        two = stories[ways.two] + self._rhythm(log_beats - ways.log_two)
        np.maximum(moved, two + np.float32(self.costs.scout_skip), out=moved)
        moved += fits
        self._entered += fits
        self.stories = moved

    def settle(self, home: float) -> None:
        """Count from the beam's best hypothesis, whose coarse cost is ``home``; old stories fade."""
        self.stories += np.float32(self.costs.scout_fade - home)
        np.maximum(self.stories, NEVER, out=self.stories)

    def begin(self, starts: tuple[int, ...]) -> None:
        """Count from the scout's own best story, the first note being most likely at one of ``starts``."""
        elsewhere = self.stories + np.float32(self.costs.begin_elsewhere)
        elsewhere[list(starts)] = self.stories[list(starts)]
        self.stories = elsewhere - elsewhere.max()

    def beginning(self, place: int, pitch: int) -> float:
        """The cost of beginning at a place with this first note, but for how it fits there."""
        return float(self.stories[place] - self._fit(pitch)[place])

    def forget(self) -> None:
        """Drop all stories: it is known where the player is."""
        self.stories = np.full(self.places.count, NEVER, np.float32)
        self._entered = self.stories
        self._chord.clear()

    def best(self) -> list[tuple[int, float, bool]]:
        """(place, cost, whether the jump came with this very note) of the most likely jumps, the best first."""
        stories, found = self.stories.copy(), []
        for _ in range(min(GUESTS, len(stories))):
            place = int(stories.argmax())
            if stories[place] < WITHIN:
                break
            found.append((place, float(stories[place]), bool(stories[place] <= self._entered[place])))
            stories[place] = NEVER
        return found

    def is_round(self, here: int, there: int) -> bool:
        """Whether a loop leads from place to place."""
        return self.loops and there == 0 and here == self.places.count - 1

    def jump_cost(self, gap_sec: float, due_sec: float) -> float:
        """The cost of jumping at all, after a gap where ``due_sec`` was expected."""
        pause = min(1.0, max(0.0, (gap_sec - self.costs.pause_due * due_sec) / self.costs.pause_sec))
        return self.costs.jump + pause * (self.costs.jump_after_pause - self.costs.jump)

    def _jump(self, gap_sec: float, due_sec: float, here: int, bar: int) -> Floats:
        jumps = self.targets(bar) + np.float32(self.jump_cost(gap_sec, due_sec))
        if self.loops:
            left = self.places.count - 1 - here
            jumps[0] = max(float(jumps[0]), self.costs.jump_loop + self.costs.missed * left)
        if self.led:
            jumps[list(self.led)] = self.costs.jump_led
        return jumps

    @staticmethod
    def _rhythm(deviation: Floats) -> Floats:
        late = deviation * np.float32(-LATE_WEIGHT)
        deviation *= np.float32(EARLY_WEIGHT)
        np.minimum(deviation, late, out=deviation)
        return np.maximum(deviation, np.float32(RHYTHM_WORST), out=deviation)

    def _fit(self, pitch: int) -> Floats:
        """The cost of a pitch at each place: nothing where the score has it."""
        fits = self._fits.get(pitch)
        if fits is None:
            fits = np.full(self.places.count, self.costs.scout_mismatch, np.float32)
            fits[self.places.beside(pitch)] = self.costs.ornamented
            fits[self.places.holders(pitch)] = 0.0
            self._fits[pitch] = fits
        return fits
