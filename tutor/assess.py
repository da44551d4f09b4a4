"""The considered judgement of a take, once it is over.

Conventions
-----------
**What is compared.** A score (as written, repeats unfolded, positions in quarter notes) and a performance (as played,
in seconds). No clock and no metronome: the player's own tempo is the measure, and it may bend.

**Passes.** A player who stops and begins again somewhere else goes through the score in several *passes*. The follower
hears the take once; every jump in its final story opens a pass. Each pass is judged by itself, so a restart is not a
heap of wrong notes and a repeated bar is judged once a pass. Where one way straight through explains clearly more of a
take with many faults, it stands instead (`tutor.assessing.straight`). ``pass`` of a judged note counts the times
through the *same place* before it. Notes of the score that no pass reached are listed once as missed, with
``reached`` false: they count in the recall, and nobody is told about them as mistakes.

**Matching.** Inside a pass a played note can only be a written note of its own pitch. Each pitch is aligned in order,
with as many matches as possible and then as near in time as possible to the tempo curve (`tutor.assessing.matching`).
Two voices in unison are one key, which both rows take as played.

**Verdicts.** *hit*: the written note was struck. *wrong*: it was not, and a stray note of a near pitch was struck about
when it was due. *missed*: neither. *extra*: a played note that is none of these. Every written note of a pass has
exactly one of hit, wrong and missed, and every played note is used exactly once: as hit, as wrong, or as extra. The
rest of a chord at which the player broke off is not asked for.

**Time.** ``error_sec`` is the onset against the tempo curve of its pass at its place, late being positive. The curve is
a robust local line through the neighbours of the place without the place itself; it starts anew after a hesitation
(`tutor.assessing.curve`). It is None where there are too few neighbours, and for grace notes, which have no time of
their own. ``duration_ratio`` is the sounding length over the written one at the local tempo; pedal is not counted.

**Figures.** precision = hit / (hit + wrong + extra), recall = hit / (hit + wrong + missed), f1 their harmonic mean.
``tempo_bpm`` is the median of the curve, ``timing_sd_sec`` the standard deviation of the onset errors. A bar's score is
the share of its notes that were hit, extra notes counted against it: hit / (hit + wrong + missed + extra).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.score import HAND_NAMES, Score
from tutor.assessing.curve import TempoCurve
from tutor.assessing.matching import Key, Matched, match_pass
from tutor.assessing.passes import Pass, find_passes
from tutor.assessing.straight import straight_pass
from tutor.following.places import Places
from tutor.performance import Performance
from tutor.windows import Windows

HIT, WRONG, MISSED = 0, 1, 2
VERDICTS = ("hit", "wrong", "missed")
SURE_SHARE = 0.8  # of the hits: with fewer faults than the rest, what was found is not doubted
CLEARLY_SHARE, LEAST_GAIN = 0.05, 4.0  # by so much another explanation must be better

JUDGED_DTYPE = np.dtype(
    [
        ("row", "i4"),  # in score.notes
        ("verdict", "u1"),
        ("played", "i4"),  # in performance.notes, -1 for none
        ("error_sec", "f8"),  # NaN where it cannot be said
        ("duration_ratio", "f8"),
        ("pass_count", "i4"),  # times through this place before
        ("pass_index", "i4"),  # in Assessment.passes, -1 where nothing came here
        ("bar", "i4"),
    ]
)
EXTRA_DTYPE = np.dtype([("played", "i4"), ("pass_index", "i4"), ("onset_beat", "f8"), ("bar", "i4")])


@dataclass(frozen=True, slots=True)
class BarSummary:
    """How one bar went, over all passes; ``score`` is None where it was not reached."""

    bar: int
    score: float | None
    hit: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    faults: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PassSummary:
    """One time through: which bars, when, how many notes were hit, and whether a jump ended it."""

    first_bar: int
    last_bar: int
    start_sec: float
    end_sec: float
    tempo_bpm: float
    hit: int
    notes: int
    extra: int
    broken: bool


@dataclass(frozen=True, eq=False)
class Assessment:
    """The judgement: ``notes`` (JUDGED_DTYPE, by place, pitch and pass), ``extra`` (EXTRA_DTYPE), summaries, curves."""

    score: Score
    performance: Performance
    notes: NDArray[np.void]
    extra: NDArray[np.void]
    passes: tuple[PassSummary, ...]
    curves: tuple[TempoCurve, ...]
    bars: tuple[BarSummary, ...]
    windows: Windows = field(default_factory=Windows)

    def count(self, verdict: int) -> int:
        """How many judged notes have a verdict."""
        return int((self.notes["verdict"] == verdict).sum())

    @property
    def tempo_bpm(self) -> float:
        """The median tempo in quarter notes a minute; that of the score where nothing was played."""
        periods = np.concatenate([curve.period for curve in self.curves]) if self.curves else np.empty(0)
        return float(60.0 / np.median(periods)) if len(periods) else self.score.tempo.bpm_at(0.0)

    @property
    def timing_sd_sec(self) -> float:
        """The standard deviation of the onset errors; 0 where there are none."""
        errors = self.notes["error_sec"][np.isfinite(self.notes["error_sec"])]
        return float(errors.std()) if len(errors) else 0.0

    def summary(self) -> dict[str, Any]:
        """The figures of the whole take."""
        hit, wrong, missed, extra = self.count(HIT), self.count(WRONG), self.count(MISSED), len(self.extra)
        precision, recall = hit / max(1, hit + wrong + extra), hit / max(1, hit + wrong + missed)
        return {
            "score_notes": len(self.notes),
            "hit": hit,
            "wrong": wrong,
            "missed": missed,
            "extra": extra,
            "precision": round(precision, 6),
            "recall": round(recall, 6),
            "f1": round(2 * precision * recall / max(1e-9, precision + recall), 6),
            "tempo_bpm": round(self.tempo_bpm, 3),
            "timing_sd_sec": round(self.timing_sd_sec, 6),
        }

    def as_json(self) -> dict[str, Any]:
        """The whole judgement as plain JSON values."""
        return {
            "summary": self.summary(),
            "notes": [self._note(note) for note in self.notes],
            "extra": [self._extra(stray) for stray in self.extra],
            "bars": [{"bar": bar.bar, "score": bar.score, "faults": list(bar.faults)} for bar in self.bars],
            "passes": [{name: _plain(getattr(one, name)) for name in PassSummary.__slots__} for one in self.passes],
        }

    def _note(self, note: np.void) -> dict[str, Any]:
        written, played = self.score.notes[note["row"]], int(note["played"])
        return {
            "onset_beat": round(float(written["onset_beat"]), 3),
            "pitch": int(written["pitch"]),
            "hand": HAND_NAMES.get(int(written["hand"])),
            "bar": int(note["bar"]),
            "verdict": VERDICTS[note["verdict"]],
            "played": played if played >= 0 else None,
            "error_sec": _number(note["error_sec"]),
            "velocity": int(self.performance.notes["velocity"][played]) if played >= 0 else None,
            "duration_ratio": _number(note["duration_ratio"]),
            "pass": int(note["pass_count"]),
            "reached": bool(note["pass_index"] >= 0),
        }

    def _extra(self, stray: np.void) -> dict[str, Any]:
        played = self.performance.notes[stray["played"]]
        return {
            "played": int(stray["played"]),
            "time_sec": round(float(played["onset_sec"]), 6),
            "pitch": int(played["pitch"]),
            "bar": int(stray["bar"]),
        }


def assess(
    score: Score, performance: Performance, *, hands: int | None = None, windows: Windows | None = None
) -> Assessment:
    """Judge a take against a score. ``hands`` None asks for both; ``windows`` None takes those of the score's level."""
    places, passes = find_passes(score, performance, hands)
    usual_period = 60.0 / score.tempo.bpm_at(0.0)
    matched = [match_pass(places, one, performance, usual_period) for one in passes]
    passes, matched = _or_straight(places, passes, matched, performance, usual_period)
    notes = _judged(score, places, passes, matched, performance)
    extra = _strays(score, passes, matched, performance)
    windows = windows or Windows.for_level(score.level)
    curves = tuple(one.curve for one in matched)
    return Assessment(
        score,
        performance,
        notes,
        extra,
        tuple(
            _pass_summary(score, places, one, found, performance) for one, found in zip(passes, matched, strict=True)
        ),
        curves,
        _bars(score, performance, notes, extra, curves, windows),
        windows,
    )


def _or_straight(
    places: Places, passes: list[Pass], matched: list[Matched], performance: Performance, usual_period: float
) -> tuple[list[Pass], list[Matched]]:
    """What was found, or one pass straight through where that explains clearly more of the take."""
    doubtful = _balance(places, passes, matched) < SURE_SHARE * sum(len(one.hits) for one in matched)
    straight = straight_pass(places, performance, usual_period) if doubtful else None
    if straight is None:
        return passes, matched
    instead = match_pass(places, straight, performance, usual_period)
    gained = _balance(places, [straight], [instead]) - _balance(places, passes, matched)
    clearly = max(LEAST_GAIN, CLEARLY_SHARE * len(performance.notes))
    return ([straight], [instead]) if gained > clearly else (passes, matched)


def _balance(places: Places, passes: list[Pass], matched: list[Matched]) -> int:
    """How many notes speak for an explanation of the take, less those of the take and the score that speak against."""
    reached = {place for one in passes for place in range(one.first, one.last + 1)}
    left = sum(len(places.rows[place]) for place in range(places.count) if place not in reached)
    return sum(len(one.hits) - len(one.wrong) - len(one.missed) - len(one.extra) for one in matched) - left


def _judged(
    score: Score, places: Places, passes: list[Pass], matched: list[Matched], performance: Performance
) -> NDArray[np.void]:
    """One line for each written note and pass, and one for each that no pass reached."""
    lines: list[tuple[int, int, int, float, float, int, int]] = []
    visits: Counter[int] = Counter()
    for index, (one, found) in enumerate(zip(passes, matched, strict=True)):
        verdicts = _keys(found)
        for key, (verdict, played) in verdicts.items():
            error, ratio = _timing(places, key, played, found, performance) if verdict == HIT else (np.nan, np.nan)
            for row in places.rows_of(*key):
                length = float(score.notes["duration_beat"][row])
                lines.append((row, verdict, played, error, ratio / length if length else np.nan, visits[key[0]], index))
        visits.update(range(one.first, one.last + 1))
    for place in range(places.count):
        if not visits[place]:
            lines += [(row, MISSED, -1, np.nan, np.nan, 0, -1) for row in places.rows_of(place, places.full[place])]
    notes = np.zeros(len(lines), JUDGED_DTYPE)
    for name, column in zip(JUDGED_DTYPE.names or (), zip(*lines, strict=True), strict=False):
        notes[name] = column
    if len(notes):
        notes["bar"] = score.bar_numbers_at(score.notes["onset_beat"][notes["row"]]) if len(score.bars) else 1
    return notes[np.lexsort((notes["pass_index"], notes["row"]))]


def _keys(found: Matched) -> dict[Key, tuple[int, int]]:
    """Verdict and played note of each key of a pass."""
    verdicts = {key: (HIT, note) for key, note in found.hits.items()}
    verdicts |= {key: (WRONG, note) for key, note in found.wrong.items()}
    return verdicts | dict.fromkeys(found.missed, (MISSED, -1))


def _timing(places: Places, key: Key, played: int, found: Matched, performance: Performance) -> tuple[float, float]:
    """Onset error in seconds, and sounding length in beats, of a hit."""
    place, bit = key
    slot = int(np.searchsorted(found.curve.beat, places.beats[place]))
    if bit & places.grace_bits[place] or slot == len(found.curve.beat) or found.curve.beat[slot] != places.beats[place]:
        return np.nan, np.nan
    note = performance.notes[played]
    length = float(note["duration_sec"]) / float(found.curve.period[slot])
    return float(note["onset_sec"]) - float(found.curve.due_sec[slot]), length


def _strays(score: Score, passes: list[Pass], matched: list[Matched], performance: Performance) -> NDArray[np.void]:
    """The played notes that belong nowhere, each with about where it was struck."""
    lines = []
    used: set[int] = set()
    for index, (one, found) in enumerate(zip(passes, matched, strict=True)):
        used.update(range(one.first_note, one.end_note))
        for note in found.extra:
            time = float(performance.notes["onset_sec"][note])
            lines.append((note, index, float(np.interp(time, found.curve.time_sec, found.curve.beat)), 0))
    lines += [(note, -1, score.start_beat, 0) for note in range(len(performance.notes)) if note not in used]
    extra = np.array(sorted(lines), EXTRA_DTYPE)
    if len(extra) and len(score.bars):
        extra["bar"] = score.bar_numbers_at(extra["onset_beat"] + 1e-6)
    return extra


def _pass_summary(score: Score, places: Places, one: Pass, found: Matched, performance: Performance) -> PassSummary:
    first, last = (_bar_at(score, places.beats[place]) for place in (one.first, one.last))
    times = performance.notes["onset_sec"][one.first_note : one.end_note]
    return PassSummary(
        first_bar=first,
        last_bar=last,
        start_sec=float(times[0]),
        end_sec=float(times[-1]),
        tempo_bpm=float(60.0 / np.median(found.curve.period)),
        hit=len(found.hits),
        notes=len(found.hits) + len(found.wrong) + len(found.missed),
        extra=len(found.extra),
        broken=one.broken,
    )


def _bar_at(score: Score, beat: float) -> int:
    return int(score.bar_numbers_at(beat)) if len(score.bars) else 1


def _bars(
    score: Score,
    performance: Performance,
    notes: NDArray[np.void],
    extra: NDArray[np.void],
    curves: tuple[TempoCurve, ...],
    windows: Windows,
) -> tuple[BarSummary, ...]:
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


def _number(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None


def _plain(value: float | int | bool) -> float | int | bool:
    return round(value, 4) if isinstance(value, float) else value
