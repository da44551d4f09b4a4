"""The report after a take: what went well, how each bar went, at most three things to mind, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lessons.bar_names import BarName, bars_in_words, begun, told
from lessons.percent import percent
from lessons.score import Score
from tutor.evidence import BarEvidence, Evidence
from tutor.faults import Fault, moments
from tutor.learner import Learner
from tutor.often import often
from tutor.reasons import fault_in_words, gaps_in_words, height_off_in_words, main_faults, praise
from tutor.step import Step

MOST_ITEMS = 3


@dataclass(frozen=True)
class BarHeat:
    """How one bar went: ``heat`` 0 (clean) to 1, None where it was not played; with its verdicts counted.

    ``why`` is a clause about what went wrong in it; empty where nothing did, and ``again`` that it did so more than
    once. ``written`` is its number on the page, and ``time`` which time through it this was.
    """

    bar: int
    heat: float | None
    hit: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    why: str = ""
    again: bool = False
    written: str = ""
    time: int = 1

    @property
    def name(self) -> BarName:
        """What a musician calls the bar."""
        return BarName(self.written or str(self.bar), self.time)


@dataclass(frozen=True, eq=False)
class Report:
    """All that the report page shows. ``items`` are at most three things to mind, the gravest first.

    ``touch`` says how the glove leads here from now on; empty where none ever did. ``notice`` says what is no fault:
    that repeats were left out. ``mastery`` says how far the piece is mastered, where this take moved it; ``rest`` that
    it is time for one.
    """

    praise: tuple[str, ...]
    items: tuple[str, ...]
    bars: tuple[BarHeat, ...]
    hit_share: float
    step: Step
    thin: str = ""
    touch: str = ""
    intonation: str = ""
    notice: str = ""
    mastery: str = ""
    rest: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "praise": list(self.praise),
            "items": list(self.items),
            "bars": [dict(bar.__dict__) for bar in self.bars],
            "hit_share": round(self.hit_share, 4),
            "thin": self.thin,
            "touch": self.touch,
            "intonation": self.intonation,
            "notice": self.notice,
            "mastery": self.mastery,
            "rest": self.rest,
            "next": self.step.as_json(),
        }


def report(score: Score, evidence: Evidence, learner: Learner, step: Step, touch: str = "") -> Report:
    """The report of a take; ``learner`` already knows of it."""
    said = praise(score, evidence, step.settings.one_line) if not evidence.is_thin else None
    better = _improvement(score, evidence, learner)
    return Report(
        praise=tuple(words for words in (said, better) if words),
        items=() if evidence.is_thin else _items(score, evidence, step.settings.one_line),
        bars=_heats(score, evidence),
        hit_share=evidence.hit_share,
        step=step,
        thin=_thin(evidence, learner),
        touch=touch,
        notice="" if step.is_foreign else _without_repeats(score, evidence),
    )


def _without_repeats(score: Score, evidence: Evidence) -> str:
    """That repeats were left out, of the whole piece or some; empty where none was."""
    if not evidence.repeats_left_out or evidence.is_thin:
        return ""
    played = np.isin(score.bars["number"], [bar.bar for bar in evidence.bars])
    written = score.bars["written"][played]
    return "You left out a repeat." if len(np.unique(written)) < len(written) else "You played it without the repeats."


def _items(score: Score, evidence: Evidence, one_line: bool) -> tuple[str, ...]:
    """What was left out between played bars, a hand that lay an octave off, and the faults that have a name."""
    skipped = [f"{begun(gaps_in_words(score, [bars]))} left out." for bars in evidence.left_out]
    if evidence.is_octave_off:
        octaves = [fault for fault in evidence.faults if fault.kind == "octave"]
        said = [f"{_bars_of(score, octaves)}: {height_off_in_words(evidence, one_line)}."]
    else:
        told = (faults for faults in often(evidence) if not _is_said(faults, evidence))
        said = [f"{_bars_of(score, faults)}: {fault_in_words(score, faults)}." for faults in told]
    off = [f"{begun(height_off_in_words(evidence))}."] if evidence.semitones_off else []
    off += [evidence.off_beat.in_words(score)] if evidence.off_beat else []
    return tuple([*off, *skipped, *said][:MOST_ITEMS])


def _is_said(faults: Sequence[Fault], evidence: Evidence) -> bool:
    """Whether these faults are nothing but jumps over the bars that were left out."""
    after = {last + 1 for _, last in evidence.left_out}
    return all(fault.kind == "skip" and fault.to_bar in after for fault in faults)


def _bars_of(score: Score, faults: Sequence[Fault]) -> str:
    bars = [fault.bar for fault in faults]
    return begun(bars_in_words(score, min(bars), max(bars)))


def _heats(score: Score, evidence: Evidence) -> tuple[BarHeat, ...]:
    known = {bar.bar: bar for bar in evidence.bars}
    heats = []
    for number in score.bars["number"].tolist():
        bar = known.get(number)
        if bar is None or not bar.notes:
            heats.append(BarHeat(number, None, **told(score, number)))
        else:
            counts = (bar.hit, bar.wrong, bar.missed, bar.extra)
            heat, why = round(bar.heat, 4), _why(score, bar)
            heats.append(BarHeat(number, heat, *counts, *why, **told(score, number)))
    return tuple(heats)


def _why(score: Score, bar: BarEvidence) -> tuple[str, bool]:
    """What weighs most of what went wrong in a bar, as a clause, and whether it did so more than once."""
    if bar.is_silent:
        return "nothing was played", False
    heard = [fault for fault in bar.faults if fault.feature is not None]
    faults = main_faults(Evidence((replace(bar, faults=tuple(heard)),)), None) or _counted(bar)
    if not bar.heat or not faults:
        return "", False
    return fault_in_words(score, faults), len(moments(faults)) > 1


def _counted(bar: BarEvidence) -> list[Fault]:
    """What was counted in a bar though it has no name, as with a grace note that was left out."""
    kinds = {"missed": bar.missed, "wrong": bar.wrong, "extra": bar.extra}
    kind = max(kinds, key=lambda one: kinds[one])
    return [Fault(kind, bar.bar, 0.0) for _ in range(kinds[kind])]


def _improvement(score: Score, evidence: Evidence, learner: Learner) -> str | None:
    """A comparison with the attempt before at the same score, over the bars of both."""
    attempts = [attempt for attempt in learner.attempts if attempt.score_digest == score.digest]
    if len(attempts) < 2 or evidence.is_thin:
        return None
    before = attempts[-2].evidence
    shared = {bar.bar for bar in before.bars} & {bar.bar for bar in evidence.bars}
    old, new = (Evidence(tuple(bar for bar in one.bars if bar.bar in shared)) for one in (before, evidence))
    if old.is_thin or new.is_thin or new.hit_share < old.hit_share + 0.02:
        return None
    return f"{percent(new.hit_share)} of the notes were right, up from {percent(old.hit_share)} before."


def _thin(evidence: Evidence, learner: Learner) -> str:
    if evidence.is_thin:
        return "Too few notes to judge yet."
    if learner.share_of_clean_attempts() is None:
        return "Too few days of practice yet to show a trend."
    return ""
