"""From a finished take to the report: assess, name mistakes, learn, choose the next step.

The window and the commands share it. `review` is pure; `learner_from` reads the journal, `keep` and `schedule` write.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from lessons.errors import InputError
from lessons.exercise import Exercise
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.assess import assess
from tutor.assessing.assessment import Assessment
from tutor.coach import Step, next_step
from tutor.evidence import DRIFT_KINDS, TEMPO_RATIO, TIME_KINDS, WAITS, Evidence
from tutor.fading import GuidedPass, fading_words
from tutor.journal.entries import PassageEntry, TakeEntry
from tutor.journal.journal import Journal
from tutor.keeping import off_beat
from tutor.known import NOTES_IN_PIECE, written_notes
from tutor.learner import Attempt, Learner, attempt_of, practised
from tutor.listen.fitting import best_height, likely_heights
from tutor.mastery import Mastery
from tutor.mistakes import Mistake, find_mistakes
from tutor.performance import Performance
from tutor.practice import Hands, Mode, PracticeSettings
from tutor.report import Report, report
from tutor.schedule import new_passage, reviewed
from tutor.sitting import rest_words

REMEMBERED_TAKES = 60
SURELY_TRANSPOSED = 0.8  # of what was struck is right in another key: nobody plays so by chance
log = logging.getLogger(__name__)
STANDING = frozenset({"hesitation", "corrected", "wrong", "neighbour", "octave"})  # what a score stands still for
UNTIMED = TIME_KINDS | DRIFT_KINDS | {"hands apart"}  # what cannot be a mistake where the score waits
UNREADABLE = (InputError, KeyError, TypeError, ValueError)  # a take of another version of the program
EXERCISE_FILE = "exercise.musicxml"


@dataclass(frozen=True, eq=False)
class Review:
    """All that a finished take leads to; ``assessment`` and ``mistakes`` are plain values for the journal.

    ``mastery`` is of the piece, or of that of which an analogue was played (`tutor.transfer`).
    """

    assessment: dict[str, Any]
    mistakes: tuple[dict[str, Any], ...]
    attempt: Attempt
    learner: Learner
    step: Step
    report: Report
    mastery: Mastery | None = None


def review(
    score: Score,
    performance: Performance,
    settings: PracticeSettings,
    learner: Learner,
    at: datetime,
    library: Sequence[Piece] = (),
    seed: int = 0,
    passes: tuple[GuidedPass, ...] = (),
    covered: tuple[float, float] | None = None,
    *,
    one_beat: bool = True,
    restarts_sec: tuple[float, ...] = (),
) -> Review:
    """Judge a take of ``score`` and choose the next step; ``learner`` does not know of the take yet.

    ``at`` is when it was played, in UTC.
    ``passes`` are those that a glove may have led, ``covered`` the beats through which the beat led: what is written
    there counts as reached. Without ``one_beat`` the beat was stopped or set anew, and nobody knows who kept with it.
    Where the score waited for the learner, nobody kept time and nothing is said of it.
    To begin again was asked of the program at ``restarts_sec`` of the take: nobody broke off there.
    """
    span = settings.span(score) if settings.bars else None
    judge = partial(assess, score, hands=settings.hands.code, span=span, restarts_sec=restarts_sec)
    off, judged = _at_its_height(judge, performance, settings)
    performance = judged.performance
    written = written_notes(settings, score.notes["hand"].tolist())
    assessment = judged.as_json() | {"semitones_off": off, NOTES_IN_PIECE: written}
    assessment[TEMPO_RATIO] = round(judged.tempo_ratio, 4)
    is_led = settings.mode is Mode.KEEP_TEMPO and one_beat
    if is_led and (off_the_beat := off_beat(judged, settings.tempo_ratio)):
        assessment["off_beat"] = off_the_beat.as_json(score)
    for stray in assessment["extra"]:
        stray["pitch"] += off
    start, end = covered or (0.0, 0.0)
    for note in assessment["notes"]:
        note["reached"] |= start <= note["onset_beat"] < end
    found = find_mistakes(score, performance, judged)
    if settings.mode is Mode.WAIT:
        assessment[WAITS] = len({(one.pass_index, one.onset_beat) for one in found if one.kind in STANDING})
        found = tuple(mistake for mistake in found if mistake.kind not in UNTIMED)
    mistakes = tuple(mistake.as_json(score) for mistake in found if not _is_lap(mistake, settings))
    evidence = Evidence.of(assessment, mistakes)
    if settings.bars is not None:  # who practises some bars has left out nothing
        evidence = replace(evidence, repeats_left_out=())
    attempt = Attempt(score.digest, score.title, settings, evidence, len(score.bars), at, passes)
    learner = learner.after(attempt)
    step = next_step(score, evidence, learner, settings, library, seed)
    fading = learner.fading(score.digest, settings)
    told = report(score, evidence, learner, step, fading_words(fading) if fading is not None else "")
    return Review(assessment, mistakes, attempt, learner, step, told)


def _at_its_height(
    judge: Callable[[Performance], Assessment], struck: Performance, settings: PracticeSettings
) -> tuple[int, Assessment]:
    """By how many semitones the keys lay too high, and the judgement as if they had lain right; 0 where they did.

    One who sings or plays one line is heard at their own height, whatever it is; and where it is plain note by note
    that a hand lay an octave off, nothing is moved.
    """
    judged = judge(struck)
    if settings.one_line or not len(judged.score.notes):
        return 0, judged

    def at(height: int) -> Assessment:
        return judge(_higher(struck, height)) if height else judged

    height, found = best_height(at, likely_heights(judged.score, struck))
    is_surely = height % 12 == 0 or found.summary()["precision"] >= SURELY_TRANSPOSED
    if not height or not is_surely or _evidence(judged).is_octave_off:
        return 0, judged
    return -height, found


def _evidence(judged: Assessment) -> Evidence:
    mistakes = find_mistakes(judged.score, judged.performance, judged)
    return Evidence.of(judged.as_json(), [mistake.as_json(judged.score) for mistake in mistakes])


def _higher(performance: Performance, semitones: int) -> Performance:
    notes = performance.notes.copy()
    notes["pitch"] = np.clip(notes["pitch"] + semitones, 0, 127)
    return replace(performance, notes=notes)


def _is_lap(mistake: Mistake, settings: PracticeSettings) -> bool:
    """Whether a player went back at the end of the passage that they practise: nothing was broken off."""
    first, last = settings.bars or (0, -1)
    return mistake.kind == "restart" and mistake.bar == last and (mistake.to_bar or 0) <= first


def learner_from(journal: Journal) -> Learner:
    """The learner as the latest judged takes of a journal show them."""
    return Learner().after_all(attempts_of(journal, journal.takes(limit=REMEMBERED_TAKES)))


def attempts_of(journal: Journal, newest_first: Sequence[TakeEntry]) -> list[Attempt]:
    """The attempts that takes of a journal were, oldest first; what was not judged or cannot be read is left out."""
    attempts = (_readable(entry, journal) for entry in reversed(newest_first))
    return [attempt for attempt in attempts if attempt is not None]


def _readable(entry: TakeEntry, journal: Journal) -> Attempt | None:
    """The attempt that a take was; one that cannot be read must not keep a report from being made."""
    try:
        return attempt_of(entry, journal.mistakes(entry.take_id))
    except UNREADABLE as error:
        log.info("%s: cannot be read as an attempt: %s", entry.take_id, error)
        return None


def passes_of(journal: Journal, take_id: str | None) -> tuple[GuidedPass, ...]:
    """How the hand was led in the passes of a take that has just ended; none where they were not kept."""
    journal.flush()
    entry = next((entry for entry in journal.takes(limit=REMEMBERED_TAKES) if entry.take_id == take_id), None)
    return practised(entry)[1] if entry is not None else ()


def keep(journal: Journal, take_id: str | None, found: Review, made: Exercise | None) -> str | None:
    """Keep a review with its take, and the exercise with all that makes it again; the exercise's id."""
    if take_id is not None:
        journal.judge(take_id, found.assessment, found.mistakes)
    if made is None:
        return None
    title, digest = made.score.title, made.score.digest
    return journal.keep_exercise(title, digest, made.reason, made.provenance, EXERCISE_FILE, musicxml_bytes(made.score))


def resting(found: Review, journal: Journal, now: datetime) -> Review:
    """The review with what it says of a rest, by the takes that a journal has; ``now`` is UTC."""
    takes = [entry for entry in journal.takes(limit=REMEMBERED_TAKES) if not entry.is_from_file]
    return replace(found, report=replace(found.report, rest=rest_words(takes, now)))


def judge_late(journal: Journal, entry: TakeEntry, score: Score) -> None:
    """Judge a take that was finished without a judgement, as on the day when it was played."""
    try:
        settings, passes = practised(entry)
        played, learner = journal.take(entry.take_id), learner_from(journal)
        found = review(score, played, settings, learner, entry.started_at, passes=passes, one_beat=False)
    except UNREADABLE as error:
        log.info("%s: cannot be judged: %s", entry.take_id, error)
    else:
        keep(journal, entry.take_id, found, None)


def schedule(journal: Journal, found: Review, now: datetime) -> PassageEntry | None:
    """Say when the passage just played is due again, by the first attempt of the day that shows it.

    A hand that was silent is not due for it. None where it was too short, or led by a glove: only what goes without
    touch is known. Not for takes from files: nobody has learned anything by replaying one. ``now`` is UTC.
    """
    latest = found.attempt
    if latest.evidence.is_thin or latest.is_led:
        return None
    bars = latest.settings.bars or (latest.evidence.bars[0].bar, latest.evidence.bars[-1].bar)
    known = {(one.score_digest, one.first_bar, one.last_bar, one.hands): one for one in journal.passages()}
    silent = latest.evidence.silent_hand
    hands = latest.settings.hands if not silent else Hands.LEFT if silent == Hands.RIGHT else Hands.RIGHT
    key = (latest.score_digest, *bars, str(hands))
    passage = known.get(key) or new_passage(latest.score_digest, bars, hands, now)
    passage = reviewed(passage, found.report.hit_share, latest.settings.tempo_ratio, now)
    journal.keep_passage(passage)
    return passage
