"""The tempo curve of a pass: a smooth, robust line through the times of its places, in stretches between hesitations.

The expected time of a place is a weighted line through its neighbours *without the place itself*, so that a late note
does not excuse itself; neighbours far off the line lose their weight. A hesitation ends a stretch: what comes after it
is judged against its own tempo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

REACH_BEATS = 4.0
LEAST_NEIGHBOURS = 3
HESITATION_RATIO = 1.6
HESITATION_SEC = 0.15
SHORTEST_GAP_SEC = 1e-3  # between two onsets: no tempo is without end

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TempoCurve:
    """For each place of a pass that was struck: ``beat``, ``time_sec``, ``due_sec`` and ``period`` (seconds a beat).

    ``due_sec`` is NaN where too few neighbours say when the place was due; ``hesitates`` marks places that came after
    an interval more than `HESITATION_RATIO` times its length, or that was held where the page lets the music stop.
    """

    beat: Floats
    time_sec: Floats
    due_sec: Floats
    period: Floats
    hesitates: NDArray[np.bool_]

    def expected_at(self, beats: Floats) -> Floats:
        """When positions were due, between and beyond the places that were struck."""
        known = np.where(np.isnan(self.due_sec), self.time_sec, self.due_sec)
        if len(known) == 1:
            alone: Floats = known[0] + (beats - self.beat[0]) * self.period[0]
            return alone
        inside: Floats = np.interp(beats, self.beat, known)
        inside += np.minimum(beats - self.beat[0], 0.0) * self.period[0]
        inside += np.maximum(beats - self.beat[-1], 0.0) * self.period[-1]
        return inside

    def period_at(self, beats: Floats) -> Floats:
        """Seconds for a beat at positions."""
        periods: Floats = np.interp(beats, self.beat, self.period)
        return periods


def tempo_curve(
    beat: Floats,
    time_sec: Floats,
    usual_period: float,
    written: Floats | None = None,
    stops: NDArray[np.bool_] | None = None,
) -> TempoCurve:
    """The curve through struck places, ``beat`` ascending and distinct; ``usual_period`` serves a single place.

    ``written`` is where the places lie as the page changes its tempo, in beats of its middle tempo. Who keeps to that
    is judged by it, and who does not by an even beat. ``stops`` are the places before which the page lets the music
    stop: there any interval that is longer than due is a hesitation.
    """
    stops = np.zeros(len(beat), bool) if stops is None else stops
    even = _over(beat, time_sec, usual_period, stops)
    if written is None or len(beat) < 2 or np.allclose(np.diff(written), np.diff(beat)):
        return even
    asked = _over(written, time_sec, usual_period, stops)
    if _loose(asked) >= _loose(even):
        return even
    stretched = np.gradient(written, beat)
    return replace(asked, beat=beat, period=asked.period * stretched)


def in_middle_beats(beats: Floats, written_sec: Sequence[float]) -> Floats:
    """Seconds of the page as beats of its middle tempo; both for places in order."""
    seconds = np.asarray(written_sec)
    rates = np.diff(beats) / np.maximum(np.diff(seconds), 1e-9)
    return seconds * float(np.median(rates)) if len(rates) else beats


def _loose(curve: TempoCurve) -> float:
    """How badly a curve fits: the mean distance of what was struck, in seconds; a hesitation counts as its length."""
    away = np.abs(curve.time_sec - curve.due_sec)
    stops = np.diff(curve.time_sec, prepend=curve.time_sec[:1])[curve.hesitates].sum()
    return float((np.nansum(away) + stops) / max(1, np.isfinite(away).sum()))


def _over(beat: Floats, time_sec: Floats, usual_period: float, stops: NDArray[np.bool_]) -> TempoCurve:
    time_sec = np.maximum.accumulate(time_sec)
    period = _local_periods(beat, time_sec, usual_period)
    hesitates = _hesitations(beat, time_sec, period, stops)
    due = np.full(len(beat), np.nan)
    stretch = np.cumsum(hesitates)
    for one in range(int(stretch[-1]) + 1 if len(beat) else 0):
        inside = np.flatnonzero(stretch == one)
        for place in inside.tolist():
            due[place], slope = _line_without(place, inside, beat, time_sec)
            if np.isfinite(slope):
                period[place] = slope
    return TempoCurve(beat, time_sec, due, period, hesitates)


def _local_periods(beat: Floats, time_sec: Floats, usual: float) -> Floats:
    """Seconds a beat around each place: the median of the intervals near it, by their length in beats."""
    if len(beat) < 2:
        return np.full(len(beat), usual)
    slopes = np.maximum(np.diff(time_sec), SHORTEST_GAP_SEC) / np.diff(beat)
    middle = (beat[1:] + beat[:-1]) / 2
    lengths = np.minimum(np.diff(beat), 1.0)
    near = [np.abs(middle - here) <= REACH_BEATS for here in beat]
    every = np.ones(len(slopes), bool)
    chosen = [here if here.any() else every for here in near]
    return np.array([weighted_median(slopes[here], lengths[here]) for here in chosen])


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value below which half of the weight lies; at least one value."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _hesitations(beat: Floats, time_sec: Floats, period: Floats, stops: NDArray[np.bool_]) -> NDArray[np.bool_]:
    marks = np.zeros(len(beat), bool)
    if len(beat) > 1:
        due = np.diff(beat) * np.minimum(period[1:], period[:-1])
        gaps = np.diff(time_sec)
        marks[1:] = (gaps > HESITATION_RATIO * due + HESITATION_SEC) | (stops[1:] & (gaps > due))
    return marks


def _line_without(place: int, inside: NDArray[np.intp], beat: Floats, time_sec: Floats) -> tuple[float, float]:
    """Time and slope at a place of the line through its neighbours; NaN where there are too few."""
    near = inside[(np.abs(beat[inside] - beat[place]) <= REACH_BEATS) & (inside != place)]
    if len(near) < LEAST_NEIGHBOURS:
        near = inside[(np.abs(inside - place) <= LEAST_NEIGHBOURS) & (inside != place)]
        if len(near) < LEAST_NEIGHBOURS:
            return np.nan, np.nan
    away, times = beat[near] - beat[place], time_sec[near]
    reach = np.abs(away).max() * 1.01
    kernel = (1.0 - (np.abs(away) / reach) ** 3) ** 3
    due, slope = _fit(away, times, kernel)
    rest = np.abs(times - (due + slope * away))
    scale = max(0.01, 1.5 * float(np.median(rest)))
    due, slope = _fit(away, times, kernel / (1.0 + (rest / scale) ** 2))
    return (due, slope) if slope > 0 else (np.nan, np.nan)


def _fit(away: Floats, times: Floats, weights: Floats) -> tuple[float, float]:
    """Intercept and slope of a weighted line."""
    total = weights.sum()
    mean_away, mean_time = (weights * away).sum() / total, (weights * times).sum() / total
    spread = (weights * (away - mean_away) ** 2).sum()
    slope = (weights * (away - mean_away) * (times - mean_time)).sum() / spread if spread > 1e-9 else 0.0
    return float(mean_time - slope * mean_away), float(slope)
