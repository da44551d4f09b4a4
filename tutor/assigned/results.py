"""What a pupil hands in: how each task stands, and the takes that count, as one file (``NAME – PUPIL.dacapo-result``).

The file is a zip archive with ``result.json``, the takes as MIDI in ``takes/``, and the assignment itself, so that the
teacher can read it without looking for what was asked. Its ``id`` says which results belong together.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lessons.assignment import Assignment, Task, assignment_in, told_in, usable
from lessons.endings import RESULT_ENDING
from lessons.errors import FormatError, InputError
from lessons.files.archive import SIGN, Archive, opened, packed
from lessons.files.disk import read_as, write_whole
from lessons.legible import legible
from lessons.library.own import file_name
from tutor.assigned.keeping import standing_of, takes_of
from tutor.assigned.progress import JudgedTake, TaskProgress, Try, figure, tries_of
from tutor.performance import Performance
from tutor.takes import parse_take, take_bytes

if TYPE_CHECKING:  # SQLAlchemy comes after the window
    from tutor.journal.journal import Journal

ENTRY, FORMAT, VERSION = "result.json", "dacapo-result", 1
MOST_TAKES = 8  # of one task, the latest
log = logging.getLogger(__name__)
NOT_ONE = "is no result of an assignment of this program"


@dataclass(frozen=True, eq=False)
class HandedTake:
    """One take of a task, with its figures; ``share`` and ``tempo`` are those of its best try (`Try`)."""

    day: date
    share: float
    tempo: float | None
    counts: bool
    performance: Performance

    def as_json(self, file: str) -> dict[str, Any]:
        """The figures as plain JSON values, with the name of the file that holds the notes."""
        said = {"day": self.day.isoformat(), "share": self.share, "tempo": self.tempo, "counts": self.counts}
        return {"file": file} | said


@dataclass(frozen=True, eq=False)
class TaskResult:
    """How one task stands, and the takes of it that are handed in."""

    progress: TaskProgress
    takes: tuple[HandedTake, ...] = ()


@dataclass(frozen=True, eq=False)
class Result:
    """What one pupil hands in, a `TaskResult` for each task of the assignment."""

    assignment: Assignment
    pupil: str
    day: date
    tasks: tuple[TaskResult, ...]


def result_name(assignment: Assignment, pupil: str) -> str:
    """What the file of a pupil's result may be called."""
    return file_name(f"{assignment.title} - {pupil}" if pupil else assignment.title) + RESULT_ENDING


def result_of(assignment: Assignment, journal: Journal, pupil: str, day: date) -> Result:
    """What the journal says of an assignment, to be handed in."""
    standing = standing_of(assignment, journal)
    handed = (
        TaskResult(progress, tuple(_handed(task, progress, takes_of(task, journal, assignment.given), journal)))
        for task, progress in zip(assignment.tasks, standing.progress, strict=True)
    )
    return Result(assignment, pupil, day, tuple(handed))


def _handed(task: Task, progress: TaskProgress, takes: Iterable[JudgedTake], journal: Journal) -> Iterator[HandedTake]:
    wanted = progress.takes[-MOST_TAKES:]
    for take in takes:
        if take.entry.take_id in wanted:
            best = max(tries_of(task, take), key=_merit)
            share = round(best.evidence.hit_share, 4)
            yield HandedTake(best.day, share, best.tempo, best.counts, journal.take(take.entry.take_id))


def _merit(one: Try) -> tuple[bool, bool, float]:
    return one.counts, one.complete, one.evidence.hit_share


def read_result(path: Path | str) -> Result:
    """Read a result. Raises FormatError in one line with the file and the reason."""
    return read_as(Path(path), parse_result)


def write_result(result: Result, path: Path | str, force: bool = False) -> None:
    """Write a result, whole or not at all. Raises InputError where the file exists (unless ``force``)."""
    path = Path(path)
    if path.suffix.lower() != RESULT_ENDING:
        raise InputError(f"{path}: a result is written as {RESULT_ENDING}")
    write_whole(path, result_bytes(result), force)


def result_bytes(result: Result) -> bytes:
    """The result as a file."""
    takes: list[tuple[str, bytes]] = []
    tasks = []
    for number, task in enumerate(result.tasks, 1):
        names = [f"takes/{number}-{place}.mid" for place in range(1, len(task.takes) + 1)]
        takes += [(name, take_bytes(take.performance)) for name, take in zip(names, task.takes, strict=True)]
        handed = [take.as_json(name) for name, take in zip(names, task.takes, strict=True)]
        tasks.append({"progress": task.progress.as_json(), "takes": handed})
    said = {
        "format": FORMAT,
        "version": VERSION,
        "assignment": result.assignment.id,
        "pupil": result.pupil,
        "day": result.day.isoformat(),
        "tasks": tasks,
    }
    written = json.dumps(said, indent=1, ensure_ascii=False).encode()
    return packed([(ENTRY, written), *result.assignment.entries, *takes])


def parse_result(content: bytes) -> Result:
    """The result in the bytes of a file. Raises FormatError in one line with the reason."""
    if not content.startswith(SIGN):
        raise FormatError(NOT_ONE)
    with opened(content) as archive:
        said = told_in(archive, ENTRY, FORMAT, VERSION, NOT_ONE)
        assignment = assignment_in(archive)
        with usable(ENTRY):
            tasks = tuple(_tasks(said["tasks"], archive))
            result = Result(assignment, legible(said["pupil"]), date.fromisoformat(said["day"]), tasks)
    if said.get("assignment") != assignment.id or len(tasks) != len(assignment.tasks):
        raise FormatError("the result is of another assignment than the one in it")
    return result


def _tasks(said: Iterable[Mapping[str, Any]], archive: Archive) -> Iterator[TaskResult]:
    for task in said:
        takes = tuple(_take(one, archive) for one in task["takes"][:MOST_TAKES])
        yield TaskResult(TaskProgress.from_json(task["progress"]), takes)


def _take(said: Mapping[str, Any], archive: Archive) -> HandedTake:
    return HandedTake(
        date.fromisoformat(said["day"]),
        figure(said["share"]) or 0.0,
        figure(said["tempo"]),
        bool(said["counts"]),
        parse_take(archive.read(str(said["file"]))),
    )


def keep_result(journal: Journal, result: Result) -> None:
    """Remember what a pupil handed in, with all that is in it: the file itself may go."""
    journal.assigned.keep_result(result.assignment.id, result.pupil, result_bytes(result))


def kept_results(journal: Journal) -> list[Result]:
    """What was handed in and not put away, newest first; what cannot be read any more is left out."""
    found = []
    for entry in journal.assigned.results():
        try:
            found.append(parse_result(entry.file))
        except InputError as error:
            log.info("what %s handed in cannot be read: %s", entry.pupil, error)
    return found


def together(results: Iterable[Result]) -> list[tuple[Assignment, tuple[Result, ...]]]:
    """The results by assignment, in the order in which each was first met; pupils by name."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.assignment.id, []).append(result)
    return [(group[0].assignment, _by_name(group)) for group in found.values()]


def _by_name(results: Sequence[Result]) -> tuple[Result, ...]:
    return tuple(sorted(results, key=lambda result: (result.pupil.casefold(), result.day)))
