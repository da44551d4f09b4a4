"""From a finished take to the report: assess, name mistakes, learn, choose the next step.

The window and the commands share it. `review` is pure; `learner_from` reads the journal, `keep` and `schedule` write.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lessons.errors import InputError
from lessons.exercise import Exercise
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.coach import next_step
from tutor.evidence import Evidence
from tutor.fading import GuidedPass, fading_words
from tutor.journal.entries import PassageEntry, TakeEntry
from tutor.journal.journal import Journal
from tutor.judging import Judged, judged
from tutor.learner import Attempt, Learner, attempt_of, practised
from tutor.mastery import Mastery
from tutor.performance import Performance
from tutor.practice import Hands, PracticeSettings
from tutor.report import Report, report
from tutor.schedule import bars_of, drilled_passage, goal_ratio, is_cold, new_passage, reviewed, shown_too
from tutor.sinks import FinishedTake
from tutor.sitting import rest_words
from tutor.step import Step

REMEMBERED_TAKES = 60
log = logging.getLogger(__name__)
UNREADABLE = (InputError, KeyError, TypeError, ValueError)  # a take of another version of the program
EXERCISE_FILE = "exercise.musicxml"
AFTER_TAKE = "after_take"  # in what is kept of an exercise: the take that it was made after
Known = dict[str, Attempt | None]  # by take; None of one that cannot be read


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
    beat_sec: float | None = None,
) -> Review:
    """Judge a take of ``score`` and choose the next step; ``learner`` does not know of the take yet.

    ``at`` is when it was played, in UTC.
    ``passes`` are those that a glove may have led; the others say of the take what `tutor.judging` wants to know.
    """
    found = judged(
        score, performance, settings, covered, one_beat=one_beat, restarts_sec=restarts_sec, beat_sec=beat_sec
    )
    return _review(score, found, settings, learner, at, library, seed, passes)


def _review(
    score: Score,
    found: Judged,
    settings: PracticeSettings,
    learner: Learner,
    at: datetime,
    library: Sequence[Piece],
    seed: int,
    passes: tuple[GuidedPass, ...],
) -> Review:
    evidence = Evidence.of(found.assessment, found.mistakes)
    if settings.bars is not None:  # who practises some bars has left out nothing
        evidence = replace(evidence, repeats_left_out=())
    attempt = Attempt(score.digest, score.title, settings, evidence, len(score.bars), at, passes)
    learner = learner.after(attempt)
    step = next_step(score, evidence, learner, settings, library, seed)
    fading = learner.fading(score.digest, settings)
    told = report(score, evidence, learner, step, fading_words(fading) if fading is not None else "")
    return Review(found.assessment, found.mistakes, attempt, learner, step, told)


def review_of(
    take: FinishedTake,
    learner: Learner,
    at: datetime,
    library: Sequence[Piece] = (),
    seed: int = 0,
    passes: tuple[GuidedPass, ...] = (),
) -> Review:
    """The review of what a session left."""
    return review(
        take.score,
        take.performance,
        take.settings,
        learner,
        at,
        library,
        seed,
        passes,
        take.covered,
        one_beat=take.one_beat,
        restarts_sec=take.restarts_sec,
        beat_sec=take.beat_sec,
    )


def review_again(
    journal: Journal,
    take_id: str,
    score: Score,
    library: Sequence[Piece] = (),
    seed: int = 0,
    known: Known | None = None,
) -> Review | None:
    """The review of a take of ``score`` by what was said of it when it was judged; None where that cannot be read."""
    entry = journal.entry(take_id)
    if entry is None or entry.assessment is None:
        return None
    before = [one for one in journal.played_takes(limit=REMEMBERED_TAKES) if one.started_at < entry.started_at]
    learner = Learner().after_all(attempts_of(journal, before, known))
    try:
        found, (settings, passes) = Judged(entry.assessment, tuple(journal.mistakes(take_id))), practised(entry)
        return _review(score, found, settings, learner, entry.started_at, library, seed, passes)
    except UNREADABLE as error:
        log.info("%s: cannot be told again: %s", take_id, error)
        return None


def learner_from(journal: Journal, known: Known | None = None) -> Learner:
    """The learner as the latest judged takes of a journal show them that were played here."""
    played = journal.played_takes(limit=REMEMBERED_TAKES)
    return Learner().after_all(attempts_of(journal, played, known))


def attempts_of(journal: Journal, newest_first: Sequence[TakeEntry], known: Known | None = None) -> list[Attempt]:
    """The attempts that takes of a journal were, oldest first; what was not judged or cannot be read is left out.

    What is ``known`` is not read again, for what was judged stays as it is; what is read is known from then on.
    """
    known = {} if known is None else known
    for entry in newest_first:
        if entry.is_judged and not _is_known(entry, known):
            known[entry.take_id] = _readable(entry.take_id, journal)
    attempts = (known.get(entry.take_id) for entry in reversed(newest_first))
    return [attempt for attempt in attempts if attempt is not None]


def _is_known(entry: TakeEntry, known: Known) -> bool:
    """Whether a take was read before, and its piece has the same identity as then."""
    attempt = known.get(entry.take_id)
    return entry.take_id in known and (attempt is None or attempt.score_digest == entry.score_digest)


def _readable(take_id: str, journal: Journal) -> Attempt | None:
    """The attempt that a take was; one that cannot be read must not keep a report from being made."""
    try:
        entry = journal.entry(take_id)
        return attempt_of(entry, journal.mistakes(take_id)) if entry is not None else None
    except UNREADABLE as error:
        log.info("%s: cannot be read as an attempt: %s", take_id, error)
        return None


def passes_of(journal: Journal, take_id: str | None) -> tuple[GuidedPass, ...]:
    """How the hand was led in the passes of a take that has just ended; none where they were not kept."""
    journal.flush()
    entry = journal.entry(take_id) if take_id is not None else None
    return practised(entry)[1] if entry is not None else ()


def keep(journal: Journal, take_id: str | None, found: Review, made: Exercise | None) -> str | None:
    """Keep a review with its take, and the exercise with all that makes it again; the exercise's id.

    One that was made after this take before is kept already.
    """
    if take_id is not None:
        journal.judge(take_id, found.assessment, found.mistakes)
    if made is None or made.score.digest in made_after(journal, take_id):
        return None
    title, digest, told = made.score.title, made.score.digest, made.provenance | {AFTER_TAKE: take_id}
    return journal.keep_exercise(title, digest, made.reason, told, EXERCISE_FILE, musicxml_bytes(made.score))


def made_after(journal: Journal, take_id: str | None) -> set[str]:
    """The digests of the exercises that were made after a take."""
    made = journal.made_exercises() if take_id is not None else []
    return {one.score_digest for one in made if one.provenance.get(AFTER_TAKE) == take_id}


def given_before(journal: Journal, take_id: str | None) -> set[str]:
    """The digests of all exercises but those that were made after this take: it asks for the same ones again."""
    return {one.score_digest for one in journal.made_exercises()} - made_after(journal, take_id)


def resting(found: Review, journal: Journal, now: datetime) -> Review:
    """The review with what it says of a rest, by the takes that a journal has; ``now`` is UTC."""
    takes = journal.played_takes(limit=REMEMBERED_TAKES)
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


def schedule(journal: Journal, score: Score, found: Review, now: datetime) -> PassageEntry | None:
    """Say when what was just played of ``score`` is due again, by the first attempt of the day that shows it; and what
    was due and is part of it.

    A hand that was silent is not due for it. None where it was too short, or led by a glove: only what goes without
    touch is known; and where somebody stopped on the way is no passage beside those that were played today. Not for
    takes from files: nobody has learned anything by replaying one. ``now`` is UTC.
    """
    latest = found.attempt
    if latest.evidence.is_thin or latest.is_led:
        return None
    silent = latest.evidence.silent_hand
    hands = latest.settings.hands if not silent else Hands.LEFT if silent == Hands.RIGHT else Hands.RIGHT
    key = (latest.score_digest, bars_of(score, latest), str(hands))
    known = {(one.score_digest, (one.first_bar, one.last_bar), one.hands): one for one in journal.passages()}
    earlier = found.learner.attempts[:-1]
    parts = [one for name, one in known.items() if name != key]
    for part in shown_too(parts, latest, key[1], key[2], earlier, now):
        journal.keep_passage(part)
    if is_cold(latest, earlier):
        passage = reviewed(known.get(key) or new_passage(*key, now), found.report.hit_share, goal_ratio(latest), now)
    elif key in known:
        return known[key]
    elif latest.settings.bars is None and not latest.covers_piece:
        return None
    else:
        passage = drilled_passage(*key, now)
    journal.keep_passage(passage)
    return passage
