"""``learners [add | rename | remove]``: who plays on this computer, each with a journal and settings of their own.

With ``--json`` one object. Of a list ``learners``, each with ``name``, ``folder``, ``journal``, ``there`` and
``played_last``, and ``trouble``, one line or ''; of the rest the learner's ``name`` and ``folder``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tutor.commands.learner_source import check_home
from tutor.commands.parts import Parts
from tutor.config import journal_path
from tutor.enrolment import Enrolment
from tutor.register import Person, Register


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the jobs and their flags; without a job they are listed."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    jobs = parser.add_subparsers(dest="job", metavar="JOB")
    add = jobs.add_parser("add", help="one more learner")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="with what lies in this folder")
    rename = jobs.add_parser("rename", help="give a learner another name; all else stays")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new", metavar="NEW")
    remove = jobs.add_parser("remove", help="lay a learner's folder aside; nothing is deleted")
    remove.add_argument("name", metavar="NAME")
    for job in (add, rename, remove):
        job.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Do one job; 0 when done."""
    check_home()
    enrolment = Enrolment.here()
    match arguments.job:
        case "add":
            person = enrolment.add(arguments.name, arguments.source)
            _tell(arguments, person, enrolment.folder(person), f"{person.name} can play now; the folder is")
        case "rename":
            person = enrolment.rename(enrolment.listed(arguments.name), arguments.new)
            _tell(arguments, person, enrolment.folder(person), f"{person.name} is the name now; the folder is still")
        case "remove":
            person = enrolment.listed(arguments.name)
            aside = enrolment.lay_aside(person)
            moved = "the folder is now" if aside.exists() else "the folder was gone, and would be"
            _tell(arguments, person, aside, f"{person.name} is laid aside; {moved}")
        case _:
            _list(arguments, enrolment)
    return 0


def _tell(arguments: argparse.Namespace, person: Person, folder: Path, words: str) -> None:
    print(json.dumps({"name": person.name, "folder": str(folder)}) if arguments.json else f"{words} {folder}")


def _list(arguments: argparse.Namespace, enrolment: Enrolment) -> None:
    register, trouble = enrolment.read()
    if arguments.json:
        said = [_said(enrolment, register, person) for person in register.people]
        print(json.dumps({"learners": said, "trouble": trouble}))
        return
    if trouble:
        print(trouble, file=sys.stderr)
    width = max(len(person.name) for person in register.people)
    for person in register.people:
        notes = ["played last"] if person == register.last else []
        notes += [] if enrolment.is_there(person) else ["the folder is gone"]
        print("  ".join([f"{person.name:{width}}", str(enrolment.folder(person)), *notes]))


def _said(enrolment: Enrolment, register: Register, person: Person) -> dict[str, object]:
    folder = enrolment.folder(person)
    return {
        "name": person.name,
        "folder": str(folder),
        "journal": str(journal_path(folder)),
        "there": enrolment.is_there(person),
        "played_last": person == register.last,
    }
