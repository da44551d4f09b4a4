"""What the judgement of a take says: its notes, its passes, its bars, and all of it as plain JSON values.

`tutor.assess` says what the words and the figures mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.bar_names import told, told_range
from lessons.score import HAND_NAMES, Score
from tutor.assessing.curve import TempoCurve
from tutor.performance import Performance
from tutor.windows import Windows

HIT, WRONG, MISSED = 0, 1, 2
VERDICTS = ("hit", "wrong", "missed")

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
    """One time through: which bars, when, how many notes were hit, and whether the player broke off before its end."""

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
    repeats_left_out: tuple[int, ...] = ()  # the bars of the page's repeats that were left out

    def count(self, verdict: int) -> int:
        """How many judged notes have a verdict."""
        return int((self.notes["verdict"] == verdict).sum())

    @property
    def tempo_bpm(self) -> float:
        """The median tempo in quarter notes a minute; that of the score where nothing was played."""
        periods = np.concatenate([curve.period for curve in self.curves]) if self.curves else np.empty(0)
        return float(60.0 / np.median(periods)) if len(periods) else self.score.tempo.bpm_at(0.0)

    @property
    def tempo_ratio(self) -> float:
        """How fast it went beside the written tempo: the median over the notes that were hit; 1 where none was."""
        hit = self.score.notes["onset_beat"][self.notes["row"][self.notes["verdict"] == HIT]]
        written = np.array([self.score.tempo.bpm_at(float(beat)) for beat in np.unique(hit)])
        return self.tempo_bpm / float(np.median(written)) if len(written) else 1.0

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
        """The whole judgement as plain JSON values; its ``bars`` say of each bar what the page calls it."""
        return {
            "summary": self.summary(),
            "notes": [self._note(note) for note in self.notes],
            "extra": [self._extra(stray) for stray in self.extra],
            "bars": [
                {"bar": bar.bar, **told(self.score, bar.bar), "score": bar.score, "faults": list(bar.faults)}
                for bar in self.bars
            ],
            "repeats_left_out": list(self.repeats_left_out),
            "passes": [self._pass(one) for one in self.passes],
        }

    def _pass(self, one: PassSummary) -> dict[str, Any]:
        plain = {name: _plain(getattr(one, name)) for name in PassSummary.__slots__}
        return plain | told_range(self.score, (one.first_bar, one.last_bar))

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
            "in_pass": int(note["pass_index"]),
        }

    def _extra(self, stray: np.void) -> dict[str, Any]:
        played = self.performance.notes[stray["played"]]
        return {
            "played": int(stray["played"]),
            "time_sec": round(float(played["onset_sec"]), 6),
            "pitch": int(played["pitch"]),
            "bar": int(stray["bar"]),
            "in_pass": int(stray["pass_index"]),
        }


def _number(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None


def _plain(value: float | int | bool) -> float | int | bool:
    return round(value, 4) if isinstance(value, float) else value
