"""What the assignments page asks of files and of the journal: all may take long, and any thread may ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lessons.errors import FormatError
from tutor.clock import utc_now

if TYPE_CHECKING:  # what comes after the window
    from lessons.assignment import Assignment, Task
    from lessons.draft import Draft
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


@dataclass(frozen=True, eq=False)
class Arrived:
    """An assignment that was opened: whether the journal keeps it by now, and whether it was made here."""

    assignment: Assignment
    is_kept: bool
    is_made_here: bool


class AssignedDesk:
    """Opens, keeps, makes and hands in assignments; ``journal`` gives the journal when it is asked.

    What is being made lies in the file ``draft``.
    """

    def __init__(self, journal: Callable[[], Journal], draft: Path):
        self._journal, self._draft = journal, draft
        self._read: dict[str, Assignment] = {}
        self._unkept: dict[str, Assignment] = {}  # to do, though no disk has taken them yet

    def open(self, path: Path) -> Arrived:
        """Read an assignment and remember it, with all that is in it; not what was made here. Raises FormatError."""
        from lessons.assignment import read_assignment
        from tutor.assigned.words import settings_for
        from tutor.practice import PracticeSettings

        assignment = read_assignment(path)
        for task in assignment.tasks:
            settings_for(task, PracticeSettings())  # a way to practise that is not known here is told at once
        if self._journal().assigned.is_made_here(assignment.id):
            return Arrived(assignment, True, True)
        return self.take_on(assignment, path.name)

    def take_on(self, assignment: Assignment, file_name: str) -> Arrived:
        """Have an assignment to do from now on."""
        from tutor.assigned.keeping import keep_opened

        keep_opened(self._journal(), assignment, file_name)
        is_kept = self._journal().flush()
        if not is_kept:
            self._unkept[assignment.id] = assignment
        return Arrived(assignment, is_kept, False)

    def opened(self) -> list[Assignment]:
        """The assignments that were opened and not put away, newest first."""
        from tutor.assigned.keeping import opened

        kept = opened(self._journal(), self._kept)
        known = {assignment.id for assignment in kept}
        return [*(one for one in self._unkept.values() if one.id not in known), *kept]

    def standings(self) -> Sequence[Standing]:
        """How each of them stands."""
        from tutor.assigned.keeping import standing_of

        return [standing_of(assignment, self._journal()) for assignment in self.opened()]

    def put_away(self, assignment: Assignment) -> None:
        """Show an assignment no more; the journal keeps it."""
        self._unkept.pop(assignment.id, None)
        self._journal().assigned.remove(assignment.id)
        self._journal().flush()

    def bring_back(self, assignment: Assignment) -> None:
        """Show an assignment again that was put away."""
        self._journal().assigned.restore(assignment.id)
        self._journal().flush()

    def make_task(self, wished: Wished) -> Task:
        """A task as a piece is practised now. Raises InputError where it cannot be asked for."""
        from lessons.assignment import task_of

        settings = wished.settings
        bars = settings.bars if settings.fits(wished.score) else None
        asked = {"bars": bars, "hands": str(settings.hands), "tempo": settings.tempo_ratio}
        return task_of(wished.score, wished.made_by or self._made_by(wished.score), **asked)

    def write(self, assignment: Assignment, path: Path) -> None:
        """Write an assignment, and remember who made it; who chose the path has agreed to replace what is there."""
        from lessons.assignment import assignment_bytes, write_assignment

        write_assignment(assignment, path, force=True)
        file = assignment_bytes(assignment)
        self._journal().assigned.keep_made(assignment.id, assignment.title, path.name, file)
        self._journal().flush()  # it may be opened again at once

    def read_draft(self) -> Draft:
        """What is being made, as it was kept; one that cannot be read is set aside. Raises FormatError."""
        from lessons.draft import Draft, parse_draft
        from lessons.files.disk import read_as

        if not self._draft.exists():
            return Draft()
        try:
            return read_as(self._draft, parse_draft)
        except FormatError as fault:
            aside = self._draft.with_name(f"{self._draft.name}.damaged-{utc_now():%Y%m%d-%H%M%S-%f}")
            self._draft.replace(aside)
            raise FormatError(f"the assignment that was being made: {fault}. It is kept as {aside.name}") from fault

    def keep_draft(self, draft: Draft) -> None:
        """Keep what is being made. Raises InputError where the disk refuses."""
        from lessons.draft import draft_bytes
        from lessons.files.disk import write_whole

        if draft.is_empty:
            self._draft.unlink(missing_ok=True)
        else:
            self._draft.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._draft, draft_bytes(draft), force=True)

    def hand_in(self, assignment: Assignment, pupil: str, path: Path) -> None:
        """Write what came of an assignment."""
        from tutor.assigned.results import result_of, write_result
        from tutor.clock import local_day

        write_result(result_of(assignment, self._journal(), pupil, local_day(utc_now())), path, force=True)

    def read_results(self, paths: Sequence[Path]) -> Sequence[Result]:
        """What pupils handed in. Raises FormatError."""
        from tutor.assigned.results import read_result

        return [read_result(path) for path in paths]

    def keep_results(self, results: Sequence[Result]) -> bool:
        """Keep what pupils handed in; whether it is on disk by now."""
        from tutor.assigned.results import keep_result

        for result in results:
            keep_result(self._journal(), result)
        return self._journal().flush()

    def results(self) -> Sequence[Result]:
        """What was handed in and kept, newest first."""
        from tutor.assigned.results import kept_results

        return kept_results(self._journal())

    def put_result_away(self, result: Result) -> None:
        """Show a result no more; the journal keeps it."""
        self._journal().assigned.remove_result(result.assignment.id, result.pupil)
        self._journal().flush()

    def bring_result_back(self, result: Result) -> None:
        """Show a result again that was put away."""
        self._journal().assigned.restore_result(result.assignment.id, result.pupil)
        self._journal().flush()

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
