"""The teacher's word beats the coach's: while a task is practised, the next step stays with it until its goal is met.

Then it is the next task of the assignment, until all are done.

What the coach would have said is kept in the journal beside it, each with its reason. The tempo may be the coach's: a
task that failed at its goal is taken slower, and comes back up the same ladder (`tutor.coach.ladder`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from lessons.assignment import Assignment, Task
from lessons.percent import percent
from tutor.assigned.keeping import standing_of, takes_of
from tutor.assigned.progress import JudgedTake, TaskProgress, progress_of, tries_of
from tutor.assigned.words import asked_words, report_words, settings_for, teachers_words
from tutor.journal.entries import StepEntry, TakeEntry
from tutor.ladder import ladder
from tutor.learner import Learner
from tutor.practice import Mode, PracticeSettings
from tutor.review import Review
from tutor.step import Knob, Step

if TYPE_CHECKING:  # SQLAlchemy comes after the window
    from tutor.journal.journal import Journal


def teachers_step(
    task: Task, progress: TaskProgress, coachs: Step, practised: PracticeSettings, learner: Learner
) -> Step:
    """The step that stays with a task whose goal is not met; ``coachs`` is what else would have come next.

    ``practised`` is how the latest take was. What the coach saw is told as well: only what to do is the teacher's.
    """
    settings = settings_for(task, practised)
    tempo = _next_tempo(task, coachs, practised, learner)
    slower = tempo < task.tempo
    advice = f"Take it at {percent(tempo)} of the written tempo first." if slower else coachs.reason
    return Step(
        coachs.score,
        teachers_words(task, progress),
        Knob.TEMPO if slower else Knob.NOTHING,
        advice,
        replace(settings, tempo_ratio=tempo),
        is_foreign=coachs.is_foreign,
    )


def next_task_step(assignment: Assignment, number: int, practised: PracticeSettings) -> Step:
    """Go on to task ``number`` of an assignment, counted from 1, after another one whose goal is met."""
    task = assignment.tasks[number - 1]
    reason = f"Next is task {number} of {len(assignment.tasks)} of {assignment.title}: {task.title}."
    advice = f"Your teacher asks for {asked_words(task)}."
    return Step(task.score, reason, Knob.NOTHING, advice, settings_for(task, practised))


def _next_task(assignment: Assignment, number: int, journal: Journal) -> int | None:
    """The next task after one, else the first, whose goal is not met; None where all are done."""
    progress = standing_of(assignment, journal).progress
    left = [place for place, one in enumerate(progress, 1) if not one.done]
    return next((place for place in left if place > number), left[0] if left else None)


def _next_tempo(task: Task, coachs: Step, practised: PracticeSettings, learner: Learner) -> float:
    """The goal, or where the ladder stands below it; where the score waits nobody keeps a tempo."""
    if task.mode == Mode.WAIT or practised.tempo_ratio > task.tempo:
        return task.tempo
    digest = coachs.score.digest
    clean, failed = learner.clean_streak(digest, practised), learner.failed_streak(digest, practised)
    return min(task.tempo, ladder(practised.tempo_ratio, clean, failed))


def under_teacher(
    journal: Journal, assignments: Iterable[Assignment], take_id: str | None, found: Review
) -> tuple[Review, str]:
    """The review with the teacher's word, where the take was of a task; and how that task stands in one line, or "".

    Keeps in the journal what was said and what the coach would have said. The take must be kept and judged already.
    """
    entry = journal.entry(take_id) if take_id is not None else None
    if entry is None:
        return found, ""
    mine = [
        (assignment, number, task)
        for assignment in assignments
        for number, task in enumerate(assignment.tasks, 1)
        if _is_of(task, entry, journal)
    ]
    if not mine:
        return found, ""
    stood = [(place, progress_of(place[2], takes_of(place[2], journal, place[0].given))) for place in mine]
    (assignment, number, task), progress = next((one for one in stood if not one[1].done), stood[0])
    words = report_words(assignment.title, number, len(assignment.tasks), task, progress)
    if not progress.done:
        said = teachers_step(task, progress, found.step, found.attempt.settings, found.learner)
    elif (left := _next_task(assignment, number, journal)) is not None:
        said = next_task_step(assignment, left, found.attempt.settings)
        number = left
    else:
        return found, words
    journal.keep_step(StepEntry(entry.take_id, assignment.id, number, said.as_json(), found.step.as_json()))
    return replace(found, step=said, report=replace(found.report, step=said)), words


def _is_of(task: Task, entry: TakeEntry, journal: Journal) -> bool:
    """Whether a take tried the task, or was set to its bars and hands though too little was played."""
    if entry.score_digest not in journal.identities.today(task.known_by):
        return False
    settings = PracticeSettings.from_json(entry.settings)
    if (settings.bars, str(settings.hands)) == (task.bars, task.hands):
        return True
    return bool(tries_of(task, JudgedTake(entry, journal.mistakes(entry.take_id))))
