"""Where things are in a MusicXML score: the clock of each part, the bars, and the signs that stand at a beat.

Times are partitura's divisions from a part's start. Beat 0 is the first downbeat: a first bar that is shorter than its
metre is a pickup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from lxml import etree  # type: ignore[import-untyped]
from numpy.typing import NDArray

from lessons.errors import FormatError
from lessons.files.harmony import chords_from_codes
from lessons.modes import MODES
from lessons.score import BAR_DTYPE, KEY_DTYPE, METRE_DTYPE
from lessons.timing import BPM_RANGE, TempoMap, snap

if TYPE_CHECKING:
    from partitura.score import Part


@dataclass(frozen=True)
class Clock:
    """Positions of one part on the score's timeline, bar by bar, so that a bar too short in one part shifts nothing."""

    quarter_times: NDArray[np.float64]
    quarters: NDArray[np.float64]
    bar_times: NDArray[np.float64]
    bar_beats: NDArray[np.float64]

    def beats(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Beats for partitura's times."""
        bar = np.clip(np.searchsorted(self.bar_times, times, side="right") - 1, 0, None)
        return self.bar_beats[bar] + self.raw(times) - self.raw(self.bar_times[bar])

    def raw(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Quarters from the part's start."""
        segment = np.clip(np.searchsorted(self.quarter_times, times, side="right") - 1, 0, None)
        starts = np.concatenate([[0.0], np.cumsum(np.diff(self.quarter_times) / self.quarters[:-1])])
        out: NDArray[np.float64] = starts[segment] + (times - self.quarter_times[segment]) / self.quarters[segment]
        return out


def timeline(document: etree._Element, parts: list[Part]) -> tuple[list[Clock], NDArray[np.float64], NDArray[np.void]]:
    """A clock for each part, the bars' boundaries in beats and the metres (METRE_DTYPE). Raises FormatError."""
    clocks, edges = _clocks(parts)
    metres = _metres(parts[0], clocks[0])
    edges = edges - _pickup(document, edges, metres)
    clocks = [Clock(c.quarter_times, c.quarters, c.bar_times, edges[: len(c.bar_times)]) for c in clocks]
    return clocks, edges, _metres(parts[0], clocks[0])


def _clocks(parts: list[Part]) -> tuple[list[Clock], NDArray[np.float64]]:
    """A clock for each part, and the bars' boundaries in beats from the start."""
    from partitura.score import Measure

    rows, lengths = [], np.zeros(0)
    for part in parts:
        times, quarters = np.array(part.quarter_durations(), dtype=float).reshape(-1, 2).T
        bars = sorted((bar.start.t, bar.end.t) for bar in part.iter_all(Measure))
        starts, ends = np.array(bars, dtype=float).reshape(-1, 2).T
        clock = Clock(times, quarters, starts, starts)
        own = clock.raw(ends) - clock.raw(starts)
        size = max(len(own), len(lengths))
        lengths = np.maximum(np.pad(own, (0, size - len(own))), np.pad(lengths, (0, size - len(lengths))))
        rows.append(clock)
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    return [Clock(c.quarter_times, c.quarters, c.bar_times, edges[: len(c.bar_times)]) for c in rows], edges


def _pickup(document: etree._Element, edges: NDArray[np.float64], metres: NDArray[np.void]) -> float:
    """The length of a first bar that is shorter than its metre, unless the file says that it is no pickup; else 0."""
    implicit = document.find("part/measure").get("implicit")
    first, nominal = edges[1] - edges[0], 4.0 * metres["numerator"][0] / metres["denominator"][0]
    short = first < nominal - 1e-6 and implicit != "no"
    return float(first) if short and (len(edges) > 2 or implicit == "yes") else 0.0


def bars_between(edges: NDArray[np.float64], metres: NDArray[np.void], written: list[int]) -> NDArray[np.void]:
    """Bars from their boundaries; the two halves of a bar that a repeat sign cuts are one bar."""
    rows: list[tuple[int, float, float]] = []
    for number, start, end in zip(written, edges[:-1].tolist(), edges[1:].tolist(), strict=False):
        index = max(0, int(np.searchsorted(metres["start_beat"], start + 1e-6, side="right")) - 1)
        nominal = 4.0 * metres["numerator"][index] / metres["denominator"][index]
        halves = rows and rows[-1][1] >= 0 and abs((end - rows[-1][1]) - nominal) < 1e-6
        if halves and end - start < nominal:
            rows[-1] = (rows[-1][0], rows[-1][1], end)
        elif end > start:
            rows.append((number, start, end))
    first = 0 if rows and rows[0][1] < 0 else 1
    return np.array([(first + i, *row) for i, row in enumerate(rows)], BAR_DTYPE)


def _metres(part: Part, clock: Clock) -> NDArray[np.void]:
    from partitura.score import TimeSignature

    rows = []
    for sign in part.iter_all(TimeSignature):
        if not 0 < sign.beat_type <= 64:
            raise FormatError(f"the metre {sign.beats}/{sign.beat_type} makes no sense")
        rows.append((_beat(clock, sign.start.t), sign.beats, sign.beat_type))
    return np.array(_changes(rows) or [(0.0, 4, 4)], METRE_DTYPE)


def keys_of(part: Part, clock: Clock) -> NDArray[np.void]:
    """The keys of a part as KEY_DTYPE."""
    from partitura.score import KeySignature

    signs = [sign for sign in part.iter_all(KeySignature) if -7 <= (sign.fifths or 0) <= 7]
    rows = [(_beat(clock, sign.start.t), sign.fifths or 0, sign.mode == "minor") for sign in signs]
    return np.array(_changes(rows), KEY_DTYPE)


def mode_of(part: Part) -> str:
    """The church mode that a part's first key names; none for major and minor."""
    from partitura.score import KeySignature

    named = str(next((sign.mode for sign in part.iter_all(KeySignature)), "") or "")
    return named if named in MODES else ""


def chords_of(parts: list[Part], clocks: list[Clock], end_beat: float) -> NDArray[np.void]:
    """The chord symbols of all parts as CHORD_DTYPE."""
    from partitura.score import ChordSymbol

    codes = [
        (_beat(clock, symbol.start.t), str(symbol.kind))
        for part, clock in zip(parts, clocks, strict=True)
        for symbol in part.iter_all(ChordSymbol)
    ]
    return chords_from_codes(codes, end_beat)


def tempo_of(parts: list[Part], clocks: list[Clock]) -> TempoMap:
    """The tempo marks of all parts. Raises FormatError for a tempo that nobody plays."""
    from partitura.score import Tempo
    from partitura.utils.music import to_quarter_tempo

    changes = [
        (_beat(clock, mark.start.t), float(to_quarter_tempo(mark.unit or "q", mark.bpm)))
        for part, clock in zip(parts, clocks, strict=True)
        for mark in part.iter_all(Tempo)
    ]
    if any(not BPM_RANGE[0] <= bpm <= BPM_RANGE[1] for _, bpm in changes):
        raise FormatError(f"has a tempo outside {BPM_RANGE[0]:g} to {BPM_RANGE[1]:g} beats a minute")
    if not changes:
        return TempoMap.of()
    tempo = TempoMap.of(changes)
    return TempoMap.of(_changes(list(zip(tempo.start_beat.tolist(), tempo.bpm.tolist(), strict=True))))


_Row = TypeVar("_Row", bound=tuple[float, ...])


def _changes(rows: list[_Row]) -> list[_Row]:
    """The rows that say something new; of equal places the last."""
    latest = list({row[0]: row for row in rows}.values())
    return [row for i, row in enumerate(latest) if i == 0 or row[1:] != latest[i - 1][1:]]


def _beat(clock: Clock, time: int) -> float:
    return float(snap(clock.beats(np.array([time], dtype=float)))[0])
