"""What a judged take says about its bars: verdicts counted and faults named, for the coach and the report.

It is read from the plain values of `assess` and of its mistakes, so a take of last month in the journal says as much as
the one just played.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from lessons.score import HAND_NAMES
from tutor.assessing.mistake import Degree
from tutor.faults import (
    DRIFT_KINDS,
    EXTRA_KINDS,
    FEATURE_MEANT,
    KEY_KINDS,
    MISSED_KINDS,
    TIME_KINDS,
    TIMING_WEIGHT,
    Fault,
    moments,
)
from tutor.keeping import OffBeat
from tutor.passes import COMPLETE_SHARE

EXTRA_WEIGHT = 0.5
TEMPO_RATIO = "tempo_ratio"  # in an assessment: how fast the take went beside the written tempo
WAITS = "waits"  # in one too: how often the score stood waiting for the player
OCTAVES = 0.25  # of the notes, from which on a hand lay wrong and no slip was made
SILENT_SHARE, PLAYED_SHARE = 0.1, 0.6  # of its notes, of a hand that does not play and of one that does
BIG_ENOUGH = 8  # notes; fewer say nothing yet


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
    def is_silent(self) -> bool:
        """Whether the beat led through it and nothing of it was played: nobody made a mistake here, nor anything."""
        return self.notes > 0 and self.missed == self.notes and not (self.extra or self.faults)

    @property
    def timing_faults(self) -> int:
        """How many faults are no matter of pitch: a note that was hit may have one."""
        timed = moments(fault for fault in self.faults if fault.kind not in KEY_KINDS and fault.feature is not None)
        return sum(fault.slips for fault in timed)

    @property
    def slips(self) -> int:
        """All that went wrong here, counted once."""
        return self.wrong + self.missed + self.extra + self.timing_faults

    @property
    def heat(self) -> float:
        """How badly the bar went, 0 (clean) to 1: the weighted share of its notes that failed."""
        failed = self.wrong + self.missed + EXTRA_WEIGHT * self.extra + TIMING_WEIGHT * self.timing_faults
        return min(1.0, failed / self.notes) if self.notes else 0.0

    @property
    def gravity(self) -> float:
        """How much the bar needs practice: its heat, weighed so that a slip among two notes is not the worst of all."""
        return self.heat * math.sqrt(self.notes)

    def only(self, faults: Sequence[Fault]) -> BarEvidence:
        """The bar with these faults alone, as if all else had been right."""
        missed = sum(fault.kind in MISSED_KINDS for fault in faults)
        extra = sum(fault.kind in EXTRA_KINDS for fault in faults)
        wrong = sum(fault.kind in KEY_KINDS for fault in faults) - missed - extra
        return replace(
            self, hit=self.notes - missed - wrong, wrong=wrong, missed=missed, extra=extra, faults=tuple(faults)
        )


@dataclass(frozen=True)
class Evidence:
    """One judged take, bar by bar in order; only bars that were played. ``unplayed`` are the numbers of the others.

    ``silent_hand`` played next to nothing while the other one played: its notes are not judged. ``repeats_left_out``
    are the bars of the page's repeats that the player left out. ``semitones_off`` is by how much all keys lay too high:
    the rest is told as if they had lain right. ``off_beat`` is how the player left a beat that was given,
    ``tempo_ratio`` how fast it went beside the written tempo, and ``waits`` how often the score stood waiting for them.
    ``rounds`` are the shares of right notes in each time through that was not broken off. ``asked`` is how many notes
    were to be played, and ``timed`` is false where the score waited: nothing can be said of time then.
    """

    bars: tuple[BarEvidence, ...]
    unplayed: tuple[int, ...] = ()
    silent_hand: str = ""
    repeats_left_out: tuple[int, ...] = ()
    semitones_off: int = 0
    off_beat: OffBeat | None = None
    tempo_ratio: float = 1.0
    waits: int = 0
    rounds: tuple[float, ...] = ()
    asked: int = BIG_ENOUGH
    timed: bool = True

    @classmethod
    def of(cls, assessment: Mapping[str, Any], mistakes: Sequence[Mapping[str, Any]] | None = None) -> Evidence:
        """Read the plain values of an assessment and its mistakes; without mistakes, the faults of its bars."""
        reached = [note for note in assessment["notes"] if note.get("reached", True)]
        silent = _silent(reached)
        judged = [note for note in reached if not silent or note["hand"] != silent]
        counts = Counter((int(note["bar"]), note["verdict"]) for note in judged)
        counts.update((int(stray.get("bar", 0)), "extra") for stray in assessment["extra"])
        if mistakes is None:
            mistakes = [{"bar": bar["bar"]} | fault for bar in assessment["bars"] for fault in bar["faults"]]
        faults = [fault for fault in _faults(mistakes, reached) if not silent or fault.hand != silent]
        unplayed = sorted({int(note["bar"]) for note in assessment["notes"]} - {int(note["bar"]) for note in reached})
        bars = tuple(_bar(bar, counts, faults) for bar in sorted({bar for bar, _ in counts}))
        left_out, off = tuple(assessment.get("repeats_left_out", ())), int(assessment.get("semitones_off", 0))
        beat, ratio = OffBeat.from_json(assessment.get("off_beat")), float(assessment.get(TEMPO_RATIO, 1.0))
        waits, rounds = int(assessment.get(WAITS, 0)), _rounds(assessment.get("passes", ()))
        asked = len({(note["onset_beat"], note["pitch"], note["hand"]) for note in assessment["notes"]})
        timed = WAITS not in assessment
        return cls(bars, tuple(unplayed), silent, left_out, off, beat, ratio, waits, rounds, asked, timed)

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """The stretches of bars that were not played, each with its first and last bar."""
        played = [bar.bar for bar in self.bars if not bar.is_silent]
        silent = {bar.bar for bar in self.bars if bar.is_silent}
        runs = groupby(sorted({*self.unplayed, *silent}), key=lambda bar: bisect_left(played, bar))
        stretches = [list(run) for _, run in runs]
        return tuple((run[0], run[-1]) for run in stretches)

    @property
    def left_out(self) -> tuple[tuple[int, int], ...]:
        """The gaps between played bars."""
        played = [bar.bar for bar in self.bars if not bar.is_silent]
        return tuple(gap for gap in self.gaps if played and played[0] < gap[0] and gap[1] < played[-1])

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
    def on_time_share(self) -> float:
        """The share of right notes of which nobody said that they came at the wrong time; 0 without notes."""
        hit = sum(bar.hit for bar in self.bars)
        off = sum(fault.kind in TIME_KINDS for fault in self.faults)
        return max(0.0, 1.0 - off / hit) if hit else 0.0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults in order of bars."""
        return tuple(fault for bar in self.bars for fault in bar.faults)

    @property
    def repeats(self) -> bool:
        """Whether a fault came more than once in a bar."""
        places = Counter((fault.bar, fault.kind) for fault in moments(self.faults) if fault.feature is not None)
        return max(places.values(), default=0) > 1

    @property
    def is_faultless(self) -> bool:
        """Whether nothing at all went wrong."""
        clean = all(bar.slips == 0 for bar in self.bars)
        off = self.drift or self.left_out or self.semitones_off or self.off_beat
        return bool(self.notes) and clean and not off

    @property
    def drift(self) -> str:
        """Whether the tempo ran away, or changed: one of `DRIFT_KINDS`, else empty."""
        return next((fault.kind for fault in self.faults if fault.kind in DRIFT_KINDS), "")

    @property
    def drift_bar(self) -> int:
        """The bar of which that is said; 0 where nothing is."""
        return next((fault.bar for fault in self.faults if fault.kind in DRIFT_KINDS), 0)

    @property
    def is_octave_off(self) -> bool:
        """Whether most of what went wrong was right in another octave."""
        keys = [fault.kind for fault in self.faults if fault.kind in KEY_KINDS]
        octaves = keys.count("octave")
        return octaves >= OCTAVES * self.notes and octaves >= len(keys) / 2

    @property
    def is_elsewhere(self) -> bool:
        """Whether all of it, or a hand, lay at another height than it is written: that is put right first."""
        return bool(self.semitones_off) or self.is_octave_off

    @property
    def is_thin(self) -> bool:
        """Whether too little was played to say anything: few notes, of a passage that has more."""
        return self.notes < min(BIG_ENOUGH, COMPLETE_SHARE * self.asked)

    def within(self, first: int, last: int) -> Evidence:
        """The evidence of bars ``first`` to ``last``."""
        return Evidence(tuple(bar for bar in self.bars if first <= bar.bar <= last))


def _rounds(passes: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    most = max((int(one["notes"]) for one in passes), default=0)
    whole = [one for one in passes if one["notes"] and one["notes"] >= COMPLETE_SHARE * most and not one["broken"]]
    return tuple(one["hit"] / (one["notes"] + one["extra"]) for one in whole)


def _silent(judged: Sequence[Mapping[str, Any]]) -> str:
    """The hand that struck next to nothing of what was reached, where the other one struck most; else empty."""
    counts = {hand: Counter(note["verdict"] for note in judged if note["hand"] == hand) for hand in HAND_NAMES.values()}
    shares = {
        hand: (count["hit"] + count["wrong"]) / count.total()
        for hand, count in counts.items()
        if count.total() >= BIG_ENOUGH
    }
    silent = min(shares, key=lambda hand: shares[hand], default="")
    alone = len(shares) > 1 and shares[silent] <= SILENT_SHARE and max(shares.values()) >= PLAYED_SHARE
    return silent if alone else ""


def _faults(mistakes: Iterable[Mapping[str, Any]], judged: Iterable[Mapping[str, Any]]) -> list[Fault]:
    hands = {(note["onset_beat"], note["pitch"]): note["hand"] for note in judged}
    return [
        Fault(
            str(said["kind"]),
            int(said["bar"]),
            float(said["onset_beat"]),
            said.get("hand") or hands.get((said["onset_beat"], said.get("pitch"))),
            FEATURE_MEANT.get(said.get("feature", "")),
            int(said.get("pass_index", 0)),
            Degree(said.get("degree", Degree.PLAIN)),
            said.get("to_bar"),
        )
        for said in mistakes
    ]


def _bar(bar: int, counts: Counter[tuple[int, str]], faults: Iterable[Fault]) -> BarEvidence:
    here = tuple(fault for fault in faults if fault.bar == bar)
    hit, wrong, missed, extra = (counts[bar, verdict] for verdict in ("hit", "wrong", "missed", "extra"))
    return BarEvidence(bar, hit, wrong, missed, extra, here)
