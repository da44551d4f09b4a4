"""Where in a tone the same pitch was struck, blown or bowed anew: a peak of new sound in a dip of the level.

A tremolo dips and brightens as well, but slowly, and again and again. What tells them apart was fitted to instruments
of the soundfont by ``tests/bench/fit_strikes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tutor.listen.periodicity import Values

LEAST_SHARE, LEAST_DIP_DB = 0.2, 0.5  # of what may be one at all
APART_SEC, PEAK_SEC = 0.13, 0.048  # sooner, what the last tone left behind is taken for a strike
RISE_SEC = 0.016
LEAST_RISE_DB = 0.02
LIKELY, CERTAIN = 0.0, 2.2  # log odds; what is not certain must stand out
MANY, OUTSTANDING = 4, 0.8  # among so many candidates of a tone, by so much above the middle one
WEIGHTS = np.array([1.95, 0.26, 1.05, 0.69, -1.68, -9.72])  # of `Strikes.candidates`
BIAS = 2.47


class Strikes:
    """A phrase hop by hop: the flux, which comes ``late_hops`` after the level, the level in dB and the clarity."""

    def __init__(self, flux: Values, levels: Values, clarity: Values, hop_sec: float, late_hops: int):
        self._flux, self._levels, self._clarity = flux, levels, clarity
        self._hop_sec, self._late_hops = hop_sec, late_hops

    def again(self, begin: int, end: int, first: int, typical: float) -> list[tuple[int, float]]:
        """The hops of the flux in a tone from ``begin`` to ``end`` where it is struck anew after ``first``, with odds.

        ``typical`` is the flux with which the tones of the phrase begin.
        """
        seen = [(hop, odds(what)) for hop, what in self.candidates(begin, end, typical)]
        common = float(np.median([one for _, one in seen])) if len(seen) >= MANY else -np.inf
        found, last = list[tuple[int, float]](), first
        for hop, one in seen:
            stands_out = one >= CERTAIN or (one >= LIKELY and one >= common + OUTSTANDING)
            if (hop - last) * self._hop_sec >= APART_SEC and stands_out:
                found.append((hop, one))
                last = hop
        return found

    def candidates(self, begin: int, end: int, typical: float) -> Iterator[tuple[int, Values]]:
        """The peaks of the flux in a tone that lie in a dip, with what is seen there: shape (6,)."""
        width = round(PEAK_SEC / self._hop_sec)
        going_on = max(1e-6, float(np.median(self._flux[begin:end])))
        for hop in range(begin, end - width):
            flux = float(self._flux[hop])
            if flux < LEAST_SHARE * typical or flux < self._flux[max(0, hop - width) : hop + width + 1].max():
                continue
            at = hop - self._late_hops
            dip_db = self.dip_db(at)
            if dip_db >= LEAST_DIP_DB:
                rise_db, clarity = max(LEAST_RISE_DB, self._rise_db(at)), float(self._near(at).min())
                shape = [flux / max(typical, 1e-6), flux / going_on, dip_db, rise_db, self._dip_sec(at)]
                yield hop, np.array([*np.log(shape), clarity])

    def dip_db(self, hop: int) -> float:
        """By how much the level dips about a hop, against before and after."""
        lowest, before, after = self._part(hop, -0.07, 0.05), *self._beside(hop)
        if not (len(lowest) and len(before) and len(after)):
            return 0.0
        smooth = np.convolve(10 ** (lowest / 10), np.ones(5) / 5, "valid") if len(lowest) >= 5 else 10 ** (lowest / 10)
        return _edge(before, after) - 10 * float(np.log10(smooth.min() + 1e-12))

    def _dip_sec(self, hop: int) -> float:
        """How long the level stays below half of the dip, in dB; at least a hop."""
        half = (self._part(hop, -0.07, 0.05).min() + _edge(*self._beside(hop))) / 2
        return max(1, int((self._part(hop, -0.12, 0.1) < half).sum())) * self._hop_sec

    def _rise_db(self, hop: int) -> float:
        """The steepest rise of the level about a hop."""
        levels, apart = self._part(hop, -0.03, 0.05 + RISE_SEC), round(RISE_SEC / self._hop_sec)
        return float((levels[apart:] - levels[:-apart]).max()) if len(levels) > apart else 0.0

    def _near(self, hop: int) -> Values:
        reach = round(0.04 / self._hop_sec)
        return self._clarity[max(0, hop - reach) : hop + reach + 1]

    def _beside(self, hop: int) -> tuple[Values, Values]:
        return self._part(hop, -0.17, -0.05), self._part(hop, 0.0, 0.13)

    def _part(self, hop: int, first_sec: float, end_sec: float) -> Values:
        first, end = (max(0, hop + round(seconds / self._hop_sec)) for seconds in (first_sec, end_sec))
        return self._levels[first:end]


def odds(seen: Values) -> float:
    """The log odds that a candidate is a strike."""
    return float(seen @ WEIGHTS + BIAS)


def _edge(before: Values, after: Values) -> float:
    return min(float(np.percentile(before, 75)), float(np.percentile(after, 75)))
