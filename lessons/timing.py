"""Musical time and clock time, and the only place that converts between them.

A *beat* is a quarter note, always. Positions are ``onset_beat``: beats from the first written downbeat of bar 1 with
repeats unfolded, so that a pickup is negative. Positions snap to 1/480 beat at birth (`snap`), so equal positions are
equal. Seconds count from beat 0 of the tempo map; a pickup has negative seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.errors import InputError

GRID_PER_BEAT = 480
DEFAULT_BPM = 100.0
BPM_RANGE = (1.0, 1000.0)


def snap(beats: ArrayLike) -> NDArray[np.float64]:
    """Round positions in beats to the nearest 1/480 beat; any shape."""
    return np.round(np.asarray(beats, dtype=np.float64) * GRID_PER_BEAT) / GRID_PER_BEAT


def pulse_beats(numerator: int, denominator: int) -> float:
    """Quarter notes in a beat of a metre, as it is counted: an eighth in 3/8, a dotted quarter in 6/8."""
    compound = denominator >= 8 and numerator % 3 == 0 and numerator > 3
    return (3 if compound else 1) * 4.0 / denominator


@dataclass(frozen=True, eq=False)
class TempoMap:
    """Piecewise constant tempo: from ``start_beat[i]`` on, ``bpm[i]`` quarter notes a minute.

    Both arrays are float64 of shape (n,), n ≥ 1, ``start_beat`` strictly increasing; the first tempo also holds before
    its start and the last one for ever. Second 0 is beat 0.
    """

    start_beat: NDArray[np.float64]
    bpm: NDArray[np.float64]

    @classmethod
    def of(cls, changes: Iterable[tuple[float, float]] = ((0.0, DEFAULT_BPM),)) -> TempoMap:
        """Build a map from (start_beat, bpm) pairs in any order; the last of equal places wins."""
        latest = dict(sorted(((float(snap(beat)), float(bpm)) for beat, bpm in changes), key=lambda pair: pair[0]))
        if not latest:
            raise InputError("a tempo map needs at least one tempo")
        bpm = np.array(list(latest.values()))
        if not np.all((bpm >= BPM_RANGE[0]) & (bpm <= BPM_RANGE[1])):
            raise InputError(f"a tempo must be {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g} beats a minute")
        start = np.array(list(latest))
        start.flags.writeable = bpm.flags.writeable = False
        return cls(start, bpm)

    def bpm_at(self, beat: float) -> float:
        """The tempo at a position in beats, in quarter notes a minute."""
        return float(self.bpm[self._segment(np.asarray(beat))])

    def seconds_at(self, beats: ArrayLike) -> NDArray[np.float64]:
        """Seconds from beat 0 for positions in beats; any shape."""
        beats = np.asarray(beats, dtype=np.float64)
        return self._raw_seconds(beats) - self._raw_seconds(np.zeros(()))

    def beats_at(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Positions in beats (not snapped) for seconds from beat 0; the inverse of `seconds_at`."""
        raw = np.asarray(seconds, dtype=np.float64) + self._raw_seconds(np.zeros(()))
        segment = np.clip(np.searchsorted(self._starts_sec, raw, side="right") - 1, 0, None)
        return self.start_beat[segment] + (raw - self._starts_sec[segment]) * self.bpm[segment] / 60.0

    def scaled(self, ratio: float) -> TempoMap:
        """The same map at ``ratio`` times the tempo."""
        return TempoMap.of(zip(self.start_beat.tolist(), (self.bpm * ratio).tolist(), strict=True))

    def shifted(self, beats: float) -> TempoMap:
        """The same map with every change moved by ``beats``."""
        return TempoMap.of(zip((self.start_beat + beats).tolist(), self.bpm.tolist(), strict=True))

    @property
    def _starts_sec(self) -> NDArray[np.float64]:
        """Seconds of each change, counted from the first change."""
        steps = np.diff(self.start_beat) * 60.0 / self.bpm[:-1]
        return np.concatenate([[0.0], np.cumsum(steps)])

    def _segment(self, beats: NDArray[np.float64]) -> NDArray[np.intp]:
        return np.clip(np.searchsorted(self.start_beat, beats, side="right") - 1, 0, None)

    def _raw_seconds(self, beats: NDArray[np.float64]) -> NDArray[np.float64]:
        segment = self._segment(beats)
        return self._starts_sec[segment] + (beats - self.start_beat[segment]) * 60.0 / self.bpm[segment]
