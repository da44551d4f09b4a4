"""From files to the assignments page and back: opens, practises, hands in and makes, in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lessons.assignment import Assignment, Task
from lessons.draft import Draft, draft_of
from lessons.endings import ASSIGNMENT_ENDING, RESULT_ENDING
from lessons.errors import TutorError
from lessons.library.own import file_name
from lessons.score import Score
from tutor.assigned.keeping import Standing
from tutor.assigned.progress import TaskProgress
from tutor.assigned.results import HandedTake, Result, result_name
from tutor.assigned.words import settings_for, teachers_words
from tutor.clock import local_day, utc_now
from tutor.practice import PracticeSettings
from tutor.replay import replayed
from ui.assignments.desk import Arrived, Wished
from ui.assignments.drafts import Drafts
from ui.assignments.page import MAKE, TO_DO, AssignmentsPage
from ui.player import Player
from ui.practice.lesson import Lesson
from ui.rooms import Rooms
from ui.saving import Saving
from ui.tasks import Tasks

ENDINGS = (ASSIGNMENT_ENDING, RESULT_ENDING)
ASSIGNMENT, RESULT = f"Assignment (*{ASSIGNMENT_ENDING})", f"Result (*{RESULT_ENDING})"
GIVE_IT = "Give it to your pupils: they open it here."
SEND_IT = "Send it to your teacher."
HERE, HERE_FOR_NOW = (
    "is here to do. The file itself is not needed any more.",
    "is here to do, but the disk takes nothing just now: keep the file until it does.",
)
BACK_FOR_NOW = "The disk takes nothing just now: keep the files that came back until it does."
DRAFT_MS = 800
log = logging.getLogger(__name__)
WHOSE = "Type your name first, so that your teacher knows whose it is."


class Assigning(QObject):
    """``page_asked`` asks for the page; ``piece_asked`` tells a score and settings that go onto the stand."""

    page_asked = Signal()
    piece_asked = Signal(object, object)  # Score, PracticeSettings
    heard = Signal()  # a take is about to sound
    noticed = Signal(str)
    undoable = Signal(str, object)  # what was done, in words, and what takes it back
    refused = Signal(str)

    def __init__(self, rooms: Rooms, tasks: Tasks, page: AssignmentsPage, lesson: Lesson, saving: Saving):
        super().__init__(page)
        self._desk, self._tasks, self._page, self._lesson, self._saving = rooms.assigned, tasks, page, lesson, saving
        self._player = Player(rooms.make_session, tasks, self)
        self._asked_for: tuple[Task, PracticeSettings] | None = None  # the latest task; how they practised before any
        self._alone: tuple[Score, PracticeSettings] | None = None  # a task without touch; how it led before
        self._player.ended.connect(page.back.show_silence)
        self._player.refused.connect(self.refused)
        self._drafts, self._has_results = Drafts(self._desk), False
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._draft_timer.timeout.connect(self._keep_draft)
        page.shown.connect(self.fetch)
        page.silence_asked.connect(self._player.stop)
        page.back.hear_asked.connect(self._hear)
        page.to_do.practise_asked.connect(self._practise)
        page.to_do.hand_in_asked.connect(self._hand_in)
        page.to_do.put_away_asked.connect(self._put_away)
        page.to_do.name_wanted.connect(lambda: self.noticed.emit(WHOSE))
        page.back.put_away_asked.connect(self._put_result_away)
        page.making.save_asked.connect(self._save)
        page.making.anew_asked.connect(self._begin_anew)
        page.making.refused.connect(self.refused)
        page.making.offer.change_asked.connect(self._change_made)
        page.making.offer.to_do_asked.connect(self._take_on)
        lesson.piece_opened.connect(self._opened)

    def open_file(self, path: Path) -> bool:
        """Open an assignment, or what came back of one; False for a file of another kind."""
        ending = path.suffix.lower()
        if ending == RESULT_ENDING:
            self._tasks.run(lambda: self._open_result(path), self._came_back, self.refused.emit)
        elif ending == ASSIGNMENT_ENDING:
            self._tasks.run(lambda: self._desk.open(path), lambda come: self._arrived(come, path), self.refused.emit)
        return ending in ENDINGS

    def begin(self) -> None:
        """Fetch what was being made; the rest once the page is seen."""
        self._tasks.run(self._desk.read_draft, self._restore, self._draft_refused)

    def _restore(self, draft: Draft) -> None:
        self._page.making.restore(draft, local_day(utc_now()))
        self._page.making.changed.connect(self._draft_timer.start)  # not before: what is there is not written over

    def _draft_refused(self, reason: str) -> None:
        self.refused.emit(reason)
        self._restore(Draft())

    def _keep_draft(self) -> None:
        self._drafts.note(self._page.making.draft())
        self._tasks.run(self._drafts.keep, None, self.refused.emit)

    def _open_result(self, path: Path) -> tuple[Sequence[Result], bool]:
        """Read what came back and keep it; whether it is kept."""
        results = self._desk.read_results([path])
        return results, self._desk.keep_results(results)

    def fetch(self) -> None:
        """Fetch how everything stands that was opened, and once what came back at other times."""
        self._page.making.show_days(local_day(utc_now()))
        self._tasks.run(self._desk.standings, self._show, self.refused.emit)
        if not self._has_results:
            self._has_results = True
            self._tasks.run(self._desk.results, self._page.show_kept, self.refused.emit)

    def add_from_stand(self, made_by: Mapping[str, str] | None = None) -> None:
        """Put the piece on the stand, as it is practised now, into the assignment that is being made."""
        if self._lesson.score is not None:
            self.add(self._lesson.score, made_by, self._lesson.settings)

    def add(
        self, score: Score, made_by: Mapping[str, str] | None = None, settings: PracticeSettings | None = None
    ) -> None:
        """Put a piece into the assignment that is being made, as it is written where no settings are said."""
        wished = Wished(score, settings or PracticeSettings(), made_by)
        self._tasks.run(lambda: self._desk.make_task(wished), self._add, self.refused.emit)

    def forget_task(self) -> PracticeSettings:
        """How a piece is practised that nobody asked for: its hands, tempo and mode as before the latest tasks."""
        now = replace(self._lesson.settings, bars=None, loop=False)
        if self._asked_for is None:
            return now
        (task, before), self._asked_for = self._asked_for, None
        mode = before.mode if task.mode else now.mode
        return replace(now, hands=before.hands, tempo_ratio=before.tempo_ratio, mode=mode)

    def goes_alone(self, score: Score) -> None:
        """Remember how the hand was led before a piece that goes without touch comes onto the stand."""
        self._alone = score, self._alone[1] if self._alone is not None else self._lesson.settings

    def settle(self) -> None:
        """Let touch lead again as it did before a task that goes without."""
        if self._alone is not None:
            (_, led), self._alone = self._alone, None
            self._lesson.change(replace(self._lesson.settings, guidance=led.guidance, fade=led.fade))

    def close(self) -> Callable[[], None]:
        """Play nothing any more, and leave touch as it was; what keeps what is being made, which may take a while."""
        silent = self._player.close()
        self.settle()
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._drafts.note(self._page.making.draft())

        def part() -> None:
            silent()
            self._keep_at_last()

        return part

    def _keep_at_last(self) -> None:
        try:
            self._drafts.keep()
        except (TutorError, OSError) as error:
            log.warning("the assignment that is being made cannot be kept: %s", error)

    def _arrived(self, come: Arrived, path: Path) -> None:
        if not come.is_made_here:
            self._to_do(come)
            return
        self._page.show_view(MAKE)
        self.page_asked.emit()
        self._page.making.offer.show_assignment(come.assignment, path)

    def _take_on(self, assignment: Assignment, file_name: str) -> None:
        """Let what was made here be done here too."""
        self._tasks.run(lambda: self._desk.take_on(assignment, file_name), self._to_do, self.refused.emit)

    def _to_do(self, come: Arrived) -> None:
        self._page.show_view(TO_DO)
        self.page_asked.emit()
        self._tell_or_warn(f"{come.assignment.title} {HERE if come.is_kept else HERE_FOR_NOW}", come.is_kept)
        self.fetch()

    def _tell_or_warn(self, words: str, is_well: bool) -> None:
        (self.noticed if is_well else self.refused).emit(words)

    def _change_made(self, assignment: Assignment) -> None:
        self._make_instead(draft_of(assignment), f"{assignment.title} is here to be changed.")

    def _begin_anew(self) -> None:
        self._make_instead(Draft(), "What you were making is put away.")

    def _make_instead(self, draft: Draft, words: str) -> None:
        """Let another one be made; what stood there can be taken back."""
        making, today = self._page.making, local_day(utc_now())
        before = making.draft()
        making.show_draft(draft, today)
        if before.is_empty:
            self.noticed.emit(words)
        else:
            self.undoable.emit(words, lambda: making.show_draft(before, today))

    def _came_back(self, come: tuple[Sequence[Result], bool]) -> None:
        results, is_kept = come
        self._page.show_results(results)
        self.page_asked.emit()
        if not is_kept:
            self.refused.emit(BACK_FOR_NOW)

    def _put_result_away(self, result: Result) -> None:
        def gone(_done: None) -> None:
            self._page.drop_result(result)
            words = f"What {result.pupil or 'a pupil'} handed in of {result.assignment.title} is put away."
            self.undoable.emit(words, lambda: self._bring_result_back(result))

        self._tasks.run(lambda: self._desk.put_result_away(result), gone, self.refused.emit)

    def _bring_result_back(self, result: Result) -> None:
        back = self._desk.bring_result_back
        self._tasks.run(lambda: back(result), lambda _done: self._page.show_results([result]), self.refused.emit)

    def _show(self, standings: Sequence[Standing]) -> None:
        self._page.show_standings(standings, local_day(utc_now()))

    def _practise(self, task: Task, progress: TaskProgress) -> None:
        self.settle()
        before = self._lesson.settings
        self._asked_for = task, (self._asked_for[1] if self._asked_for is not None else before)
        if not task.guidance:
            self.goes_alone(task.score)
        self.piece_asked.emit(task.score, settings_for(task, before))
        if not progress.done:
            self.noticed.emit(teachers_words(task, progress))

    def _opened(self, score: Score) -> None:
        self._page.making.show_stand(True)
        if self._alone is not None and self._alone[0] is not score:
            self.settle()

    @property
    def pupil(self) -> str:
        """Who hands in, as it was typed last."""
        return self._page.to_do.pupil

    def _hand_in(self, assignment: Assignment) -> None:
        pupil = self.pupil
        name = result_name(assignment, pupil)
        self._saving.save_as(name, RESULT, lambda path: self._desk.hand_in(assignment, pupil, path), SEND_IT)

    def _put_away(self, assignment: Assignment) -> None:
        def gone(_done: None) -> None:
            self.fetch()
            words = f"{assignment.title} is put away. Your takes stay."
            self.undoable.emit(words, lambda: self.bring_back(assignment))

        self._tasks.run(lambda: self._desk.put_away(assignment), gone, self.refused.emit)

    def bring_back(self, assignment: Assignment) -> None:
        """Show an assignment again that was put away."""
        self._tasks.run(lambda: self._desk.bring_back(assignment), lambda _done: self.fetch(), self.refused.emit)

    def _add(self, task: Task) -> None:
        self._page.making.add(task)
        if not self._page.isVisible():
            self.noticed.emit(f"{task.title} is in the assignment that you are making, on the Assignments page.")

    def _save(self, assignment: Assignment) -> None:
        assignment = replace(assignment, given=local_day(utc_now()))
        name = f"{file_name(assignment.title)}{ASSIGNMENT_ENDING}"
        self._saving.save_as(name, ASSIGNMENT, lambda path: self._desk.write(assignment, path), GIVE_IT)

    def _hear(self, take: HandedTake | None, title: str) -> None:
        if take is None:
            self._player.stop()
        else:
            self.heard.emit()
            self._player.play(replayed(take.performance, title), self._lesson.ports.synth)
