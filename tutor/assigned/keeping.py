"""Assignments and the journal: those that were opened, and how each of their tasks stands by its takes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lessons.assignment import Assignment, Task, assignment_bytes, parse_assignment
from lessons.errors import InputError
from tutor.assigned.progress import JudgedTake, TaskProgress, progress_of
from tutor.clock import local_day
from tutor.journal.entries import AssignmentEntry

if TYPE_CHECKING:  # SQLAlchemy comes after the window
    from tutor.journal.journal import Journal

MOST_TAKES = 1000  # of one score, the latest
log = logging.getLogger(__name__)
Read = Callable[[AssignmentEntry], Assignment]


@dataclass(frozen=True, eq=False)
class Standing:
    """An assignment and how its tasks stand, in their order."""

    assignment: Assignment
    progress: tuple[TaskProgress, ...]

    @property
    def done(self) -> bool:
        """Whether the goal of every task is met."""
        return all(one.done for one in self.progress)


def keep_opened(journal: Journal, assignment: Assignment, file_name: str) -> None:
    """Remember an assignment that was opened, with its content: the file itself may go."""
    journal.assigned.keep(assignment.id, assignment.title, file_name, assignment_bytes(assignment))


def read_kept(entry: AssignmentEntry) -> Assignment:
    """The assignment that the journal kept. Raises FormatError."""
    return parse_assignment(entry.file)


def opened(journal: Journal, read: Read = read_kept) -> list[Assignment]:
    """The assignments that were opened and not put away, newest first; what cannot be read any more is left out."""
    found = []
    for entry in journal.assigned.assignments():
        try:
            found.append(read(entry))
        except InputError as error:
            log.info("%s: cannot be read: %s", entry.title, error)
    return found


def standing_of(assignment: Assignment, journal: Journal) -> Standing:
    """How an assignment stands by the takes of a journal."""
    known: dict[tuple[str, ...], list[JudgedTake]] = {}
    for task in assignment.tasks:
        if task.known_by not in known:
            known[task.known_by] = takes_of(task, journal, assignment.given)
    return Standing(assignment, tuple(progress_of(task, known[task.known_by]) for task in assignment.tasks))


def takes_of(task: Task, journal: Journal, since: date | None = None) -> list[JudgedTake]:
    """The takes of a task's piece, oldest first; those of a day and later where one is named."""
    takes = [take for name in journal.identities.today(task.known_by) for take in journal.takes(name, MOST_TAKES)]
    late = [take for take in takes if since is None or local_day(take.started_at) >= since]
    entries = list(journal.whole(late))
    ordered: Sequence[JudgedTake] = [JudgedTake(entry, journal.mistakes(entry.take_id)) for entry in entries]
    return sorted(ordered, key=lambda take: take.entry.started_at)
