"""From files to the assignments page and back: opens, practises, hands in and makes, in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lessons.assignment import Assignment, Task
from lessons.endings import ASSIGNMENT_ENDING, RESULT_ENDING
from lessons.library.own import file_name
from lessons.score import Score
from tutor.assigned.keeping import Standing
from tutor.assigned.progress import TaskProgress
from tutor.assigned.results import HandedTake, Result, result_name
from tutor.assigned.words import settings_for, teachers_words
from tutor.clock import local_day, utc_now
from tutor.practice import PracticeSettings
from tutor.replay import replayed
from ui.assignments.desk import Wished
from ui.assignments.page import TO_DO, AssignmentsPage
from ui.player import Player
from ui.practice.lesson import Lesson
from ui.rooms import Rooms
from ui.saving import Saving
from ui.tasks import Tasks

ENDINGS = (ASSIGNMENT_ENDING, RESULT_ENDING)
ASSIGNMENT, RESULT = f"Assignment (*{ASSIGNMENT_ENDING})", f"Result (*{RESULT_ENDING})"
GIVE_IT = "Give it to your pupils: they open it here."
SEND_IT = "Send it to your teacher."
WHOSE = "Type your name first, so that your teacher knows whose it is."


class Assigning(QObject):
    """``page_asked`` asks for the page; ``piece_asked`` tells a score and settings that go onto the stand."""

    page_asked = Signal()
    piece_asked = Signal(object, object)  # Score, PracticeSettings
    heard = Signal()  # a take is about to sound
    noticed = Signal(str)
    put_away = Signal(object)  # Assignment
    refused = Signal(str)

    def __init__(self, rooms: Rooms, tasks: Tasks, page: AssignmentsPage, lesson: Lesson, saving: Saving):
        super().__init__(page)
        self._desk, self._tasks, self._page, self._lesson, self._saving = rooms.assigned, tasks, page, lesson, saving
        self._player = Player(rooms.make_session, tasks, self)
        self._alone: tuple[Score, PracticeSettings] | None = None  # a task without touch; how it led before
        self._player.ended.connect(page.back.show_silence)
        self._player.refused.connect(self.refused)
        page.shown.connect(self.fetch)
        page.silence_asked.connect(self._player.stop)
        page.back.hear_asked.connect(self._hear)
        page.to_do.practise_asked.connect(self._practise)
        page.to_do.hand_in_asked.connect(self._hand_in)
        page.to_do.put_away_asked.connect(self._put_away)
        page.to_do.name_wanted.connect(lambda: self.noticed.emit(WHOSE))
        page.making.save_asked.connect(self._save)
        lesson.piece_opened.connect(self._opened)

    def open_file(self, path: Path) -> bool:
        """Open an assignment, or what came back of one; False for a file of another kind."""
        ending = path.suffix.lower()
        if ending == RESULT_ENDING:
            self._tasks.run(lambda: self._desk.read_results([path]), self._came_back, self.refused.emit)
        elif ending == ASSIGNMENT_ENDING:
            self._tasks.run(lambda: self._desk.open(path), self._to_do, self.refused.emit)
        return ending in ENDINGS

    def fetch(self) -> None:
        """Fetch how everything stands that was opened."""
        self._page.making.show_days(local_day(utc_now()))
        self._tasks.run(self._desk.standings, self._show, self.refused.emit)

    def add_from_stand(self, made_by: Mapping[str, str] | None = None) -> None:
        """Put the piece on the stand, as it is practised now, into the assignment that is being made."""
        if self._lesson.score is not None:
            self.add(self._lesson.score, made_by)

    def add(self, score: Score, made_by: Mapping[str, str] | None = None) -> None:
        """Put a piece, as it is practised now, into the assignment that is being made."""
        wished = Wished(score, self._lesson.settings, made_by)
        self._tasks.run(lambda: self._desk.make_task(wished), self._add, self.refused.emit)

    def goes_alone(self, score: Score) -> None:
        """Remember how the hand was led before a piece that goes without touch comes onto the stand."""
        self._alone = score, self._alone[1] if self._alone is not None else self._lesson.settings

    def settle(self) -> None:
        """Let touch lead again as it did before a task that goes without."""
        if self._alone is not None:
            (_, led), self._alone = self._alone, None
            self._lesson.change(replace(self._lesson.settings, guidance=led.guidance, fade=led.fade))

    def close(self) -> None:
        """Play nothing any more, and leave touch as it was."""
        self._player.close()
        self.settle()

    def _to_do(self, assignment: Assignment) -> None:
        self._page.show_view(TO_DO)
        self.page_asked.emit()
        self.noticed.emit(f"{assignment.title} is here to do. The file itself is not needed any more.")
        self.fetch()

    def _came_back(self, results: Sequence[Result]) -> None:
        self._page.show_results(results)
        self.page_asked.emit()

    def _show(self, standings: Sequence[Standing]) -> None:
        self._page.show_standings(standings, local_day(utc_now()))

    def _practise(self, task: Task, progress: TaskProgress) -> None:
        self.settle()
        before = self._lesson.settings
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
            self.put_away.emit(assignment)

        self._tasks.run(lambda: self._desk.put_away(assignment), gone, self.refused.emit)

    def bring_back(self, assignment: Assignment) -> None:
        """Show an assignment again that was put away."""
        self._tasks.run(lambda: self._desk.bring_back(assignment), lambda _done: self.fetch(), self.refused.emit)

    def _add(self, task: Task) -> None:
        self._page.making.add(task)
        if not self._page.isVisible():
            self.noticed.emit(f"{task.title} is in the assignment that you are making, on the Assignments page.")

    def _save(self, assignment: Assignment) -> None:
        name = f"{file_name(assignment.title)}{ASSIGNMENT_ENDING}"
        self._saving.save_as(name, ASSIGNMENT, lambda path: self._desk.write(assignment, path), GIVE_IT)

    def _hear(self, take: HandedTake | None, title: str) -> None:
        if take is None:
            self._player.stop()
        else:
            self.heard.emit()
            self._player.play(replayed(take.performance, title), self._lesson.ports.synth)
