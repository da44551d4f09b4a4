"""Whether the tone that sounds was struck, blown or bowed anew, told `AFTER_SEC` after it was.

Whoever strikes the same pitch again makes new sound in a dip of the level; so do vibrato, tremolo and a room. A small
network tells them apart by what is seen of a peak of the flux: how great and how sudden it is, against the beginnings
of other tones and against what else this tone did; how deep, steep and short the dip is; whether the pitch wavers. Its
weights stand in ``anew.json``; ``tests/bench/fit_anew.py`` finds them from melodies by several soundfonts.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tutor.listen.novelty import risen
from tutor.listen.periodicity import Values
from tutor.listen.pitch import Pitch

AFTER_SEC = 0.072  # so much of the tone after a peak is looked at
LEAST_SEC = 0.1  # from one beginning to the next
PEAK_SEC = 0.048  # what nothing within so much exceeds is a peak
REMEMBERED_SEC = 2.0
BEGINS_SEC = (-0.03, 0.09)  # in which the flux of a beginning peaks
TYPICAL_NOTES = 9
ON_SEMITONES = 0.6  # farther off, another tone has begun
WEIGHTS = Path(__file__).with_name("anew.json")
Peak = tuple[float, float, float]  # flux; dip and rise of the level in dB


class _Recent:
    """The latest values of a stream, by the number of their hop."""

    def __init__(self, hops: int):
        self._values: deque[float] = deque(maxlen=hops)
        self.count = 0

    def add(self, value: float) -> None:
        self._values.append(value)
        self.count += 1

    def part(self, first: int, end: int) -> Values:
        """Those of the hops from ``first`` up to ``end``, as far as they are known."""
        before = self.count - len(self._values)
        return np.array(list(self._values)[max(0, first - before) : max(0, end - before)])


class Anew:
    """Hears a line hop by hop; the flux comes ``late_sec`` after the level. What is ``soft`` is dated by its rise."""

    def __init__(self, hop_sec: float, late_sec: float, soft: bool = False):
        self._hop_sec, self._soft = hop_sec, soft
        self._late, self._width = self._hops(late_sec), self._hops(PEAK_SEC)
        hops = self._hops(REMEMBERED_SEC)
        self._flux, self._levels, self._clarity, self._astray = (_Recent(hops) for _ in range(4))
        self._strengths: deque[float] = deque(maxlen=TYPICAL_NOTES)
        self._begun = 0
        self._passed: list[Peak] = []  # of this tone, that were no beginnings

    def hear_flux(self, flux: float) -> None:
        """Take the flux of the next hop in."""
        self._flux.add(flux)

    def begin(self, onset_sec: float) -> None:
        """A tone began."""
        self._begun, self._passed = round(onset_sec / self._hop_sec), []
        first, end = (self._begun + self._late + self._hops(seconds) for seconds in BEGINS_SEC)
        self._strengths.append(float(self._flux.part(first, end).max(initial=0.0)))

    def hear(self, pitch: Pitch, astray: float | None) -> float | None:
        """The moment in which the tone was struck anew, in seconds, once that is known; to be called for every hop.

        ``astray`` is by how many semitones the pitch is off the tone's; None where no tone sounds.
        """
        self._levels.add(pitch.level_db)
        self._clarity.add(pitch.clarity)
        self._astray.add(abs(astray or 0.0))
        hop = self._levels.count - 1 - self._hops(AFTER_SEC)
        if (
            astray is None
            or abs(astray) > ON_SEMITONES
            or (hop - self._begun) * self._hop_sec < LEAST_SEC
            or not self._is_peak(hop)
        ):
            return None
        peak, seen = self._seen(hop)
        if self._is_beginning(seen):
            return (self._risen(hop) + 1) * self._hop_sec
        self._passed.append(peak)
        return None

    def _risen(self, hop: int) -> int:
        """Where the beginning that peaks at a hop began."""
        if not self._soft:
            return hop
        flux = self._flux.part(self._begun + self._late, hop + self._late + 1)
        return hop + 1 - len(flux) + risen(flux, len(flux) - 1, self._hop_sec)

    def _is_beginning(self, seen: Values) -> bool:
        return bool(odds(seen) > 0)

    def _is_peak(self, hop: int) -> bool:
        at = hop + self._late
        near = self._flux.part(at - self._width, at + self._width + 1)
        return len(near) > self._width and bool(self._flux.part(at, at + 1)[0] >= near.max())

    def _seen(self, hop: int) -> tuple[Peak, Values]:
        """A peak and what is seen of it, shape (16,)."""
        at = hop + self._late
        flux = float(self._flux.part(at, at + 1)[0])
        own = self._flux.part(self._begun + self._late, at + self._width + 1)
        since = self._flux.part(self._begun + self._late + self._hops(0.1), at + self._width + 1)
        near = self._flux.part(at - self._width, at + self._width + 1)
        low, before, after = (
            self._level(hop, *beside) for beside in ((-0.07, 0.05), (-0.17, -0.05), (0.01, AFTER_SEC))
        )
        high_before, high_after = (float(np.percentile(part, 75)) for part in (before, after))
        lowest, edge = float(low.min()), min(high_before, high_after)
        dip, rise, slow_rise = edge - lowest, self._rise(hop, 0.016), self._rise(hop, 0.028)
        narrow = int((self._level(hop, -0.12, 0.07) < (lowest + edge) / 2).sum())
        peak = (flux, dip, rise)
        most = np.max([(0.0, 0.0, 0.0), *self._passed], axis=0)
        shape = [
            _log(flux / max(1e-6, float(np.median(self._strengths))), 1e-4),
            _log(flux / max(1e-6, float(np.median(own))), 1e-4),
            _log(flux / max(1e-6, float(near.mean())), 1e-4),
            _log(flux / max(0.02, most[0]), 1e-4),
            float((since < flux).mean()) if len(since) else 1.0,
            _log(dip, 0.1),
            _log(dip / max(0.3, most[1]), 0.03),
            _log(rise, 0.02),
            _log(slow_rise, 0.02),
            _log(rise / max(0.2, most[2]), 0.02),
            high_after - high_before,
            _log(narrow * self._hop_sec, self._hop_sec),
            float(self._near(self._clarity, hop).min()),
            min(2.0, float(self._near(self._astray, hop).max())),
            _log((hop - self._begun) * self._hop_sec, LEAST_SEC),
            float(np.log1p(len(self._passed))),
        ]
        return peak, np.array(shape)

    def _rise(self, hop: int, seconds: float) -> float:
        """The steepest rise of the level about a hop within so many seconds, in dB."""
        levels, apart = self._level(hop, -0.03, 0.066), self._hops(seconds)
        return float((levels[apart:] - levels[:-apart]).max()) if len(levels) > apart else 0.0

    def _level(self, hop: int, first_sec: float, end_sec: float) -> Values:
        return self._levels.part(max(0, hop + self._hops(first_sec)), hop + self._hops(end_sec))

    def _near(self, values: _Recent, hop: int) -> Values:
        reach = self._hops(0.04)
        return values.part(hop - reach, hop + reach + 1)

    def _hops(self, seconds: float) -> int:
        return round(seconds / self._hop_sec)


def odds(seen: Values, weights: Mapping[str, Any] | None = None) -> Values:
    """The log odds that what is seen of peaks, shape (..., 16), is a beginning; ``weights`` are those of the file."""
    named = weights or _weights()
    hidden = np.maximum(0.0, (seen - named["middle"]) / named["spread"] @ named["into"] + named["bias"])
    found: Values = hidden @ named["out"] + named["last"]
    return found


@cache
def _weights() -> dict[str, Values]:
    return {name: np.array(values) for name, values in json.loads(WEIGHTS.read_text(encoding="utf-8")).items()}


def _log(value: float, least: float) -> float:
    return float(np.log(max(least, value)))
