"""Puts together what the window needs from the parts of ``main.py`` and the rooms of the tutor.

Nothing here runs on the window's thread but `furnish` itself, which opens nothing: the journal is opened, and recovers
what a killed process left, when it is first asked.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.analogy import Analogy, Variation
from lessons.library import shelf
from lessons.library.shelf import Piece
from lessons.score import Score
from tutor.commands.parts import Parts
from tutor.config import Config, journal_path
from tutor.cues import LEVELS
from tutor.glove.link import GloveLink
from tutor.glove.state import Glove
from tutor.practice import Mode
from tutor.session import Session
from tutor.sinks import FinishedTake, Sink
from ui.rooms import Rooms, SessionWish, TakeReport

if TYPE_CHECKING:
    from lessons.exercise import Exercise
    from tutor.journal.journal import Journal

log = logging.getLogger(__name__)


def furnish(parts: Parts, journal: Path | None = None) -> Rooms:
    """The rooms as the program has them; the journal at its own place where none is named."""
    desk = Desk(parts, journal or journal_path())
    return Rooms(
        parts=parts,
        config=Config.load(),
        save_config=_save,
        pieces=shelf.pieces,
        read_piece=_read_piece,
        read_score=_read_score,
        vary=desk.vary,
        open_glove=desk.open_glove,
        make_session=desk.make_session,
        report=desk.report,
        make_exercise=desk.make_exercise,
        last_results=desk.last_results,
        close=desk.close,
    )


class Desk:
    """Makes sessions and asks the journal and the composer; every method may take long."""

    def __init__(self, parts: Parts, journal: Path):
        self._parts, self._path = parts, journal
        self._opened = False

    @cached_property
    def journal(self) -> Journal:
        """The journal, opened when it is first asked, with what a killed process left recovered."""
        from tutor.journal.journal import Journal  # SQLAlchemy comes after the window

        self._opened = True
        opened = Journal.open_or_stand_in(self._path)
        opened.recover()
        return opened

    def vary(self, analogy: Analogy) -> Variation:
        """The best answer of the composer, with fingers."""
        from lessons.fingering import with_fingers

        best = self._parts.composer().vary(analogy)[0]
        return replace(best, score=with_fingers(best.score))

    def open_glove(self, port: str) -> Glove:
        """The glove on a serial port; it comes when it answers."""
        return GloveLink(lambda: self._parts.open_serial(port))

    def make_session(self, wish: SessionWish) -> Session:
        """A session with its follower, its place in the journal and its touch."""
        from tutor.follow import Follower

        score, settings = wish.score, wish.settings
        start, end = settings.span(score)
        loop = (start, end) if settings.loop else None
        follower = Follower(score, hands=settings.hands.code, start_beat=start, loop=loop)
        listens = settings.mode is Mode.LISTEN
        take_log = None if listens else self.journal.begin_take(score.digest, score.title, settings.as_json())
        sinks: tuple[Sink, ...] = wish.sinks
        if wish.glove is not None and not listens:
            from tutor.touch import TouchSink

            sinks = (*sinks, TouchSink(wish.glove, score, settings, LEVELS[settings.guidance]))
        return Session(
            score,
            follower,
            wish.inbox,
            sinks,
            settings,
            take_log=take_log,
            synth=wish.synth,
            begun_sec=wish.begun_sec,
        )

    def report(self, take: FinishedTake) -> TakeReport:
        """Judge a take, keep the judgement, and say what comes next."""
        from tutor.review import keep, learner_from, review  # brings the judge and the database

        learner = learner_from(self.journal)
        found = review(take.score, take.performance, take.settings, learner, date.today(), shelf.pieces())
        keep(self.journal, take.take_id, found, None)
        attempts = [one for one in found.learner.attempts if one.score_digest == take.score.digest]
        return TakeReport(take.score, take.settings, found, tuple(one.evidence.hit_share for one in attempts))

    def make_exercise(self, told: TakeReport, take_id: str | None) -> Exercise | None:
        """Have the next exercise made, with fingers, and keep it."""
        from lessons.fingering import with_fingers
        from tutor.coach import exercise
        from tutor.review import keep

        made = exercise(told.review.step, self._parts.composer())
        made = replace(made, score=with_fingers(made.score)) if made is not None else None
        keep(self.journal, take_id, told.review, made)
        return made

    def last_results(self) -> Mapping[str, float]:
        """How the last judged take of each piece went: title to share of right notes."""
        results: dict[str, float] = {}
        for entry in self.journal.takes():
            if entry.assessment and entry.title not in results:
                results[entry.title] = float(entry.assessment["summary"]["f1"])
        return results

    def close(self) -> None:
        """Close the journal where it was opened."""
        if self._opened:
            self.journal.close()


def _read_piece(piece: Piece) -> Score:
    from lessons.fingering import with_fingers

    return with_fingers(piece.score())


def _read_score(path: Path) -> Score:
    from lessons.files import read_score
    from lessons.fingering import with_fingers

    return with_fingers(read_score(path))


def _save(config: Config) -> None:
    try:
        config.save()
    except OSError as error:
        log.warning("the settings cannot be kept: %s", error)
