"""What a judged take says about its bars: verdicts counted and faults named, for the coach and the report.

It is read from the plain values of `assess` and of its mistakes, so a take of last month in the journal says as much as
the one just played.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessons.analogy import Feature

FEATURE_OF: Mapping[str, Feature] = {
    "wrong": Feature.PITCH,
    "octave": Feature.PITCH,
    "neighbour": Feature.PITCH,
    "extra": Feature.PITCH,
    "missing": Feature.PITCH,
    "missing in chord": Feature.CHORDS,
    "wrong in chord": Feature.CHORDS,
    "early": Feature.RHYTHM,
    "late": Feature.RHYTHM,
    "too short": Feature.RHYTHM,
    "too long": Feature.RHYTHM,
    "uneven": Feature.RHYTHM,
    "hesitation": Feature.RHYTHM,
    "restart": Feature.RHYTHM,
    "hands apart": Feature.TEXTURE,
}
"""Which feature failed when this mistake was made; what is not here says nothing of a feature."""

VERDICT_KINDS = frozenset({"wrong", "octave", "neighbour", "missing", "extra", "missing in chord", "wrong in chord"})
TIMING_WEIGHT, EXTRA_WEIGHT = 0.5, 0.5
BIG_ENOUGH = 8  # notes; fewer say nothing yet


@dataclass(frozen=True)
class Fault:
    """One mistake with its place. ``kind`` is a name of `FEATURE_OF`, or another that is only counted."""

    kind: str
    bar: int
    onset_beat: float
    hand: str | None = None

    @property
    def feature(self) -> Feature | None:
        """The feature that failed."""
        return FEATURE_OF.get(self.kind)


@dataclass(frozen=True)
class BarEvidence:
    """The verdicts of all passes through one bar, and its faults."""

    bar: int
    hit: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def notes(self) -> int:
        """Score notes judged here."""
        return self.hit + self.wrong + self.missed

    @property
    def timing_faults(self) -> int:
        """How many faults are no matter of pitch: a note that was hit may have one."""
        return sum(fault.kind not in VERDICT_KINDS and fault.feature is not None for fault in self.faults)

    @property
    def slips(self) -> int:
        """All that went wrong here, counted once."""
        return self.wrong + self.missed + self.extra + self.timing_faults

    @property
    def heat(self) -> float:
        """How badly the bar went, 0 (clean) to 1: the weighted share of its notes that failed."""
        failed = self.wrong + self.missed + EXTRA_WEIGHT * self.extra + TIMING_WEIGHT * self.timing_faults
        return min(1.0, failed / self.notes) if self.notes else 0.0


@dataclass(frozen=True)
class Evidence:
    """One judged take, bar by bar in order; only bars that were played."""

    bars: tuple[BarEvidence, ...]

    @classmethod
    def of(cls, assessment: Mapping[str, Any], mistakes: Sequence[Mapping[str, Any]] = ()) -> Evidence:
        """Read the plain values of an assessment and its mistakes."""
        counts: dict[int, Counter[str]] = {}
        together = Counter((note["onset_beat"], note["hand"]) for note in assessment["notes"] if note["pass"] == 0)
        chords = {place for place, count in together.items() if count > 1}
        for note in assessment["notes"]:
            counts.setdefault(int(note["bar"]), Counter())[note["verdict"]] += 1
        faults = [_fault(said, chords) for said in mistakes if said.get("bar") is not None]
        for fault in faults:
            counts.setdefault(fault.bar, Counter())["extra"] += fault.kind == "extra"
        reached = _reached(counts)
        return cls(tuple(_bar(bar, counts[bar], faults) for bar in sorted(counts) if bar in reached))

    @property
    def notes(self) -> int:
        """Score notes judged in the take."""
        return sum(bar.notes for bar in self.bars)

    @property
    def hit_share(self) -> float:
        """The share of judged score notes that were hit, with extra notes counted against it; 0 without notes."""
        extra = sum(bar.extra for bar in self.bars)
        return sum(bar.hit for bar in self.bars) / (self.notes + extra) if self.notes else 0.0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults in order of bars."""
        return tuple(fault for bar in self.bars for fault in bar.faults)

    @property
    def is_thin(self) -> bool:
        """Whether too little was played to say anything."""
        return self.notes < BIG_ENOUGH

    def within(self, first: int, last: int) -> Evidence:
        """The evidence of bars ``first`` to ``last``."""
        return Evidence(tuple(bar for bar in self.bars if first <= bar.bar <= last))


def _reached(counts: Mapping[int, Counter[str]]) -> set[int]:
    """The bars that the take came to; bars of which nothing was played at either end were not attempted."""
    played = [bar for bar, count in counts.items() if count["hit"] + count["wrong"] + count["extra"]]
    return {bar for bar in counts if played and min(played) <= bar <= max(played)}


def _fault(said: Mapping[str, Any], chords: set[tuple[float, str | None]]) -> Fault:
    kind, onset, hand = str(said["kind"]), float(said.get("onset_beat") or 0.0), said.get("hand")
    if kind in ("missing", "wrong") and (onset, hand) in chords:
        kind = f"{kind} in chord"
    return Fault(kind, int(said["bar"]), onset, hand)


def _bar(bar: int, count: Counter[str], faults: Iterable[Fault]) -> BarEvidence:
    here = tuple(fault for fault in faults if fault.bar == bar)
    return BarEvidence(bar, count["hit"], count["wrong"], count["missed"], count["extra"], here)
