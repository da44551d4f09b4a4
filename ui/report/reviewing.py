"""From a finished take to its report and to the next exercise, in the background, while the learner reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from lessons.exercise import Exercise
from lessons.note_names import Naming
from lessons.score import Score
from tutor.practice import PracticeSettings
from tutor.rehearsal import MOST_PASSAGES
from tutor.replay import replayed
from tutor.sinks import FinishedTake
from tutor.step import Step
from ui.player import Player
from ui.practice.lesson import Lesson
from ui.report.page import ReportPage
from ui.rooms import Rooms, TakeReport
from ui.tasks import Tasks

LEAST_NOTES = 5  # a shorter take was a touch of the keys


class Reviewing(QObject):
    """``report_asked`` asks for the page; ``piece_asked`` tells a score and settings that go onto the stand."""

    report_asked = Signal()
    piece_asked = Signal(object, object)  # Score, PracticeSettings or None
    passages_found = Signal(object, object)  # Score, [(first bar, last bar)]
    journal_changed = Signal()
    judged = Signal()  # or it cannot be
    looked_back = Signal()  # the last take is shown, of an earlier day perhaps
    heard = Signal()  # the take is about to sound
    noticed = Signal(str)
    refused = Signal(str)

    def __init__(self, rooms: Rooms, tasks: Tasks, page: ReportPage, lesson: Lesson):
        super().__init__(page)
        self._rooms, self._tasks, self._page, self._lesson = rooms, tasks, page, lesson
        self.score: Score | None = None
        self._settings = lesson.settings  # of the take that is shown
        self._take: FinishedTake | None = None
        self._naming = rooms.config.naming
        self._player = Player(rooms.make_session, tasks, self)
        self._player.ended.connect(lambda: page.show_heard(False))
        self._player.refused.connect(self.refused)
        self._waiting = 0  # for how many judgements
        self._order = 0  # of takes: what is told of an older one is not shown any more
        self._has_looked_back = False
        page.empty_seen.connect(self._look_back)
        lesson.take_finished.connect(self._review)
        lesson.take_left.connect(self._judge)
        page.exercise_asked.connect(self._open_exercise)
        page.passage_asked.connect(self._follow)
        page.bar_asked.connect(lambda bar: self._open(replace(self._settings, bars=(bar, bar), loop=True)))
        page.hear_asked.connect(self._hear)
        page.again_asked.connect(lambda: self._open(self._settings))

    def call_notes(self, naming: Naming) -> None:
        """Call notes so in the reports to come."""
        self._naming = naming

    def _look_back(self) -> None:
        """Show the last take of before the program was started, once somebody wants to see it."""
        if self._has_looked_back:
            return
        self._has_looked_back = True
        self._page.show_looking_back()
        self._tasks.run(self._rooms.last_report, self._show_last, self._miss_last)

    def _show_last(self, last: tuple[TakeReport, FinishedTake] | None) -> None:
        if self._order:
            return
        if last is None:
            self._page.show_nothing()
            return
        told, take = last
        self.score, self._settings, self._take = take.score, take.settings, take
        self._tell(told, take, self._order)
        self.looked_back.emit()

    def _miss_last(self, reason: str) -> None:
        if not self._order:
            self._page.show_nothing()
            self.refused.emit(reason)

    def _review(self, take: FinishedTake) -> None:
        if len(take.performance.notes) < LEAST_NOTES:
            self.noticed.emit("That was too short to judge; it is kept all the same.")
            return
        self.score, self._settings, self._order = take.score, take.settings, self._order + 1
        order, self._take = self._order, take
        self._page.show_reading(take)
        self.report_asked.emit()
        take = self._with_intonation(take)
        self._waiting += 1
        naming = self._naming
        self._tasks.run(
            lambda: self._rooms.report(take, naming),
            lambda told: self._show(told, take, order),
            lambda reason: self._show_trouble(reason, order),
        )

    def _judge(self, take: FinishedTake) -> None:
        """Have a take judged that nobody asks about now: it counts like all others."""
        if len(take.performance.notes) < LEAST_NOTES:
            return
        self._waiting, take, naming = self._waiting + 1, self._with_intonation(take), self._naming

        def over(_said: object) -> None:
            self._waiting -= 1
            self.journal_changed.emit()
            self.judged.emit()

        self._tasks.run(lambda: self._rooms.report(take, naming), over, over)

    def _with_intonation(self, take: FinishedTake) -> FinishedTake:
        ear = self._lesson.ports.ear
        return replace(take, intonation=ear.hearing.intonation if ear is not None else None)

    @property
    def judging(self) -> bool:
        """Whether a take is being judged."""
        return self._waiting > 0

    def _show_trouble(self, reason: str, order: int) -> None:
        self._waiting -= 1
        if order == self._order:
            self._page.show_trouble(reason)
        self.judged.emit()

    def _show(self, told: TakeReport, take: FinishedTake, order: int) -> None:
        self._waiting -= 1
        self.journal_changed.emit()
        self.judged.emit()
        if order == self._order:
            self._tell(told, take, order)

    def _tell(self, told: TakeReport, take: FinishedTake, order: int) -> None:
        """Show a report, and have the exercise made that comes next."""
        self._page.show_report(told)
        self.passages_found.emit(told.score, worst_bars(told))

        def failed(reason: str) -> None:
            self.refused.emit(reason)
            self._made(None, order)

        work = lambda: self._rooms.make_exercise(told, take.take_id)  # noqa: E731
        self._tasks.run(work, lambda exercise: self._made(exercise, order), failed)

    def _made(self, exercise: Exercise | None, order: int) -> None:
        if order == self._order:
            self._page.show_exercise(exercise)
        if exercise is not None:
            self.journal_changed.emit()

    def close(self) -> Callable[[], None]:
        """Play nothing any more; what waits until all is silent."""
        return self._player.close()

    def _hear(self, wanted: bool) -> None:
        """Play the take back, or stop that."""
        if wanted and self._take is not None:
            self.heard.emit()
            self._player.play(replayed(self._take.performance, self._take.score.title), self._lesson.ports.synth)
        else:
            self._player.stop()

    def _open_exercise(self, exercise: Exercise) -> None:
        as_before = replace(self._settings, bars=None, loop=False, echo=self._lesson.settings.echo)
        self.piece_asked.emit(exercise.score, as_before)
        self.noticed.emit(exercise.reason)

    def _follow(self, step: Step) -> None:
        """Do what comes next, with the piece that was played or with another one."""
        if self.score is not None and step.score.digest == self.score.digest:
            self._open(step.settings)
        else:
            self.piece_asked.emit(step.score, replace(step.settings, echo=self._lesson.settings.echo))

    def _open(self, settings: PracticeSettings) -> None:
        """Put the piece onto the stand; a take that a microphone heard does not say what shall be sounded now."""
        if self.score is not None:
            self.piece_asked.emit(self.score, replace(settings, echo=self._lesson.settings.echo))


def worst_bars(told: TakeReport) -> list[tuple[int, int]]:
    """The hottest bars of a take, at most as many as a rehearsal takes."""
    hot = sorted((bar for bar in told.review.report.bars if bar.heat), key=lambda bar: -(bar.heat or 0.0))
    return [(bar.bar, bar.bar) for bar in hot[:MOST_PASSAGES]]
