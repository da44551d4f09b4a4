"""What the assignments page asks of files and of the journal: all may take long, and any thread may ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what comes after the window
    from lessons.assignment import Assignment, Task
    from lessons.score import Score
    from tutor.assigned.keeping import Standing
    from tutor.assigned.results import Result
    from tutor.journal.entries import AssignmentEntry
    from tutor.journal.journal import Journal
    from tutor.practice import PracticeSettings

MOST_EXERCISES = 1000  # among which what made a piece is looked for


@dataclass(frozen=True, eq=False)
class Wished:
    """A piece that shall be in the assignment that is being made, as it is to be practised, and what made it."""

    score: Score
    settings: PracticeSettings
    made_by: Mapping[str, str] | None = None


class AssignedDesk:
    """Opens, keeps, makes and hands in assignments; ``journal`` gives the journal when it is asked."""

    def __init__(self, journal: Callable[[], Journal]):
        self._journal = journal
        self._read: dict[str, Assignment] = {}

    def open(self, path: Path) -> Assignment:
        """Read an assignment and remember it, with all that is in it. Raises FormatError."""
        from lessons.assignment import read_assignment
        from tutor.assigned.keeping import keep_opened
        from tutor.assigned.words import settings_for
        from tutor.practice import PracticeSettings

        assignment = read_assignment(path)
        for task in assignment.tasks:
            settings_for(task, PracticeSettings())  # a way to practise that is not known here is told at once
        keep_opened(self._journal(), assignment, path.name)
        self._journal().flush()
        return assignment

    def opened(self) -> list[Assignment]:
        """The assignments that were opened and not put away, newest first."""
        from tutor.assigned.keeping import opened

        return opened(self._journal(), self._kept)

    def standings(self) -> Sequence[Standing]:
        """How each of them stands."""
        from tutor.assigned.keeping import standing_of

        return [standing_of(assignment, self._journal()) for assignment in self.opened()]

    def put_away(self, assignment: Assignment) -> None:
        """Show an assignment no more; the journal keeps it."""
        self._journal().remove_assignment(assignment.id)
        self._journal().flush()

    def bring_back(self, assignment: Assignment) -> None:
        """Show an assignment again that was put away."""
        self._journal().restore_assignment(assignment.id)
        self._journal().flush()

    def make_task(self, wished: Wished) -> Task:
        """A task as a piece is practised now. Raises InputError where it cannot be asked for."""
        from lessons.assignment import task_of

        settings = wished.settings
        bars = settings.bars if settings.fits(wished.score) else None
        asked = {"bars": bars, "hands": str(settings.hands), "tempo": settings.tempo_ratio}
        return task_of(wished.score, wished.made_by or self._made_by(wished.score), **asked)

    def write(self, assignment: Assignment, path: Path) -> None:
        """Write an assignment; who chose the path has agreed to replace what is there."""
        from lessons.assignment import write_assignment

        write_assignment(assignment, path, force=True)

    def hand_in(self, assignment: Assignment, pupil: str, path: Path) -> None:
        """Write what came of an assignment."""
        from tutor.assigned.results import result_of, write_result
        from tutor.clock import local_day, utc_now

        write_result(result_of(assignment, self._journal(), pupil, local_day(utc_now())), path, force=True)

    def read_results(self, paths: Sequence[Path]) -> Sequence[Result]:
        """What pupils handed in. Raises FormatError."""
        from tutor.assigned.results import read_result

        return [read_result(path) for path in paths]

    def _made_by(self, score: Score) -> Mapping[str, str]:
        """What made an exercise that the journal keeps, also once its file was read again; nothing of other pieces."""
        from lessons.assignment import as_played

        for entry in self._journal().exercises(MOST_EXERCISES):
            again = entry.title == score.title and entry.score_digest != score.digest
            if entry.score_digest == score.digest or (again and as_played(entry.file, "").digest == score.digest):
                return {"analogy": json.dumps(entry.provenance, ensure_ascii=False)}
        return {}

    def _kept(self, entry: AssignmentEntry) -> Assignment:
        """An assignment of the journal, read once."""
        from tutor.assigned.keeping import read_kept

        if entry.assignment_id not in self._read:
            self._read[entry.assignment_id] = read_kept(entry)
        return self._read[entry.assignment_id]
