"""``doctor``: what works on this machine, and the one line that gets what does not.

With ``--json`` one object: each check by its name in small letters with underscores, with ``works``, ``says``,
``remedy`` and ``found``. The exit status is 0 also where devices are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path

from tutor.commands.parts import Check, Parts
from tutor.config import journal_path
from tutor.enrolment import Enrolment

WRITABLE = "give yourself the right to write there, or set DACAPO_HOME to a folder of your own"
REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.in"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the flags."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Look at everything and say it; always 0."""
    checks = [python(), packages(), *parts.device_checks(), gloves(parts), *weights(parts), database(journal_path())]
    checks.append(learners(Enrolment.here()))
    if arguments.json:
        print(json.dumps({_key(check): _fields(check) for check in checks}, indent=1, ensure_ascii=False))
    else:
        show(checks)
    return 0


def python() -> Check:
    """The interpreter; the program is tested with 3.11 and 3.12."""
    says = f"{platform.python_version()} on {platform.platform(terse=True)}"
    works = (3, 11) <= sys.version_info[:2] < (3, 13)
    return Check("Python", works, says, "" if works else "install Python 3.11 or 3.12", (platform.python_version(),))


def packages(listed: Path = REQUIREMENTS) -> Check:
    """The packages that the program asks for, each with its version."""
    names = re.findall(r"^[\w.-]+", listed.read_text(encoding="utf-8"), re.MULTILINE) if listed.is_file() else []
    versions = {name: _version(name) for name in names}
    missing = [name for name, version in versions.items() if version is None]
    found = tuple(f"{name} {version}" for name, version in versions.items() if version is not None)
    if missing:
        return Check("packages", False, f"missing {', '.join(missing)}", "make run", found)
    return Check("packages", True, f"all {len(found)} there", found=found)


def gloves(parts: Parts) -> Check:
    """The gloves that answer a greeting; every serial port is asked, for a moment."""
    from tutor.commands.glove_states import met

    found = [state for state in met(parts.serial_names(), parts.open_serial) if state.connected]
    if not found:
        return Check("gloves", False, "none answers", "plug in a glove, or try 'glove simulate'")
    says = ", ".join(f"{state.name} (firmware {state.firmware})" for state in found)
    return Check("gloves", True, says, found=tuple(state.name for state in found))


def weights(parts: Parts) -> list[Check]:
    """The composer's networks, each with hash and metrics."""
    checks = list(parts.weights_checks())
    none = Check("weights", True, "none: exercises are written by rules", "python main.py train --help")
    return checks or [none]


def database(path: Path) -> Check:
    """Where the journal is, and the version of its tables; it is only looked at."""
    refused = _why_not_written(path)
    if refused:
        return Check("database", False, f"{path}: {refused}", WRITABLE, (str(path),))
    if not path.exists():
        return Check("database", True, f"{path}: not there yet, the first take makes it", found=(str(path),))
    from sqlalchemy.exc import SQLAlchemyError  # the other checks must not wait for it

    from tutor.journal.schema import NEWEST, engine_for, schema_version

    engine = engine_for(path, read_only=True)
    try:
        with engine.connect() as connection:
            version = schema_version(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        return Check("database", False, f"{path}: cannot be read: {reason}", "move it away; a new one is made")
    finally:
        engine.dispose()
    found = (str(path), f"schema {version}")
    if version is not None and version.isdigit() and int(version) > int(NEWEST):
        return Check("database", False, f"{path}: schema {version} is of a newer program", "update the program", found)
    return Check("database", True, f"{path}: schema {version} of {NEWEST}", found=found)


def _why_not_written(path: Path) -> str:
    """Why takes cannot be written to a journal, as far as one can see without writing; '' where they can."""
    there = next(place for place in path.absolute().parents if place.exists())
    if not there.is_dir():
        return f"{there} is no folder"
    if not os.access(there, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return "cannot be written; takes would be kept as files elsewhere"
    return ""


def learners(enrolment: Enrolment) -> Check:
    """Who plays here, and whether their folders are there."""
    register, trouble = enrolment.read()
    gone = [person.name for person in register.people if not enrolment.is_there(person)]
    found = tuple(person.name for person in register.people)
    if trouble:
        return Check("learners", False, trouble, "python main.py learners add NAME --from FOLDER")
    if gone:
        return Check("learners", False, f"the folder is gone of {', '.join(gone)}", "python main.py learners", found)
    return Check("learners", True, ", ".join(found), found=found)


def show(checks: list[Check]) -> None:
    """Print the checks for a person."""
    from rich.console import Console  # only a person needs it
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for check in checks:
        lines = Text(check.says)
        if check.remedy and not check.works:
            lines.append(f"\n→ {check.remedy}", style="bold")
        table.add_row(Text("✓", "green") if check.works else Text("–", "yellow"), check.name, lines)
    Console().print(table)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _key(check: Check) -> str:
    return check.name.lower().replace(" ", "_")


def _fields(check: Check) -> dict[str, object]:
    return {"works": check.works, "says": check.says, "remedy": check.remedy, "found": list(check.found)}
