"""``results``: what pupils handed in, as the teacher's table: tasks down the page, pupils beside each other."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lessons.assignment import Assignment, Task
from tutor.assigned.results import Result, TaskResult, read_result, together
from tutor.assigned.words import brief_words, result_lines
from tutor.commands.assignment import progress_as_json
from tutor.commands.parts import Parts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the files."""
    parser.add_argument("files", metavar="RESULT", nargs="+", type=Path, help="what a pupil handed in")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, _parts: Parts) -> int:
    """Read them all, and say them by assignment; always 0."""
    read = [(path, read_result(path)) for path in arguments.files]
    groups = together(result for _, result in read)
    if arguments.json:
        names = {id(result): str(path) for path, result in read}
        said = [_group_as_json(assignment, results, names) for assignment, results in groups]
        print(json.dumps({"assignments": said}, ensure_ascii=False))
    else:
        for assignment, results in groups:
            _print_table(assignment, results)
    return 0


def _group_as_json(assignment: Assignment, results: Sequence[Result], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "title": assignment.title,
        "tasks": [{"title": task.title, "asked": brief_words(task)} for task in assignment.tasks],
        "results": [{"file": names[id(result)], **_as_json(result)} for result in results],
    }


def _as_json(result: Result) -> dict[str, Any]:
    tasks = [
        progress_as_json(asked, task.progress) | {"handed_in": [take.as_json("") for take in task.takes]}
        for asked, task in zip(result.assignment.tasks, result.tasks, strict=True)
    ]
    return {"pupil": result.pupil, "day": result.day.isoformat(), "tasks": tasks}


def _print_table(assignment: Assignment, results: Sequence[Result]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=assignment.title, title_justify="left", box=None, pad_edge=False)
    table.add_column("task")
    for result in results:
        table.add_column(result.pupil or "no name")
    for number, task in enumerate(assignment.tasks):
        table.add_row(*_row(task, [result.tasks[number] for result in results]))
    Console(markup=False, highlight=False).print(table)


def _row(task: Task, results: Sequence[TaskResult]) -> list[str]:
    """One task, and how it stands for each pupil."""
    return [f"{task.title}\n{brief_words(task)}", *("\n".join(result_lines(task, one.progress)) for one in results)]
