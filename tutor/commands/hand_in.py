"""``hand-in``: how an assignment stands, with the takes that count, as one file for the teacher."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from lessons.assignment import read_assignment
from lessons.endings import RESULT_ENDING
from lessons.errors import InputError
from lessons.files.disk import check_out
from tutor.assigned.results import result_of, write_result
from tutor.clock import local_day, utc_now
from tutor.commands.learner_source import add_learner, journal_to_read, reading
from tutor.commands.parts import Parts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the assignment, the file to write, and who hands it in."""
    parser.add_argument("file", metavar="FILE", type=Path, help="an assignment (.dacapo)")
    parser.add_argument(
        "-o", "--out", metavar="RESULT", type=Path, required=True, help=f"the {RESULT_ENDING} file to write"
    )
    parser.add_argument("--name", metavar="PUPIL", help="who hands it in")
    parser.add_argument("--journal", metavar="DB", type=Path, help="the journal that has the takes")
    add_learner(parser)
    parser.add_argument("--force", action="store_true", help="replace RESULT")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, _parts: Parts) -> int:
    """Read, write and say what is in it; always 0. Raises InputError where nothing was ever played here."""
    if arguments.name is not None and not arguments.name.strip():
        raise InputError(f"--name {arguments.name!r}: must be a name, so that your teacher knows whose it is")
    check_out(arguments.out, (RESULT_ENDING,), arguments.force)
    assignment = read_assignment(arguments.file)
    pupil = (arguments.name or arguments.learner or "").strip()
    journal_path = journal_to_read(arguments)
    if not journal_path.exists():
        raise InputError(f"{arguments.file}: nothing of it has been played here yet; practise it, then hand it in")
    with reading(journal_path) as journal:
        result = result_of(assignment, journal, pupil, local_day(utc_now()))
    write_result(result, arguments.out, arguments.force)
    done = sum(task.progress.done for task in result.tasks)
    takes = sum(len(task.takes) for task in result.tasks)
    if arguments.json:
        said = {"file": str(arguments.out), "assignment": assignment.id, "pupil": result.pupil}
        print(json.dumps(said | {"done": done, "tasks": len(result.tasks), "takes": takes}, ensure_ascii=False))
    else:
        print(
            f"{arguments.out}: {done} of {len(result.tasks)} tasks done, with {takes} take{'' if takes == 1 else 's'}"
        )
    return 0
