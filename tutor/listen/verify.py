"""Hearing with the score at hand: which written notes were played, and what was played that is not written.

The sure strokes are judged as a take first. Where a written note seems missed, a hint of it at its due time is enough,
since a note that is due is likely; where something unwritten was heard, more than usual is asked, and more still where
a written note of the moment has its harmonics there. Then the take is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from lessons.score import Score
from tutor.assess import HIT, WRONG, Assessment, assess
from tutor.listen.both_ears import SURE
from tutor.listen.piano import Stroke
from tutor.performance import PLAYED_DTYPE, Performance

DUE_SEC = 0.085
DUE = 0.01
STRAY = 0.8
HARMONIC_STRAY = 0.92
TOGETHER_SEC = 0.1
HARMONICS = frozenset({12, 19, 24, 28, 31, 34, 36, -12, -19, -24})


def performance_of(strokes: Iterable[Stroke], lengths_known: bool = False) -> Performance:
    """The strokes as a take; a string may sound on when its key was let go."""
    rows = [(s.onset_sec, s.duration_sec, s.pitch, min(max(s.velocity, 1), 127)) for s in strokes]
    return Performance(np.array(rows, PLAYED_DTYPE), lengths_known=lengths_known)


def heard_again(score: Score, strokes: Sequence[Stroke], live: Performance, hands: int | None = None) -> Performance:
    """The take as all that was heard of it and the score say afterwards; ``live`` is as it was told."""
    first, last = float(live.notes["onset_sec"].min()) - DUE_SEC, live.end_sec + DUE_SEC
    here = [stroke for stroke in strokes if first <= stroke.onset_sec <= last]
    return verified(score, here, hands).performance if here else live


def verified(score: Score, strokes: Sequence[Stroke], hands: int | None = None) -> Assessment:
    """Judge a recording of ``score`` by what was heard in it."""
    sure = sorted((s for s in strokes if s.confidence >= SURE), key=lambda s: (s.onset_sec, s.pitch))
    first = assess(score, performance_of(sure), hands=hands)
    strays = set(first.extra["played"].tolist())
    strays |= set(first.notes["played"][first.notes["verdict"] == WRONG].tolist())
    believed = [sure[index] for index in strays if _is_played(sure[index], index, strays, sure)]
    kept = [stroke for index, stroke in enumerate(sure) if index not in strays]
    return assess(score, performance_of([*kept, *believed, *_confirmed(first, strokes)]), hands=hands)


def _is_played(stroke: Stroke, index: int, strays: set[int], sure: Sequence[Stroke]) -> bool:
    """Whether an unwritten stroke is likely enough, given the written ones around it."""
    around = [
        other.pitch
        for place, other in enumerate(sure)
        if place != index and place not in strays and abs(other.onset_sec - stroke.onset_sec) < TOGETHER_SEC
    ]
    explained = any(stroke.pitch - pitch in HARMONICS for pitch in around)
    return stroke.confidence >= (HARMONIC_STRAY if explained else STRAY)


def _confirmed(first: Assessment, strokes: Sequence[Stroke]) -> list[Stroke]:
    """The hints that stand where a written note is due and was not surely heard."""
    hints = [stroke for stroke in strokes if DUE <= stroke.confidence < SURE]
    found: list[Stroke] = []
    for one in range(len(first.passes)):
        here = first.notes[first.notes["pass_index"] == one]
        hit = here[here["verdict"] == HIT]
        if len(hit) < 2:
            continue
        beats = first.score.notes["onset_beat"][hit["row"]]
        order = np.argsort(beats, kind="stable")
        times = first.performance.notes["onset_sec"][hit["played"]][order]
        for note in here[here["verdict"] != HIT]:
            written = first.score.notes[note["row"]]
            due = float(np.interp(written["onset_beat"], beats[order], times))
            near = [s for s in hints if s.pitch == written["pitch"] and abs(s.onset_sec - due) <= DUE_SEC]
            found += [max(near, key=lambda s: s.confidence)] if near else []
    return list(dict.fromkeys(found))
