"""Hearing with the score at hand: which written notes were played, and what was played that is not written.

The sure strokes are judged as a take first. Where a written note seems missed, a hint of it at its due time is enough,
unless a key beside it was struck in its place; and where it was told live, any hint, unless an octave above it was
struck. Where something unwritten was heard, more than usual is asked, most where it may be an octave or a twelfth of a
struck key, least where a written key beside it is missing; what is heard well before the first right note or after the
last one, talk or applause, is left out. Then the take is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import HIT, WRONG, Assessment
from tutor.listen.belief import BESIDE, HARMONICS, OCTAVES
from tutor.listen.both_ears import SAME_SEC, SURE
from tutor.listen.piano import Stroke
from tutor.performance import PLAYED_DTYPE, Performance

DUE_SEC = 0.085
DUE, OVERTONE = 0.006, 0.1  # of a written note; where an octave above it was struck, which may only seem to have it
SLIP, STRAY, RESONANCE = SURE, 0.8, 0.97
TOGETHER_SEC = 0.08
AWAY_SEC = 2.0  # before the first and after the last right note whatever is heard is no playing of the piece
CHORD_BEATS = 0.05


@dataclass(frozen=True, slots=True)
class Missed:
    """A written note that was not surely heard, when it was due, and the other pitches of its chord."""

    pitch: int
    due_sec: float
    together: frozenset[int]

    def replaced_by(self, pitch: int) -> bool:
        """Whether this key is beside it and not written."""
        return pitch - self.pitch in BESIDE and pitch not in self.together


def performance_of(strokes: Iterable[Stroke], lengths_known: bool = False) -> Performance:
    """The strokes as a take; a string may sound on when its key was let go."""
    rows = [(s.onset_sec, s.duration_sec, s.pitch, min(max(s.velocity, 1), 127)) for s in strokes]
    return Performance(np.array(rows, PLAYED_DTYPE), lengths_known=lengths_known)


def heard_again(score: Score, strokes: Sequence[Stroke], live: Performance, hands: int | None = None) -> Performance:
    """The take as all that was heard of it and the score say afterwards; ``live`` is as it was told."""
    first, last = float(live.notes["onset_sec"].min()) - DUE_SEC, live.end_sec + DUE_SEC
    here = [stroke for stroke in strokes if first <= stroke.onset_sec <= last]
    return verified(score, here, hands, live).performance if here else live


def verified(
    score: Score, strokes: Sequence[Stroke], hands: int | None = None, live: Performance | None = None
) -> Assessment:
    """Judge a recording of ``score`` by what was heard in it; ``live`` is the take as it was told meanwhile."""
    sure = sorted((s for s in strokes if s.confidence >= SURE), key=lambda s: (s.onset_sec, s.pitch))
    first = assess(score, performance_of(sure), hands=hands)
    extra = set(first.extra["played"].tolist())
    strays = extra | set(first.notes["played"][first.notes["verdict"] == WRONG].tolist())
    missed = list(_missed(first))
    believed = [
        sure[at]
        for at in strays - _away(first, extra)
        if sure[at].confidence >= _needed_of_stray(sure[at], _with(sure[at], sure), missed)
    ]
    kept = [stroke for index, stroke in enumerate(sure) if index not in strays]
    return assess(score, performance_of([*kept, *believed, *_confirmed(missed, strokes, sure, live)]), hands=hands)


def _away(first: Assessment, extra: set[int]) -> set[int]:
    """The unwritten notes that were heard so far from all right ones that nobody played the piece then."""
    onsets = first.performance.notes["onset_sec"]
    right = onsets[first.notes["played"][first.notes["verdict"] == HIT]]
    if not len(right):
        return set()
    begin, end = right.min() - AWAY_SEC, right.max() + AWAY_SEC
    return {at for at in extra if not begin <= onsets[at] <= end}


def _is_told(stroke: Stroke, live: Performance | None) -> bool:
    """Whether this stroke is one of the live take."""
    if live is None:
        return False
    near = np.abs(live.notes["onset_sec"] - stroke.onset_sec) < SAME_SEC
    return bool((near & (live.notes["pitch"] == stroke.pitch)).any())


def _with(stroke: Stroke, sure: Sequence[Stroke]) -> set[int]:
    """The other keys that were struck with it."""
    near = {other.pitch for other in sure if abs(other.onset_sec - stroke.onset_sec) < TOGETHER_SEC}
    return near - {stroke.pitch}


def _is_under_octave(pitch: int, struck: set[int]) -> bool:
    """Whether an octave above it was struck, which may only seem to have it."""
    return any(pitch + step in struck for step in OCTAVES)


def _needed_of_stray(stroke: Stroke, struck: set[int], missed: Sequence[Missed]) -> float:
    """How likely an unwritten stroke must be to be believed."""
    if any(stroke.pitch - step in struck for step in HARMONICS) or _is_under_octave(stroke.pitch, struck):
        return RESONANCE
    slipped = any(
        note.replaced_by(stroke.pitch) and abs(note.due_sec - stroke.onset_sec) <= 2 * DUE_SEC for note in missed
    )
    return SLIP if slipped else STRAY


def _needed_of_hint(note: Missed, struck: set[int], is_told: bool) -> float:
    """How likely a hint of a written note must be to be believed."""
    under_octave = _is_under_octave(note.pitch, struck)
    if is_told and not under_octave:
        return 0.0
    if any(note.replaced_by(pitch) for pitch in struck):
        return SURE
    return OVERTONE if under_octave else DUE


def _missed(first: Assessment) -> Iterator[Missed]:
    """The written notes of each pass that were not heard, with the time between those that were."""
    score = first.score.notes
    for one in range(len(first.passes)):
        here = first.notes[first.notes["pass_index"] == one]
        hit = here[here["verdict"] == HIT]
        if len(hit) < 2:
            continue
        beats = score["onset_beat"][hit["row"]]
        order = np.argsort(beats, kind="stable")
        times = first.performance.notes["onset_sec"][hit["played"]][order]
        for note in score[here["row"][here["verdict"] != HIT]]:
            chord = score["pitch"][np.abs(score["onset_beat"] - note["onset_beat"]) <= CHORD_BEATS]
            due = float(np.interp(note["onset_beat"], beats[order], times))
            yield Missed(int(note["pitch"]), due, frozenset(chord.tolist()) - {int(note["pitch"])})


def _confirmed(
    missed: Sequence[Missed], strokes: Sequence[Stroke], sure: Sequence[Stroke], live: Performance | None
) -> list[Stroke]:
    """The hints that stand where a written note is due and was not surely heard."""
    found: list[Stroke] = []
    for note in missed:
        hints = [
            stroke
            for stroke in strokes
            if stroke.pitch == note.pitch
            and abs(stroke.onset_sec - note.due_sec) <= DUE_SEC
            and _needed_of_hint(note, _with(stroke, sure), _is_told(stroke, live)) <= stroke.confidence < SURE
        ]
        found += [max(hints, key=lambda stroke: stroke.confidence)] if hints else []
    return list(dict.fromkeys(found))
