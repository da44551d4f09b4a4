"""Puts together what the window needs from the parts of ``main.py`` and the rooms of the tutor.

Nothing here runs on the window's thread but `furnish` itself, which opens nothing: the journal is opened, and recovers
what a killed process left, when it is first asked.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.library import shelf
from lessons.library.shelf import Piece
from lessons.note_names import Naming
from lessons.score import Score
from tutor.clock import end_of_day, local_day, utc_now
from tutor.commands.parts import Parts
from tutor.config import Config, config_path, home, journal_path
from tutor.glove.kinds import Kind
from tutor.shares import KnownShares, Shares
from ui.assignments.desk import AssignedDesk
from ui.compose.desk import ComposerDesk
from ui.journal_door import JournalDoor
from ui.library.due import due_of, piece_of
from ui.library.histories import bring_forward, is_behind
from ui.library.names_desk import NamesDesk
from ui.library.own_desk import OwnDesk
from ui.practice.session_desk import make_session
from ui.rooms import DuePassage, Rooms, SessionWish, TakeReport
from ui.settings_file import Settings

if TYPE_CHECKING:  # what comes after the window
    from lessons.analogy import Variation
    from lessons.exercise import Exercise
    from tutor.glove.settings import LinkSettings
    from tutor.glove.state import Glove
    from tutor.headway import Headway
    from tutor.journal.journal import Journal
    from tutor.learner import Attempt
    from tutor.review import Review
    from tutor.session import Session
    from tutor.sinks import FinishedTake

MOST_TAKES = 1000  # by which headway is told, the latest
JUDGED_SEC = 5.0  # that the window waits for a judgement when it closes
KEPT_REASON = "You kept this when you composed."
EXERCISE_FOLDER, OWN_FOLDER = "exercises", "pieces"
DRAFT_FILE = "assignment.draft"


def furnish(parts: Parts, journal: Path | None = None, folder: Path | None = None) -> Rooms:
    """The rooms of the learner whose folder it is, else of the first one; the journal there where none is named."""
    config = Config.load(config_path(folder), config_path())
    desk = Desk(parts, journal or journal_path(folder), folder)
    desk.take_turns(config.takes_turns)
    return Rooms(
        parts=parts,
        config=config,
        save_config=Settings(folder, config).save,
        pieces=shelf.pieces,
        read_piece=desk.read_piece,
        play_parts=desk.play_parts,
        open_file=desk.own.open_file,
        own_pieces=desk.own.pieces,
        remove_piece=desk.own.remove,
        restore_piece=desk.own.restore,
        names=desk.names,
        look_into=desk.own.look_into,
        compose=desk.composing.compose,
        alike=desk.composing.alike,
        keep_variation=desk.keep_variation,
        open_glove=desk.open_glove,
        make_session=desk.make_session,
        report=desk.report,
        last_report=desk.last_report,
        make_exercise=desk.make_exercise,
        known_shares=desk.known_shares,
        headway=desk.headway,
        due=desk.due,
        assigned=desk.assigned,
        take_turns=desk.take_turns,
        tell_notices_to=desk.tell_notices_to,
        close=desk.close,
    )


class Desk:
    """Makes sessions and asks the journal and the composer; every method may take long, and any thread may call it."""

    def __init__(self, parts: Parts, journal: Path, folder: Path | None = None):
        self._parts, self._door = parts, JournalDoor(journal)
        self.tell_notices_to = self._door.tell_notices_to
        self._reporting = threading.Lock()
        self._attempts: dict[str, Attempt | None] = {}  # by take, those that were read
        self._shares = Shares()
        self._takes_turns = True
        self._is_behind = True  # the journal may know pieces by former identities
        self.composing = ComposerDesk(parts)
        self.assigned = AssignedDesk(lambda: self.journal, (folder or home()) / DRAFT_FILE)
        exercises, forget = journal.parent / EXERCISE_FOLDER, self._attempts.clear  # they go by the titles of before
        self.own = OwnDesk(lambda: self.journal, exercises, (folder or home()) / OWN_FOLDER, self._door.notice)
        self.names = NamesDesk(lambda: self.journal, exercises, self._all_pieces, self.read_piece, forget)

    def take_turns(self, wanted: bool) -> None:
        """Let passages of today that are known take turns, or not."""
        self._takes_turns = wanted

    @property
    def journal(self) -> Journal:
        """The journal, as `JournalDoor` gives it. Raises JournalError once the window has closed."""
        return self._door.journal

    def keep_variation(self, variation: Variation) -> str:
        """Keep an answer as an exercise of the learner's own, with its analogy."""
        from lessons.files.musicxml_writer import musicxml_bytes
        from tutor.review import EXERCISE_FILE

        score, made = variation.score, variation.analogy.provenance(variation.weights)
        title = score.title or f"After {variation.analogy.piece.title}"
        kept = self.journal.keep_exercise(title, score.digest, KEPT_REASON, made, EXERCISE_FILE, musicxml_bytes(score))
        self.journal.flush()  # it is looked for on the shelf at once
        return kept

    def _all_pieces(self) -> Sequence[Piece]:
        return (*self.own.pieces(), *shelf.pieces())

    def read_piece(self, piece: Piece) -> Score:
        """The score of a piece, with fingers."""
        from lessons.fingering import with_fingers

        return with_fingers(piece.score())

    def play_parts(self, score: Score, parts: Collection[int]) -> Score:
        """The score for who plays other parts of it, with fingers."""
        from lessons.fingering import with_fingers
        from lessons.parts import playing

        return with_fingers(playing(score, parts))

    def open_glove(self, port: str, kind: Kind, settings: LinkSettings) -> Glove:
        """The glove on a port; it comes when it answers."""
        from tutor.glove.opening import open_glove

        return open_glove(kind, port, self._parts, settings)

    def make_session(self, wish: SessionWish) -> Session:
        """A session with its follower, its place in the journal and its touch."""
        return make_session(wish, lambda: self.journal)

    def report(self, take: FinishedTake, naming: Naming = Naming.NONE) -> TakeReport:
        """Judge a take, keep the judgement, schedule its passage, and say what comes next, with notes so called."""
        with self._reporting:
            return self._report(take, naming)

    def _report(self, take: FinishedTake, naming: Naming) -> TakeReport:
        from tutor.review import (  # brings the judge and the database
            keep,
            learner_from,
            passes_of,
            resting,
            review_of,
            schedule,
        )
        from tutor.transfer import with_mastery

        learner, passes = learner_from(self.journal, self._attempts), passes_of(self.journal, take.take_id)
        found = review_of(take, learner, utc_now(), shelf.pieces(), passes=passes)
        if take.intonation is not None:
            words = take.intonation.in_words(found.assessment, naming)
            found = replace(found, report=replace(found.report, intonation=words))
        keep(self.journal, take.take_id, found, None)
        schedule(self.journal, take.score, found, utc_now())
        self.journal.flush()  # the library shows at once how it went
        found = with_mastery(found, take.score, self.journal, shelf.pieces(), known=self._attempts)
        found = resting(found, self.journal, utc_now())
        return self._told(found, take, self._takes_turns)

    def _told(self, found: Review, take: FinishedTake, takes_turns: bool) -> TakeReport:
        """What the page shows of a take: with the teacher's word, and with where to go on."""
        from tutor.assigned.teacher import under_teacher
        from ui.report.going_on import going_on
        from ui.report.in_turns import in_turns

        given = self.assigned.opened()
        found, task = under_teacher(self.journal, given, take.take_id, found)
        if takes_turns and not task:
            pieces = self._all_pieces()
            found = in_turns(found, take.score, take.take_id, self.journal, self._attempts, pieces, self.read_piece)
        pieces = self._all_pieces() if found.step.is_over else ()
        found = going_on(found, take.score, self.journal, pieces, self.read_piece, given)
        attempts = [one for one in found.learner.attempts if one.score_digest == take.score.digest]
        return TakeReport(take.score, take.settings, found, tuple(one.evidence.hit_share for one in attempts), task)

    def last_report(self) -> tuple[TakeReport, FinishedTake] | None:
        """The report of the latest take whose piece is known, as it was judged then, with what comes next now.

        None where there is none. What was heard of its intonation is not kept.
        """
        from tutor.review import review_again
        from tutor.transfer import with_mastery
        from ui.report.last_take import last_takes

        self._judge_recovered()
        self._bring_forward()
        with self._reporting:
            for take in last_takes(self.journal, self._all_pieces(), self.assigned.opened(), self.read_piece):
                found = review_again(self.journal, take.take_id or "", take.score, shelf.pieces(), known=self._attempts)
                if found is not None:
                    found = with_mastery(found, take.score, self.journal, shelf.pieces(), known=self._attempts)
                    told = self._told(found, take, takes_turns=False)  # whose turn it was then is over
                    return replace(told, day=found.attempt.day), take
        return None

    def make_exercise(self, told: TakeReport, take_id: str | None) -> Exercise | None:
        """Have the next exercise made, with fingers, and keep it; the bars as they are written are none."""
        from lessons.fingering import with_fingers
        from tutor.analogue import exercise
        from tutor.review import given_before, keep

        self.journal.flush()  # what was made after this take is made again, and known
        made = exercise(told.review.step, lambda: self.composing.composer, given_before(self.journal, take_id))
        made = replace(made, score=with_fingers(made.score)) if made is not None and made.variation else None
        keep(self.journal, take_id, told.review, made)
        self.journal.flush()
        return made

    def known_shares(self) -> KnownShares:
        """How much is known of each piece that was played: a share of all its notes."""
        self._judge_recovered()
        self._bring_forward()
        return self._shares.known(self.journal, self._all_pieces())

    def headway(self) -> Headway:
        """What the learner has come to by the latest takes that were played here."""
        from tutor.headway import Played, headway
        from tutor.mastery import analogues
        from tutor.review import attempts_of

        journal = self.journal
        takes = journal.played_takes(limit=MOST_TAKES)
        played = [Played(local_day(one.started_at), one.duration_sec) for one in takes]
        made_of = analogues(journal.made_exercises())
        attempts = attempts_of(journal, takes, self._attempts)
        return headway(played, attempts, made_of, local_day(utc_now()))

    def _judge_recovered(self) -> None:
        """Judge the takes that a killed process left, where their piece is known: they count like all others."""
        from tutor.review import judge_late

        journal = self.journal
        with self._reporting:
            while self._door.recovered:
                entry, pieces = self._door.recovered.pop(), self._all_pieces()
                known = piece_of(entry.score_digest, entry.title, pieces, self.read_piece)
                if known is not None and entry.assessment is None:
                    judge_late(journal, entry, known[1])
            journal.flush()

    def _bring_forward(self) -> None:
        """Have what older programs kept of the pieces on the shelf under their identities of today, once."""
        with self._reporting:
            behind, self._is_behind = self._is_behind, False
            if behind and is_behind(self.journal):
                bring_forward(self.journal, self._all_pieces(), self.read_piece)

    def due(self, pieces: Sequence[Piece]) -> Sequence[DuePassage]:
        """The passages of these pieces that are due by the end of the day, the most urgent first, a few."""
        self._bring_forward()
        passages = self.journal.passages(end_of_day(utc_now()))
        return due_of(passages, self.journal.titles(), pieces, self.read_piece)

    def close(self) -> None:
        """Close the journal where it was opened, once a take that is being judged has its judgement."""
        judged = self._reporting.acquire(timeout=JUDGED_SEC)
        journal = self._door.shut()
        if judged:
            self._reporting.release()
        if journal is not None:
            journal.close()
