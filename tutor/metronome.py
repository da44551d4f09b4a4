"""Where the metronome clicks, and how a count-in begins; positions in beats, all pure.

One click a written beat of the metre: a quarter in 4/4, an eighth in 3/8, a dotted quarter in 6/8, 9/8 and 12/8. The
first click of a bar has the accent. Before the first bar and in a pickup, clicks follow the grid of the bar to come.
What is counted in has the metre and the tempo of where playing begins, whatever is written before it (`counted_in`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.score import METRE_DTYPE, Score
from lessons.timing import TempoMap, pulse_beats, snap

EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Click:
    """One beat of the metronome."""

    onset_beat: float
    accent: bool


@dataclass(frozen=True, eq=False)
class HeldTempo(TempoMap):
    """A tempo map whose first tempo holds before it; ``ahead_sec`` is added to all seconds."""

    ahead_sec: float = 0.0

    @classmethod
    def before(cls, tempo: TempoMap, beat: float) -> HeldTempo:
        """``tempo`` with what it is at ``beat`` held before that; from there on all seconds stay the same."""
        later = tempo.start_beat > beat
        starts = np.concatenate([[beat], tempo.start_beat[later]])
        bpm = np.concatenate([[tempo.bpm_at(beat)], tempo.bpm[later]])
        ahead = float(tempo.seconds_at(beat) - TempoMap(starts, bpm).seconds_at(beat))
        return cls(starts, bpm, ahead)

    def seconds_at(self, beats: ArrayLike) -> NDArray[np.float64]:
        """Seconds for positions in beats; any shape."""
        return super().seconds_at(beats) + self.ahead_sec

    def beats_at(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Positions in beats for seconds; the inverse of `seconds_at`."""
        return super().beats_at(np.asarray(seconds, dtype=np.float64) - self.ahead_sec)


def counted_in(score: Score, start_beat: float) -> Score:
    """The score with nothing written before the bar of ``start_beat`` but its notes, so that a count-in is all its own.

    Its metre and its tempo hold before it.
    """
    bars = score.bars[score.bars["end_beat"] > start_beat + EDGE]
    later = score.metres[score.metres["start_beat"] > start_beat + EDGE]
    first = np.array([(start_beat, *score.metre_at(start_beat))], METRE_DTYPE)
    tempo = HeldTempo.before(score.tempo, start_beat)
    return replace(score, bars=bars, labels=(), metres=np.concatenate([first, later]), tempo=tempo)


def clicks(score: Score, from_beat: float, to_beat: float) -> tuple[Click, ...]:
    """The clicks from ``from_beat`` (included) to ``to_beat`` (not included), in order."""
    found = [click for start, end in _bars(score, from_beat) for click in _bar_clicks(score, start, end)]
    return tuple(click for click in found if from_beat - EDGE <= click.onset_beat < to_beat - EDGE)


def count_in_beat(score: Score, start_beat: float, bars: int) -> float:
    """Where to begin counting so that at least ``bars`` whole bars pass before ``start_beat``, from a bar line on."""
    if bars <= 0:
        return start_beat
    length = _bar_beats(score, start_beat)
    after = max(0.0, _bar_line_after(score, start_beat) - start_beat)
    missing = (length - after) % length
    return float(snap(start_beat - missing - bars * length))


def _bar_line_after(score: Score, beat: float) -> float:
    """The end of the bar that a position stands in."""
    ends = [float(end) for end in score.bars["end_beat"] if end > beat + EDGE]
    return ends[0] if ends else beat


def _bar_beats(score: Score, beat: float) -> float:
    numerator, denominator = score.metre_at(beat)
    return numerator * 4.0 / denominator


def _bars(score: Score, from_beat: float) -> list[tuple[float, float]]:
    """All bars as (start, end), with whole bars put before the piece as far as ``from_beat`` needs."""
    written = [(float(bar["start_beat"]), float(bar["end_beat"])) for bar in score.bars]
    if not written:
        return []
    first, length = written[0][0], _bar_beats(score, written[0][0])
    if written[0][1] - first < length - EDGE:  # a pickup: the grid is that of its end
        first = written[0][1] - length
        written[0] = (first, written[0][1])
    before = max(0, math.ceil((first - from_beat) / length - EDGE))
    return [(first - index * length, first - (index - 1) * length) for index in range(before, 0, -1)] + written


def _bar_clicks(score: Score, start: float, end: float) -> list[Click]:
    step = pulse_beats(*score.metre_at(start))
    count = math.ceil((end - start) / step - EDGE)
    return [Click(float(snap(start + index * step)), index == 0) for index in range(count)]
