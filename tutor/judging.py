"""What is said of a take: assessed in the key in which it was played, and its mistakes, as plain values to keep.

Where the score waited for the learner, nobody kept time and nothing is said of it. Who loops some bars and goes back at
their end has broken off nothing, and whoever asked the program to begin again has not broken off either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import HIT, Assessment
from tutor.evidence import TEMPO_RATIO, WAITS, Evidence
from tutor.faults import DRIFT_KINDS, TIME_KINDS
from tutor.keeping import off_beat
from tutor.known import NOTES_IN_PIECE, written_notes
from tutor.listen.fitting import best_height, likely_heights
from tutor.mistakes import Mistake, find_mistakes
from tutor.performance import Performance
from tutor.practice import Mode, PracticeSettings

SURELY_TRANSPOSED = 0.8  # of what was struck is right in another key: nobody plays so by chance
MOSTLY = 0.5  # of a hand's notes, which lay as high as the others then
STANDING = frozenset({"hesitation", "corrected", "wrong", "neighbour", "octave"})  # what a score stands still for
UNTIMED = TIME_KINDS | DRIFT_KINDS | {"hands apart"}  # what cannot be a mistake where the score waits


@dataclass(frozen=True, eq=False)
class Judged:
    """A take as the journal keeps what is said of it."""

    assessment: dict[str, Any]
    mistakes: tuple[dict[str, Any], ...]


def judged(
    score: Score,
    performance: Performance,
    settings: PracticeSettings,
    covered: tuple[float, float] | None = None,
    *,
    one_beat: bool = True,
    restarts_sec: tuple[float, ...] = (),
    beat_sec: float | None = None,
) -> Judged:
    """Judge a take of ``score``.

    ``covered`` are the beats through which the beat led: what is written there counts as reached. Without ``one_beat``
    the beat was stopped or set anew, and nobody knows who kept with it; ``beat_sec`` is when beat 0 was due, in seconds
    of the take, where somebody knows. To begin again was asked of the program at ``restarts_sec`` of the take.
    """
    span = settings.span(score) if settings.bars else None
    judge = partial(assess, score, hands=settings.hands.code, span=span, restarts_sec=restarts_sec)
    off, said = _at_its_height(judge, performance, settings)
    assessment = _assessment(score, settings, said, off)
    lap = settings.span(score) if settings.loop else None
    is_led = settings.mode is Mode.KEEP_TEMPO and one_beat
    if is_led and (off_the_beat := off_beat(said, settings.tempo_ratio, beat_sec, lap)):
        assessment["off_beat"] = off_the_beat.as_json(score)
    _reach(assessment, covered or (0.0, 0.0))
    found = find_mistakes(score, said.performance, said)
    if settings.mode is Mode.WAIT:
        assessment[WAITS] = len({(one.pass_index, one.onset_beat) for one in found if one.kind in STANDING})
        found = tuple(mistake for mistake in found if mistake.kind not in UNTIMED)
    mistakes = tuple(mistake.as_json(score) for mistake in found if not _is_lap(mistake, settings))
    return Judged(assessment, mistakes)


def _assessment(score: Score, settings: PracticeSettings, said: Assessment, off: int) -> dict[str, Any]:
    """The assessment as plain values, with stray keys as they were struck: ``off`` semitones too high."""
    written = written_notes(settings, score.notes["hand"].tolist())
    assessment = said.as_json() | {"semitones_off": off, NOTES_IN_PIECE: written}
    assessment[TEMPO_RATIO] = round(said.tempo_ratio, 4)
    for stray in assessment["extra"]:
        stray["pitch"] += off
    return assessment


def _reach(assessment: dict[str, Any], covered: tuple[float, float]) -> None:
    """Count as reached what is written in a stretch of beats."""
    start, end = covered
    for note in assessment["notes"]:
        note["reached"] |= start <= note["onset_beat"] < end


def _at_its_height(
    judge: Callable[[Performance], Assessment], struck: Performance, settings: PracticeSettings
) -> tuple[int, Assessment]:
    """By how many semitones the keys lay too high, and the judgement as if they had lain right; 0 where they did.

    One who sings or plays one line is heard at their own height, whatever it is; and where it is plain note by note
    that one hand of two lay an octave off, nothing is moved.
    """
    said = judge(struck)
    if settings.one_line or not len(said.score.notes):
        return 0, said

    def at(height: int) -> Assessment:
        return judge(_higher(struck, height)) if height else said

    height, found = best_height(at, likely_heights(said.score, struck))
    is_surely = height % 12 == 0 or found.summary()["precision"] >= SURELY_TRANSPOSED
    if not height or not is_surely or (_evidence(said).is_octave_off and not _all_lies_right(found)):
        return 0, said
    return -height, found


def _all_lies_right(judged: Assessment) -> bool:
    """Whether each hand had most of what it came to right."""
    notes = judged.notes[judged.notes["pass_index"] >= 0]
    hands = judged.score.notes["hand"][notes["row"]]
    return all((notes["verdict"][hands == hand] == HIT).mean() > MOSTLY for hand in np.unique(hands))


def _evidence(said: Assessment) -> Evidence:
    mistakes = find_mistakes(said.score, said.performance, said)
    return Evidence.of(said.as_json(), [mistake.as_json(said.score) for mistake in mistakes])


def _higher(performance: Performance, semitones: int) -> Performance:
    notes = performance.notes.copy()
    notes["pitch"] = np.clip(notes["pitch"] + semitones, 0, 127)
    return replace(performance, notes=notes)


def _is_lap(mistake: Mistake, settings: PracticeSettings) -> bool:
    """Whether a player went back at the end of the passage that they practise: nothing was broken off."""
    first, last = settings.bars or (0, -1)
    return mistake.kind == "restart" and mistake.bar == last and (mistake.to_bar or 0) <= first
