"""``assign``: what a teacher asks for, as one file that a pupil opens."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from lessons.assignment import PASSES, Assignment, Task, task_of, write_assignment
from lessons.bar_names import told_range
from lessons.endings import ASSIGNMENT_ENDING
from lessons.errors import InputError
from lessons.files.disk import check_out
from lessons.files.provenance import made_by
from lessons.fingering import with_fingers
from lessons.parts import for_pianist
from tutor.assigned.words import brief_words
from tutor.clock import local_day, utc_now
from tutor.commands.bar_range import BARS_HELP, bars_of
from tutor.commands.parts import Parts
from tutor.commands.score_source import add_part, open_score
from tutor.commands.tempo import add_tempo
from tutor.practice import Hands, Mode


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the pieces, what is asked of each of them, and where the file goes."""
    parser.add_argument("scores", metavar="SCORE", nargs="+", help="a piece, a task each: MusicXML, MIDI or ABC")
    parser.add_argument(
        "-o", "--out", metavar="FILE", type=Path, required=True, help=f"the {ASSIGNMENT_ENDING} file to write"
    )
    parser.add_argument("--title", metavar="T", help="what the assignment is called (else as its first piece)")
    parser.add_argument("--words", metavar="TEXT", default="", help="what you say to the pupil")
    parser.add_argument("--due", metavar="YYYY-MM-DD", help="the day by which it is wanted")
    parser.add_argument("--bars", metavar="A-B", help=BARS_HELP)
    parser.add_argument("--hands", choices=[str(hands) for hands in Hands], default=str(Hands.BOTH))
    add_part(parser)
    add_tempo(parser, "the goal, against")
    parser.add_argument("--passes", type=int, default=PASSES, metavar="N", help=f"clean passes (default {PASSES})")
    parser.add_argument("--accuracy", type=float, metavar="PERCENT", help="of the notes, from which a pass counts")
    parser.add_argument("--mode", choices=[str(mode) for mode in Mode if mode is not Mode.LISTEN], help="who leads")
    parser.add_argument("--no-guidance", action="store_true", help="only what is played without touch counts")
    parser.add_argument("--force", action="store_true", help="replace FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, _parts: Parts) -> int:
    """Read the pieces, write the file and say what it asks; always 0."""
    check_out(arguments.out, (ASSIGNMENT_ENDING,), arguments.force)
    due = _day(arguments.due)
    tasks = tuple(_task(name, arguments) for name in arguments.scores)
    assignment = Assignment(arguments.title or tasks[0].title, tasks, arguments.words, due, local_day(utc_now()))
    write_assignment(assignment, arguments.out, arguments.force)
    if arguments.json:
        said = {"file": str(arguments.out), "id": assignment.id, "title": assignment.title}
        print(json.dumps(said | {"tasks": [_as_json(task) for task in tasks]}))
    else:
        print(f"{arguments.out}: {assignment.title}")
        for number, task in enumerate(tasks, 1):
            print(f"{number}. {task.title} · {brief_words(task)} · {task.passes} clean")
    return 0


def _as_json(task: Task) -> dict[str, Any]:
    return {"title": task.title, **task.as_json(""), **told_range(task.score, task.bars)}


def _day(said: str | None) -> date | None:
    try:
        day = date.fromisoformat(said) if said is not None else None
    except ValueError:
        raise InputError(f"--due {said}: must be a day such as 2026-12-05") from None
    today = local_day(utc_now())
    if day is not None and day < today:
        raise InputError(f"--due {said}: that day is over (today is {today.isoformat()})")
    return day


def _task(name: str, arguments: argparse.Namespace) -> Task:
    """The task of one piece. Raises InputError with the name of the piece for what it cannot be asked for."""
    score = open_score(name, arguments.part)
    accuracy = arguments.accuracy / 100 if arguments.accuracy is not None else None
    try:
        return task_of(
            with_fingers(score if arguments.part is not None else for_pianist(score)),
            made_by(Path(name)),
            bars=bars_of(arguments.bars),
            hands=arguments.hands,
            tempo=arguments.tempo,
            mode=arguments.mode or "",
            passes=arguments.passes,
            accuracy=accuracy,
            guidance=not arguments.no_guidance,
        )
    except InputError as fault:
        raise InputError(f"{name}: {fault}") from fault
