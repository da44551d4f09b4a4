"""How each bar of a judged take went."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.score import Score
from tutor.assessing.assessment import HIT, MISSED, WRONG, BarSummary
from tutor.assessing.curve import TempoCurve
from tutor.performance import Performance
from tutor.windows import Windows


def bars_of(
    score: Score,
    performance: Performance,
    notes: NDArray[np.void],
    extra: NDArray[np.void],
    curves: tuple[TempoCurve, ...],
    windows: Windows,
) -> tuple[BarSummary, ...]:
    """How each bar went: its verdicts counted, and what was wrong in it."""
    reached = notes[notes["pass_index"] >= 0]
    counts = {number: Counter[int]() for number in (score.bars["number"].tolist() or [1])}
    faults: dict[int, list[dict[str, Any]]] = {number: [] for number in counts}
    for note in reached:
        bar = int(note["bar"])
        counts[bar][int(note["verdict"])] += 1
        fault = _fault(score, performance, note, curves, windows)
        if fault:
            faults[bar].append(fault)
    strays = Counter(extra["bar"].tolist())
    for stray in extra:
        pitch, beat = int(performance.notes["pitch"][stray["played"]]), round(float(stray["onset_beat"]), 3)
        faults[int(stray["bar"]) or next(iter(faults))].append({"kind": "extra", "onset_beat": beat, "pitch": pitch})
    return tuple(_bar(bar, count, strays[bar], faults[bar]) for bar, count in counts.items())


def _fault(
    score: Score,
    performance: Performance,
    note: np.void,
    curves: tuple[TempoCurve, ...],
    windows: Windows,
) -> dict[str, Any] | None:
    """What is wrong with one judged note, in the fields of a bar's faults."""
    written = score.notes[note["row"]]
    beat = float(written["onset_beat"])
    said: dict[str, Any] = {"onset_beat": round(beat, 3), "pitch": int(written["pitch"])}
    if note["verdict"] == MISSED:
        return {"kind": "missed", **said}
    if note["verdict"] == WRONG:
        return {"kind": "wrong", **said, "played_pitch": int(performance.notes["pitch"][note["played"]])}
    error = float(note["error_sec"])
    period = float(curves[note["pass_index"]].period_at(np.array([beat]))[0])
    if np.isfinite(error) and abs(error) > windows.on_time_sec(period):
        return {"kind": "late" if error > 0 else "early", **said, "error_sec": round(error, 4)}
    return None


def _bar(bar: int, count: Counter[int], extra: int, faults: list[dict[str, Any]]) -> BarSummary:
    judged = count[HIT] + count[WRONG] + count[MISSED]
    score = round(count[HIT] / (judged + extra), 4) if judged else None
    return BarSummary(bar, score, count[HIT], count[WRONG], count[MISSED], extra, tuple(faults))
