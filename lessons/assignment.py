"""Assignments: what a teacher asks for, as a value, and as one file (``NAME.dacapo``).

The file is a zip archive with ``assignment.json`` and the pieces as MusicXML in ``scores/``. The same assignment gives
the same bytes, and its ``id`` is a digest of all that it asks, so that a copy is the same and a changed one is another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lessons.endings import ASSIGNMENT_ENDING
from lessons.errors import FormatError, InputError
from lessons.files import score_in
from lessons.files.archive import SIGN, Archive, opened, packed
from lessons.files.disk import read_as, write_whole
from lessons.files.musicxml_writer import musicxml_bytes
from lessons.fingering import with_fingers
from lessons.legible import legible
from lessons.parts import choices, for_pianist, named, playing
from lessons.score import HAND_NAMES, LEFT, RIGHT, UNKNOWN_HAND, Score

ENTRY, FORMAT, VERSION = "assignment.json", "dacapo-assignment", 1
BOTH = "both"
CODES = {BOTH: (LEFT, RIGHT, UNKNOWN_HAND)} | {name: (code,) for code, name in HAND_NAMES.items()}
TEMPO_RANGE = (0.3, 1.5)  # of the written tempo: what the tempo of a practice can be set to
PASSES, MOST_PASSES = 2, 50
MOST_TASKS = 100
LEAST_ACCURACY = 0.5
NOT_ONE = "is no assignment of this program"


@dataclass(frozen=True, eq=False)
class Task:
    """A piece, or bars ``bars`` of it, to be played so that it counts ``passes`` times.

    ``score`` is what the pupil plays, ``page`` the file that holds it, ``digests`` those that it had for the teacher;
    takes of any of `known_by` are takes of it. ``tempo`` is the goal, against the written tempo. ``hands`` is both,
    left or right; ``part`` names the part that is played, "" the pianist's. ``mode`` is how it is to be practised, ""
    as the pupil likes. ``accuracy`` is the share of notes from which a pass counts, None what the program takes for
    clean. Without ``guidance`` only what was played with no touch counts. Raises InputError for what this piece cannot
    be asked for.
    """

    score: Score
    page: bytes
    digests: tuple[str, ...] = ()
    bars: tuple[int, int] | None = None
    hands: str = BOTH
    part: str = ""
    tempo: float = 1.0
    mode: str = ""
    passes: int = PASSES
    accuracy: float | None = None
    guidance: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be; what is read is written again as it was."""
        if self.hands not in CODES:
            raise InputError(f"hands {self.hands}: must be {', '.join(CODES)}")
        if not TEMPO_RANGE[0] <= self.tempo <= TEMPO_RANGE[1]:
            low, high = (round(100 * share) for share in TEMPO_RANGE)
            raise InputError(f"a goal of {100 * self.tempo:.15g} % of the tempo: must be {low} to {high}")
        if not 1 <= self.passes <= MOST_PASSES:
            raise InputError(f"{self.passes} clean passes: must be 1 to {MOST_PASSES}")
        if self.accuracy is not None and not LEAST_ACCURACY <= self.accuracy <= 1:
            raise InputError(f"{100 * self.accuracy:g} % of the notes: must be {100 * LEAST_ACCURACY:g} to 100")
        if not len(self.rows):
            raise InputError("there is nothing to play in these bars with these hands")
        object.__setattr__(self, "tempo", float(self.tempo))
        object.__setattr__(self, "accuracy", None if self.accuracy is None else float(self.accuracy))

    @cached_property
    def known_by(self) -> tuple[str, ...]:
        """The digests under which takes of it may be kept: a page need not say all that the teacher's score did."""
        return tuple(dict.fromkeys((*self.digests, self.score.digest, self.score.former_digest)))

    @cached_property
    def span(self) -> tuple[float, float]:
        """Start and end in beats. Raises InputError for bars that the score does not have."""
        return self.score.bar_range(*self.bars) if self.bars else (self.score.start_beat, self.score.end_beat)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """The rows of the notes that are asked for, in the score."""
        return tuple(self.score.rows_of(CODES[self.hands], self.span).tolist())

    @property
    def title(self) -> str:
        """What the piece is called."""
        return self.score.title or "Untitled"

    def as_json(self, file: str) -> dict[str, Any]:
        """What is asked, as plain JSON values, with the name under which the piece is filed."""
        names = ("hands", "part", "tempo", "mode", "passes", "accuracy", "guidance")
        bars = list(self.bars) if self.bars else None
        said = {"score": file, "digests": list(self.digests), "bars": bars}
        return said | {name: getattr(self, name) for name in names}


@dataclass(frozen=True, eq=False)
class Assignment:
    """Some tasks with the teacher's words. Raises InputError without tasks, or with too many.

    What is played from the day on that it was ``given`` counts; of one that does not say it, all that ever was.
    """

    title: str
    tasks: tuple[Task, ...]
    words: str = ""
    due: date | None = None
    given: date | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody can do, and keep to what can be read."""
        if not 1 <= len(self.tasks) <= MOST_TASKS:
            raise InputError("has no tasks" if not self.tasks else f"has more than {MOST_TASKS} tasks")
        object.__setattr__(self, "title", legible(self.title) or "Assignment")
        object.__setattr__(self, "words", legible(self.words, "\n"))

    @cached_property
    def id(self) -> str:
        """The identity of all that is asked: 16 hex digits."""
        hashed = hashlib.sha256()
        for name, content in self.entries:
            hashed.update(f"{name} {len(content)} ".encode() + content)
        return hashed.hexdigest()[:16]

    @cached_property
    def entries(self) -> tuple[tuple[str, bytes], ...]:
        """The files of which the archive is made, by name; a piece that is asked for twice is there once."""
        names: dict[bytes, str] = {}
        for task in self.tasks:
            names.setdefault(task.page, f"scores/{len(names) + 1}.musicxml")
        said = {
            "format": FORMAT,
            "version": VERSION,
            "title": self.title,
            "words": self.words,
            "due": self.due.isoformat() if self.due else None,
            "tasks": [task.as_json(names[task.page]) for task in self.tasks],
        }
        said |= {"given": self.given.isoformat()} if self.given else {}  # those of before keep their bytes and their id
        written = json.dumps(said, indent=1, ensure_ascii=False).encode()
        return ((ENTRY, written), *((name, page) for page, name in names.items()))


def task_of(score: Score, made_by: Mapping[str, str] | None = None, **asked: Any) -> Task:
    """A task about a piece as it stands before somebody, with what made it; ``asked`` are the fields of a `Task`.

    What others play beside the learner is kept where the file can tell it apart.
    """
    part = next((name for name, numbers in choices(score) if numbers == _played(score)), "")
    for told, kept in (("", score), (part, score), ("", score.alone)):
        page = musicxml_bytes(kept, transposing=True, provenance=made_by)
        read = _read_as(page, told)
        if read is not None and _same_notes(read, score):
            break
    else:
        read = read or score.alone
    return Task(read, page, tuple(dict.fromkeys((score.digest, read.digest))), part=told, **asked)


def _played(score: Score) -> tuple[int, ...]:
    return tuple(np.unique(score.notes["part"]).tolist())


def _read_as(page: bytes, part: str) -> Score | None:
    try:
        return as_played(page, part)
    except InputError:
        return None


def _same_notes(one: Score, other: Score) -> bool:
    """Whether the same keys are struck at the same places; a key that two hands share is written once for both."""
    keys, others = (np.unique(score.notes[["onset_beat", "pitch"]]) for score in (one, other))
    return np.array_equal(keys, others)


def as_played(page: bytes, part: str) -> Score:
    """The piece of a MusicXML file for who plays a part ("": the pianist's), with fingers. Raises FormatError."""
    score = score_in(page, ".musicxml")
    return with_fingers(playing(score, named(score, part)) if part else for_pianist(score))


def read_assignment(path: Path | str) -> Assignment:
    """Read an assignment. Raises FormatError in one line with the file and the reason."""
    return read_as(Path(path), parse_assignment)


def write_assignment(assignment: Assignment, path: Path | str, force: bool = False) -> None:
    """Write an assignment, whole or not at all. Raises InputError where the file exists (unless ``force``)."""
    path = Path(path)
    if path.suffix.lower() != ASSIGNMENT_ENDING:
        raise InputError(f"{path}: an assignment is written as {ASSIGNMENT_ENDING}")
    write_whole(path, assignment_bytes(assignment), force)


def assignment_bytes(assignment: Assignment) -> bytes:
    """The assignment as a file."""
    return packed(assignment.entries)


def parse_assignment(content: bytes) -> Assignment:
    """The assignment in the bytes of a file. Raises FormatError in one line with the reason."""
    if not content.startswith(SIGN):
        raise FormatError(NOT_ONE)
    with opened(content) as archive:
        return assignment_in(archive)


def assignment_in(archive: Archive) -> Assignment:
    """The assignment that an archive holds. Raises FormatError."""
    said = told_in(archive, ENTRY, FORMAT, VERSION, NOT_ONE)
    with usable(ENTRY):
        due, given = (date.fromisoformat(said[day]) if said.get(day) else None for day in ("due", "given"))
        tasks = tuple(_tasks(said["tasks"], archive))
        return Assignment(said["title"], tasks, said.get("words", ""), due, given)


@contextmanager
def usable(entry: str) -> Iterator[None]:
    """Where what a JSON file of an archive says is taken up. Raises FormatError for what cannot be used."""
    try:
        yield
    except FormatError:
        raise
    except InputError as fault:
        raise FormatError(str(fault)) from fault
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        raise FormatError(f"{entry} cannot be used ({type(fault).__name__}: {fault})") from fault


def told_in(archive: Archive, entry: str, kind: str, version: int, otherwise: str) -> dict[str, Any]:
    """What the JSON file of an archive says, of a kind and at most of a version. Raises FormatError."""
    try:
        said = json.loads(archive.read(entry))
    except (KeyError, ValueError, RecursionError) as fault:
        raise FormatError(otherwise) from fault
    if not isinstance(said, dict) or said.get("format") != kind or not isinstance(said.get("version"), int):
        raise FormatError(otherwise)
    if said["version"] > version:
        raise FormatError(f"was made by a later version of this program (form {said['version']}; here {version})")
    return said


def _tasks(said: Iterable[Mapping[str, Any]], archive: Archive) -> Iterable[Task]:
    pages: dict[str, bytes] = {}
    scores: dict[tuple[str, str], Score] = {}
    for number, task in enumerate(said, 1):
        if number > MOST_TASKS:
            raise FormatError(f"has more than {MOST_TASKS} tasks")
        name, part = str(task["score"]), str(task.get("part", ""))
        pages[name] = pages.get(name) or archive.read(name)
        try:
            scores[name, part] = scores.get((name, part)) or as_played(pages[name], part)
            yield _task(task, scores[name, part], pages[name], part)
        except InputError as fault:
            raise FormatError(f"task {number}: {fault}") from fault


def _task(said: Mapping[str, Any], score: Score, page: bytes, part: str) -> Task:
    bars, accuracy = said.get("bars"), said.get("accuracy")
    return Task(
        score,
        page,
        tuple(str(digest) for digest in said.get("digests", ())),
        (int(bars[0]), int(bars[1])) if bars else None,
        str(said.get("hands", BOTH)),
        part,
        float(said.get("tempo", 1.0)),
        str(said.get("mode", "")),
        int(said.get("passes", PASSES)),
        None if accuracy is None else float(accuracy),
        bool(said.get("guidance", True)),
    )
