"""``assignment``: what a teacher's file asks for, and how each task stands by the takes of the journal."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lessons.assignment import Assignment, Task, read_assignment
from lessons.bar_names import bars_listed, told, told_range
from tutor.assigned.keeping import Standing, standing_of
from tutor.assigned.progress import TaskProgress
from tutor.assigned.words import brief_words, day_words, standing_words, tried_words
from tutor.commands.learner_source import add_learner, journal_to_read, reading
from tutor.commands.parts import Parts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the file and the journal."""
    parser.add_argument("file", metavar="FILE", type=Path, help="an assignment (.dacapo)")
    parser.add_argument("--journal", metavar="DB", type=Path, help="the journal that has the takes")
    add_learner(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, _parts: Parts) -> int:
    """Read both and say it; always 0. Raises InputError for a journal that is named and is not there."""
    assignment = read_assignment(arguments.file)
    standing = stand(assignment, journal_to_read(arguments))
    if arguments.json:
        print(json.dumps(as_json(standing), ensure_ascii=False))
    else:
        print("\n".join(lines(standing)))
    return 0


def stand(assignment: Assignment, path: Path) -> Standing:
    """How an assignment stands by a journal; where there is none yet, nothing was played."""
    if not path.exists():
        return Standing(assignment, tuple(TaskProgress(task.passes) for task in assignment.tasks))
    with reading(path) as journal:
        return standing_of(assignment, journal)


def as_json(standing: Standing) -> dict[str, Any]:
    """All of it as plain JSON values."""
    assignment = standing.assignment
    return {
        "id": assignment.id,
        "title": assignment.title,
        "words": assignment.words,
        "due": assignment.due.isoformat() if assignment.due else None,
        "given": assignment.given.isoformat() if assignment.given else None,
        "done": standing.done,
        "tasks": [
            {"title": task.title, "asked": brief_words(task), **task.as_json(""), **told_range(task.score, task.bars)}
            | {"progress": progress_as_json(task, progress)}
            for task, progress in zip(assignment.tasks, standing.progress, strict=True)
        ],
    }


def progress_as_json(task: Task, progress: TaskProgress) -> dict[str, Any]:
    """How a task stands, with what a musician calls its worst bars."""
    worst = [told(task.score, bar) for bar in progress.worst_bars]
    return progress.as_json() | {
        "worst_written": [one["written"] for one in worst],
        "worst_times": [one["time"] for one in worst],
    }


def lines(standing: Standing) -> Iterator[str]:
    """What is asked and how it stands, for a person."""
    assignment = standing.assignment
    yield assignment.title
    if assignment.due is not None:
        yield f"Due by {day_words(assignment.due)}."
    if assignment.words:
        yield assignment.words
    if assignment.given is not None:
        yield f"Given on {day_words(assignment.given)}; what was played before does not count."
    for number, (task, progress) in enumerate(zip(assignment.tasks, standing.progress, strict=True), 1):
        yield f"{number}. {task.title} · {brief_words(task)}"
        yield f"   {standing_words(task, progress)}{_besides(task, progress)}"


def _besides(task: Task, progress: TaskProgress) -> str:
    words = []
    if progress.tries:
        words.append(tried_words(progress))
    if progress.worst_bars and not progress.done:
        words.append(f"worst: {bars_listed(task.score, progress.worst_bars)}")
    if progress.from_files:
        words.append(f"takes from files do not count ({progress.from_files})")
    return "".join(f" · {one}" for one in words)
